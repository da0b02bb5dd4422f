// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

/// The routes of one channel, in the order in which they are asked: the first that fits a reminder decides.
///
/// A list of places in the snapshot's gateways is the plain form: one route for everything.
public struct Routes: Sendable, ExpressibleByArrayLiteral {
    public let entries: [Route]
    /// Every gateway that any of them names, once.
    public let gateways: [Int]

    public init(_ entries: [Route]) {
        self.entries = entries
        var gateways: [Int] = []
        for gateway in entries.flatMap(\.gateways) where !gateways.contains(gateway) { gateways.append(gateway) }
        self.gateways = gateways
    }

    public init(arrayLiteral gateways: Int...) { self.init(gateways.isEmpty ? [] : [Route(gateways: gateways)]) }

    public var isEmpty: Bool { entries.isEmpty }

    /// The same, with each entry that leads to gateways of several messaging apps as one for each app.
    func split(byService service: (Int) -> ChatAddress.Service?) -> Routes {
        Routes(
            entries.flatMap { entry in
                ChatAddress.Service.allCases.compactMap { app in
                    let kept = entry.gateways.indices.filter { service(entry.gateways[$0]) == app }
                    guard !kept.isEmpty else { return nil }
                    var order = entry.order
                    if case .weight(let weights) = order { order = .weight(kept.map { weights[$0] }) }
                    var route = Route(
                        gateways: kept.map { entry.gateways[$0] }, order: order, destinations: entry.destinations,
                        domains: entry.domains, purposes: entry.purposes)
                    route.service = app
                    return route
                }
            })
    }

    /// How many gateways a reminder that took this one may try: of the shortest route that names it.
    func width(of gateway: Int) -> Int {
        entries.filter { $0.gateways.contains(gateway) }.map(\.gateways.count).min() ?? 1
    }
}

/// What fits a route, and the gateways it leads to.
public struct Route: Sendable {
    public enum Order: Sendable {
        /// As they stand.
        case given
        /// The cheapest first for the number.
        case price
        /// For each recipient another one, in shares by these weights, one for each gateway.
        case weight([Int])
    }

    /// Places in the snapshot's gateways; at least one, none twice.
    public let gateways: [Int]
    public var order: Order
    /// Nil in each of these: anything.
    public var destinations: [Destination]?
    /// In lower case.
    public var domains: [String]?
    public var purposes: Set<Purpose>?
    /// The messaging app that its gateways serve; nil for other channels than chat.
    var service: ChatAddress.Service?

    public init(
        gateways: [Int], order: Order = .given, destinations: [Destination]? = nil, domains: [String]? = nil,
        purposes: Set<Purpose>? = nil
    ) {
        self.gateways = gateways
        self.order = order
        self.destinations = destinations
        self.domains = domains
        self.purposes = purposes
    }

    /// Whether it takes everything.
    public var fitsAll: Bool { destinations == nil && domains == nil && purposes == nil && service == nil }

    /// Whether it takes a message for `purpose` to `address`, whose number may belong to `regions`.
    func fits(_ address: String, in regions: [String], for purpose: Purpose) -> Bool {
        if let service, !address.hasPrefix("\(service.rawValue):") { return false }
        if let purposes, !purposes.contains(purpose) { return false }
        if let destinations, !destinations.contains(where: { $0.covers(address, in: regions) }) { return false }
        if let domains {
            guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
            return domains.contains(address[address.utf8.index(after: at)...].lowercased())
        }
        return true
    }
}
