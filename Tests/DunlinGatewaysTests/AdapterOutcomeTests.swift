// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// What answers mean: one row for each class of each gateway.
@Suite struct AdapterOutcomeTests {
    // MARK: Transport, the same for all

    @Test(arguments: [AdapterFixture.twilio, AdapterFixture.voice, AdapterFixture.kannel, AdapterFixture.example])
    func withoutAnAnswer(entry: String) throws {
        let adapter = try AdapterFixture.gateway(entry).adapter
        for (code, fault) in [
            (5, "unknown-host"), (6, "unknown-host"), (7, "no-connection"), (28, "connect-timeout"),
            (35, "tls-failed"), (56, "never-left"), (67, "login-refused"),
        ] {
            let outcome = adapter.outcome(of: WireAnswer(phase: .notSent, curlCode: code))
            #expect(outcome == .refused(Refusal(.transient, .notConnected, detail: "\(fault) [curl \(code)]")))
        }
        for (code, fault) in [
            (3, "bad-url"), (58, "certificate"), (60, "certificate"), (64, "tls-missing"), (77, "certificate"),
            (83, "certificate"), (90, "certificate"), (91, "certificate"),
        ] {
            let outcome = adapter.outcome(of: WireAnswer(phase: .notSent, curlCode: code))
            #expect(
                outcome
                    == .refused(Refusal(.configuration, .configurationRefused, detail: "\(fault) [curl \(code)]")))
        }
        for (code, reason, fault) in [
            (28, Reason.timeout, "answer-timeout"), (52, .connectionLost, "no-answer"),
            (42, .connectionLost, "stale-connection"),
            (55, .connectionLost, "answer-cut"), (56, .connectionLost, "answer-cut"),
            (8, .connectionLost, "answer-unreadable"),
        ] {
            // Also with the beginning of an answer in hand.
            let answer = WireAnswer(
                phase: .interrupted, curlCode: code, status: 201, body: Array(#"{"sid":"SM1"}"#.utf8))
            #expect(adapter.outcome(of: answer) == .unknown(reason, detail: "\(fault) [curl \(code)]"))
        }
        for code in [28, 52, 55, 56] {
            let cut = WireAnswer(phase: .interrupted, curlCode: code, isRequestWhole: false)
            guard case .unknown(_, "request-cut [curl \(code)]") = adapter.outcome(of: cut) else {
                Issue.record("\(adapter.outcome(of: cut))")
                continue
            }
            let broken = adapter.outcome(of: WireAnswer(phase: .interrupted, curlCode: 56))
            #expect(broken == .unknown(.connectionLost, detail: "connection-broken [curl 56]"))
        }
    }

    @Test(arguments: [AdapterFixture.twilio, AdapterFixture.voice, AdapterFixture.kannel, AdapterFixture.example])
    func byStatusAlone(entry: String) throws {
        let adapter = try AdapterFixture.gateway(entry).adapter
        let table: [(ClosedRange<Int>, String)] = [
            (0...300, "unknown"), (301...301, "configuration"), (302...304, "unknown"), (307...308, "configuration"),
            (400...407, "configuration"), (408...408, "unknown"), (409...428, "configuration"),
            (429...429, "throttled"),
            (430...499, "configuration"), (500...999, "unknown"),
        ]
        for (statuses, expected) in table {
            for status in statuses {
                #expect(verdict(adapter.outcome(of: AdapterFixture.answer(status, "<html>"))) == expected, "\(status)")
            }
        }
        for status in [429, 503] {
            let answer = AdapterFixture.answer(status, "", headers: ["retry-after": "120"])
            #expect(
                adapter.outcome(of: answer)
                    == .refused(Refusal(.throttled, .throttled, detail: "http \(status)", retryAfter: .seconds(120))))
        }
    }

    @Test(arguments: [
        ("5", 5), ("0", 0), ("999999999", 86_400), ("Sat, 21 Nov 2026 18:53:00 GMT", nil), ("-1", nil), ("", nil),
    ])
    func retryAfter(header: String, seconds: Int?) {
        let answer = AdapterFixture.answer(429, "", headers: ["retry-after": header])
        #expect(HTTPRules.retryAfter(answer) == seconds.map { .seconds($0) })
    }

    // MARK: Gateways

    @Test(arguments: [
        (201, #"{"sid":"SM1","status":"queued"}"#, "accepted SM1"), (201, #"{"status":"queued"}"#, "unknown"),
        (201, #"{"sid":"SM1""#, "unknown"), (201, #"{"sid":""}"#, "unknown"), (201, #"{"sid":"a b"}"#, "unknown"),
        (201, #"{"sid":null}"#, "unknown"), (200, #"{"sid":"SM1"}"#, "unknown"), (202, #"{"sid":"SM1"}"#, "unknown"),
        (400, #"{"code":21211,"message":"x","status":400}"#, "recipient"), (400, #"{"code":21614}"#, "recipient"),
        (400, #"{"code":"21211"}"#, "recipient"), (400, #"{"code":21606}"#, "configuration"),
        (400, #"{"code":121211}"#, "configuration"), (401, #"{"code":20003}"#, "configuration"),
        (429, #"{"code":20429}"#, "throttled"), (429, #"{"code":21611}"#, "throttled"),
        (500, #"{"code":20500}"#, "unknown"),
        (503, "", "unknown"), (400, #"{"code":21610}"#, "recipient"),
    ])
    func twilioSMS(status: Int, body: String, expected: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.twilio).adapter
        #expect(verdict(adapter.outcome(of: AdapterFixture.answer(status, body))) == expected)
    }

    @Test func twilioDetails() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.twilio).adapter
        #expect(
            adapter.outcome(of: AdapterFixture.answer(400, #"{"code":21610,"message":"+16175550123 said STOP"}"#))
                == .refused(Refusal(.recipient, .optedOut, detail: "http 400 code 21610")))
        let queue = AdapterFixture.answer(429, #"{"code":21611}"#)
        #expect(
            adapter.outcome(of: queue)
                == .refused(Refusal(.throttled, .throttled, detail: "http 429 code 21611", retryAfter: .minutes(10))))
        var cut = AdapterFixture.answer(201, #"{"sid":"SM1"}"#)
        cut.isTruncated = true
        #expect(adapter.outcome(of: cut) == .unknown(.ambiguousAnswer, detail: "http 201"))
        let prose = AdapterFixture.answer(400, #"{"code":"Alex Kim is no number"}"#)
        var refused = Refusal(.configuration, .configurationRefused, detail: "http 400")
        refused.mayBeTheMessage = true
        #expect(
            adapter.outcome(of: prose) == .refused(refused))
    }

    @Test(arguments: [
        (201, #"{"sid":"CA1","status":"queued"}"#, "accepted CA1"), (200, #"{"sid":"CA1"}"#, "unknown"),
        (400, #"{"code":21217}"#, "recipient"), (400, #"{"code":21215}"#, "configuration"),
        (429, #"{"code":20429}"#, "throttled"), (502, "", "unknown"),
    ])
    func twilioVoice(status: Int, body: String, expected: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.voice).adapter
        #expect(verdict(adapter.outcome(of: AdapterFixture.answer(status, body))) == expected)
    }

    @Test(arguments: [
        (202, "0: Accepted for delivery", "accepted"), (202, "3: Queued for later delivery", "accepted"),
        (202, "", "unknown"),
        (200, "0: Accepted for delivery", "unknown"), (403, "Authorization failed for sendsms", "configuration"),
        (400, "Missing receiver number, rejected", "recipient"), (400, "Invalid content-type", "configuration"),
        (503, "Temporal failure, try again later.", "transient"), (503, "upstream is down", "unknown"),
        (500, "Temporal failure", "unknown"),
    ])
    func kannel(status: Int, body: String, expected: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.kannel).adapter
        #expect(verdict(adapter.outcome(of: AdapterFixture.answer(status, body))) == expected)
    }

    @Test(arguments: [
        (202, #"{"message":{"id":"m-1"}}"#, "accepted m-1"), (202, #"{"message":{}}"#, "unknown"),
        (422, #"{"error":{"code":"invalid_number"}}"#, "recipient"),
        (503, #"{"error":{"code":"maintenance"}}"#, "transient"),
        (400, #"{"error":{"code":"rate_limited"}}"#, "throttled"), (403, "{}", "configuration"), (500, "{}", "unknown"),
    ])
    func exampleDefinition(status: Int, body: String, expected: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.example).adapter
        #expect(verdict(adapter.outcome(of: AdapterFixture.answer(status, body))) == expected)
    }

    /// Random answers, made of what real ones are made of: accepted only where a second reader says so as well.
    @Test(arguments: [
        (AdapterFixture.twilio, 201, "sid"), (AdapterFixture.voice, 201, "sid"), (AdapterFixture.kannel, 202, ""),
        (AdapterFixture.smtp, 250, ""),
    ])
    func garbageIsNeverAccepted(entry: String, status: Int, id: String) throws {
        let adapter = try AdapterFixture.gateway(entry).adapter
        var random = SeededRandom(seed: 5)
        let scraps = [
            "{", "}", "\"sid\"", "\"SM1\"", ":", ",", "[", "]", "\"code\"", "21211", "null", "\\u00", "0: Accepted",
            " for delivery", "<html>", "\u{0}", "é", " ", "550 5.1.1", "queued as A",
        ]
        var accepted = 0
        for _ in 0..<5000 {
            var body: [UInt8] = []
            for _ in 0..<Int.random(in: 0...9, using: &random) {
                body += Array(scraps.randomElement(using: &random)!.utf8)
                if Int.random(in: 0..<20, using: &random) == 0 {
                    body.append(UInt8.random(in: 0...255, using: &random))
                }
            }
            if Int.random(in: 0..<20, using: &random) == 0 { body = Array(#"{"sid":"SM1"}"#.utf8) + body.prefix(1) }
            let answer = WireAnswer(
                phase: [.notSent, .interrupted, .answered, .answered].randomElement(using: &random)!,
                curlCode: Bool.random(using: &random) ? 0 : Int.random(in: 0...99, using: &random),
                status: Bool.random(using: &random) ? status : Int.random(in: -1...1000, using: &random), body: body,
                isTruncated: Int.random(in: 0..<10, using: &random) == 0)
            guard case .accepted = adapter.outcome(of: answer) else { continue }
            accepted += 1
            #expect(answer.phase == .answered)
            if entry == AdapterFixture.smtp {
                #expect((200..<300).contains(answer.status))
            } else {
                #expect(answer.status == status && !answer.isTruncated)
                let json = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
                #expect(
                    id.isEmpty
                        ? String(decoding: body, as: UTF8.self).contains("0: Accepted for delivery") : json?[id] != nil)
            }
        }
        #expect(accepted > 0)
    }
}
