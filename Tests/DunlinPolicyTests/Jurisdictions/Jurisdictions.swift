// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

/// All packs that are shipped, together, and people in the places they are for.
enum Jurisdictions {
    /// An evaluator for each party that may send.
    private static let evaluators = Result {
        let packs = try PolicySet.load(directory: shippedPolicies)
        let parties: [Party?] = [nil] + Party.allCases
        return Dictionary(
            uniqueKeysWithValues: parties.map {
                ($0, PolicyEvaluator(policies: packs, zones: database, places: places, party: $0, messages: messages))
            })
    }

    /// A region's city.
    static let zones: [String: String] = [
        "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
        "BR-AL": "America/Maceio", "BR-AM": "America/Manaus", "BR-ES": "America/Sao_Paulo",
        "BR-PR": "America/Sao_Paulo", "BR-RJ": "America/Sao_Paulo", "BR-SP": "America/Sao_Paulo",
        "CA-BC": "America/Vancouver", "CA-ON": "America/Toronto", "CA-QC": "America/Toronto", "CL": "America/Santiago",
        "CN": "Asia/Shanghai", "CO": "America/Bogota", "DE": "Europe/Berlin", "ES": "Europe/Madrid",
        "FR": "Europe/Paris", "GB": "Europe/London", "HK": "Asia/Hong_Kong", "ID": "Asia/Jakarta",
        "IE": "Europe/Dublin", "IN": "Asia/Kolkata", "IT": "Europe/Rome", "JP": "Asia/Tokyo", "KE": "Africa/Nairobi",
        "KR": "Asia/Seoul", "KZ": "Asia/Almaty", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
        "NG": "Africa/Lagos", "PH": "Asia/Manila", "PL": "Europe/Warsaw", "RU": "Europe/Moscow",
        "SG": "Asia/Singapore", "TH": "Asia/Bangkok", "TW": "Asia/Taipei", "UA": "Europe/Kyiv",
        "US-DC": "America/New_York", "US-FL": "America/New_York", "US-MA": "America/New_York",
        "US-NY": "America/New_York", "US-NY-NYC": "America/New_York", "US-WA": "America/Los_Angeles",
        "VN": "Asia/Ho_Chi_Minh", "ZA": "Africa/Johannesburg",
    ]

    /// A message for each purpose, called as it is.
    private static let messages = Dictionary(
        uniqueKeysWithValues: Purpose.allCases.map { ($0.rawValue, MessageProfile(purpose: $0)) })

    private static let database = ZoneDatabase()
    private static let places = Places(zones: database)

    /// `2026-12-02 21:00:01` by the clock of the region's city.
    static func instant(_ local: String, in region: String) throws -> Instant {
        let parts = local.split(separator: " ")
        let clock = parts[1].split(separator: ":").compactMap { Int($0) }
        let second = clock[0] * 3600 + clock[1] * 60 + (clock.count > 2 ? clock[2] : 0)
        let zone = try database.zone(zones[region]!)
        return zone.instant(of: LocalTime(date: CivilDate(iso8601: String(parts[0]))!, secondOfDay: second))
    }

    /// Something that happened to the person: `sms 2026-12-02 12:00`, `conversation call 2026-12-02 12:00`,
    /// `inbound conversation call 2026-12-02 12:00`, `promise 2026-12-02 12:00 until 2026-12-10 00:00`. A channel alone is an
    /// attempt.
    static func contact(_ text: String, in region: String, for purpose: Purpose = .reminder) throws -> Contact {
        var words = text.split(separator: " ").map(String.init)
        let isInbound = words[0] == "inbound"
        if isInbound { words.removeFirst() }
        let kind = ContactKind(rawValue: words[0])
        if kind != nil { words.removeFirst() }
        let channel = Channel(rawValue: words[0])
        if channel != nil { words.removeFirst() }
        let until = words.count > 2 ? try instant("\(words[3]) \(words[4])", in: region) : .distantFuture
        return Contact(
            kind ?? .attempt, at: try instant("\(words[0]) \(words[1])", in: region), until: until, channel: channel,
            recipient: .recipient("P"), account: .account("A"),
            address: channel.map { .address(address(for: $0)) } ?? .any, creditor: .creditor("Harbor Credit"),
            purpose: purpose,
            isOwn: kind == .unanswered, isInbound: isInbound)
    }

    /// May a message for `purpose` go out to somebody in a region?
    static func decide(
        _ region: String, at now: Instant, over channel: Channel, party: Party? = nil, purpose: Purpose = .reminder,
        role: Role = .borrower, due: String = "2026-12-01", past: [Contact] = []
    ) throws -> Explained {
        let account = Account(
            id: "A", creditor: "Harbor Credit", amount: Money(minorUnits: 100, currency: Currency(code: "USD")!),
            dueDate: CivilDate(iso8601: due)!)
        let recipient = Recipient(
            id: "P", name: "Alex", locale: "en", zones: [zones[region]!], region: region, phone: address(for: .call),
            email: address(for: .email), role: role)
        let reminder = Reminder(
            id: "R", message: purpose.rawValue, due: now, expires: .distantFuture, channels: [channel],
            account: account, recipient: recipient)
        return try evaluators.get()[party]!.decide(
            reminder, channel: channel, address: address(for: channel), at: now, history: ListHistory(contacts: past))
    }

    /// A number of no country, so that it tells nothing of where the person is.
    private static func address(for channel: Channel) -> String {
        channel == .email ? "alex@example.com" : "+99900000"
    }
}
