// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// `message.yaml`: what a message is for, what it needs, and an example.
struct Manifest {
    var purpose: String
    var about: Purpose
    /// The notices that the message says in its own words.
    var notices: [String]
    var channels: [Channel]
    var unknown: UnknownPolicy?
    /// Shares in percent by name, sorted by name; the rest goes to the plain texts.
    var variants: [(name: String, percent: Int)]
    /// The library's, with what this message says on top.
    var settings: LibrarySettings
    /// The variables that this message declares by itself.
    var own: [Variable]
    var sample: Sample

    /// Reads the file; nil if it is too broken to go on, with the reasons in `findings`.
    init?(text: String, file: String, library: LibrarySettings, findings: inout [TemplateFinding]) {
        var faults: [TemplateFinding] = []
        let keys = ["purpose", "for", "notices", "channels", "unknown", "variants"] + LibrarySettings.keys
        guard let root = attempt(&faults, { try YAMLValue(text: text, file: file).mapping(keys: keys) }) else {
            findings += faults
            return nil
        }
        let purpose = attempt(&faults) { try root.required("purpose").string() }
        let channels = attempt(&faults) { try root.required("channels").list().map { try $0.oneOf(Channel.self) } }
        about = attempt(&faults) { try root["for"]?.oneOf(Purpose.self) ?? .reminder } ?? .reminder
        notices = attempt(&faults) { try root["notices"].map(Self.notices) ?? [] } ?? []
        unknown = attempt(&faults) { try root["unknown"]?.oneOf(UnknownPolicy.self) } ?? nil
        variants = attempt(&faults) { try root["variants"].map(Self.variants) ?? [] } ?? []
        settings = library
        settings.places = [:]
        settings.take(root, addingLanguages: true, findings: &faults)
        let declared = settings.places
        own = settings.variables.filter { declared[$0.name] != nil }
        let (values, variables) = (settings.sample, settings.variables)
        let sample = attempt(&faults) { try Sample(values, variables: variables, file: file) }
        findings += faults
        guard let purpose, let channels, let sample, faults.isEmpty else { return nil }
        (self.purpose, self.channels, self.sample) = (purpose, channels, sample)
    }

    /// Names of what the text holds because a rule asks for it, such as `opt-out`.
    private static func notices(_ value: YAMLValue) throws -> [String] {
        try value.list().map { entry in
            let name = try entry.string()
            guard isPlainName(name) else { throw entry.error(expected: "small letters, digits and hyphens") }
            return name
        }
    }

    private static func variants(_ value: YAMLValue) throws -> [(name: String, percent: Int)] {
        var sum = 0
        return try value.anyMapping().entries.map { name, share in
            guard isPlainName(name) else { throw share.error(expected: "a name of small letters, digits and hyphens") }
            let percent = try share.int(in: 1...100)
            sum += percent
            guard sum <= 100 else { throw share.error(expected: "shares that come to no more than 100 together") }
            return (name, percent)
        }.sorted { $0.name < $1.name }
    }
}
