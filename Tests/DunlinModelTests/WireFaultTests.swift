// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@Suite struct WireFaultTests {
    @Test(arguments: WireFault.allCases) func aDetailIsReadAsItWasWritten(_ fault: WireFault) {
        #expect(WireFault(detail: fault.detail(curl: 52)) == fault)
        #expect(WireFault(detail: fault.detail(curl: 28, "smtp 354 4.3.2")) == fault)
        #expect(WireFault(detail: "look-up \(fault.detail(curl: 7))") == nil)
        #expect(fault.words.hasSuffix(fault.mayBeSent ? ": it may have been sent" : ": it was not sent"))
    }

    @Test(arguments: ["", "curl 52", "http 503", "no-answer", "no-reply [curl 52]", " [curl 52]"])
    func otherDetailsAreNone(_ text: String) { #expect(WireFault(detail: text) == nil) }

    /// docs/receipts.md is what operators look names up in.
    @Test func documentationHasThemAll() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/receipts.md"), encoding: .utf8)
        for fault in WireFault.allCases {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("| `\(fault.rawValue)` |") })
            #expect(line.contains(fault.mayBeSent ? "| maybe |" : "| no |"), "\(fault)")
        }
    }
}
