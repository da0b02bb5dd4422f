// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What a gateway's entry says for routing: prices, budget, rates of destinations, a pool of senders.
extension GatewayLoader {
    /// The limits of an entry, with what holds where it says nothing. What is wrong goes into `faults`.
    func limits(
        _ keys: YAMLMapping, rate: Double? = nil, concurrency: Int, timeout: Duration, _ faults: Faults
    ) -> GatewayLimits {
        func read<Value>(_ key: String, _ read: (YAMLValue) throws -> Value) -> Value? {
            keys[key].flatMap { value in faults.attempt { try read(value) } }
        }
        var limits = GatewayLimits(
            rate: read("rate", GatewayLoader.rate) ?? rate,
            concurrency: read("concurrency") { try $0.int(in: 1...10_000) } ?? concurrency,
            timeout: read("timeout", GatewayLoader.timeout) ?? timeout)
        limits.price = read("price", GatewayLoader.prices)
        limits.dailyLimit = read("budget") { try GatewayLoader.dailyLimit($0, price: keys["price"]) }
        if let rates = read(
            "rates",
            {
                try $0.anyMapping().entries.map { key, value in
                    (try Destination(key, at: value), try GatewayLoader.rate(value))
                }
            })
        {
            limits.rates = DestinationTable(rates)
        }
        return limits
    }

    private static func timeout(_ value: YAMLValue) throws -> Duration {
        let wait = try value.duration()
        guard wait >= .seconds(1), wait <= .minutes(15) else { throw value.error(expected: "1s to 15m") }
        return wait
    }

    private static func dailyLimit(_ value: YAMLValue, price: YAMLValue?) throws -> DailyLimit {
        let limit = try dailyLimit(value)
        guard let price else {
            throw value.error(expected: "a 'price' beside it: what is spent is counted by that")
        }
        // A price that cannot be read is a fault of its own.
        if let currency = try? prices(price).standard.currency, currency != limit.amount.currency {
            throw value.error(expected: "the currency of 'price', \(currency.code)")
        }
        return limit
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

/// What an entry says of how much a gateway takes and costs; see ``Gateway``.
struct GatewayLimits {
    var rate: Double?
    var concurrency: Int
    var timeout: Duration
    var price: PriceList?
    var dailyLimit: DailyLimit?
    var rates = DestinationTable<Double>([])
}

extension Gateway {
    init(name: String, adapter: any Adapter, _ limits: GatewayLimits) {
        self.init(
            name: name, adapter: adapter, rate: limits.rate, concurrency: limits.concurrency, timeout: limits.timeout)
        (price, dailyLimit, rates) = (limits.price, limits.dailyLimit, limits.rates)
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
