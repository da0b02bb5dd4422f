// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One limit with the article of law or the company policy behind it.
public final class Rule: Sendable {
    /// What a rule compares. Two families, and the evaluator knows only these: a window opens and shuts with the local
    /// clock; the others close once and, without further contacts, open again for good at an instant that follows from
    /// the past. A new kind belongs to one of the two and brings its own reading, figures and instant.
    public enum Kind: Sendable {
        case window(ContactWindow)
        case cap(FrequencyCap)
        case coolOff(CoolOff)
    }

    public let id: String
    /// `pack/rule`, as findings name it.
    public let label: String
    public let citation: String
    public let confidence: Confidence
    /// The rule is asked only for these channels, and counts only contacts over them.
    public let channels: ChannelSet
    public let kind: Kind

    init(id: String, pack: String, citation: String, confidence: Confidence, channels: ChannelSet, kind: Kind) {
        self.id = id
        label = "\(pack)/\(id)"
        self.citation = citation
        self.confidence = confidence
        self.channels = channels
        self.kind = kind
    }
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
        }
    }

    public static let all = ChannelSet(Channel.allCases.map { ChannelSet($0) })

    public func contains(_ channel: Channel) -> Bool { contains(ChannelSet(channel)) }

    public var description: String { Channel.allCases.filter(contains).map(\.rawValue).joined(separator: ", ") }
}

/// What a rule counts by: contacts count together when they agree in every one of these.
public struct CountingKey: OptionSet, Hashable, Sendable {
    /// One part of a counting key, as packs write it.
    public enum Part: String, CaseIterable, Sendable {
        case recipient, account, address
    }

    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(_ part: Part) {
        switch part {
        case .recipient: rawValue = 1
        case .account: rawValue = 2
        case .address: rawValue = 4
        }
    }

    public static let recipient = CountingKey(.recipient)
    public static let account = CountingKey(.account)
    public static let address = CountingKey(.address)

    /// The part by which the history is asked: the other parts are compared afterwards.
    var leading: Part { contains(.recipient) ? .recipient : contains(.account) ? .account : .address }
}
