// SPDX-License-Identifier: Apache-2.0

import CCurl
import DunlinModel

/// A libcurl easy handle, kept for one transfer after another, and the transfer that is in it. Belongs to the
/// transport's thread; the transport frees the handle when it disposes of the multi.
final class TransferSlot {
    let easy: UnsafeMutableRawPointer
    let lane: Int
    private let index: Int
    private let gate: any WireGuard
    private let multi: CurlMulti
    private var setup: CurlSetup

    private(set) var transfer: Transfer?
    /// Monotonic nanoseconds after which libcurl should have ended it long ago.
    private var overdueAt: UInt64 = 0
    private var requestsBegun = 0
    private var refusal: Reason?
    private var answer = AnswerReader()
    private var mailBytesRead = 0
    /// Known once the log-in is done.
    private var mailConnection: Endpoints?

    /// `index` is what `CURLOPT_PRIVATE` will hold. Nil where libcurl has no memory.
    init?(index: Int, lane: Int, gate: any WireGuard, multi: CurlMulti, caFile: String?) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.lane = lane
        self.index = index
        self.gate = gate
        self.multi = multi
        setup = CurlSetup(easy, caFile: caFile)
    }

    /// Whether the request may have begun to leave.
    var isOnTheWire: Bool { requestsBegun > 0 && refusal == nil }

    /// Whether libcurl has kept a transfer for a second longer than it may.
    func isOverdue(at now: UInt64) -> Bool { transfer != nil && now >= overdueAt }

    /// Takes a transfer and sets the handle up for it. Not `CURLE_OK`: libcurl cannot express it.
    func begin(_ transfer: consuming Transfer) -> CURLcode {
        requestsBegun = 0
        refusal = nil
        mailBytesRead = 0
        mailConnection = nil
        answer.begin(isMail: transfer.request.isMail)
        overdueAt = monotonicNanoseconds() + UInt64(max(0, transfer.timeout.milliseconds) + 1000) * 1_000_000
        let code = setup.prepare(transfer.request, timeout: transfer.timeout) { attachCallbacks() }
        self.transfer = consume transfer
        return code
    }

    /// Gives the transfer back with its outcome. `code` is libcurl's result.
    func end(_ code: CURLcode) -> (transfer: Transfer, outcome: Outcome) {
        let transfer = release()
        if let refusal { return (transfer, .withdrawn(refusal)) }
        let uploaded = ccurl_get_size(easy, CURLINFO_SIZE_UPLOAD_T)
        let end = TransferEnd(
            curlCode: Int(code.rawValue), requestsBegun: requestsBegun,
            bytesSent: ccurl_get_long(easy, CURLINFO_REQUEST_SIZE) + uploaded,
            status: ccurl_get_long(easy, CURLINFO_RESPONSE_CODE), dataBegun: answer.dataBegun,
            headIsComplete: answer.headIsComplete, stoppedReading: answer.isEndless)
        let wire = WireAnswer(
            phase: answer.isMail ? end.mailPhase : end.httpPhase, curlCode: end.curlCode, status: end.status,
            headers: answer.headers, body: answer.body, isTruncated: answer.isTruncated,
            isRequestWhole: uploaded >= transfer.request.bodyCount)
        return (transfer, transfer.reader.outcome(of: wire))
    }

    /// Gives the transfer back without asking what became of it.
    func release() -> Transfer { transfer.take()! }

    private func attachCallbacks() {
        let this = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_private(easy, index)
        ccurl_set_prereq(easy, allowRequest, this)
        ccurl_set_write(easy, receiveBody, this)
        ccurl_set_header(easy, receiveHeader, this)
        ccurl_set_read(easy, sendMail, this)
        multi.attachSockets(of: easy)
    }

    // MARK: - What libcurl asks for, through the callbacks

    /// Asked before every request of a transfer. The second is the one that libcurl sends by itself when a kept
    /// connection dies unanswered; the message may be with the gateway already, so it never goes.
    fileprivate func mayRequest(over connection: () -> Endpoints) -> Bool {
        requestsBegun += 1
        if answer.isMail { mailConnection = connection() }
        guard requestsBegun == 1, let transfer else { return false }
        refusal = gate.refusal(for: transfer)
        return refusal == nil
    }

    fileprivate func takeHeader(_ line: UnsafeBufferPointer<UInt8>) {
        guard answer.isMail else { return answer.header(line) }
        guard let mailConnection else { return answer.reply(line) }
        guard answer.replyCode < 400 else { return }  // the reply to QUIT
        answer.reply(line)
        // Refused after the log-in, libcurl says QUIT and waits for the reply, and with it the whole thread.
        if answer.replyCode >= 400 { multi.stopReading(mailConnection) }
    }

    fileprivate func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { answer.take(bytes) }

    fileprivate func giveMail(_ space: UnsafeMutableRawBufferPointer) -> Int {
        guard case .mail(let mail)? = transfer?.request else { return 0 }
        let count = min(space.count, mail.message.count - mailBytesRead)
        mail.message.withUnsafeBytes { message in
            space.copyMemory(from: UnsafeRawBufferPointer(rebasing: message[mailBytesRead..<mailBytesRead + count]))
        }
        mailBytesRead += count
        return count
    }
}

extension WireRequest {
    fileprivate var isMail: Bool { if case .mail = self { true } else { false } }

    /// Bytes that follow the head, or the mail's envelope.
    fileprivate var bodyCount: Int {
        switch self {
        case .http(let request): request.body.count
        case .mail(let mail): mail.message.count
        case .file(let file): file.content.count
        }
    }
}

// MARK: - C callbacks

private func slot(_ data: UnsafeMutableRawPointer?) -> TransferSlot {
    Unmanaged<TransferSlot>.fromOpaque(data!).takeUnretainedValue()
}

private func buffer(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: count)
}

private func text(_ chars: UnsafeMutablePointer<CChar>?) -> String { chars.map { String(cString: $0) } ?? "" }

@c(dunlin_transfer_may_request)
private func allowRequest(
    _ data: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
    let isAllowed = slot(data).mayRequest {
        Endpoints(peer: text(peer), local: text(local), peerPort: peerPort, localPort: localPort)
    }
    return isAllowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

@c(dunlin_transfer_take_header)
private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
) -> Int {
    slot(data).takeHeader(buffer(bytes, size * count))
    return size * count
}

@c(dunlin_transfer_take_body)
private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
) -> Int {
    slot(data).takeBody(buffer(bytes, size * count)) ? size * count : 0
}

@c(dunlin_transfer_give_mail)
private func sendMail(
    _ space: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
) -> Int {
    slot(data).giveMail(UnsafeMutableRawBufferPointer(start: space, count: size * count))
}
