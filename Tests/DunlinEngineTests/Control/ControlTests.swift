// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinEngine

@Suite struct ControlTests {
    private let now = Instant(rfc3339: "2026-11-22T00:00:00Z")!

    private func scope(_ channel: Channel = .sms, gateway: String = "sms-main") -> SendScope {
        SendScope(channel: channel, gateway: gateway, message: "payment-overdue", creditor: "harbor")
    }

    @Test(arguments: ["", "\n\n", "# nothing\n", "   # pause\n"])
    func nothingMeansRunning(_ text: String) {
        let control = Control(parsing: text)
        #expect(control == Control())
        #expect(!control.stops(scope(), at: now))
    }

    @Test func aBarePauseStopsEverything() {
        #expect(Control(parsing: "pause\n").stopsEverything(at: now))
        #expect(Control(parsing: "  pause   # everything").stopsEverything(at: now))
    }

    @Test func everyChannelCanBePaused() {
        for channel in Channel.allCases {
            let control = Control(parsing: "pause channel=\(channel.rawValue)\n")
            #expect(control.fault == nil)
            for other in Channel.allCases { #expect(control.stops(scope(other), at: now) == (other == channel)) }
        }
    }

    @Test func theDesignsExamples() {
        let text = """
            pause channel=sms until=2026-11-22T08:00+08:00 by=ops reason="gateway incident 4411"
            pause gateway=mail
            pause message=payment-overdue creditor=other
            """
        let control = Control(parsing: text)
        #expect(control.fault == nil)
        #expect(control.pauses.count == 3)
        #expect(control.pauses[0].reason == "gateway incident 4411")
        let end = Instant(rfc3339: "2026-11-22T00:00:00Z")!
        #expect(control.stops(scope(), at: end - .milliseconds(1)))
        #expect(!control.stops(scope(), at: end))
        #expect(control.stops(scope(.email, gateway: "mail"), at: now))
        #expect(!control.stopsEverything(at: now))
    }

    @Test(arguments: [
        ("paus", "line 1: 'paus' is not a directive"), ("pause\nresume", "line 2: 'resume'"),
        ("pause chanel=sms", "did you mean 'channel'?"), ("pause channel=fax", "channel 'fax' is not one of"),
        ("pause sms", "'sms' is not of the form"), ("pause until=tomorrow", "until 'tomorrow' is not a time"),
        ("pause reason=\"x", "not closed"), ("pause by=a by=b", "'by' stands twice"),
        ("pause channel=", "form key=value"),
        ("\u{0}\u{1}", "not a directive"),
    ])
    func whatCannotBeUnderstoodStopsEverythingAndSaysWhy(_ text: String, _ why: String) throws {
        let control = Control(parsing: text)
        #expect(control.stopsEverything(at: now))
        let fault = try #require(control.fault)
        #expect(fault.contains(why), "\(fault)")
    }

    @Test func aDirectiveReadsBackAsItself() throws {
        let pause = Pause(
            channel: .call, gateway: "g", message: "m", creditor: "Harbor Credit", until: now, by: "ops # 3",
            reason: "a \"quoted\" word")
        let read = try Pause(directive: pause.directive)
        let back = try #require(read)
        #expect(back.hasSameScope(as: pause) && back.until == pause.until && back.by == pause.by)
    }

    @Test func commandsEditTheFileAsAPersonWould() throws {
        let path = NSTemporaryDirectory() + "control-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = ControlFile(path: path)
        #expect(file.read() == Control())
        try Data("# ours\npause gateway=b\n".utf8).write(to: URL(fileURLWithPath: path))
        try file.add(Pause(channel: .sms, reason: "one"))
        try file.add(Pause(channel: .sms, reason: "two"))
        #expect(file.read().pauses.map(\.reason) == [nil, "two"])
        #expect(try file.remove { $0.channel == .sms } == 1)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "# ours\npause gateway=b\n")
        #expect(try file.remove { _ in true } == 1)
        #expect(file.read() == Control())
    }

    @Test func aFolderOrBinaryInItsPlaceStopsEverything() throws {
        #expect(ControlFile(path: NSTemporaryDirectory()).read().fault != nil)
        let path = NSTemporaryDirectory() + "control-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data([0xff, 0xfe, 0x00]).write(to: URL(fileURLWithPath: path))
        #expect(ControlFile(path: path).read().fault?.contains("UTF-8") == true)
    }
}
