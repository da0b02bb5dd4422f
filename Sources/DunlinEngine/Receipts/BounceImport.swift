// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

/// Takes mail that came back out of a mailbox, for `dunlin import --kind bounces`.
public struct BounceImport {
    /// How many mails were what.
    public struct Tally: Codable, Hashable, Sendable {
        public var read = 0
        /// They say what became of a mail of ours, and are in the ledger for the daemon to take up.
        public var receipts = 0
        /// Reports that change nothing: delayed, passed on.
        public var noNews = 0
        /// Reports about mails that are none of ours.
        public var unattributed = 0
        /// Mails that ask for no more mails and do not bear a token of ours: somebody has to read them.
        public var refusals = 0
        public var autoReplies = 0
        /// No reports at all.
        public var other = 0

        public init() {}

        public var sentence: String {
            "\(read) mails read: \(receipts) receipts, \(noNews) without news, \(unattributed) not about mails of ours, "
                + "\(autoReplies) automatic replies, \(other) others"
                + (refusals == 0 ? "" : "; \(refusals) ask for no more mails without saying for whom: please read them")
        }

        public static func += (a: inout Tally, b: Tally) {
            a.read += b.read
            a.receipts += b.receipts
            a.noNews += b.noNews
            a.unattributed += b.unattributed
            a.refusals += b.refusals
            a.autoReplies += b.autoReplies
            a.other += b.other
        }
    }

    private let ledger: any Ledger
    private let tokens: AttemptTokens
    private let reader: BounceReader
    private let clock: any Clock

    public init(ledger: any Ledger, tokens: AttemptTokens, addresses: [BounceAddress], clock: any Clock) {
        self.ledger = ledger
        self.tokens = tokens
        self.clock = clock
        reader = BounceReader(addresses: addresses) { tokens.attempt(of: $0) != nil }
    }

    /// Reads an mbox, a single mail or a Maildir; changes nothing of it. Throws what keeps it from being read or stored.
    public func run(_ path: String) throws -> Tally {
        var tally = Tally()
        var found: [(attempt: Int64, receipt: StrayReceipt)] = []
        try BounceMailbox.forEachMessage(in: path) { message in
            tally.read += 1
            switch reader.read(message) {
            case .receipt(let receipt):
                guard case .token(let token) = receipt.attempt, let attempt = tokens.attempt(of: token) else { break }
                found.append((attempt, StrayReceipt(receipt, from: "", received: clock.now)))
                if found.count == 1000 { try store(&found, &tally) }
            case .noNews: tally.noNews += 1
            case .unattributed: tally.unattributed += 1
            case .refusal: tally.refusals += 1
            case .autoReply: tally.autoReplies += 1
            case .other: tally.other += 1
            }
        }
        try store(&found, &tally)
        return tally
    }

    private func store(_ found: inout [(attempt: Int64, receipt: StrayReceipt)], _ tally: inout Tally) throws {
        guard !found.isEmpty else { return }
        for isStored in try ledger.store(receipts: found, at: clock.now) {
            if isStored { tally.receipts += 1 } else { tally.unattributed += 1 }
        }
        found = []
    }
}

extension Configuration {
    /// Where mail comes back to, by the mail gateways; without reading a secret.
    public func bounceAddresses() throws -> [BounceAddress] {
        guard let declared = gateways else { return [] }
        return try Gateways.load(declared, secrets: .withholding, directory: folder).compactMap(\.bounces)
    }
}
