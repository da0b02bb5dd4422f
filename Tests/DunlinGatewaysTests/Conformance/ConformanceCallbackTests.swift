// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import DunlinYAML
import Testing

@testable import DunlinGateways

extension Conformance {
    /// What gateways tell us of their own accord.
    @Suite struct Callbacks {
        @Test(arguments: Fixture.names) func readings(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let reader = try fixture.gateway().callbacks else {
                if let row = fixture.callbacks.first { complain(row.place, "the definition has no 'callbacks'") }
                return
            }
            if fixture.callbacks.isEmpty { complain("\(name).yaml", "'callbacks' is missing: the definition has them") }
            for row in fixture.callbacks {
                let reading = reader.read(row.request)
                if !reading.gives(row.gives) { complain(row.place, "expected \(row.gives), got \(reading.lines)") }
                guard let expected = row.answer else { continue }
                let got = reading.reply?.line ?? "no answer"
                if got != expected { complain(row.place, "expected the answer '\(expected)', got '\(got)'") }
            }
        }

        /// What a signature covers, by its scheme: what a fixture need not say with `unsigned`.
        private static let unsigned: [String: Set<CallbackRow.Part>] = [
            "twilio": [], "plivo": [], "messagebird-jwt": [], "vonage-signature": [], "vonage-jwt": [.url],
            "standard-webhooks": [.url], "sinch": [.url], "ed25519": [.url], "gatewayapi-jwt": [.url],
            "sendgrid": [.url], "mailgun": [.body, .url], "hub": [.url], "line": [.url], "sns": [.url],
            "wechat": [.url], "hmac": [.url], "basic": [.body, .url], "key": [.body, .url],
        ]

        /// One byte is other than it was signed.
        @Test(arguments: Fixture.names) func aChangedByteIsForged(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let reader = try fixture.gateway().callbacks else { return }
            let scheme = try fixture.scheme()
            for row in fixture.callbacks {
                guard case .events(_, _, isProven: true) = reader.read(row.request) else { continue }
                let unsigned = row.unsigned ?? Callbacks.unsigned[scheme] ?? []
                for part in CallbackRow.Part.allCases where !unsigned.contains(part) {
                    guard let changed = row.request.changed(in: part, near: row.word) else { continue }
                    if case .refused = reader.read(changed) { continue }
                    complain(
                        row.place,
                        "with one byte of its \(part.rawValue) changed it is still believed; if '\(scheme)' does not sign that, "
                            + "write 'unsigned: \(part.rawValue)'")
                }
            }
        }

        /// Every kind of event, every status and every reason that the definition names is in some row.
        @Test(arguments: Fixture.names) func everyEventHasARow(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let callbacks = try fixture.definition()["callbacks"]?.anyMapping() else { return }
            let given = fixture.callbacks.flatMap(\.gives)
            func demand(_ start: String, _ word: String?, _ value: YAMLValue) {
                let isThere = given.contains { line in
                    line.hasPrefix(start) && word.map { line.split(separator: " ").contains($0[...]) } ?? true
                }
                guard !isThere else { return }
                complain(
                    value.place,
                    "no row under 'callbacks' in \(name).yaml gives '\(start)\(word.map { " … \($0)" } ?? "")'")
            }
            for event in callbacks["events"]?.list() ?? [] {
                let keys = try event.anyMapping()
                let kind = try keys.required("kind").string()
                demand(kind, nil, event)
                guard kind == "receipt" else { continue }
                for (status, value) in try keys["is"]?.anyMapping().entries ?? [] { demand(kind, status, value) }
                for (reason, value) in try keys["codes"]?.anyMapping().entries ?? [] {
                    demand(kind, reason == "recipient" ? "recipient-refused" : reason, value)
                }
            }
            if let handshake = callbacks["handshake"] { demand("handshake", nil, handshake) }
        }

        /// A reader remembers nothing: what it says does not depend on what came before, or how often.
        @Test(arguments: Fixture.names) func theSameAlwaysReadsTheSame(name: String) async throws {
            let fixture = try Fixture.named(name)
            guard let reader = try fixture.gateway().callbacks, !fixture.callbacks.isEmpty else { return }
            let first = fixture.callbacks.map { reader.read($0.request) }
            var random = SeededRandom(seed: 5)
            var order = fixture.callbacks.indices.flatMap { Array(repeating: $0, count: Fuzzer.isLong ? 1000 : 100) }
            order.shuffle(using: &random)
            for (time, number) in order.enumerated() {
                if time % 200 == 0 { await Task.yield() }
                let got = reader.read(fixture.callbacks[number].request)
                let isSame = got.events.isEmpty ? got.lines == first[number].lines : got.events == first[number].events
                if isSame { continue }
                return complain(
                    fixture.callbacks[number].place,
                    "read after \(time) others it gives \(got.lines), not \(first[number].lines)")
            }
        }
    }
}

extension Fixture {
    /// The name of the scheme under `verify`.
    func scheme() throws -> String {
        let verify = try definition()["callbacks"]?.anyMapping()["verify"]?.anyMapping()
        return verify?.entries.map(\.key).first { !["from", "tolerance"].contains($0) } ?? ""
    }
}

extension CallbackRow {
    /// A word of the callback that means something: the token, an id.
    var word: String {
        let words = gives.first?.split(separator: " ") ?? []
        return words.first == "receipt"
            ? words.dropFirst(2).first.map(String.init) ?? "" : words.dropFirst().first.map(String.init) ?? ""
    }
}

extension CallbackRequest {
    /// The request with another last byte of `word`, or else another byte in the middle; nil where there is none to change.
    func changed(in part: CallbackRow.Part, near word: String) -> CallbackRequest? {
        var copy = self
        func changed(_ bytes: [UInt8]) -> [UInt8]? {
            var bytes = bytes
            let found = word.isEmpty ? nil : bytes.firstRange(of: Array(word.utf8))
            let place = found.map { $0.upperBound - 1 } ?? bytes.count / 2
            guard bytes.indices.contains(place) else { return nil }
            bytes[place] ^= 1
            return bytes
        }
        switch part {
        case .body:
            guard let bytes = changed(body) else { return nil }
            copy.body = bytes
        case .url:
            guard let bytes = changed(Array(url.utf8)) else { return nil }
            copy.url = String(decoding: bytes, as: UTF8.self)
        }
        return copy
    }
}
