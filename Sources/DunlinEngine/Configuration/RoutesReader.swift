// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTime
import DunlinYAML

/// Reads `routes:` of dunlin.yaml; docs/routing.md describes it.
struct RoutesReader {
    let gateways: [Gateway]

    func routes(_ value: YAMLValue) throws -> [Channel: Routes] {
        var routes: [Channel: Routes] = [:]
        for (key, value) in try value.mapping(keys: Channel.allCases.map(\.rawValue)).entries {
            let channel = Channel(rawValue: key)!
            let entries = RoutesReader.entries(value)
            let read = try entries.map { try route($0, on: channel) }
            if let last = read.dropLast().firstIndex(where: \.fitsAll) {
                throw entries[last + 1].error(expected: "no entry behind one that fits everything: it is never asked")
            }
            routes[channel] = Routes(read)
        }
        return routes
    }

    /// The names of gateways as they stand in the file, by channel.
    static func names(_ value: YAMLValue) throws -> [(name: String, channel: String)] {
        try value.anyMapping().entries.flatMap { channel, routes in
            var names: [String] = []
            for entry in entries(routes) {
                for name in try self.names(of: entry) where !names.contains(name) { names.append(name) }
            }
            return names.map { (name: $0, channel: channel) }
        }
    }

    /// A list of names is one entry; a list that holds anything else is one of entries.
    private static func entries(_ value: YAMLValue) -> [YAMLValue] {
        let list = value.list()
        if list.isEmpty { return [] }
        return list.contains { $0.isMapping || $0.isList } ? list : [value]
    }

    private static func names(of entry: YAMLValue) throws -> [String] {
        let gateways = entry.isMapping ? try entry.anyMapping().required("gateways") : entry
        if gateways.isMapping { return try gateways.anyMapping().entries.map(\.key) }
        return try gateways.list().map { try $0.string() }
    }

    private func route(_ value: YAMLValue, on channel: Channel) throws -> Route {
        guard value.isMapping else { return Route(gateways: try list(value, on: channel)) }
        let address = channel == .email ? "domains" : "to"
        let keys = try value.mapping(keys: ["gateways", address, "purpose", "order"])
        let named = try keys.required("gateways")
        var route: Route
        if named.isMapping {
            let entries = try named.anyMapping().entries
            let places = try entries.map { try place($0.key, $0.value, on: channel) }
            route = Route(gateways: places, order: .weight(try entries.map { try $0.value.int(in: 1...1000) }))
        } else {
            route = Route(gateways: try list(named, on: channel))
        }
        guard !route.gateways.isEmpty else { throw named.error(expected: "the name of a gateway") }
        if let order = keys["order"] {
            guard try order.string() == "price", !named.isMapping else {
                throw order.error(
                    expected: "price, for a list of gateways; without 'order' they are taken as they stand")
            }
            try checkPrices(of: route.gateways, order)
            route.order = .price
        }
        route.purposes = try keys["purpose"].map { Set(try $0.list().map { try $0.oneOf(Purpose.self) }) }
        route.destinations = try keys["to"]?.list().map { try Destination($0.string(), at: $0) }
        route.domains = try keys["domains"]?.list().map(domain)
        return route
    }

    private func list(_ value: YAMLValue, on channel: Channel) throws -> [Int] {
        var places: [Int] = []
        for entry in value.list() {
            let place = try place(entry.string(), entry, on: channel)
            guard !places.contains(place) else { throw entry.error(expected: "each gateway once in an entry") }
            places.append(place)
        }
        return places
    }

    private func place(_ name: String, _ value: YAMLValue, on channel: Channel) throws -> Int {
        guard let place = gateways.firstIndex(where: { $0.name == name }) else {
            let near = nearMiss(name, among: gateways.map(\.name))
            throw DunlinError(
                .usage, value.place, why: "\(value.field) names '\(name)', and no gateway has that name",
                remedy: near.map { "did you mean '\($0)'?" }
                    ?? "gateways: \(gateways.map(\.name).joined(separator: ", "))"
            )
        }
        guard gateways[place].channel == channel else {
            throw DunlinError(
                .usage, value.place, why: "\(value.field) names '\(name)', a gateway for \(gateways[place].channel)",
                remedy: "name one for \(channel)")
        }
        return place
    }

    private func domain(_ value: YAMLValue) throws -> String {
        let text = try value.string().lowercased()
        guard text.contains("."), !text.contains("@"), !text.hasPrefix("."), !text.hasSuffix("."),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x2A })
        else { throw value.error(expected: "a domain of mail addresses such as example.com") }
        return text
    }

    private func checkPrices(of places: [Int], _ value: YAMLValue) throws {
        let currencies = Set(places.compactMap { gateways[$0].price?.standard.currency })
        if let unpriced = places.first(where: { gateways[$0].price == nil }) {
            throw value.error(
                expected: "a 'price' of every gateway in the entry; '\(gateways[unpriced].name)' has none")
        }
        guard currencies.count == 1 else {
            throw value.error(
                expected: "prices of one currency; there are \(currencies.map(\.code).sorted().joined(separator: ", "))"
            )
        }
    }
}

extension Snapshot {
    /// The routes of a configuration. Throws where one is missing or wrong, or a budget's zone is not known.
    static func routes(
        _ configuration: Configuration, gateways: [Gateway], zones: ZoneDatabase
    ) throws -> [Channel: Routes] {
        guard let declared = configuration.routes else {
            throw DunlinError(
                .usage, configuration.path, why: "routes is missing", remedy: "write routes: {sms: [GATEWAY], …}")
        }
        for gateway in gateways {
            guard let zone = gateway.dailyLimit?.zone else { continue }
            do { _ = try zones.zone(zone) } catch {
                throw DunlinError(
                    .usage, configuration.path, why: "the budget of gateway '\(gateway.name)': \(error)",
                    remedy: "name an IANA zone such as Europe/Berlin")
            }
        }
        return try RoutesReader(gateways: gateways).routes(declared)
    }

    /// How many gateways a reminder may try that took the one of this name.
    var routeWidths: [String: Int] {
        Dictionary(
            uniqueKeysWithValues: gateways.enumerated().map { place, gateway in
                (gateway.name, routes[gateway.channel]?.width(of: place) ?? 1)
            })
    }
}
