// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

/// Packs, a person, and what happened between us.
struct OracleWorld {
    var packs: [OraclePack]
    /// The record's zones and region, and a number with the region and the zone that it tells, if any.
    var recordZones: [String]
    var region: String?
    var phone: (number: String, region: String?, zone: String?)
    var role: Role
    var party: Party?
    var product: String?
    var dueDate: CivilDate
    /// Nil: the library does not know the message.
    var message: MessageProfile?
    var ours: [Contact]
    var events: [Contact]

    static let mail = "alex@example.com"
    static let chat = "line:U4af4980629"
    static let creditor = "Harbor Credit"

    var purpose: Purpose { message?.purpose ?? .reminder }

    func address(over channel: Channel) -> String {
        switch channel {
        case .sms, .call: phone.number
        case .email: OracleWorld.mail
        case .chat: OracleWorld.chat
        case .task: "P-1"
        }
    }

    func subject(over channel: Channel, at instant: Instant) -> OracleSubject {
        OracleSubject(
            recipient: .recipient("P-1"), account: .account("A-1"), address: .address(address(over: channel)),
            creditor: .creditor(OracleWorld.creditor), channel: channel, purpose: purpose, at: instant)
    }

    /// The record's region, and the number's if it lies in another country or the record names none.
    var regions: [String] {
        guard let region else { return [phone.region].compactMap(\.self) }
        guard let other = phone.region, other.prefix(2) != region.prefix(2) else { return [region] }
        return [region, other]
    }

    func zones(of pack: OraclePack) -> [String] {
        let sources = pack.zoneSources.isEmpty ? ZoneSource.allCases : pack.zoneSources
        let known = sources.map { source -> [String] in
            switch source {
            case .record: recordZones
            case .address: region.map { [OracleWorld.zoneOfRegion[$0]!] } ?? []
            case .number: [phone.zone].compactMap(\.self)
            }
        }
        // Nothing is added to the record's own.
        let isRecord = pack.combinesZones && sources.contains(.record) && !recordZones.isEmpty
        let zones =
            isRecord ? recordZones : pack.combinesZones ? known.flatMap(\.self) : known.first { !$0.isEmpty } ?? []
        return zones.isEmpty ? [pack.presumedZone].compactMap(\.self) : zones
    }

    /// Facts that the tables of places must know.
    static let zoneOfRegion = [
        "US-MA": "America/New_York", "US-CA": "America/Los_Angeles", "JP": "Asia/Tokyo", "IN": "Asia/Kolkata",
    ]
    static let phones: [(number: String, region: String?, zone: String?)] = [
        ("+15555550100", nil, nil), ("+16175550100", "US-MA", "America/New_York"), ("+81312345678", "JP", "Asia/Tokyo"),
    ]

    /// Whether one of our calls is known to have reached nobody: each such event tells it of the latest call before it
    /// that it concerns and that no other one tells of.
    func isUnanswered(_ attempt: Contact) -> Bool { unanswered.contains(attempt) }

    private var unanswered: Set<Contact> {
        var told: Set<Contact> = []
        for event in events.sorted(by: { $0.at < $1.at }) where event.kind == .unanswered && event.isOwn {
            let call = ours.filter { call in
                call.channel == .call && call.at <= event.at && !told.contains(call)
                    && call.recipient == event.recipient && [call.account, .any].contains(event.account)
                    && [call.address, .any].contains(event.address)
            }.max { $0.at < $1.at }
            if let call { told.insert(call) }
        }
        return told
    }

    /// All clocks and hours of the world change at such steps.
    var minutesOfGrid: Int {
        let names =
            packs.flatMap(zones)
            + rules.compactMap { if case .window(let window) = $0.kind { window.clock } else { nil } }
        let isFine = rules.contains { if case .window(let window) = $0.kind { window.margin % 30 != 0 } else { false } }
        return isFine || names.contains("Asia/Kathmandu") ? 15 : 30
    }

    private var rules: [OracleRule] { packs.flatMap(\.rules) }

    var reminder: Reminder {
        Reminder(
            id: "r-1", message: "payment-overdue", due: Instant(seconds: 0), expires: .distantFuture,
            channels: Channel.allCases,
            account: Account(
                id: "A-1", creditor: OracleWorld.creditor,
                amount: Money(minorUnits: 100, currency: Currency(code: "USD")!), dueDate: dueDate, party: party,
                product: product),
            recipient: Recipient(
                id: "P-1", name: "Alex", locale: "en", zones: recordZones, region: region, phone: phone.number,
                email: OracleWorld.mail, chat: OracleWorld.chat, role: role))
    }

    var messages: [String: MessageProfile] { message.map { ["payment-overdue": $0] } ?? [:] }
}

/// The history of a world, as the ledger would tell it.
struct OracleHistory: ContactHistory {
    let ours: [Contact]
    let events: [Contact]

    init(_ world: OracleWorld) {
        ours = world.ours.sorted { $0.at < $1.at }
        events = world.events.sorted { $0.at < $1.at }
    }

    func contacts(of key: ContactKey, since: Instant) -> [Contact] {
        ours.filter { $0.at >= since && [$0.recipient, $0.account, $0.address, $0.creditor].contains(key) }
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) -> [Contact] {
        events.filter { $0.recipient == recipient || $0.account == account || $0.address == address }
    }
}

extension OracleWorld: CustomStringConvertible {
    var description: String {
        let names: [ContactKey: String] = [
            .any: "any", .recipient("P-1"): "P-1", .recipient("P-2"): "P-2", .account("A-1"): "A-1",
            .account("A-2"): "A-2", .address(phone.number): "phone", .address(OracleWorld.mail): "mail",
            .address(OracleWorld.chat): "chat", .address("P-1"): "id",
            .creditor(OracleWorld.creditor): "Harbor",
        ]
        func line(_ contact: Contact, _ whose: String) -> String {
            let keys = [contact.recipient, contact.account, contact.address, contact.creditor]
            let until = contact.until == .distantFuture ? "" : " until \(contact.until)"
            let flags = (contact.isOwn ? " own" : "") + (contact.isInbound ? " inbound" : "")
            return "\(whose) \(contact.kind.rawValue) \(contact.at)\(until) over \(contact.channel?.rawValue ?? "any")"
                + " of \(keys.map { names[$0] ?? "other" }.joined(separator: " ")) \(contact.purpose.rawValue)"
                + "\(flags) figure \(contact.figure)"
        }
        let party = party?.rawValue ?? "nobody said"
        return packs.map(\.yaml).joined(separator: "---\n")
            + "zones \(recordZones) region \(region ?? "-") phone \(phone.number) role \(role) party \(party)"
            + " product \(product ?? "-") due \(dueDate) message \(message.map { "\($0)" } ?? "unknown")\n"
            + (ours.map { line($0, "ours") } + events.map { line($0, "event") }).joined(separator: "\n")
    }
}
