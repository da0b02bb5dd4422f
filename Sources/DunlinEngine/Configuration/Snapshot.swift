// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime
import DunlinYAML

/// Everything the engine decides and sends by, read and checked as a whole: a reload replaces it at once or not at all.
public struct Snapshot: Sendable {
    public let gateways: [Gateway]
    /// For each channel its gateways, as places in `gateways`, the preferred one first.
    public let routes: [Channel: [Int]]
    public let policies: PolicySet
    public let evaluator: PolicyEvaluator
    public let templates: TemplateLibrary
    public let attachments: AttachmentFolder
    public let zones: ZoneDatabase
    /// Who we are in law, which rules ask for; nil if nobody says.
    public let party: Party?
    public let unknown: UnknownPolicy
    public let spread: Duration
    public let attempts: Int

    public init(
        gateways: [Gateway], routes: [Channel: [Int]], policies: PolicySet, templates: TemplateLibrary,
        attachments: AttachmentFolder = AttachmentFolder(path: nil), zones: ZoneDatabase, party: Party?,
        unknown: UnknownPolicy = .assumeSent,
        spread: Duration = .minutes(15), attempts: Int = 6
    ) {
        self.gateways = gateways
        self.routes = routes
        self.policies = policies
        evaluator = PolicyEvaluator(
            policies: policies, zones: zones, party: party, messages: templates.profiles)
        self.templates = templates
        self.attachments = attachments
        self.zones = zones
        self.party = party
        self.unknown = unknown
        self.spread = spread
        self.attempts = attempts
    }

    /// Reads packs, templates and gateways of a configuration.
    public init(_ configuration: Configuration, secrets: SecretReader, zones: ZoneDatabase) throws {
        guard let declared = configuration.gateways else {
            throw DunlinError(
                .usage, configuration.path, why: "gateways is missing",
                remedy: "name at least one gateway and its route")
        }
        let attachments = AttachmentFolder(path: configuration.attachments)
        guard attachments.isThere else {
            throw DunlinError(
                .usage, configuration.path, why: "the folder of 'attachments' cannot be read",
                remedy: "create it, or let the daemon's user read it")
        }
        let gateways = try Gateways.load(declared, secrets: secrets, directory: configuration.folder)
        self.init(
            gateways: gateways,
            routes: try Snapshot.routes(configuration, gateways: gateways),
            policies: try PolicySet.load(directory: configuration.policies),
            templates: try TemplateLibrary.load(roots: configuration.templates),
            attachments: attachments, zones: zones, party: configuration.party, unknown: configuration.unknown,
            spread: configuration.spread,
            attempts: configuration.attempts)
    }

    /// The gateways for an address, as places in `gateways`: one for chats serves one app.
    func route(for channel: Channel, to address: String) -> [Int] {
        let route = routes[channel] ?? []
        guard channel == .chat else { return route }
        let service = ChatAddress(address)?.service
        return route.filter { service != nil && gateways[$0].service == service }
    }

    private static func routes(_ configuration: Configuration, gateways: [Gateway]) throws -> [Channel: [Int]] {
        guard let declared = configuration.routes else {
            throw DunlinError(
                .usage, configuration.path, why: "routes is missing", remedy: "write routes: {sms: [GATEWAY], …}")
        }
        var routes: [Channel: [Int]] = [:]
        for (key, value) in try declared.mapping(keys: Channel.allCases.map(\.rawValue)).entries {
            let channel = Channel(rawValue: key)!
            routes[channel] = try value.list().map { entry in
                let name = try entry.string()
                guard let index = gateways.firstIndex(where: { $0.name == name }) else {
                    throw entry.error(
                        expected: "the name of a gateway", suggestion: nearMiss(name, among: gateways.map(\.name)))
                }
                guard gateways[index].adapter.channel == channel else {
                    throw entry.error(
                        expected: "a gateway for \(key); it is one for \(gateways[index].adapter.channel)")
                }
                return index
            }
        }
        return routes
    }
}

extension TemplateLibrary {
    /// What contact rules have to know of each message.
    public var profiles: [String: MessageProfile] {
        Dictionary(
            uniqueKeysWithValues: messages.map { message in
                let variables = message.usableChannels.map { ($0, message.variables(on: $0)) }
                let languages = Set(message.channels.flatMap(message.languages))
                return (
                    message.name,
                    MessageProfile(
                        purpose: message.about, notices: Set(message.notices), insertable: message.insertableNotices,
                        variables: Dictionary(uniqueKeysWithValues: variables), languages: languages.sorted())
                )
            })
    }
}
