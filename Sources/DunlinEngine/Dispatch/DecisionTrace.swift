// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTemplates
import Foundation

/// What a decision rested on, as a fact keeps it: JSON that `why` and an auditor can read. No personal data.
public struct DecisionTrace: Codable, Hashable, Sendable {
    public struct Line: Codable, Hashable, Sendable {
        public var rule: String
        public var cite: String
        public var figures: String
        public var allows: Bool
        /// `warns` or `off` where `allows` says too little.
        public var verdict: String?

        public init(rule: String, cite: String, figures: String, allows: Bool, verdict: String? = nil) {
            self.rule = rule
            self.cite = cite
            self.figures = figures
            self.allows = allows
            self.verdict = verdict
        }

        init(_ finding: Finding) {
            let isPlain = finding.verdict == .allows || finding.verdict == .forbids
            self.init(
                rule: finding.rule, cite: finding.citation, figures: finding.figures, allows: finding.allows,
                verdict: isPlain ? nil : finding.verdict.rawValue)
        }
    }

    /// A channel that was not used, and why.
    public struct PassedChannel: Codable, Hashable, Sendable {
        public var channel: String
        /// A ``Reason`` by name.
        public var reason: String
        /// When it would be asked again.
        public var until: String?
        /// The rules that said no.
        public var findings: [Line]

        init(_ channel: Channel, _ reason: Reason, until: Instant? = nil, _ findings: [Finding] = []) {
            self.channel = channel.rawValue
            self.reason = reason.rawValue
            self.until = until?.description
            self.findings = findings.filter { !$0.allows }.map(Line.init)
        }
    }

    /// A gateway before the chosen one in the order of its route, and why it was not chosen.
    public struct PassedGateway: Codable, Hashable, Sendable {
        public var gateway: String
        /// A ``GatewayObstacle`` by name.
        public var because: String
        /// When time alone ends that, where it does.
        public var until: String?
    }

    /// Version of the packs that were asked.
    public var policy: String
    /// A ``TemplateReference``, where something was rendered.
    public var template: String?
    /// The recipient's day that the text speaks of, `2026-11-25`.
    public var day: String?
    /// What was added to the text because rules require it; nil for nothing.
    public var notices: [String]?
    /// A short hash of the words themselves; see `MessageContent.shortHash`.
    public var content: String?
    /// A mark of the gateway's set-up, where it can be asked about the attempt later: another gateway under the same name cannot.
    public var setup: String?
    /// What could not be rendered, requested or routed, in a few words.
    public var fault: String?
    /// The channels of the reminder that were not used; nil for none.
    public var passed: [PassedChannel]?
    /// Which entry of the channel's `routes` decided, from 1; nil where there is but one.
    public var entry: Int?
    /// The gateways that were passed over; nil for none.
    public var over: [PassedGateway]?
    public var findings: [Line]

    public init(policy: String, template: String? = nil, fault: String? = nil, lines: [Line]) {
        self.policy = policy
        self.template = template
        self.fault = fault
        findings = lines
    }

    public init(policy: String, template: String? = nil, fault: String? = nil, findings: [Finding] = []) {
        self.init(policy: policy, template: template, fault: fault, lines: findings.map(Line.init))
    }

    /// Of an attempt.
    init(
        policy: String, _ rendered: RenderedMessage, of message: String, day: CivilDate, isRehearsed: Bool,
        findings: [Finding]
    ) {
        self.init(
            policy: policy, template: TemplateReference(rendered, of: message).description, findings: findings)
        self.day = day.description
        notices = rendered.notices.isEmpty ? nil : rendered.notices
        // A plan's words may be another person's, and its hash would cost as much as the rest of the decision.
        content = isRehearsed ? nil : rendered.content.shortHash
    }

    /// Reads what a fact keeps; nil for facts that keep something else.
    public init?(detail: String) {
        guard detail.utf8.first == UInt8(ascii: "{"),
            let trace = try? JSONDecoder().decode(DecisionTrace.self, from: Data(detail.utf8))
        else { return nil }
        self = trace
    }

    /// Written by hand: one is made for each dispatch, and JSONEncoder would take a tenth of its time.
    public var detail: String {
        var json = JSONWriter()
        json.open("{")
        json.member("policy", policy)
        if let template { json.member("template", template) }
        if let day { json.member("day", day) }
        if let notices {
            json.key("notices")
            json.open("[")
            for notice in notices { json.string(notice) }
            json.close("]")
        }
        if let content { json.member("content", content) }
        if let setup { json.member("setup", setup) }
        if let fault { json.member("fault", fault) }
        if let entry {
            json.key("entry")
            json.number(entry)
        }
        if let over { json.member("over", over) }
        json.member("findings", findings)
        // Last, so that whoever wants the rules of this decision alone can stop here.
        if let passed { json.member("passed", passed) }
        json.close("}")
        return json.text
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: StaticString, _ lines: [DecisionTrace.Line]) {
        key(name)
        open("[")
        for line in lines {
            open("{")
            member("rule", line.rule)
            member("cite", line.cite)
            member("figures", line.figures)
            key("allows")
            literal(line.allows ? "true" : "false")
            if let verdict = line.verdict { member("verdict", verdict) }
            close("}")
        }
        close("]")
    }

    fileprivate mutating func member(_ name: StaticString, _ channels: [DecisionTrace.PassedChannel]) {
        key(name)
        open("[")
        for passed in channels {
            open("{")
            member("channel", passed.channel)
            member("reason", passed.reason)
            if let until = passed.until { member("until", until) }
            member("findings", passed.findings)
            close("}")
        }
        close("]")
    }

    fileprivate mutating func member(_ name: StaticString, _ gateways: [DecisionTrace.PassedGateway]) {
        key(name)
        open("[")
        for passed in gateways {
            open("{")
            member("gateway", passed.gateway)
            member("because", passed.because)
            if let until = passed.until { member("until", until) }
            close("}")
        }
        close("]")
    }
}

/// Writes JSON straight into bytes.
struct JSONWriter {
    private var bytes: [UInt8] = []
    private var needsComma = false

    init() { bytes.reserveCapacity(1024) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func open(_ bracket: Unicode.Scalar) {
        comma()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    mutating func key(_ name: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
        needsComma = false
    }

    mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func number(_ number: Int) {
        comma()
        bytes.append(contentsOf: "\(number)".utf8)
        needsComma = true
    }

    mutating func literal(_ word: StaticString) {
        comma()
        word.withUTF8Buffer { bytes.append(contentsOf: $0) }
        needsComma = true
    }

    mutating func string(_ value: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            // As a rule there is nothing to escape, and the whole is copied at once.
            var copied = text.startIndex
            for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5c {
                bytes.append(contentsOf: text[copied..<index])
                copied = index + 1
                let byte = text[index]
                bytes.append(
                    contentsOf: byte < 0x20
                        ? Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)] : [UInt8(ascii: "\\"), byte])
            }
            bytes.append(contentsOf: text[copied...])
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func comma() { if needsComma { bytes.append(UInt8(ascii: ",")) } }
}
