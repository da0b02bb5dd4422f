// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// `message.yaml`: what a message is for, what it needs, and an example.
struct Manifest {
    var purpose: String
    var about: Purpose
    var notices: [String]
    var channels: [Channel]
    var defaultLanguage: String
    var maxSegments: Int
    var unknown: UnknownPolicy?
    var variables: [Variable]
    /// Where each variable is declared, in the same order.
    var places: [String]
    var sample: Sample

    /// Reads the file; nil if it is too broken to go on, with the reasons in `findings`.
    init?(text: String, file: String, findings: inout [TemplateFinding]) {
        var faults: [TemplateFinding] = []
        let root = attempt(&faults) {
            try YAMLValue(text: text, file: file).mapping(
                keys: [
                    "purpose", "for", "notices", "channels", "default_language", "max_segments", "unknown",
                    "variables", "sample",
                ])
        }
        guard let root else {
            findings += faults
            return nil
        }
        let purpose = attempt(&faults) { try root.required("purpose").string() }
        let channels = attempt(&faults) { try root.required("channels").list().map { try $0.oneOf(Channel.self) } }
        about = attempt(&faults) { try root["for"]?.oneOf(Purpose.self) ?? .reminder } ?? .reminder
        notices = attempt(&faults) { try root["notices"].map(Self.notices) ?? [] } ?? []
        defaultLanguage = attempt(&faults) { try root["default_language"]?.string() ?? "en" } ?? "en"
        maxSegments = attempt(&faults) { try root["max_segments"]?.int(in: 1...10) ?? 4 } ?? 4
        unknown = attempt(&faults) { try root["unknown"]?.oneOf(UnknownPolicy.self) } ?? nil
        variables = []
        places = []
        let declarations = attempt(&faults) { try root["variables"].map { try $0.anyMapping().entries } ?? [] } ?? []
        for (name, value) in declarations {
            guard let variable = attempt(&faults, { try Self.variable(name, value) }) else { continue }
            variables.append(variable)
            places.append(value.place)
        }
        let declared = variables
        let sample = attempt(&faults) { try Sample(root.required("sample"), declared: declared) }
        findings += faults
        guard let purpose, let channels, let sample, faults.isEmpty else { return nil }
        (self.purpose, self.channels, self.sample) = (purpose, channels, sample)
    }

    /// Names of what the text holds because a rule asks for it, such as `opt-out`.
    private static func notices(_ value: YAMLValue) throws -> [String] {
        try value.list().map { entry in
            let name = try entry.string()
            let isPlain = name.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
            }
            guard isPlain, !name.isEmpty else { throw entry.error(expected: "small letters, digits and hyphens") }
            return name
        }
    }

    private static func variable(_ name: String, _ value: YAMLValue) throws -> Variable {
        let isName = name.utf8.enumerated().allSatisfy { index, byte in
            (0x61...0x7a).contains(byte) || (index > 0 && ((0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")))
        }
        guard isName, (1...40).contains(name.utf8.count) else {
            throw DunlinError(
                .usage, value.place, why: "'\(name)' cannot be a variable's name",
                remedy: "use small letters, digits and underscores, such as pay_link")
        }
        guard BuiltIn(rawValue: name) == nil else {
            throw DunlinError(
                .usage, value.place, why: "'\(name)' is there for every message",
                remedy: "remove it, or choose another name")
        }
        let fields = try value.mapping(keys: ["type", "required", "default", "description"])
        let variable = Variable(
            name: name, type: try fields.required("type").oneOf(VariableType.self),
            isRequired: try fields["required"]?.bool() ?? false, fallback: try fields["default"]?.string(),
            description: try fields["description"]?.string() ?? "", builtIn: nil)
        if let fallback = variable.fallback, !variable.type.accepts(fallback) {
            throw fields["default"]!.error(expected: variable.type.expectation)
        }
        return variable
    }
}

/// An example of a reminder, to try and to preview a message with.
public struct Sample: Sendable {
    public var reminder: Reminder
    public var today: CivilDate

    init(_ value: YAMLValue, declared: [Variable]) throws {
        let own = ["name", "creditor", "amount", "due_date", "account_id", "today"]
        let fields = try value.mapping(keys: own + declared.map(\.name))
        let amount = try fields.required("amount")
        guard let money = Money(try amount.string()[...], assuming: nil) else {
            throw amount.error(expected: "an amount with its currency, such as 1234.50 USD")
        }
        let due = try Self.date(fields.required("due_date"))
        let vars = try declared.map { variable in
            let value = try fields.required(variable.name)
            let text = try value.string()
            guard variable.type.accepts(text) else { throw value.error(expected: variable.type.expectation) }
            return (variable.name, text)
        }
        today = try fields["today"].map(Self.date) ?? due
        let account = Account(
            id: try fields["account_id"]?.string() ?? "A-1", creditor: try fields.required("creditor").string(),
            amount: money, dueDate: due)
        let recipient = Recipient(id: "sample", name: try fields.required("name").string(), locale: "en")
        reminder = Reminder(
            id: "sample", message: "", due: Instant(seconds: 0), expires: Instant(seconds: 1),
            channels: Channel.allCases, account: account, recipient: recipient,
            vars: Dictionary(uniqueKeysWithValues: vars))
    }

    private static func date(_ value: YAMLValue) throws -> CivilDate {
        guard let date = CivilDate(iso8601: try value.string()) else {
            throw value.error(expected: "a day such as 2026-11-20")
        }
        return date
    }
}

extension VariableType {
    /// Whether `text` is a value of this type.
    func accepts(_ text: String) -> Bool {
        let formats = ValueFormats(locale: "en", channel: .sms)
        return !text.trimmed.isEmpty && formats.write(text.trimmed, as: self, currency: Currency(code: "USD")!) != nil
    }
}

/// Runs `body`; what a `DunlinError` says becomes a finding.
func attempt<T>(_ findings: inout [TemplateFinding], _ body: () throws -> T) -> T? {
    do {
        return try body()
    } catch let error as DunlinError {
        findings.append(TemplateFinding(.error, at: error.what, error.why, remedy: error.remedy))
    } catch {
        findings.append(TemplateFinding(.error, at: "", "\(error)", remedy: ""))
    }
    return nil
}
