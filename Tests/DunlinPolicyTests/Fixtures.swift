// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

/// A history that is a list.
struct ListHistory: ContactHistory {
    private let attempts: [Contact]
    private let events: [Contact]

    init(contacts: [Contact] = []) {
        let sorted = contacts.sorted { $0.at < $1.at }
        attempts = sorted.filter { $0.kind == .attempt && !$0.isOwn }
        events = sorted.filter { $0.kind != .attempt || $0.isOwn }
    }

    func contacts(of key: ContactKey, since: Instant) -> [Contact] {
        attempts.filter { $0.at >= since && [$0.recipient, $0.account, $0.address].contains(key) }
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) -> [Contact] {
        events.filter { $0.recipient == recipient || $0.account == account || $0.address == address }
    }
}

let zones = ZoneDatabase()
/// Read once: it takes ten milliseconds.
let places = Places(zones: zones)

func at(_ text: String) -> Instant { Instant(rfc3339: text)! }

/// A reminder to P-1 about A-1.
func reminder(
    zones: [String] = ["America/New_York"], region: String? = nil, phone: String? = "+16175550100"
) -> Reminder {
    Reminder(
        id: "r-1", message: "payment-overdue", due: at("2026-01-01T00:00:00Z"), expires: .distantFuture,
        channels: [.call],
        account: Account(
            id: "A-1", creditor: "Harbor Credit", amount: Money(minorUnits: 100, currency: Currency(code: "USD")!),
            dueDate: CivilDate(year: 2026, month: 1, day: 1)!),
        recipient: Recipient(id: "P-1", name: "Alex", locale: "en", zones: zones, region: region, phone: phone)
    )
}

func contact(
    _ time: String, _ kind: ContactKind = .attempt, over channel: Channel = .call, recipient: String = "P-1",
    account: String = "A-1", address: String = "+16175550100"
) -> Contact {
    Contact(
        kind, at: at(time), channel: channel, recipient: .recipient(recipient), account: .account(account),
        address: .address(address))
}

/// The head of a pack that applies to everybody, up to and including `rules:`.
let head = """
    pack: test
    title: Test
    applies: always
    reviewed: 2026-11-21
    rules:

    """

/// A pack for everybody with one rule, given by its kind's line.
func pack(_ rule: String) throws -> Pack {
    try Pack(yaml: head + "  - {id: rule, cite: Test 1, confidence: source, \(rule)}\n", file: "test.yaml")
}

extension Pack {
    /// What this pack alone decides about a reminder to +16175550100.
    func decide(
        _ time: String, over channel: Channel = .call, zones names: [String] = ["America/New_York"],
        _ contacts: Contact...
    ) throws -> Explained {
        try PolicySet(packs: [self]).decide(reminder(zones: names), time, over: channel, contacts)
    }
}

extension PolicySet {
    func decide(
        _ reminder: Reminder, _ time: String, over channel: Channel = .call, _ contacts: [Contact] = []
    ) throws -> Explained {
        try PolicyEvaluator(policies: self, zones: zones, places: places).decide(
            reminder, channel: channel, address: "+16175550100", at: at(time), history: ListHistory(contacts: contacts))
    }
}

extension Explained {
    var sends: Bool { if case .send = decision { true } else { false } }

    /// The instant it is deferred to.
    var until: Instant? { if case .defer(let until, _) = decision { until } else { nil } }

    var reason: Reason? {
        switch decision {
        case .send: nil
        case .defer(_, let reason), .suppress(let reason), .hold(let reason): reason
        }
    }
}
