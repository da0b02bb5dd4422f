// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

extension Conformance {
    /// Ten thousand receipts for as many attempts, in random order and twice: each is about its own.
    ///
    /// They are made of the fixture's, whose signatures would not fit: whether they are proven is tested elsewhere.
    @Suite struct Receipts {
        private static let count = 10_000

        @Test(arguments: Fixture.names) func eachIsAboutItsOwnAttempt(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let reader = try fixture.gateway().callbacks as? DeclaredCallbacks else { return }
            let patterns = fixture.callbacks.compactMap { Pattern($0, reader) }
            guard !patterns.isEmpty else { return }
            var random = SeededRandom(seed: 5)
            var order = Array(0..<Receipts.count) + Array(0..<Receipts.count)
            order.shuffle(using: &random)
            for number in order {
                let (row, reading, expected) = patterns[number % patterns.count].read(number, reader)
                guard reading.lines != expected else { continue }
                return complain(
                    row.place, "made to be about another attempt it gives \(reading.lines), not \(expected)")
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
        private let lines: [String]
        private let reference: String
        private let payload: [UInt8]?
        private let isProven: Bool

        /// Nil for what is no receipt, or not about one attempt.
        init?(_ row: CallbackRow, _ reader: DeclaredCallbacks) {
            guard case .events(let events, _, _) = reader.read(row.request), events.count == 1,
                case .receipt(let receipt) = events[0]
            else { return nil }
            self.row = row
            lines = reader.read(row.request).lines
            switch receipt.attempt {
            case .token(let token): reference = token
            case .id(let id): reference = id
            }
            switch reader.verifier.proof(of: row.request) {
            case .proven(let payload): (self.payload, isProven) = (payload, true)
            case .unproven: (payload, isProven) = (nil, false)
            case .refused: return nil
            }
        }

        /// The callback about attempt `number`, read, and what it must give.
        func read(_ number: Int, _ reader: DeclaredCallbacks) -> (row: CallbackRow, CallbackReading, [String]) {
            // As long as it was and of the same characters, where it is a token.
            let digits = String(number + 100_000)
            let other = reference == Fixture.token ? String(reference.dropLast(6)) + digits : reference + digits
            func about(_ bytes: [UInt8]) -> [UInt8] { bytes.replacing(Array(reference.utf8), with: Array(other.utf8)) }
            var request = row.request
            request.url = request.url.replacing(reference, with: other)
            request.body = about(request.body)
            request.headers = request.headers.map { ($0.name, $0.value.replacing(reference, with: other)) }
            let believer = Believer(result: isProven ? .proven(payload: payload.map(about)) : .unproven)
            let reader = DeclaredCallbacks(
                parser: reader.parser, rules: reader.rules, reply: reader.reply, verifier: believer,
                handshake: reader.handshake)
            return (row, reader.read(request), lines.map { $0.replacing(reference, with: other) })
        }
    }
}
