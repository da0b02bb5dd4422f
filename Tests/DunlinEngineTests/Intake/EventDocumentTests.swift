// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinEngine

/// `docs/events.md` says what the code does.
@Suite struct EventDocumentTests {
    private let lines: [String]

    init() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "docs/events.md"), encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The cells of the rows whose first cell is one name in backquotes.
    private func table(_ columns: Int) -> [[String]] {
        lines.filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
            .filter { $0.count == columns }
    }

    private func names(_ cell: String) -> [String] {
        cell.split(separator: ",").map { $0.filter { $0 != "`" && $0 != " " } }.filter { !$0.isEmpty }
    }

    @Test func everyKindIsInTheTableWithWhatEndsIt() {
        let rows = table(4)
        #expect(rows.flatMap { names($0[0]) } == ContactKind.allCases.map(\.rawValue))
        #expect(rows.map { names($0[3]) } == ContactKind.allCases.map { $0.liftedBy.map(\.rawValue) })
    }

    @Test func everyFieldIsInTheTable() {
        #expect(Set(table(3).flatMap { names($0[0]) }) == Set(EventField.schema.paths))
    }

    @Test func theExamplesCanBeImported() throws {
        var blocks: [(language: String, text: String)] = []
        var isOpen = false
        for line in lines {
            if line.hasPrefix("```") {
                if !isOpen { blocks.append((String(line.dropFirst(3)), "")) }
                isOpen.toggle()
            } else if isOpen {
                // A row that goes on in the next line does so only on this page.
                blocks[blocks.count - 1].text += line.hasPrefix(" ") ? line : "\n\(line)"
            }
        }
        let json = blocks.filter { $0.language == "json" }.map(\.text).joined()
        let csv = try #require(blocks.first { $0.text.hasPrefix("\nid,") }).text.dropFirst()
        for (text, format, count) in [(json, RowFormat.ndjson, 7), (String(csv), .csv, 1)] {
            let ledger = StoringLedger()
            let importer = Importer(eventsInto: ledger, clock: ManualClock("2026-11-25T00:00:00Z"))
            let result = try ImportRun(text, format, importer, ledger)
            #expect(result.errors == [:])
            #expect(result.tally.imported == count)
        }
    }
}
