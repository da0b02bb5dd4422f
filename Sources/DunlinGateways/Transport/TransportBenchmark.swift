// SPDX-License-Identifier: Apache-2.0

import CCurl
import Dispatch
import DunlinModel
import Synchronization

/// The transport beside the plainest loop that libcurl allows, for `dunlin bench transport`.
public enum TransportBenchmark {
    public struct Figures: Hashable, Sendable {
        public var requests: Int
        /// Requests that got a 2xx.
        public var accepted: Int
        public var seconds: Double
        public var perSecond: Double { Double(requests) / seconds }
    }

    /// A text message as a form, as Twilio takes it; with Basic auth.
    static let request = HTTPRequest(
        method: "POST", url: "", headers: ["Content-Type: application/x-www-form-urlencoded"],
        body: Array(
            "To=%2B16175550123&From=%2B16175550100&Body=Harbor+Credit%3A+your+payment+of+%241%2C234.50+was+due+on+Nov+20."
                .utf8),
        basicAuth: "AC00000000000000000000000000000000:token")

    /// `requests` POSTs to `url` over `concurrency` connections by libcurl alone: `socket_action`, epoll, kept easy
    /// handles, the second request of a transfer refused; nothing is queued, kept or handed over.
    /// Throws `DunlinError` where the system has no descriptors left.
    public static func bareLoop(url: String, requests: Int, concurrency: Int) throws -> Figures {
        let epoll = try Epoll()
        defer { epoll.close() }
        let multi = CurlMulti(connections: concurrency, epoll: epoll)
        let asked = UnsafeMutablePointer<Int>.allocate(capacity: concurrency)
        defer { asked.deallocate() }
        let body = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: request.body.count)
        defer { body.deallocate() }
        _ = body.initialize(from: request.body)
        var headers = curl_slist_append(nil, "Expect:")
        for header in request.headers { headers = curl_slist_append(headers, header) }
        defer { curl_slist_free_all(headers) }

        let easies = (0..<concurrency).map { index in
            let easy = curl_easy_init()!
            ccurl_set_private(easy, index)
            ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
            ccurl_set_string(easy, CURLOPT_URL, url)
            ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers)
            ccurl_set_string(easy, CURLOPT_USERPWD, request.basicAuth)
            ccurl_set_long(easy, CURLOPT_POST, 1)
            ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, body.count)
            ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress)
            ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, 30_000)
            ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
            ccurl_set_prereq(easy, allowOnce, asked + index)
            ccurl_set_write(easy, discard, nil)
            multi.attachSockets(of: easy)
            return easy
        }
        var figures = Figures(requests: requests, accepted: 0, seconds: 0)
        var started = 0, ended = 0
        func start(_ index: Int) {
            guard started < requests else { return }
            started += 1
            asked[index] = 0
            curl_multi_add_handle(multi.handle, easies[index])
        }
        let begin = monotonicNanoseconds()
        for index in 0..<concurrency { start(index) }
        var result = CURLE_OK
        while ended < requests {
            guard multi.turn(limit: nil) == CURLM_OK else { throw systemFailure("libcurl's loop broke") }
            while let easy = ccurl_multi_next_done(multi.handle, &result) {
                ended += 1
                if result == CURLE_OK, ccurl_get_long(easy, CURLINFO_RESPONSE_CODE) / 100 == 2 { figures.accepted += 1 }
                curl_multi_remove_handle(multi.handle, easy)
                start(ccurl_get_private(easy))
            }
        }
        figures.seconds = Double(monotonicNanoseconds() - begin) / 1e9
        multi.dispose(easies: easies)
        return figures
    }
}

extension TransportBenchmark {
    /// The same requests through `Transport`, submitted by 500, at most `4 * concurrency + 1000` of them in it.
    /// Throws `DunlinError` where the system has no descriptors left.
    public static func transport(url: String, requests: Int, concurrency: Int) throws -> Figures {
        let tally = Tally()
        let transport = try Transport(guard: tally, lanes: [concurrency])
        defer { transport.shutdown(grace: .zero) }
        var request = request
        request.url = url
        let scope = SendScope(channel: .sms, gateway: "bench", message: "payment-overdue", creditor: "Harbor Credit")
        let begin = monotonicNanoseconds()
        for first in stride(from: 0, to: requests, by: 500) {
            let batch = (first..<min(first + 500, requests)).map { number in
                Transfer(
                    attempt: Int64(number), lane: 0, slot: number, request: .http(request), reader: AnyAnswer(),
                    timeout: .seconds(30), notAfter: .distantFuture, scope: scope)
            }
            tally.waitUntil(atLeast: first - 4 * concurrency - 500)
            transport.submit(batch)
        }
        tally.waitUntil(atLeast: requests)
        return Figures(
            requests: requests, accepted: tally.accepted, seconds: Double(monotonicNanoseconds() - begin) / 1e9)
    }
}

/// Takes every 2xx for a yes.
private struct AnyAnswer: Adapter {
    var channel: Channel { .sms }
    func request(for message: OutboundMessage) -> WireRequest { .http(TransportBenchmark.request) }
    func outcome(of answer: WireAnswer) -> Outcome {
        answer.status / 100 == 2 ? .accepted(id: nil) : .unknown(.ambiguousAnswer, detail: "")
    }
}

/// Lets everything through and counts what comes back.
private final class Tally: WireGuard {
    private let counts = Mutex((ended: 0, accepted: 0))
    private let change = DispatchSemaphore(value: 0)

    var accepted: Int { counts.withLock { $0.accepted } }

    func refusal(for transfer: Transfer) -> Reason? { nil }

    func finished(_ results: [(transfer: Transfer, outcome: Outcome)]) {
        let accepted = results.count { $0.outcome == .accepted(id: nil) }
        counts.withLock { $0 = ($0.ended + results.count, $0.accepted + accepted) }
        change.signal()
    }

    func waitUntil(atLeast count: Int) { while counts.withLock({ $0.ended < count }) { change.wait() } }
}

@c(dunlin_bench_allow_once)
private func allowOnce(
    _ asked: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
    let asked = asked!.assumingMemoryBound(to: Int.self)
    asked.pointee += 1
    return asked.pointee == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

@c(dunlin_bench_discard)
private func discard(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
) -> Int {
    size * count
}
