// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

@Suite struct EventIntakeTests {
    private let now = Instant(rfc3339: "2026-11-25T00:00:00Z")!

    private func run(_ input: String, _ format: RowFormat = .ndjson, ledger: StoringLedger = StoringLedger()) throws
        -> ImportRun
    {
        try ImportRun(input, format, Importer(eventsInto: ledger, clock: ManualClock(now)), ledger)
    }

    /// A row of the fewest fields its kind needs, then what is added.
    private static func row(_ kind: ContactKind, _ more: String = "", id: String = "e-1") -> String {
        let own =
            switch kind {
            case .attempt, .unanswered: ",\"channel\":\"call\""
            case .appointment: ",\"until\":\"2026-11-27T10:00:00Z\""
            case .blocked: ",\"hours\":\"mon-fri 09:00-12:00\""
            default: ""
            }
        return """
            {"id":"\(id)","kind":"\(kind.rawValue)","at":"2026-11-10T15:00:00Z","recipient":"P-5"\(own)\(more)}
            """
    }

    @Test func readsEveryField() throws {
        let result = try run(
            """
            {"id":"e-1","kind":"conversation","at":"2026-11-10T15:00:00Z","until":"2026-11-11T00:00:00Z","channel":"call",\
            "direction":"inbound","recipient":"P-5","account":"A-77","creditor":"Harbor Credit",\
            "address":"+16175550123","reminder":"r-1001","seconds":120}
            """)
        #expect(result.errors == [:])
        let contact = Contact(
            .conversation, at: Instant(rfc3339: "2026-11-10T15:00:00Z")!,
            until: Instant(rfc3339: "2026-11-11T00:00:00Z")!,
            channel: .call, recipient: .recipient("P-5"), account: .account("A-77"),
            address: .address("+16175550123"), creditor: .creditor("Harbor Credit"), isOwn: true, isInbound: true,
            figure: 120)
        #expect(result.events["e-1"] == ContactEvent(id: "e-1", contact: contact, reminder: "r-1001"))
    }

    @Test(arguments: ContactKind.allCases) func everyKindNeedsLittle(_ kind: ContactKind) throws {
        let result = try run(Self.row(kind))
        #expect(result.errors == [:])
        let contact = try #require(result.events["e-1"]?.contact)
        #expect((contact.kind, contact.isOwn, contact.isInbound) == (kind, false, false))
        #expect((contact.account, contact.address, contact.creditor) == (.any, .any, .any))
        #expect((contact.until == .distantFuture) == (kind != .appointment))
        #expect(contact.figure == (kind == .blocked ? BlockedHours(weekdays: 0x1f, from: 540, until: 720).figure : 0))
    }

    @Test(arguments: ContactKind.allCases) func onlySomeKindsTakeSecondsAndHours(_ kind: ContactKind) throws {
        let timed = try run(Self.row(kind, ",\"seconds\":90"))
        #expect(timed.errors.isEmpty == (kind == .attempt || kind == .conversation))
        guard kind != .blocked else { return }
        let hours = try run(Self.row(kind, ",\"hours\":\"mon 09:00-12:00\""))
        #expect(hours.errors[1] == ["hours is 'mon 09:00-12:00': expected nothing here: only blocked has it"])
    }

    @Test(arguments: ContactKind.allCases) func onlyWhatIsArrangedLiesAhead(_ kind: ContactKind) throws {
        func errors(_ at: Instant) throws -> [Int: [String]] {
            try run(
                Self.row(kind).replacing("2026-11-10T15:00:00Z", with: "\(at)").replacing(
                    "2026-11-27", with: "2026-12-27")
            )
            .errors
        }
        #expect(try errors(now + .days(1)) == [:])
        let mayLieAhead = [ContactKind.consent, .appointment, .lifeEvent, .blocked].contains(kind)
        #expect(try errors(now + .days(1) + .seconds(1)).isEmpty == mayLieAhead)
    }

    /// STOP and START come from a number whose owner nobody looked up; a dead number is nobody's.
    @Test(arguments: ContactKind.allCases) func onlyRepliesNeedNoRecipient(_ kind: ContactKind) throws {
        let row = Self.row(kind, ",\"address\":\"+16175550123\"").replacing(",\"recipient\":\"P-5\"", with: "")
        let result = try run(row)
        guard [.optOut, .optIn, .deadAddress].contains(kind) else {
            #expect(result.errors[1] == ["recipient: expected 1 to 128 visible characters"])
            return
        }
        #expect(result.events["e-1"]?.contact.recipient == .any)
        #expect(result.events["e-1"]?.contact.address == .address("+16175550123"))
        let bare = try run(row.replacing(",\"address\":\"+16175550123\"", with: ""))
        #expect(bare.errors[1] == ["recipient: expected the recipient's id, or an address alone"])
    }

    static let faults: [(String, String, String)] = [
        ("\"id\":\"e-1\",", "", "id: expected 1 to 128"),
        ("\"e-1\"", "\"e 1\"", "id is 'e 1'"),
        ("\"conversation\"", "\"conversaton\"", "kind is 'conversaton': expected one of attempt"),
        ("\"conversation\"", "\"conversaton\"", "did you mean 'conversation'?"),
        ("\"conversation\"", "\"optout\"", "did you mean 'opt-out'?"),
        ("\"conversation\"", "\"\"", "kind: expected one of attempt"),
        ("\"2026-11-10T15:00:00Z\"", "\"2026-11-10 15:00\"", "at is '2026-11-10 15:00': expected a time"),
        (
            "\"2026-11-10T15:00:00Z\"", "\"2027-11-10T15:00:00Z\"",
            "expected a time that has come: it is 2026-11-25T00:00:00Z"
        ),
        (
            "\"P-5\"", "\"P-5\",\"until\":\"2026-11-10T15:00:00Z\"",
            "until is '2026-11-10T15:00:00Z': expected a time after at"
        ),
        ("\"conversation\"", "\"appointment\"", "until: expected the end of the appointment"),
        ("\"conversation\"", "\"attempt\"", "channel: expected the channel it took"),
        ("\"conversation\"", "\"unanswered\"", "channel: expected the channel it took"),
        ("\"conversation\"", "\"blocked\"", "hours: expected hours of a day"),
        ("\"P-5\"", "\"P-5\",\"channel\":\"fax\"", "channel is 'fax': expected one of sms, email, call"),
        ("\"P-5\"", "\"P-5\",\"channel\":\"chat\",\"address\":\"+16175550123\"", "expected a chat such as"),
        ("\"P-5\"", "\"P-5\",\"channel\":\"task\",\"address\":\"a b\"", "expected the recipient's id"),
        ("\"P-5\"", "\"P-5\",\"channel\":\"emial\"", "did you mean 'email'?"),
        ("\"P-5\"", "\"P-5\",\"direction\":\"incoming\"", "direction is 'incoming': expected one of inbound, outbound"),
        ("\"P-5\"", "\"P-5\",\"account\":\"a b\"", "account is 'a b'"),
        ("\"P-5\"", "\"P-5\",\"account\":{\"id\":\"A\"}", "account: expected text"),
        ("\"P-5\"", "\"P-5\",\"creditor\":\"a\\u0000b\"", "creditor"),
        ("\"P-5\"", "\"P-5\",\"reminder\":\"\\u0020\"", "reminder is ' '"),
        (
            "\"P-5\"", "\"P-5\",\"address\":\"0617\"",
            "address is '0617': expected an E.164 number such as +16175550123, a mail"
        ),
        ("\"P-5\"", "\"P-5\",\"channel\":\"email\",\"address\":\"+16175550123\"", "expected a mail address"),
        ("\"P-5\"", "\"P-5\",\"channel\":\"sms\",\"address\":\"a@example.com\"", "expected an E.164 number"),
        ("\"P-5\"", "\"P-5\",\"seconds\":-1", "seconds is '-1': expected whole seconds"),
        ("\"P-5\"", "\"P-5\",\"seconds\":1.5", "seconds is '1.5'"),
        ("\"P-5\"", "\"P-5\",\"seconds\":86401", "seconds is '86401'"),
        ("\"P-5\"", "\"P-5\",\"seconds\":\"+5\"", "seconds is '+5'"),
        ("\"P-5\"", "\"P-5\",\"second\":5", "second: expected a known field; did you mean 'seconds'?"),
        ("\"P-5\"", "\"P-5\",\"vars\":{}", "vars: expected a known field"),
        ("\"P-5\"", "\"P-5\",\"kind\":\"request\"", "kind: expected the key only once"),
    ]

    @Test(arguments: faults) func saysWhatIsWrong(_ part: String, _ broken: String, _ expected: String) throws {
        let row = Self.row(.conversation).replacing(part, with: broken)
        #expect(row != Self.row(.conversation))
        let result = try run("\(row)\n\(Self.row(.conversation))\n")
        let said = result.errors[1]?.joined(separator: " | ") ?? ""
        #expect(said.contains(expected), "\(said)")
        #expect(result.tally == ImportTally(read: 2, imported: 1, duplicate: 0, rejected: 1))
    }

    @Test func saysEverythingThatIsWrongAtOnce() throws {
        let result = try run(
            "{\"id\":\"\",\"kind\":\"attempt\",\"at\":\"now\",\"recipient\":\"P 5\",\"hours\":\"9-12\"}")
        let fields = result.errors[1]?.compactMap { $0.split { ": ".contains($0) }.first.map(String.init) }
        #expect(fields == ["id", "at", "channel", "recipient", "hours"])
    }

    @Test func sameIdIsANoOpAndOtherContentAConflict() throws {
        let row = Self.row(.refusal)
        let result = try run(
            "\(row)\n\(row)\n\(Self.row(.refusal, ",\"channel\":\"sms\""))\n\(Self.row(.refusal, id: "e-2"))\n")
        #expect(result.tally == ImportTally(read: 4, imported: 2, duplicate: 1, rejected: 1))
        #expect(result.errors[3]?.first?.contains("other content") == true)
    }

    @Test(arguments: [RowFormat.ndjson, .csv]) func rejectedRowsCanBeMendedAndImportedAgain(_ format: RowFormat) throws
    {
        let ledger = StoringLedger()
        let broken =
            format == .ndjson
            ? Self.row(.promise, ",\"creditor\":\"Harbor, Credit\"").replacing("promise", with: "promis")
            : "id,kind,at,recipient,creditor\ne-1,promis,2026-11-10T15:00:00Z,P-5,\"Harbor, Credit\""
        let first = try run(broken + "\n", format, ledger: ledger)
        #expect(first.tally.rejected == 1)
        #expect(first.rejects.contains("did you mean 'promise'?"))
        let again = try run(first.rejects, format, ledger: ledger)
        #expect(again.tally == ImportTally(read: 1, imported: 0, duplicate: 0, rejected: 1))
        let mended = again.rejects.replacing("promis,", with: "promise,").replacing("\"promis\"", with: "\"promise\"")
        let second = try run(mended, format, ledger: ledger)
        #expect(second.tally == ImportTally(read: 1, imported: 1, duplicate: 0, rejected: 0), "\(second.errors)")
        #expect(ledger.events["e-1"]?.contact.creditor == .creditor("Harbor, Credit"))
    }

    @Test func csvGivesTheSameEvent() throws {
        let csv = """
            id,kind,at,until,channel,direction,recipient,account,creditor,address,reminder,seconds,hours
            e-1,conversation,2026-11-10T15:00:00Z,,call,inbound,P-5,A-77,Harbor Credit,+16175550123,,120,
            e-2,blocked,2026-11-10T15:00:00Z,,,,P-5,,,,,,sat 00:00-24:00
            """
        let json = """
            {"id":"e-1","kind":"conversation","at":"2026-11-10T15:00:00Z","channel":"call","direction":"inbound",\
            "recipient":"P-5","account":"A-77","creditor":"Harbor Credit","address":"+16175550123","seconds":"120"}
            {"id":"e-2","kind":"blocked","at":"2026-11-10T15:00:00Z","recipient":"P-5","hours":"sat 00:00-24:00"}
            """
        let (fromCSV, fromJSON) = (try run(csv, .csv).events, try run(json).events)
        #expect(fromCSV == fromJSON)
        #expect(fromCSV.count == 2)
    }

    @Test func aWrongHeaderNamesTheColumnsOfEvents() {
        #expect {
            try run("id,kind,when\n", .csv)
        } throws: { "\($0)".contains("the columns are id, kind, at") && !"\($0)".contains("vars.NAME") }
        #expect(throws: DunlinError.self) { try run("id,vars.note\n", .csv) }
    }

    @Test(arguments: [
        ("mon-fri 09:00-12:00", 0b001_1111, 540, 720), ("sat 00:00-24:00", 0b010_0000, 0, 1440),
        ("fri-mon 23:59-24:00", 0b111_0001, 1439, 1440), ("mon-sun 00:00-00:01", 0b111_1111, 0, 1),
        ("tue-mon 08:30-08:45", 0b111_1111, 510, 525), ("sun-sun 01:02-03:04", 0b100_0000, 62, 184),
    ])
    func readsHours(_ text: String, _ weekdays: UInt8, _ from: Int, _ until: Int) throws {
        let hours = try #require(BlockedHours(text: text))
        #expect(hours == BlockedHours(weekdays: weekdays, from: from, until: until))
        #expect(BlockedHours(figure: hours.figure) == hours)
    }

    @Test(arguments: [
        "", "mon", "09:00-12:00", "mon 12:00-12:00", "mon 12:00-09:00", "mon 09:00-24:01", "mon 9:00-12:00",
        "mon 09:00",
        "mon 09:60-12:00", "mon 25:00-26:00", "mon  09:00-12:00", "mon 09:00-12:00 ", "mon,tue 09:00-12:00",
        "mo-fr 09:00-12:00", "mon-wed-fri 09:00-12:00", "mon- 09:00-12:00", "Mon 09:00-12:00", "mon 09:00-12:00-13:00",
        "mon 09.00-12.00", "mon +9:00-12:00", "mon \u{0661}9:00-12:00",
    ])
    func refusesOtherHours(_ text: String) { #expect(BlockedHours(text: text) == nil) }

    @Test(arguments: ["mon-fri 09:00-12:00", "sat 00:00-24:00", "mon,tue 01:05-03:00", "mon,fri,sat,sun 22:00-23:00"])
    func writesHours(_ text: String) {
        let spoken = [
            "mon,tue 01:05-03:00": "mon-tue 01:05-03:00", "mon,fri,sat,sun 22:00-23:00": "fri-mon 22:00-23:00",
        ]
        #expect(BlockedHours(text: spoken[text] ?? text)?.text == text)
    }
}
