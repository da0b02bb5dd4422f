// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Foundation

/// A gateway of the configuration in words, for `dunlin gateways list` and `check`.
public struct DescribedGateway: Codable, Hashable, Sendable {
    public var name: String
    public var adapter: String
    public var channel: String
    /// What it gives beside taking messages: `yes`, `no: set KEY` with what is missing, or `-` where it has nothing of the kind.
    public var receipts: String
    public var replies: String
    /// Key presses in a call.
    public var keys: String
    /// Mail that came back.
    public var bounces: String
    /// Where its callbacks arrive, without what proves them; nil where none are taken.
    public var callbacks: String?
    /// What has to be entered at the vendor; nil where each message carries the address, or nothing is taken.
    public var enter: GatewayOffer.Console?
    /// What settles an attempt in doubt.
    public var doubt: String
    public var limits: String

    init(_ gateway: Gateway, callbacks url: String?) {
        name = gateway.name
        adapter = gateway.kind
        channel = gateway.channel.rawValue
        receipts = gateway.offer.receipts.words
        replies = gateway.offer.replies.words
        keys = gateway.offer.keys.words
        bounces = gateway.offer.bounces.words
        callbacks = gateway.callbacks == nil ? nil : url.map { "\($0)/\(gateway.name)" }
        enter = gateway.offer.console
        if gateway.lookup != nil {
            doubt = "look-up"
        } else if gateway.repeatable != nil {
            doubt = "repeats under the same name"
        } else {
            doubt = gateway.offer.receipts == .given ? "waits for a receipt" : "stays unknown"
        }
        limits = "\(gateway.concurrency) at once\(gateway.rate.map { ", \($0.formatted()) a second" } ?? "")"
    }
}

extension GatewayOffer.Gift {
    fileprivate var words: String {
        switch self {
        case .given: "yes"
        case .missing(let keys): "no: set \(keys.joined(separator: " and "))"
        case .none: "-"
        }
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
