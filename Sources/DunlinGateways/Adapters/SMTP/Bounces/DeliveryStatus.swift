// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The body of `message/delivery-status` (RFC 3464, section 2): a block of fields about the mail, one about each recipient.
enum DeliveryStatus {
    /// More than a report about a mail to one person holds; longer ones are not understood.
    static let limit = 256 * 1024

    /// Nil if it names no recipient's fate, or contradicts itself.
    ///
    /// A mail of ours has one recipient; where the report has more, an alias has made copies. The mail arrived if one copy
    /// did, and failed if all of them did.
    static func verdict(_ body: ArraySlice<UInt8>) -> BounceVerdict? {
        guard body.count <= limit else { return nil }
        var rest = body
        var fates: [Fate] = []
        while !rest.isEmpty {
            let fields = MIMEFields(&rest)
            // What is neither a field nor an empty line.
            guard fields.isEnded || rest.isEmpty else { return nil }
            // No Action in the first block, and none in what stands between two empty lines.
            let actions = fields.all("action")
            guard !actions.isEmpty else { continue }
            guard actions.count == 1, let fate = Fate(firstWord(of: actions[0]), fields) else { return nil }
            fates.append(fate)
        }
        guard let first = fates.first else { return nil }
        if let arrived = fates.first(where: { $0.status == .delivered }) {
            return .news(.delivered, reason: nil, code: arrived.code?.description)
        }
        guard fates.allSatisfy({ $0.status == .failed }) else { return .noNews }
        return .news(
            .failed, reason: fates.allSatisfy(\.isAddressAtFault) ? .recipientRefused : nil,
            code: first.code?.description)
    }

    /// What became of one copy.
    private struct Fate {
        /// Nil while it is under way, or out of the reporter's sight.
        let status: Receipt.Status?
        let code: EnhancedStatus?

        /// Nil for an action that is none, or one that the status contradicts.
        init?(_ action: String, _ fields: MIMEFields) {
            let written = fields["status"].flatMap { EnhancedStatus(firstWord(of: $0)) }
            switch (action, written?.kind) {
            case ("failed", 4), ("failed", 5), ("failed", nil): status = .failed
            case ("delivered", 2), ("delivered", nil): status = .delivered
            case ("delayed", _), ("relayed", _), ("expanded", _): status = nil
            default: return nil
            }
            // 5.0.0 says that nothing is known; then the remote server's own reply may (Exim writes it so; from memory).
            let isVague = written.map { $0.subject == 0 && $0.detail == 0 } ?? true
            let replied = isVague ? fields["diagnostic-code"].flatMap(Fate.replied) : nil
            code = replied.map { $0.kind == written?.kind ?? $0.kind } == true ? replied : written
        }

        /// The address will never work: no such mailbox or domain, bad syntax, moved, no mail there (RFC 3463, RFC 7505).
        /// All else, a full mailbox or a policy, is not the address's fault.
        var isAddressAtFault: Bool {
            guard let code else { return false }
            return code.kind == 5 && code.subject == 1 && [1, 2, 3, 6, 10].contains(code.detail)
        }

        /// Of `smtp; 550 5.1.1 No such user`.
        private static func replied(_ value: String) -> EnhancedStatus? {
            guard let semicolon = value.firstIndex(of: ";"), firstWord(of: value) == "smtp" else { return nil }
            return EnhancedStatus(in: Array(value[value.index(after: semicolon)...].utf8.drop { $0 <= 0x20 }))
        }
    }
}
