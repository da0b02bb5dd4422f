// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Testing

@Suite struct YAMLValueTests {
    private enum Colour: String, CaseIterable { case red, green }

    private func complaint(_ text: String, _ read: (YAMLValue) throws -> Void) -> String? {
        do { try read(YAMLValue(text: text, file: "f.yaml")) } catch { return String(describing: error) }
        return nil
    }

    @Test func namesPlaceFieldAndNearMissOfAnUnknownKey() {
        let text = "ledger: a\ntemplate: b\n"
        #expect(
            complaint(text) { _ = try $0.mapping(keys: ["ledger", "templates"]) }
                == "f.yaml:2:11: unknown key 'template'; did you mean 'templates'?")
    }

    @Test func namesTheFieldOfAWrongValue() {
        let text = "a:\n  b: [1, two]\n"
        #expect(
            complaint(text) {
                _ = try $0.mapping(keys: ["a"])["a"]!.mapping(keys: ["b"])["b"]!.list()[1].int(in: 1...9)
            }
                == "f.yaml:2:10: a.b[1] is 'two', expected a whole number, 1 to 9")
    }

    @Test(arguments: [
        ("x: 1\nx: 2", "keys to be unique"), ("x: [", "not YAML"), ("", "empty"), ("[a]", "expected a mapping"),
    ])
    func refusesBrokenDocuments(_ text: String, _ part: String) throws {
        let said = try #require(complaint(text) { _ = try $0.mapping(keys: ["x"]) })
        #expect(said.contains(part), "\(said)")
    }

    @Test func missingAndEmptyKeys() throws {
        let mapping = try YAMLValue(text: "a:\nb: ~\nc: ''", file: "f").mapping(keys: ["a", "b", "c", "d"])
        #expect(mapping["a"] == nil && mapping["b"] == nil && mapping["d"] == nil)
        #expect(try mapping["c"]?.string() == "")
        #expect(throws: DunlinError.self) { try mapping.required("a") }
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .minutes(5)), ("2h", .hours(2)),
        ("7 days", .days(7)), ("1 hour", .hours(1)),
    ])
    func durations(_ text: String, _ expected: Duration) throws {
        #expect(try YAMLValue(text: text, file: "f").duration() == expected)
    }

    @Test(arguments: ["30", "s", "1.5h", "-3s", "3 fortnights"])
    func noDurations(_ text: String) {
        #expect(throws: DunlinError.self) { try YAMLValue(text: text, file: "f").duration() }
    }

    @Test func choicesSuggestTheNearest() {
        #expect(
            complaint("gren") { _ = try $0.oneOf(Colour.self) }
                == "f.yaml:1:1: the document is 'gren', expected one of red, green; did you mean 'green'?")
    }
}
