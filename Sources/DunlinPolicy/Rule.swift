// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One limit with the article of law or the company policy behind it.
public final class Rule: Sendable {
    /// What a rule compares.
    public enum Kind: Sendable {
        /// Opens and shuts with the local clock.
        case window(ContactWindow)
        // These close once and, without further contacts, open again at an instant that follows from the past.
        case cap(FrequencyCap)
        case coolOff(CoolOff)
        case needs(Precondition)
        case oneChannel(OneChannel)
        /// The hours that the person has blocked, at most so many minutes of a week by law; nil: however many.
        case borrowerHours(atMost: Int?)
        // These do not change with time.
        case only(Admission)
        case content(ContentRule)
        // These are not asked when a reminder goes out.
        case retention(Retention)
        case duty(String)
    }

    public let id: String
    /// `pack/rule`, as findings name it.
    public let label: String
    public let citation: String
    public let confidence: Confidence
    public let strength: Strength
    /// What becomes of a contact that it forbids.
    public let consequence: Consequence
    /// The rule is asked only for these channels, and counts only contacts over them.
    public let channels: ChannelSet
    /// Whether `chat` is among them because `sms` is, see ``ChannelSet/withChat``.
    let takesChatForSMS: Bool
    /// When it binds at all; the pack's own conditions are among them.
    public let applicability: Conditions
    /// While one of these holds it is off.
    public let relaxations: [Relaxation]
    public let note: String?
    public let kind: Kind

    /// - Parameters:
    ///   - channels: as the rule states them.
    ///   - takesChatForSMS: whether its pack leaves it to ``ChannelSet/withChat`` what binds chat.
    init(
        id: String, pack: String, citation: String, confidence: Confidence, strength: Strength = .ban,
        consequence: Consequence = .defer, channels: ChannelSet, takesChatForSMS: Bool = true,
        applicability: Conditions = Conditions(), relaxations: [Relaxation] = [], note: String? = nil, kind: Kind
    ) {
        self.id = id
        label = "\(pack)/\(id)"
        self.citation = citation
        self.confidence = confidence
        self.strength = strength
        self.consequence = consequence
        self.channels = takesChatForSMS ? channels.withChat : channels
        self.takesChatForSMS = self.channels != channels
        self.applicability = applicability
        self.relaxations = relaxations
        self.note = note
        self.kind = kind
        isConditional = !applicability.isEmpty || !relaxations.isEmpty
    }

    /// Whether it may be off.
    let isConditional: Bool

    /// Whether it goes by the recipient's clock whatever the past was.
    var needsZone: Bool {
        if !applicability.daysPastDue.isEmpty || applicability.from != nil || applicability.until != nil { return true }
        if relaxations.contains(where: { !$0.conditions.daysPastDue.isEmpty || $0.event?.period != nil }) {
            return true
        }
        switch kind {
        case .window, .cap, .oneChannel: return true
        case .coolOff(let coolOff): if case .untilLifted = coolOff.length { return false } else { return true }
        case .needs(let needs): return [needs.wait, needs.within].contains { $0?.isOfDays ?? false }
        case .borrowerHours, .only, .content, .retention, .duty: return false
        }
    }

    /// Whether it is asked when a reminder goes out.
    var isAsked: Bool {
        switch kind {
        case .retention, .duty: false
        default: true
        }
    }
}

/// How hard a rule is in law.
public enum Strength: String, CaseIterable, Sendable {
    /// It forbids.
    case ban
    /// Exceeding it is presumed to be unlawful; enforced like a ban.
    case presumption
    /// Advice: it warns and forbids nothing.
    case guidance
}

/// What becomes of a contact that a rule forbids.
public enum Consequence: String, CaseIterable, Sendable {
    /// It waits until the rule allows it; if that is never, it ends.
    case `defer`
    /// It waits for a person to decide.
    case hold
    /// It ends.
    case suppress
}

/// A set of channels.
public struct ChannelSet: OptionSet, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(_ channel: Channel) {
        switch channel {
        case .sms: rawValue = 1
        case .email: rawValue = 2
        case .call: rawValue = 4
        case .chat: rawValue = 8
        case .task: rawValue = 16
        }
    }

    /// What a rule that states these channels binds in a pack that names `chat` nowhere. A chat is a text to a person, and
    /// laws and policies that were written before it could be sent mean it by theirs: we rather say too little than too much.
    /// The author of a pack that names it has thought of it, and each rule there binds what it states.
    var withChat: ChannelSet { contains(.sms) ? union(ChannelSet(.chat)) : self }

    public static let all = ChannelSet(Channel.allCases.map { ChannelSet($0) })

    public func contains(_ channel: Channel) -> Bool { contains(ChannelSet(channel)) }

    public var description: String { Channel.allCases.filter(contains).map(\.rawValue).joined(separator: ", ") }
}

/// What a rule counts by: contacts count together when they agree in every one of these.
public struct CountingKey: OptionSet, Hashable, Sendable, CustomStringConvertible {
    /// One part of a counting key, as packs write it.
    public enum Part: String, CaseIterable, Sendable {
        case recipient, account, address, creditor
    }

    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(_ part: Part) {
        switch part {
        case .recipient: rawValue = 1
        case .account: rawValue = 2
        case .address: rawValue = 4
        case .creditor: rawValue = 8
        }
    }

    public static let recipient = CountingKey(.recipient)
    public static let account = CountingKey(.account)
    public static let address = CountingKey(.address)
    public static let creditor = CountingKey(.creditor)

    /// The part by which the history is asked: the other parts are compared afterwards. Never the creditor.
    var leading: Part { contains(.recipient) ? .recipient : contains(.account) ? .account : .address }

    public var description: String {
        Part.allCases.filter { contains(CountingKey($0)) }.map(\.rawValue).joined(separator: ", ")
    }
}
