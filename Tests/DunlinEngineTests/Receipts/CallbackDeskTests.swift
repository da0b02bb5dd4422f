// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTestKit
import DunlinYAML
import Logging
import Synchronization
import Testing

@testable import DunlinEngine

/// What a callback makes Dunlin fetch.
@Suite struct CallbackDeskTests {
    /// Answers every GET alike, and remembers which there were.
    private final class Web: Sendable {
        private let urls = Mutex<[String]>([])
        private let answer: WireAnswer

        init(_ status: Int, _ body: String = "", phase: WireAnswer.Phase = .answered, isTruncated: Bool = false) {
            answer = WireAnswer(phase: phase, status: status, body: Array(body.utf8), isTruncated: isTruncated)
        }

        var asked: [String] { urls.withLock { $0 } }

        func get(_ url: String) -> WireAnswer {
            urls.withLock { $0.append(url) }
            return answer
        }
    }

    private static let now = Instant(rfc3339: "2026-11-21T18:53:00Z")!
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func store(_ web: Web) -> CertificateStore {
        CertificateStore(fetch: { web.get($0) }, logger: silent)
    }

    @Test func fetchesACertificateOnce() async throws {
        let web = Web(200, TestCertificate.pem)
        let store = Self.store(web)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { await store.certificate(at: "a", Self.now) != nil } }
            for await isThere in group { #expect(isThere) }
        }
        #expect(web.asked == ["a"])
        // It has run out: another may be there by now, and this one is no use.
        let late = try #require(Instant(rfc3339: "2036-02-01T00:00:00Z"))
        #expect(await store.certificate(at: "a", late) == nil)
        #expect(web.asked == ["a", "a"])
    }

    @Test(arguments: [
        (403, TestCertificate.pem, WireAnswer.Phase.answered, false), (302, TestCertificate.pem, .answered, false),
        (200, "<html></html>", .answered, false), (200, TestCertificate.pem, .answered, true),
        (200, TestCertificate.pem, .interrupted, false), (0, "", .notSent, false),
    ])
    func takesNothingElse(_ status: Int, _ body: String, _ phase: WireAnswer.Phase, _ isTruncated: Bool) async {
        let web = Web(status, body, phase: phase, isTruncated: isTruncated)
        let store = Self.store(web)
        #expect(await store.certificate(at: "a", Self.now) == nil)
        #expect(await store.certificate(at: "a", Self.now + .seconds(14)) == nil)
        #expect(web.asked.count == 1)
        #expect(await store.certificate(at: "a", Self.now + .seconds(15)) == nil)
        #expect(web.asked.count == 2)
    }

    @Test func invitesNobodyToKeepItBusy() async {
        let web = Web(403)
        let store = Self.store(web)
        for n in 0..<100 { _ = await store.certificate(at: "\(n)", Self.now) }
        #expect(web.asked.count == CertificateStore.mostFailures)
        // The clock was set back.
        _ = await store.certificate(at: "x", Self.now - .hours(1))
        #expect(web.asked.last == "x")
    }

    @Test func keepsAFewOnly() async {
        let web = Web(200, TestCertificate.pem)
        let store = Self.store(web)
        for n in 0...CertificateStore.mostKept { _ = await store.certificate(at: "\(n)", Self.now) }
        _ = await store.certificate(at: "\(CertificateStore.mostKept)", Self.now)
        #expect(web.asked.count == CertificateStore.mostKept + 1)
        _ = await store.certificate(at: "0", Self.now)
        #expect(web.asked.count == CertificateStore.mostKept + 2)
    }

    @Test func fetchesNothingAfterItsEnd() async throws {
        let fetcher = CallbackFetcher(caFile: nil)
        // Nobody listens there.
        #expect(await fetcher.get("http://127.0.0.1:1/").phase == .notSent)
        fetcher.close()
        #expect(await fetcher.get("http://127.0.0.1:1/").phase == .notSent)
        fetcher.close()
    }

    // MARK: The desk

    /// Wants a certificate first, and then gives what it was told to.
    private struct Reader: CallbackReader {
        let reading: CallbackReading
        var tellsArrival: Bool { true }

        func read(_ request: CallbackRequest) -> CallbackReading {
            request.certificates["a"] == nil ? .needs(certificate: "a") : reading
        }
    }

    private static func desk(_ reading: CallbackReading, _ web: Web) throws -> CallbackDesk {
        let gateways = try YAMLValue(text: "g: {adapter: file, folder: inbox}", file: "dunlin.yaml")
        var gateway = try #require(try Gateways.load(gateways, secrets: .withholding, directory: "/").first)
        gateway.callbacks = Reader(reading: reading)
        let desk = CallbackDesk(
            tokens: AttemptTokens(secret: [1]), inbox: CallbackInbox {},
            calls: CallDesk(open: { throw DunlinError(.failure, "x", why: "", remedy: "") }, logger: silent),
            logger: silent, fetch: { web.get($0) })
        desk.adopt([gateway])
        return desk
    }

    private static let request = CallbackRequest(method: "POST", url: "https://d.example/g", at: now)

    @Test func tellsTheGatewayToComeAgainWithoutACertificate() async throws {
        let desk = try Self.desk(.events([], CallbackReply(), isProven: true), Web(500))
        #expect(await desk.receive(Self.request, for: "g").status == 503)
        #expect(desk.counts == ["g": .init(failed: 1)])
    }

    @Test func readsAgainWithTheCertificate() async throws {
        let web = Web(200, TestCertificate.pem)
        let desk = try Self.desk(.events([], CallbackReply(status: 204), isProven: true), web)
        for _ in 0..<3 { #expect(await desk.receive(Self.request, for: "g").status == 204) }
        #expect(web.asked == ["a"])
        #expect(desk.counts == ["g": .init(taken: 3)])
    }

    @Test func confirmsASubscription() async throws {
        let web = Web(200, TestCertificate.pem)
        let desk = try Self.desk(.notice(.subscribed(topic: "t", confirm: "c")), web)
        #expect(await desk.receive(Self.request, for: "g").status == 200)
        #expect(web.asked == ["a", "c"])
        #expect(desk.counts == ["g": .init(taken: 1)])
    }

    @Test(arguments: [
        (CallbackNotice.unsubscribed(topic: "t"), 200, CallbackDesk.Counts(taken: 1)),
        (.remark(topic: "t"), 200, .init(taken: 1)), (.weaklySigned(topic: "t"), 403, .init(forged: 1)),
    ])
    func heedsNotices(_ notice: CallbackNotice, _ status: Int, _ counts: CallbackDesk.Counts) async throws {
        let desk = try Self.desk(.notice(notice), Web(200, TestCertificate.pem))
        #expect(await desk.receive(Self.request, for: "g").status == status)
        #expect(desk.counts == ["g": counts])
    }
}
