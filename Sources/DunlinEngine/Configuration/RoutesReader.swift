// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTime
import DunlinYAML

/// Reads `routes:` of dunlin.yaml; docs/routing.md describes it.
struct RoutesReader {
    let gateways: [Gateway]
    /// Those that stand in the file and could not be made: naming one is no mistake of the routes.
    var broken: Set<String> = []

    func routes(_ value: YAMLValue) throws -> [Channel: Routes] {
        let faults = Faults()
        let routes = routes(value, faults)
        if let first = faults.errors.first { throw first }
        return routes
    }

    /// The same for a reader that goes on: what is wrong is one of `faults`, and left out.
    func routes(_ value: YAMLValue, _ faults: Faults) -> [Channel: Routes] {
        var routes: [Channel: Routes] = [:]
        let channels = faults.attempt { try value.mapping(keys: Channel.allCases.map(\.rawValue), faults).entries }
        for (key, value) in channels ?? [] {
            guard let channel = Channel(rawValue: key) else { continue }
            let entries = RoutesReader.entries(value)
            let read = entries.compactMap { entry in faults.attempt { try route(entry, on: channel) } }
            if read.count == entries.count, let last = read.dropLast().firstIndex(where: \.fitsAll) {
                faults.add(
                    entries[last + 1].error(expected: "no entry behind one that fits everything: it is never asked"))
            }
            routes[channel] = Routes(read.filter { !$0.gateways.isEmpty })
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
        // Chats and tasks have neither a number nor a domain.
        let address = channel == .email ? ["domains"] : channel == .sms || channel == .call ? ["to"] : []
        let keys = try value.mapping(keys: ["gateways"] + address + ["purpose", "order"])
        let named = try keys.required("gateways")
        var route: Route
        if named.isMapping {
            let weighed = try named.anyMapping().entries.compactMap { name, value in
                let weight = try value.int(in: 1...1000)
                return try place(name, value, on: channel).map { (place: $0, weight: weight) }
            }
            route = Route(gateways: weighed.map(\.place), order: .weight(weighed.map(\.weight)))
        } else {
            route = Route(gateways: try list(named, on: channel))
        }
        guard try !RoutesReader.names(of: value).isEmpty else { throw named.error(expected: "the name of a gateway") }
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
            guard let place = try place(entry.string(), entry, on: channel) else { continue }
            guard !places.contains(place) else { throw entry.error(expected: "each gateway once in an entry") }
            places.append(place)
        }
        return places
    }

    /// Nil for a broken one.
    private func place(_ name: String, _ value: YAMLValue, on channel: Channel) throws -> Int? {
        if broken.contains(name) { return nil }
        guard let place = gateways.firstIndex(where: { $0.name == name }) else {
            let names = gateways.map(\.name) + broken.sorted()
            let near = nearMiss(name, among: names)
            throw DunlinError(
                .usage, value.place, why: "\(value.field) names '\(name)', and no gateway has that name",
                remedy: near.map { "did you mean '\($0)'?" }
                    ?? "gateways: \(names.joined(separator: ", "))"
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
        guard currencies.count <= 1 else {
            throw value.error(
                expected: "prices of one currency; there are \(currencies.map(\.code).sorted().joined(separator: ", "))"
            )
        }
    }
}

extension Snapshot {
    /// How many gateways a reminder may try that took the one of this name.
    var routeWidths: [String: Int] {
        Dictionary(
            uniqueKeysWithValues: gateways.enumerated().map { place, gateway in
                (gateway.name, routes[gateway.channel]?.width(of: place) ?? 1)
            })
    }
}
