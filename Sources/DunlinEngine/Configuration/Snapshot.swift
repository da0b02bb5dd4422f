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
    public private(set) var routes: [Channel: Routes]
    public let policies: PolicySet
    public let evaluator: PolicyEvaluator
    public let templates: TemplateLibrary
    public let attachments: AttachmentFolder
    public let zones: ZoneDatabase
    /// Where numbers lie.
    public let places: Places
    /// Who we are in law, which rules ask for; nil if nobody says.
    public let party: Party?
    public let unknown: UnknownPolicy
    public let spread: Duration
    public let attempts: Int
    /// How long a channel waits for the news that a message arrived before the next one has its turn.
    public let fallback: [Channel: Duration]
    /// What can be heard of attempts after they have left.
    let following: Following

    public init(
        gateways: [Gateway], routes: [Channel: Routes], policies: PolicySet, templates: TemplateLibrary,
        attachments: AttachmentFolder = AttachmentFolder(path: nil), zones: ZoneDatabase, party: Party?,
        unknown: UnknownPolicy = .assumeSent,
        spread: Duration = .minutes(15), attempts: Int = 6, fallback: [Channel: Duration] = [:]
    ) {
        self.gateways = gateways
        self.routes = routes
        self.routes[.chat] = routes[.chat]?.split { gateways[$0].service }
        self.policies = policies
        places = Places(zones: zones)
        evaluator = PolicyEvaluator(
            policies: policies, zones: zones, places: places, party: party, messages: templates.profiles)
        self.templates = templates
        self.attachments = attachments
        self.zones = zones
        self.party = party
        self.unknown = unknown
        self.spread = spread
        self.attempts = attempts
        self.fallback = fallback
        following = Following(gateways: gateways, fallback: fallback)
    }

    /// Reads packs, templates and gateways of a configuration. Throws everything that is wrong: a `DunlinError`, or `DunlinErrors`.
    public init(_ configuration: Configuration, secrets: SecretReader, zones: ZoneDatabase) throws {
        let faults = Faults()
        let read = StartUp(configuration, secrets: secrets, zones: zones, faults)
        try faults.check()
        guard let snapshot = read.snapshot else { preconditionFailure("what has no error has a snapshot") }
        self = snapshot
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
