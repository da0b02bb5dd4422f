// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Yams

/// One value of a YAML file that knows where it stands, so that every complaint names file, line, column and field.
///
/// The one way in which Dunlin reads configuration, packs, messages and gateway definitions: keys that nobody reads are
/// errors, types are not guessed (`no` is text where text is expected), anchors and tags of YAML are left to Yams.
public struct YAMLValue {
    public let file: String
    /// The path inside the file, such as `gateways.sms-main.rate`; empty for the whole document.
    public let field: String
    private let node: Node

    /// Reads the one document of a file's text. `file` is only used in messages.
    public init(text: String, file: String) throws {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw DunlinError(.usage, file, why: "the file is empty", remedy: "see deploy/etc/dunlin for examples")
            }
            self.init(file: file, field: "", node: node)
        } catch let error as YamlError {
            let (why, mark) = error.words
            let place = mark.map { "\(file):\($0.line):\($0.column)" } ?? file
            throw DunlinError(
                .usage, place, why: "not YAML: \(why)", remedy: "mend this line, or what stands before it")
        }
    }

    private init(file: String, field: String, node: Node) {
        self.file = file
        self.field = field
        self.node = node
    }

    /// `file:line:column`.
    public var place: String {
        guard let mark = node.mark else { return file }
        return "\(file):\(mark.line):\(mark.column)"
    }

    /// An error about this value: where, which field, what was expected.
    public func error(expected: String, suggestion: String? = nil) -> DunlinError {
        let name = field.isEmpty ? "the document" : field
        let shown = node.scalar.map { "'\($0.string)'" } ?? (node.mapping != nil ? "a mapping" : "a list")
        return DunlinError(
            .usage, place, why: "\(name) is \(shown), expected \(expected)",
            remedy: suggestion.map { "did you mean '\($0)'?" } ?? "")
    }

    /// The value as YAML, without comments: the same text for the same value.
    public func serialized() throws -> String { try Yams.serialize(node: node) }

    // MARK: Shapes

    /// The value as a mapping that may hold only `keys`; any other key is an error with a near miss suggested.
    public func mapping(keys: [String]) throws -> YAMLMapping {
        let faults = Faults()
        let mapping = try mapping(keys: keys, faults)
        if let first = faults.errors.first { throw first }
        return mapping
    }

    /// The same for a reader that goes on: every unknown key is one of `faults`.
    public func mapping(keys: [String], _ faults: Faults) throws -> YAMLMapping {
        let mapping = try anyMapping()
        for (key, value) in mapping.entries where !keys.contains(key) {
            let near = nearMiss(key, among: keys)
            faults.add(
                DunlinError(
                    .usage, value.place, why: "unknown key '\(key)'" + (field.isEmpty ? "" : " in \(field)"),
                    remedy: near.map { "did you mean '\($0)'?" } ?? "known keys: \(keys.joined(separator: ", "))"))
        }
        return mapping
    }

    /// The value as a mapping whose keys are names of the author's own.
    public func anyMapping() throws -> YAMLMapping {
        guard let mapping = node.mapping else { throw error(expected: "a mapping of keys to values") }
        var entries: [(String, YAMLValue)] = []
        for (keyNode, valueNode) in mapping {
            guard let key = keyNode.scalar?.string else { throw error(expected: "plain text as a key") }
            let path = field.isEmpty ? key : "\(field).\(key)"
            let value = YAMLValue(file: file, field: path, node: valueNode)
            entries.append((key, value))
        }
        return YAMLMapping(value: self, entries: entries)
    }

    /// The value as a list; a single scalar or mapping counts as a list of one.
    public func list() -> [YAMLValue] {
        guard let sequence = node.sequence else { return [self] }
        return sequence.enumerated().map { YAMLValue(file: file, field: "\(field)[\($0)]", node: $1) }
    }

    public var isList: Bool { node.sequence != nil }
    public var isMapping: Bool { node.mapping != nil }
    /// An absent value: `key:` with nothing behind it, `~` or `null`.
    public var isNull: Bool { node.null != nil }

    // MARK: Scalars

    public func string() throws -> String {
        guard let scalar = node.scalar, !isNull || scalar.style != .plain else { throw error(expected: "text") }
        return scalar.string
    }

    public func int(in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
        guard let text = node.scalar?.string, let number = Int(text), range.contains(number) else {
            let (least, most) = (range.lowerBound, range.upperBound)
            let bounds = most == Int.max ? "\(least) or more" : "\(least) to \(most)"
            throw error(expected: range == Int.min...Int.max ? "a whole number" : "a whole number, \(bounds)")
        }
        return number
    }

    public func bool() throws -> Bool {
        switch node.scalar?.string {
        case "true", "yes": true
        case "false", "no": false
        default: throw error(expected: "true or false")
        }
    }

    /// One of an enum's raw values.
    public func oneOf<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) throws -> Choice
    where Choice.RawValue == String {
        let text = try string()
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue)
            throw error(expected: "one of \(all.joined(separator: ", "))", suggestion: nearMiss(text, among: all))
        }
        return choice
    }

    /// A length of time: `250ms`, `30s`, `5m`, `2h`, `7d`, or with the unit as a word, `7 days`.
    public func duration() throws -> Duration {
        let text = try string()
        let digits = text.prefix { $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int64(digits) else { throw error(expected: "a length of time such as 30s, 5m, 2h or 7d") }
        switch unit {
        case "ms": return .milliseconds(number)
        case "s", "second", "seconds": return .seconds(number)
        case "m", "min", "minute", "minutes": return .minutes(number)
        case "h", "hour", "hours": return .hours(number)
        case "d", "day", "days": return .days(number)
        default: throw error(expected: "a length of time such as 30s, 5m, 2h or 7d")
        }
    }
}

/// A mapping whose keys have been checked.
public struct YAMLMapping {
    public let value: YAMLValue
    /// In the order of the file.
    public let entries: [(key: String, value: YAMLValue)]

    init(value: YAMLValue, entries: [(String, YAMLValue)]) {
        self.value = value
        self.entries = entries.map { (key: $0.0, value: $0.1) }
    }

    /// The value of `key`; nil where it is missing or left empty.
    public subscript(key: String) -> YAMLValue? {
        entries.first { $0.key == key }.flatMap { $0.value.isNull ? nil : $0.value }
    }

    /// The value of `key`, or an error that it is missing.
    public func required(_ key: String) throws -> YAMLValue {
        if let found = self[key] { return found }
        let name = value.field.isEmpty ? key : "\(value.field).\(key)"
        throw DunlinError(.usage, value.place, why: "\(name) is missing", remedy: "add the key '\(key)'")
    }
}

extension YamlError {
    /// What is wrong and where, in one line: Yams' own words show the file's text, which may be long or nobody's business.
    fileprivate var words: (why: String, mark: Mark?) {
        switch self {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            (problem + (context.map { ", \($0.text) that begins in line \($0.mark.line)" } ?? ""), mark)
        case .duplicatedKeysInMapping(let keys, let context):
            ("expected all keys to be unique, and '\(keys.joined(separator: "', '"))' stands there twice", context.mark)
        case .reader(let problem, _, _, _): (problem, nil)
        default: ("\(self)", nil)
        }
    }
}
