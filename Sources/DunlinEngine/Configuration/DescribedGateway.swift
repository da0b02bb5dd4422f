// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

/// A gateway of the configuration in words, for `dunlin gateways list`.
public struct DescribedGateway: Codable, Hashable, Sendable {
    public var name: String
    public var adapter: String
    public var channel: String
    /// Where its receipts arrive; nil where none are taken.
    public var receipts: String?
    /// What settles an attempt in doubt.
    public var doubt: String
    public var limits: String

    init(_ gateway: Gateway, callbacks: String?) {
        name = gateway.name
        adapter = gateway.kind
        channel = gateway.channel.rawValue
        receipts = gateway.callbacks == nil ? nil : callbacks.map { "\($0)/\(gateway.name)" }
        if gateway.lookup != nil {
            doubt = "asks the gateway"
        } else if gateway.repeatable != nil {
            doubt = "repeats under the same name"
        } else {
            doubt = receipts == nil ? "stays unknown" : "waits for a receipt"
        }
        limits = "\(gateway.concurrency) at once\(gateway.rate.map { ", \($0) a second" } ?? "")"
    }
}

extension Configuration {
    /// Its gateways, without reading a secret.
    public func describedGateways() throws -> [DescribedGateway] {
        guard let declared = gateways else { return [] }
        return try Gateways.load(declared, secrets: .withholding, directory: folder, callbacks: callbacks?.url)
            .map { DescribedGateway($0, callbacks: callbacks?.url) }
    }
}
