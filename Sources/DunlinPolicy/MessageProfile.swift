// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What rules have to know of a message of the template library.
public struct MessageProfile: Sendable {
    public var purpose: Purpose
    /// The notices it declares to hold.
    public var notices: Set<String>
    /// The variables that each channel's text uses.
    public var variables: [Channel: Set<String>]
    /// The BCP 47 languages it is written in.
    public var languages: [String]

    public init(
        purpose: Purpose = .reminder, notices: Set<String> = [], variables: [Channel: Set<String>] = [:],
        languages: [String] = []
    ) {
        self.purpose = purpose
        self.notices = notices
        self.variables = variables
        self.languages = languages
    }
}

extension ContentRule {
    /// What a message lacks or must not hold on a channel; empty if it complies.
    public func faults(of message: MessageProfile, over channel: Channel) -> [String] {
        if require.allSatisfy(message.notices.contains), forbid.isEmpty, languages.isEmpty { return [] }
        var faults = require.filter { !message.notices.contains($0) }.map { "lacks the notice \($0)" }
        let used = message.variables[channel] ?? []
        faults += forbid.filter(used.contains).map { "uses \($0)" }
        let speaks = languages.contains { wanted in
            message.languages.contains { $0 == wanted || $0.hasPrefix(wanted + "-") }
        }
        if !languages.isEmpty, !speaks { faults.append("is not written in \(languages.joined(separator: " or "))") }
        return faults
    }
}
