// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

/// What one callback said, proven and read, on its way to the ledger.
public struct CallbackBatch: Sendable {
    public enum Entry: Sendable {
        /// `attempt` is the one that a token of ours names; nil: the gateway's own id has to be looked up.
        case receipt(Receipt, attempt: Int64?)
        case reply(Reply)
        /// Somebody followed the link that stood in the mail of this attempt.
        case unsubscribed(attempt: Int64)
        /// A person pressed a key in the call of this attempt, and it means this.
        case pressed(String, attempt: Int64)
    }

    public var gateway: String
    public var channel: Channel
    public var entries: [Entry]
    /// Told once: true when everything is on the disk.
    public var done: @Sendable (Bool) -> Void

    public init(gateway: String, channel: Channel, entries: [Entry], done: @escaping @Sendable (Bool) -> Void) {
        self.gateway = gateway
        self.channel = channel
        self.entries = entries
        self.done = done
    }
}
