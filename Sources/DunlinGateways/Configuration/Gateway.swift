// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// One entry of `gateways:` in dunlin.yaml.
public struct Gateway: Sendable {
    public let name: String
    /// The `adapter:` it was read from.
    public var kind = ""
    public var adapter: any Adapter
    /// How many requests a second it may get; nil for any number.
    public let rate: Double?
    /// How many requests may be under way at once.
    public let concurrency: Int
    /// From connecting to the last byte of the answer.
    public var timeout: Duration
    /// What it tells us of its own accord; nil where it tells nothing, or nobody listens.
    public var callbacks: (any CallbackReader)?
    /// How it is asked about an attempt in doubt; nil where it cannot be.
    public var lookup: (any Lookup)?
    /// Tells this gateway from another one that is given its name later: a digest of its whole set-up; empty where nobody can tell.
    public var identity: [UInt8] = []
    /// For how long the same request, with the same token of the attempt, may be sent again without a second message; nil where
    /// it never may.
    public var repeatable: Duration?
    /// What its requests carry; nil where they need none.
    public var access: AccessToken?
    /// How it wants to be told what to say in a call, where it asks.
    public var callFormat: CallFormat?
    /// What a message costs, or each segment of an SMS; nil where nobody says.
    public var price: PriceList?
    /// The most it may cost on one day; nil for any amount. In the currency of `price`, which is there then.
    public var dailyLimit: DailyLimit?
    /// Requests a second to some destinations, beside `rate`.
    public var rates = DestinationTable<Double>([])

    /// The app that a gateway for chats serves; nil on other channels.
    public var service: ChatAddress.Service?

    /// Where its entry stands, `file:line:column`.
    public internal(set) var place = ""
    /// What it gives beside taking messages.
    public internal(set) var offer = GatewayOffer()
    /// The country's calling code without which it takes no number, such as `86`; nil where it takes any.
    public internal(set) var nationalCode: String?
    /// The texts that an operator has named under `templates`; nil for gateways that take any text.
    var approved: ApprovedTexts?
    public var approvedNames: [ApprovedName] { approved?.names ?? [] }

    public var channel: Channel { adapter.channel }
    /// Where bounces of its mail go; nil where it sends none, or they go to the sender.
    public var bounces: BounceAddress? { (adapter as? SMTPAdapter)?.bounces }

    public init(name: String, adapter: any Adapter, rate: Double?, concurrency: Int, timeout: Duration) {
        self.name = name
        self.adapter = adapter
        self.rate = rate
        self.concurrency = concurrency
        self.timeout = timeout
    }
}

/// The `gateways:` of dunlin.yaml.
public enum Gateways {
    /// What every gateway's entry takes.
    static let commonKeys = [
        "adapter", "base_url", "rate", "concurrency", "timeout", "rates", "price", "budget",
    ]

    /// Below a gateway's address for callbacks: where people go who want no more mails. No gateway has this name.
    public static let unsubscribePath = "unsubscribe"

    /// Every gateway, in the order of the file. Paths in it start at `directory`, the folder of the configuration file.
    /// Throws `DunlinError` with the place of the first mistake; no secret is ever part of it.
    ///
    /// `callbacks` is the public address under which gateways reach us, each below its own name; nil: they cannot.
    public static func load(
        _ mapping: YAMLValue, secrets: SecretReader, directory: String, callbacks: String? = nil
    ) throws -> [Gateway] {
        let faults = Faults()
        let gateways = read(mapping, secrets: secrets, directory: directory, callbacks: callbacks, faults)
        if let first = faults.errors.first { throw first }
        return gateways
    }

    /// The same for whoever wants to see all mistakes: they go into `faults`, and the gateways are those that could be made. A
    /// secret that cannot be fetched is a mistake, and the gateway is made with a word in its place: it must not be used.
    public static func read(
        _ mapping: YAMLValue, secrets: SecretReader, directory: String, callbacks: String?, _ faults: Faults
    ) -> [Gateway] {
        (faults.attempt { try mapping.anyMapping().entries } ?? []).compactMap { name, value in
            guard !name.isEmpty, name.utf8.count <= 64, name != ".", name != "..", name != unsubscribePath,
                name.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || "-_.".utf8.contains($0) })
            else {
                faults.add(
                    DunlinError(
                        .usage, value.place, why: "'\(name)' is no name for a gateway",
                        remedy: "use letters, digits, '-', '_' and '.', at most 64, so that a pause can name it; "
                            + "'\(unsubscribePath)' is a page of Dunlin's own"))
                return nil
            }
            return GatewayLoader(
                name: name, value: value, secrets: secrets, directory: directory,
                callbacks: callbacks.map { "\($0)/\(name)" }, faults: faults
            ).gateway()
        }
    }
}
