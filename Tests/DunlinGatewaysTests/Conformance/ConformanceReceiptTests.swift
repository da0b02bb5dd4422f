// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

extension Conformance {
    /// Receipts for as many attempts, in random order and twice: each is about its own.
    ///
    /// They are made of the fixture's, whose signatures would not fit: whether they are proven is tested elsewhere.
    @Suite struct Receipts {
        /// For each gateway: ten thousand in a long run (`DUNLIN_FUZZ_CASES`), else as many as leave a run short.
        private static let count = Fuzzer.isLong ? 10_000 : 1000

        @Test(arguments: Fixture.names) func eachIsAboutItsOwnAttempt(name: String) async throws {
            let fixture = try Fixture.named(name)
            guard let reader = try fixture.gateway().callbacks as? DeclaredCallbacks else { return }
            let patterns = fixture.callbacks.compactMap { Pattern($0, reader) }
            guard !patterns.isEmpty else { return }
            var random = SeededRandom(seed: 5)
            var order = Array(0..<Receipts.count) + Array(0..<Receipts.count)
            order.shuffle(using: &random)
            for (time, number) in order.enumerated() {
                if time % 200 == 0 { await Task.yield() }
                let pattern = patterns[number % patterns.count]
                let (reading, expected) = pattern.read(number, reader)
                guard reading.events != [expected] else { continue }
                return complain(
                    pattern.row.place, "made to be about \(expected) it gives \(reading.lines)")
            }
        }
    }

    /// A callback of a fixture that can be made to be about any attempt.
    private struct Pattern {
        private struct Believer: CallbackVerifier {
            let result: CallbackProof
            func proof(of request: CallbackRequest) -> CallbackProof { result }
        }

        let row: CallbackRow
        private let receipt: Receipt
        private let reference: String
        private let url: Pieces, body: Pieces, payload: Pieces?
        private let headers: [(name: String, value: Pieces)]
        private let isProven: Bool

        /// Nil for what is no receipt, or about several attempts.
        init?(_ row: CallbackRow, _ reader: DeclaredCallbacks) {
            guard case .events(let events, _, _) = reader.read(row.request), events.count == 1,
                case .receipt(let receipt) = events[0]
            else { return nil }
            (self.row, self.receipt) = (row, receipt)
            switch receipt.attempt {
            case .token(let text), .id(let text): reference = text
            }
            let reference = reference
            switch reader.verifier.proof(of: row.request) {
            case .proven(let payload): (self.payload, isProven) = (payload.map { Pieces($0, around: reference) }, true)
            case .unproven: (payload, isProven) = (nil, false)
            case .refused, .needs, .notice: return nil
            }
            url = Pieces(row.request.url.utf8, around: reference)
            body = Pieces(row.request.body, around: reference)
            headers = row.request.headers.map { ($0.name, Pieces($0.value.utf8, around: reference)) }
        }

        /// The callback about attempt `number`, read, and what it must give.
        func read(_ number: Int, _ reader: DeclaredCallbacks) -> (CallbackReading, expected: CallbackEvent) {
            // A token stays as long as it was; an id of digits one of digits.
            let digits = String(number + 100_000)
            let isToken = reference == Fixture.token
            let other = isToken ? String(reference.dropLast(6)) + digits : reference + digits
            var request = row.request
            request.url = String(decoding: url.around(other), as: UTF8.self)
            request.body = body.around(other)
            request.headers = headers.map { ($0.name, String(decoding: $0.value.around(other), as: UTF8.self)) }
            let believer = Believer(result: isProven ? .proven(payload: payload?.around(other)) : .unproven)
            let reader = DeclaredCallbacks(
                parser: reader.parser, rules: reader.rules, reply: reader.reply, verifier: believer,
                handshake: reader.handshake)
            var expected = receipt
            if case .token = receipt.attempt { expected.attempt = .token(other) } else { expected.attempt = .id(other) }
            return (reader.read(request), .receipt(expected))
        }
    }

    /// A text taken apart where it names an attempt.
    private struct Pieces {
        private var pieces: [[UInt8]] = []

        init(_ bytes: some Collection<UInt8>, around word: String) {
            var rest = Array(bytes)[...]
            while let found = rest.firstRange(of: Array(word.utf8)) {
                pieces.append(Array(rest[..<found.lowerBound]))
                rest = rest[found.upperBound...]
            }
            pieces.append(Array(rest))
        }

        func around(_ word: String) -> [UInt8] {
            var bytes = pieces[0]
            for piece in pieces.dropFirst() {
                bytes += Array(word.utf8)
                bytes += piece
            }
            return bytes
        }
    }
}
