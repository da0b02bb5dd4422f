// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Foundation
import Testing

struct PolicySetTests {
    private func withDirectory<R>(_ files: [String: String], _ body: (String) throws -> R) throws -> R {
        let directory = NSTemporaryDirectory() + "dunlin-policies-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, text) in files { try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8) }
        return try body(directory)
    }

    private let rule = "  - {id: one, cite: x, confidence: source, cap: {limit: 1, per: recipient, rolling: 7 days}}\n"

    @Test("The embedded pack is there, and one of its name replaces it")
    func embedded() throws {
        #expect(try PolicySet.load(directory: nil).packs.map(\.name) == ["floor", "strict"])
        let own = head.replacing("pack: test", with: "pack: strict") + rule
        try withDirectory(["mine.yaml": own, "other.yaml": head + rule, "x.yaml.example": "junk", ".y.yaml": "junk"]) {
            let set = try PolicySet.load(directory: $0)
            #expect(set.packs.map(\.name) == ["floor", "strict", "test"])
            #expect(set.packs[1].title == "Test")
        }
    }

    @Test("Two packs of one name, a missing directory and bytes that are no text are errors")
    func unreadable() throws {
        try withDirectory(["a.yaml": head + rule, "b.yaml": head + rule]) { directory in
            let error = try #require(throws: DunlinError.self) { try PolicySet.load(directory: directory) }
            #expect(error.what == "\(directory)/b.yaml")
            #expect(error.why == "the pack is called 'test', as is the one in \(directory)/a.yaml")
        }
        try withDirectory([:]) { directory in
            #expect(throws: DunlinError.self) { try PolicySet.load(directory: directory + "/nowhere") }
            try Data([0x70, 0xff]).write(to: URL(fileURLWithPath: directory + "/c.yaml"))
            let error = try #require(throws: DunlinError.self) { try PolicySet.load(directory: directory) }
            #expect(error.why == "the file is not UTF-8")
        }
    }

    @Test("The version follows the text of the packs and not their order")
    func version() throws {
        let one = try Pack(yaml: head + rule, file: "a"), two = try PolicySet.load(directory: nil).packs[0]
        let version = PolicySet(packs: [one, two]).version
        #expect(version == PolicySet(packs: [two, one]).version)
        #expect(version.utf8.count == 16)
        let changed = try Pack(yaml: head + rule.replacing("limit: 1", with: "limit: 2"), file: "a")
        #expect(version != PolicySet(packs: [changed, two]).version)
        #expect(version != PolicySet(packs: [two]).version)
    }

    @Test(
        "A message that cannot hold a notice is warned of, one that can is not, and advice is left to the whole check")
    func contentInVain() throws {
        let rule = "  - {id: one, cite: x, confidence: source, content: {channels: [sms], require: [opt-out]}}\n"
        let messages = [
            "bare": MessageProfile(variables: [.sms: []]), "mail": MessageProfile(variables: [.email: []]),
            "held": MessageProfile(notices: ["opt-out"], variables: [.sms: []]),
            "added": MessageProfile(insertable: ["opt-out"], variables: [.sms: []]),
        ]
        let set = PolicySet(packs: [try Pack(yaml: head + rule, file: "a")])
        #expect(
            set.contentWarnings(messages).map(\.description) == ["test/one: the message bare lacks the notice opt-out"])
        let advice = rule.replacing("content:", with: "strength: guidance, content:")
        let advising = PolicySet(packs: [try Pack(yaml: head + advice, file: "a")])
        #expect(advising.contentWarnings(messages) == [])
        #expect(
            advising.check(messages: messages).contains { $0.message == "the message bare lacks the notice opt-out" })
    }

    @Test("What is shipped has nothing to warn of, but what it says itself")
    func shipped() throws {
        let set = try PolicySet.load(directory: shippedPolicies)
        #expect(Set(["floor", "strict", "us-reg-f"]).isSubset(of: set.packs.map(\.name)))
        let unsure = Set(
            set.packs.flatMap(\.rules).filter { [.memory, .unreviewed].contains($0.confidence) }.map(\.label))
        let warnings = set.check(zones: zones)
        #expect(Set(warnings.map { "\($0.pack)/\($0.rule ?? "")" }) == unsure)
        #expect(warnings.count == unsure.count)
    }

    private let window = "  - {id: hours, cite: x, confidence: source, window: {days: {mon-sun: \"08:00-12:00\"}}}\n"

    private func warnings(_ rules: String, more: String = "") throws -> [String] {
        let text = head.replacing("rules:\n", with: more + "rules:\n") + rules
        return try PolicySet(packs: [Pack(yaml: text, file: "test.yaml")]).check(zones: zones).map(\.description)
    }

    @Test("check: confidence")
    func confidence() throws {
        let memory = try warnings(window.replacing("source", with: "memory"))
        #expect(memory == ["test/hours: from memory: compare it with its source"])
        let unreviewed = try warnings(window.replacing("source", with: "unreviewed"))
        #expect(unreviewed == ["test/hours: unreviewed: nobody has compared it with a source yet"])
        #expect(try warnings(window.replacing("source", with: "secondary")) == [])
    }

    @Test("check: zones that do not exist, holidays nobody heeds")
    func names() throws {
        let holidays = try warnings(window, more: "holidays: {Leap day: 02-29}\n")
        #expect(holidays == ["test: it lists holidays, and no rule heeds them"])
        let zone = try warnings(window, more: "zone: {default: Asia/Singapur}\n")
        #expect(zone.count == 1 && zone[0].hasPrefix("test: ") && zone[0].hasSuffix("did you mean Asia/Singapore?"))
        let clock = try warnings(window.replacing("}}}", with: "}, clock: EST}}"))
        #expect(clock.count == 1 && clock[0].hasPrefix("test/hours: "))
    }

    @Test("check: channels without a window, windows that never open, alone or together")
    func hours() throws {
        #expect(
            try warnings(rule + window.replacing("}}}", with: "}, channels: [sms, email]}}")) == [
                "test: no window limits call where no pack names the region: it may go out at any hour"
            ])
        let never = try warnings(window.replacing("\"08:00-12:00\"", with: "closed"))
        #expect(never == ["test/hours: the window never opens: nothing goes out over sms, email, call, chat, task"])
        let afternoon =
            "  - {id: late, cite: x, confidence: source, window: {days: {mon-sun: \"12:00-18:00\"}, channels: sms}}\n"
        #expect(
            try warnings(window + afternoon) == [
                "test/late: never open together where no pack names the region, nothing goes out over sms: "
                    + "test/hours, test/late",
                "test/late: never open together where no pack names the region, nothing goes out over chat: "
                    + "test/hours, test/late",
            ])
        #expect(try warnings(window + afternoon.replacing("12:00", with: "11:30")) == [])
    }
}
