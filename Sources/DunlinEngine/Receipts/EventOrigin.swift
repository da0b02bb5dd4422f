// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

/// Where an event comes from that Dunlin learnt by itself. Its id says so, which makes it the same however often it is told.
enum EventOrigin: Hashable {
    /// How we know of it. The names stand in ids.
    enum Source: String, CaseIterable {
        /// A gateway's receipt, or mail that came back.
        case receipt
        /// The person marked the message as unwanted.
        case complaint
        /// The person followed the link for no more mails, or wrote so.
        case unsubscription
        /// A key in a call.
        case key

        /// How a person refused, where that is what a receipt tells.
        init(_ status: Receipt.Status) {
            switch status {
            case .complained: self = .complaint
            case .unsubscribed: self = .unsubscription
            case .accepted, .delivered, .failed: self = .receipt
            }
        }
    }

    case attempt(Int64, Source)
    /// The address is part of the name: ids that a gateway gives twice hide nobody's STOP.
    case reply(gateway: String, id: String, ContactKey)

    /// `dunlin:attempt-12-opt-out`, `dunlin:attempt-12-opt-out-key`, `dunlin:reply-sms-main/SM1/2n9c`. No gateway's name holds a slash.
    ///
    /// `starts` are those that the same act has been done again after: `dunlin:attempt-12-opt-out-2-unsubscription`.
    func id(_ kind: ContactKind, after starts: Int = 0) -> String {
        switch self {
        case .attempt(let attempt, let source):
            "\(ContactEvent.ownPrefix)attempt-\(attempt)-\(kind.rawValue)\(starts == 0 ? "" : "-\(starts)")"
                + (source == .receipt ? "" : "-\(source.rawValue)")
        case .reply(let gateway, let id, let address):
            "\(ContactEvent.ownPrefix)reply-\(gateway)/\(id)/\(String(UInt64(bitPattern: address.value), radix: 36))"
        }
    }

    /// Of an event about an attempt; nil for replies, whose gateway and id cannot be told apart, and for integrators' events.
    init?(_ event: ContactEvent) {
        let prefix = "\(ContactEvent.ownPrefix)attempt-"
        guard event.id.hasPrefix(prefix) else { return nil }
        let rest = event.id.dropFirst(prefix.count)
        guard let attempt = Int64(rest.prefix { $0 != "-" }) else { return nil }
        let source = Source.allCases.first { $0 != .receipt && rest.hasSuffix("-\($0.rawValue)") }
        self = .attempt(attempt, source ?? .receipt)
    }
}
