// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What a gateway's entry says for routing: prices, budget, rates of destinations, a pool of senders.
extension GatewayLoader {
    func readRouting(_ keys: YAMLMapping, into gateway: inout Gateway) throws {
        gateway.price = try keys["price"].map(GatewayLoader.prices)
        gateway.dailyLimit = try keys["budget"].map(GatewayLoader.dailyLimit)
        if let rates = keys["rates"] {
            gateway.rates = DestinationTable(
                try rates.anyMapping().entries.map {
                    (try Destination($0.key, at: $0.value), try GatewayLoader.rate($0.value))
                })
        }
        guard let limit = gateway.dailyLimit, let value = keys["budget"] else { return }
        guard let price = gateway.price else {
            throw value.error(expected: "a 'price' beside it: what is spent is counted by that")
        }
        guard price.standard.currency == limit.amount.currency else {
            throw value.error(expected: "the currency of 'price', \(price.standard.currency.code)")
        }
    }

    /// `0.0075 USD`, or a mapping of destinations with a `default`.
    private static func prices(_ value: YAMLValue) throws -> PriceList {
        guard value.isMapping else { return PriceList(standard: try price(value)) }
        let entries = try value.anyMapping()
        let standard = try price(entries.required("default"))
        let others = try entries.entries.filter { $0.key != "default" }.map { key, value in
            let amount = try price(value)
            guard amount.currency == standard.currency else {
                throw value.error(expected: "the currency of 'default', \(standard.currency.code)")
            }
            return (try Destination(key, at: value), amount)
        }
        return PriceList(standard: standard, others: others)
    }

    private static func price(_ value: YAMLValue) throws -> Price {
        guard let price = Price(try value.string()) else {
            throw value.error(expected: "a price such as 0.0075 USD, at most six decimals")
        }
        return price
    }

    /// `200 USD/day`, or `{limit: 200 USD, zone: Europe/Berlin}`.
    private static func dailyLimit(_ value: YAMLValue) throws -> DailyLimit {
        if value.isMapping {
            let keys = try value.mapping(keys: ["limit", "zone"])
            return DailyLimit(amount: try price(keys.required("limit")), zone: try keys["zone"]?.string())
        }
        let text = try value.string()
        guard text.hasSuffix("/day"), let price = Price(text.dropLast(4)) else {
            throw value.error(expected: "an amount a day such as 200 USD/day, or {limit: 200 USD, zone: Europe/Berlin}")
        }
        return DailyLimit(amount: price)
    }

    /// The adapter that `make` gives, or a pool of them where the sender is a list.
    func pooled(
        _ keys: YAMLMapping, _ definition: Definition, _ values: [String: String?],
        _ make: ([String: String?]) throws -> any Adapter
    ) throws -> any Adapter {
        guard let sender = definition.settings.first(where: { $0.isSender && keys[$0.name]?.isList ?? false }),
            let list = keys[sender.name]
        else { return try make(values) }
        var senders: [(name: String, adapter: any Adapter)] = []
        for value in list.list() {
            let name = sender.kind == .mailbox ? try mailbox(value) : try secrets.text(value, directory: directory)
            guard !senders.contains(where: { $0.name == name }) else { throw value.error(expected: "each sender once") }
            senders.append((name: name, adapter: try make(values.merging([sender.name: name]) { $1 })))
        }
        return SenderPool(senders: senders)
    }
}

extension Definition.Setting {
    /// Whether an operator may give several.
    var isSender: Bool { (name == "from" || name == "sender") && (kind == .text || kind == .mailbox) }
}

extension Destination {
    /// The destination that a key or a value of a YAML file names.
    public init(_ text: String, at value: YAMLValue) throws {
        guard let destination = Destination(text) else {
            let near = text.count == 2 ? nearMiss(text, among: CountryCodes.all.map(String.init)) : nil
            throw DunlinError(
                .usage, value.place,
                why: "'\(text)' in \(value.field) is neither a country, a subdivision nor the beginning of a number",
                remedy: near.map { "did you mean '\($0)'?" } ?? "write CN, US-NY or \"+1617\", in capitals")
        }
        self = destination
    }
}

extension TemplateCompiler {
    /// The same with other settings; it shares the access token.
    func with(settings: [String: String?]) -> TemplateCompiler {
        var other = self
        other.settings = settings
        return other
    }
}
