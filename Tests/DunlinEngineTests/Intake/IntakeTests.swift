// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTestKit
import DunlinTime
import Foundation
import Testing

@testable import DunlinEngine

/// The row of design section 9.
let sampleRow = """
    {"id":"r-1001","message":"payment-overdue","due":"2026-11-25T09:00:00Z","expires":"2026-11-28T00:00:00Z",\
    "channels":["sms","email"],"account":{"id":"A-77","creditor":"Harbor Credit","amount":"1234.50","currency":"USD",\
    "due_date":"2026-11-20"},"recipient":{"id":"P-5","name":"Alex Kim","locale":"en-US",\
    "zones":["America/New_York"],"region":"US-MA","phone":"+16175550123","email":"alex@example.com"},"vars":{}}
    """

@Suite struct IntakeTests {
    static let library = Result {
        let manifest = """
            purpose: a test
            channels: [sms]
            variables: {pay_link: {type: link}, agreed_on: {type: date}}
            sample: {name: A, creditor: B, amount: 1 USD, due_date: 2026-11-20, pay_link: 'https://a.example/', \
            agreed_on: 2026-11-20}
            """
        let text = "{{creditor}}{{#pay_link}}{{pay_link}}{{/pay_link}}{{#agreed_on}}{{agreed_on}}{{/agreed_on}}"
        return try TemplateLibrary.load(
            sources: TemplateSources(
                files: Dictionary(
                    uniqueKeysWithValues: ["payment-overdue", "payment-received"].flatMap {
                        [("0/\($0)/message.yaml", manifest), ("0/\($0)/en/sms.mustache", text)]
                    })))
    }

    /// What a message cannot use is refused where it can still be mended.
    @Test(arguments: [
        ("\"pay_link\":\"http://a.example/\"", "vars.pay_link", "an https:// address"),
        ("\"pay_lnk\":\"https://a.example/\"", "vars.pay_lnk", "'pay_link', did you mean that?"),
        ("\"agreed_on\":\"soon\"", "vars.agreed_on", "a day such as 2026-11-20"),
    ])
    func checksVariables(vars: String, field: String, expected: String) throws {
        let result = try run(sampleRow.replacing("\"vars\":{}", with: "\"vars\":{\(vars)}") + "\n", .ndjson)
        #expect(result.tally.rejected == 1)
        #expect(result.errors[1]?.contains { $0.hasPrefix(field) && $0.contains(expected) } == true, "\(result.errors)")
    }

    private func run(_ input: String, _ format: RowFormat, ledger: StoringLedger = StoringLedger()) throws -> ImportRun
    {
        let importer = Importer(
            ledger: ledger, messages: try Self.library.get(), zones: ZoneDatabase(),
            clock: ManualClock("2026-11-25T00:00:00Z"))
        return try ImportRun(input, format, importer, ledger)
    }

    @Test func readsChatsAndTasks() throws {
        let row = sampleRow.replacing("[\"sms\",\"email\"]", with: "[\"chat\",\"task\"]")
            .replacing("\"region\"", with: "\"chat\":\"whatsapp:+8613800138000\",\"region\"")
        let result = try run(row + "\n", .ndjson)
        let read = try #require(result.reminders["r-1001"])
        #expect(read.channels == [.chat, .task] && read.recipient.chat == "whatsapp:+8613800138000")
        let csv = """
            id,message,due,channels,account.id,account.creditor,account.amount,account.currency,account.due_date,\
            recipient.id,recipient.locale,recipient.chat
            r-1,payment-overdue,2026-11-25T09:00:00Z,chat;task,A-1,Harbor Credit,1.00,USD,2026-11-20,P-1,zh-Hans,line:U1

            """
        #expect(try run(csv, .csv).reminders["r-1"]?.recipient.chat == "line:U1")
        // Everybody can be given a task.
        let task = sampleRow.replacing("[\"sms\",\"email\"]", with: "[\"task\"]").replacing(
            "\"phone\":\"+16175550123\",", with: "")
        #expect(try run(task + "\n", .ndjson).tally.rejected == 0)
    }

    @Test func readsTheContractsRow() throws {
        let result = try run(sampleRow + "\n", .ndjson)
        #expect(result.tally == ImportTally(read: 1, imported: 1, duplicate: 0, rejected: 0))
        let reminder = try #require(result.reminders["r-1001"])
        #expect(reminder.message == "payment-overdue")
        #expect(reminder.due == Instant(rfc3339: "2026-11-25T09:00:00Z"))
        #expect(reminder.channels == [.sms, .email])
        #expect(reminder.account.amount.minorUnits == 123_450)
        #expect(reminder.recipient.zones == ["America/New_York"])
        #expect(reminder.recipient.phone == "+16175550123")
    }

    @Test func readsPartyProductRoleAndPlace() throws {
        let row = sampleRow.replacing(
            "\"A-77\",", with: "\"A-77\",\"party\":\"purchaser\",\"product\":\"credit-card\","
        )
        .replacing("\"P-5\",", with: "\"P-5\",\"role\":\"guarantor\",").replacing("US-MA", with: "US-NY-NYC")
        let reminder = try #require(try run(row, .ndjson).reminders["r-1001"])
        #expect((reminder.account.party, reminder.account.product) == (.purchaser, "credit-card"))
        #expect((reminder.recipient.role, reminder.recipient.region) == (.guarantor, "US-NY-NYC"))
        #expect(try run(sampleRow, .ndjson).reminders["r-1001"]?.recipient.role == .borrower)
    }

    @Test func csvGivesTheSameReminder() throws {
        let csv = """
            id,message,due,expires,channels,account.id,account.creditor,account.amount,account.currency,account.due_date,\
            recipient.id,recipient.name,recipient.locale,recipient.zones,recipient.region,recipient.phone,recipient.email
            r-1001,payment-overdue,2026-11-25T09:00:00Z,2026-11-28T00:00:00Z,sms;email,A-77,Harbor Credit,1234.50,USD,\
            2026-11-20,P-5,"Alex Kim",en-US,America/New_York,US-MA,+16175550123,alex@example.com\r

            """
        let fromCSV = try run(csv, .csv).reminders["r-1001"]
        let fromJSON = try run(sampleRow, .ndjson).reminders["r-1001"]
        #expect(fromCSV == fromJSON)
        #expect(fromCSV != nil)
    }

    @Test(arguments: [
        ("\"due\":\"2026-11-25T09:00:00Z\"", "\"due\":\"tomorrow\"", "due is 'tomorrow': expected a time"),
        ("\"phone\":\"+16175550123\"", "\"phone\":\"0617 555\"", "recipient.phone is '0617 555': expected an E.164"),
        ("\"payment-overdue\"", "\"payment-overdu\"", "did you mean 'payment-overdue'?"),
        ("\"expires\":\"2026-11-28T", "\"expire\":\"2026-11-28T", "expire: expected a known field; did you mean"),
        ("America/New_York", "America/NewYork", "recipient.zones is 'America/NewYork'"),
        ("America/New_York", "EST5", "recipient.zones is 'EST5'"),
        ("\"1234.50\"", "\"1234.505\"", "account.amount is '1234.505': expected an amount"),
        ("\"1234.50\"", "\"-5\"", "account.amount is '-5'"),
        ("\"USD\"", "\"US$\"", "account.currency is 'US$': expected an ISO 4217"),
        ("\"2026-11-28T00:00:00Z\"", "\"2026-11-25T09:00:00Z\"", "expected a time after due"),
        ("[\"sms\",\"email\"]", "[\"sms\",\"fax\"]", "channels is 'sms;fax': expected one or more of sms, email, call"),
        ("[\"sms\",\"email\"]", "[]", "channels: expected one or more"),
        ("[\"sms\",\"email\"]", "[\"sms\",\"sms\"]", "none twice"),
        ("\"en-US\"", "\"english\\u0000\"", "recipient.locale"),
        ("\"Alex Kim\"", "\"Alex\\nKim\"", "recipient.name"),
        ("\"Alex Kim\"", "\"  \"", "recipient.name"),
        ("alex@example.com", "alex@@example.com", "recipient.email"),
        (
            "\"region\"", "\"chat\":\"whatsapp:8613\",\"region\"",
            "recipient.chat is 'whatsapp:8613': expected a chat such as"
        ),
        ("[\"sms\",\"email\"]", "[\"chat\"]", "recipient.chat: expected an address for one of the channels chat"),
        ("\"US-MA\"", "\"usa\"", "recipient.region is 'usa'"),
        ("\"US-MA\"", "\"US-MA-N\"", "recipient.region is 'US-MA-N'"),
        ("\"US-MA\"", "\"US--BOSTON\"", "recipient.region is 'US--BOSTON'"),
        ("\"US-MA\"", "\"US-MA-\"", "recipient.region is 'US-MA-'"),
        ("\"US-MA\"", "\"US-MA-BOS-X1\"", "recipient.region is 'US-MA-BOS-X1'"),
        ("\"vars\":{}", "\"recipient\":{}", "recipient: expected the key only once"),
        ("\"id\":\"A-77\"", "\"id\":\"A-77\",\"party\":\"agency\"", "account.party is 'agency': expected one of bank"),
        ("\"id\":\"A-77\"", "\"id\":\"A-77\",\"product\":\"credit card\"", "account.product is 'credit card'"),
        ("\"id\":\"P-5\"", "\"id\":\"P-5\",\"role\":\"guarantr\"", "did you mean 'guarantor'?"),
        ("\"id\":\"r-1001\",", "", "id: expected 1 to 128"),
        ("\"vars\":{}", "\"vars\":{\"a\":[1]}", "vars.a: expected text"),
        ("\"vars\":{}}", "\"vars\":{}} x", "expected nothing more"),
        ("\"vars\":{}}", "\"vars\":{}", "expected ',' or '}'"),
        ("\"id\":\"r-1001\"", "\"id\":\"r-1001\",\"id\":\"x\"", "id: expected the key only once"),
    ])
    func saysWhatIsWrong(_ part: String, _ broken: String, _ expected: String) throws {
        let row = sampleRow.replacing(part, with: broken)
        #expect(row != sampleRow)
        let result = try run("\(row)\n\(sampleRow)\n", .ndjson)
        let said = result.errors[1]?.joined(separator: " | ") ?? ""
        #expect(said.contains(expected), "\(said)")
        #expect(result.tally.read == 2 && result.tally.rejected == 1 && result.tally.imported == 1)
    }

    @Test func rejectedRowsCanBeMendedAndImportedAgain() throws {
        let ledger = StoringLedger()
        let broken = sampleRow.replacing("+16175550123", with: "nobody")
        let first = try run("\(broken)\n", .ndjson, ledger: ledger)
        #expect(first.tally.rejected == 1)
        #expect(first.rejects.hasPrefix("# line 1: recipient.phone is 'nobody'"))
        let mended = first.rejects.replacing("nobody", with: "+16175550123")
        let second = try run(mended, .ndjson, ledger: ledger)
        #expect(second.tally == ImportTally(read: 1, imported: 1, duplicate: 0, rejected: 0))
    }

    @Test func rejectedCSVRowsTooAndTwice() throws {
        let header =
            "id,message,due,channels,account.id,account.creditor,account.amount,account.currency,"
            + "account.due_date,recipient.id,recipient.name,recipient.locale,recipient.phone,vars.note"
        let row =
            "r-1,payment-overdue,2026-11-25T09:00:00Z,sms,A,\"Harbor, \"\"Credit\"\"\",1,USD,2026-11-20,P,Kim,en,PHONE,\"a\nb\""
        let ledger = StoringLedger()
        let first = try run("\(header)\n\(row)\n", .csv, ledger: ledger)
        let second = try run(first.rejects, .csv, ledger: ledger)
        #expect(second.tally.rejected == 1)
        let third = try run(second.rejects.replacing(",PHONE,", with: ",+16175550123,"), .csv, ledger: ledger)
        #expect(third.tally.imported == 1, "\(third.errors) \(second.rejects)")
        #expect(ledger.stored["r-1"]?.account.creditor == "Harbor, \"Credit\"")
        #expect(ledger.stored["r-1"]?.vars == ["note": "a\nb"])
    }

    @Test func sameIdIsANoOpAndOtherContentAConflict() throws {
        let other = sampleRow.replacing("1234.50", with: "99.00")
        let result = try run("\(sampleRow)\n\(sampleRow)\n\n\(other)\n", .ndjson)
        #expect(result.tally == ImportTally(read: 3, imported: 1, duplicate: 1, rejected: 1))
        #expect(result.errors[4]?.first?.contains("other content") == true)
    }

    @Test func everyRowIsAccountedForWhateverItHolds() throws {
        var random = SeededRandom(seed: 7)
        let original = Array(sampleRow.utf8)
        for round in 0..<20 {
            var lines: [[UInt8]] = []
            for _ in 0..<50 {
                var line = original
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    line[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0x20...0x7e, using: &random)
                }
                if line.contains(where: { $0 != 0x20 }), line.first != UInt8(ascii: "#") { lines.append(line) }
            }
            let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
            let tally = try run(text, .ndjson).tally
            #expect(tally.read == lines.count, "round \(round)")
            #expect(tally.imported + tally.duplicate + tally.rejected == tally.read)
        }
    }

    @Test func longLinesInvalidUTF8AndByteOrderMarks() throws {
        let long = String(repeating: "x", count: RowReader.longestLine + 5)
        let result = try run("\u{feff}\(sampleRow)\n\(long)\n\(sampleRow)", .ndjson)
        #expect(result.tally.imported == 1 && result.tally.duplicate == 1 && result.tally.rejected == 1)
        #expect(result.errors[2]?.first?.contains("at most") == true)
    }

    @Test func wrongCSVHeaderStopsAtOnce() {
        #expect {
            try run("id,mesage\n1,2\n", .csv)
        } throws: { "\($0)".contains("did you mean 'message'?") }
    }

    @Test func jsonNumbersAndEscapes() throws {
        let row = sampleRow.replacing("\"1234.50\"", with: "1234.50").replacing(
            "Alex Kim", with: "\\u674e\\ud83d\\ude00\\u0041"
        )
        .replacing("\"vars\":{}", with: "\"vars\":{\"n\":3,\"ok\":true,\"none\":null}")
        let result = try run(row, .ndjson)
        let reminder = try #require(result.reminders["r-1001"])
        #expect(reminder.account.amount.minorUnits == 123_450)
        #expect(reminder.recipient.name == "李😀A")
        #expect(reminder.vars == ["n": "3", "ok": "true"])
    }
}
