// SPDX-License-Identifier: Apache-2.0

/// What a send is about, as far as an operator can pause it by name.
public struct SendScope: Hashable, Sendable {
    public var channel: Channel
    public var gateway: String
    public var message: String
    public var creditor: String

    public init(channel: Channel, gateway: String, message: String, creditor: String) {
        self.channel = channel
        self.gateway = gateway
        self.message = message
        self.creditor = creditor
    }
}
