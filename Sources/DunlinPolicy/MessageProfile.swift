// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What rules have to know of a message of the template library.
public struct MessageProfile: Sendable {
    public var purpose: Purpose
    /// The notices that its texts hold.
    public var notices: Set<String>
    /// The notices that can be added to it, in every language and channel.
    public var insertable: Set<String>
    /// The variables that each channel's text uses.
    public var variables: [Channel: Set<String>]
    /// The BCP 47 languages it is written in.
    public var languages: [String]

    public init(
        purpose: Purpose = .reminder, notices: Set<String> = [], insertable: Set<String> = [],
        variables: [Channel: Set<String>] = [:], languages: [String] = []
    ) {
        self.purpose = purpose
        self.notices = notices
        self.insertable = insertable
        self.variables = variables
        self.languages = languages
    }
}

extension ContentRule {
    /// What a message lacks or must not hold on a channel; empty if it complies, perhaps with notices that are added.
    public func faults(of message: MessageProfile, over channel: Channel) -> [String] {
        let isComplete = require.allSatisfy { message.notices.contains($0) || message.insertable.contains($0) }
        if isComplete, forbid.isEmpty, languages.isEmpty { return [] }
        var faults = require.filter { !message.notices.contains($0) && !message.insertable.contains($0) }
            .map { "lacks the notice \($0)" }
        let used = message.variables[channel] ?? []
        faults += forbid.filter(used.contains).map { "uses \($0)" }
        let speaks = languages.contains { wanted in
            message.languages.contains { $0 == wanted || $0.hasPrefix(wanted + "-") }
        }
        if !languages.isEmpty, !speaks { faults.append("is not written in \(languages.joined(separator: " or "))") }
        return faults
    }

    /// Which notices are added to a message that complies.
    func additions(to message: MessageProfile) -> NoticeChoice {
        var added = NoticeChoice()
        for (place, notice) in require.enumerated() where !message.notices.contains(notice) { added.insert(place) }
        return added
    }

    /// `the message holds the notice opt-out; the notice debt-collector is added`.
    func text(adding added: NoticeChoice) -> String {
        func list(_ isAdded: Bool) -> String {
            require.enumerated().filter { added.contains($0.offset) == isAdded }.map(\.element).joined(separator: ", ")
        }
        let (held, inserted) = (list(false), list(true))
        let parts = [
            held.isEmpty ? nil : "the message holds the notice \(held)",
            inserted.isEmpty ? nil : "the notice \(inserted) is added",
        ]
        return require.isEmpty ? "the message complies" : parts.compactMap(\.self).joined(separator: "; ")
    }
}

/// Some of the notices that a rule requires, by their places: figures of a decision that takes no memory of its own.
struct NoticeChoice: Sendable {
    /// How many notices a rule may require.
    static let most = 64
    private var bits: UInt64 = 0

    var isEmpty: Bool { bits == 0 }

    func contains(_ place: Int) -> Bool { bits >> UInt64(place) & 1 == 1 }

    mutating func insert(_ place: Int) { bits |= 1 << UInt64(place) }
}
