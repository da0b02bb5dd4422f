// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import DunlinTime
import Testing

@testable import DunlinEngine

/// Whatever a row holds, reading it ends with a reminder or with an error that names a field.
struct RecordFuzzTests {
    private static let pieces = [
        "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud800", "\\\"", ",", ":", "null", "true", "1e999", "-0", "12.50",
        "\"vars\":{}", "\"zones\":[\"Europe/Paris\"]", ";", "\n", "\r", "\u{0}", "é", "😀", "\u{202e}", "2026-02-30",
        "+1", "@", " ", "\"id\":", "9999999999999999999999", "\"\"",
    ]

    @Test("Spoiled rows end with a reminder or an error", arguments: 0..<UInt64(2))
    func survives(half: UInt64) throws {
        let rows = ReminderRows(messages: try IntakeTests.library.get(), zones: ZoneDatabase())
        let header =
            "id,message,due,expires,channels,account.id,account.creditor,account.amount,account.currency,"
            + "account.due_date,recipient.id,recipient.name,recipient.locale,recipient.zones,recipient.phone,vars.pay_link"
        let csv =
            "r-1,payment-overdue,2026-11-25T09:00:00Z,2026-11-28T00:00:00Z,sms;email,A-77,\"Harbor, Credit\",1234.50,USD,"
            + "2026-11-20,P-5,Alex Kim,en-US,America/New_York,+16175550123,https://a.example/"
        var (good, bad) = (0, 0)
        for number in 0..<Fuzzer.cases / 2 {
            var fuzzer = Fuzzer(number: number * 2 + half, pieces: Self.pieces)
            let isCSV = number % 3 == 0
            let bytes = fuzzer.spoiled(isCSV ? csv : sampleRow)
            do throws(RowErrors) {
                let row = try isCSV ? csvRow(header, bytes) : jsonRow(bytes)
                let reminder = try rows.item(from: row, at: Instant(seconds: 0))
                #expect(
                    !reminder.id.isEmpty && reminder.expires > reminder.due && reminder.account.amount.minorUnits >= 0)
                good += 1
            } catch {
                #expect(!error.errors.isEmpty && error.errors.allSatisfy { !$0.expected.isEmpty })
                bad += 1
            }
        }
        #expect(good > 0 && bad > 0)
        if Fuzzer.isLong { print("rows: \(good) good, \(bad) refused") }
    }

    private func jsonRow(_ bytes: [UInt8]) throws(RowErrors) -> RawRow {
        let row = bytes.withUnsafeBufferPointer { line in
            Result { () throws(RowError) in try RawRow(ndjson: line, ReminderField.schema) }
        }
        do { return try row.get() } catch { throw RowErrors([error]) }
    }

    private func csvRow(_ header: String, _ bytes: [UInt8]) throws(RowErrors) -> RawRow {
        do throws(RowError) {
            var splitter = CSVSplitter()
            let columns = try CSVHeader(record(header.utf8, &splitter) ?? [], ReminderField.schema)
            for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
                if let record = try record(line, &splitter) { return try columns.row(record) }
            }
            throw RowError("", expected: "a quoted field to be closed")
        } catch {
            throw RowErrors([error])
        }
    }

    private func record(
        _ line: some Sequence<UInt8>, _ splitter: inout CSVSplitter
    ) throws(RowError) -> [String]? {
        let bytes = Array(line)
        return try bytes.withUnsafeBufferPointer { (line) throws(RowError) in try splitter.take(line: line) }
    }
}
