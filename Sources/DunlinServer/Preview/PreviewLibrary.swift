// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Where the preview's messages come from.
public struct PreviewSource: Sendable {
    /// Differs whenever a file of the library does. Asked several times a second while a page is open.
    public var stamp: @Sendable () -> UInt64
    /// Reads everything anew.
    public var read: @Sendable () -> PreviewReading

    public init(stamp: @escaping @Sendable () -> UInt64, read: @escaping @Sendable () -> PreviewReading) {
        self.stamp = stamp
        self.read = read
    }
}

/// What came of reading a library.
public struct PreviewReading: Sendable {
    /// Nil if it cannot be used: the page goes on showing the last one that could.
    public var library: PreviewLibrary?
    public var findings: [PreviewFinding]

    public init(library: PreviewLibrary?, findings: [PreviewFinding]) {
        self.library = library
        self.findings = findings
    }
}

/// The messages of a library, and how to write them.
public struct PreviewLibrary: Sendable {
    public var messages: [PreviewMessage]
    /// Writes a message with its sample.
    public var write: @Sendable (PreviewRequest) -> PreviewPart

    public init(messages: [PreviewMessage], write: @escaping @Sendable (PreviewRequest) -> PreviewPart) {
        self.messages = messages
        self.write = write
    }
}

/// A message as the list of messages shows it.
public struct PreviewMessage: Hashable, Sendable {
    public var name: String
    public var purpose: String
    /// Who sends it in the sample.
    public var sender: String
    public var channels: [Channel]
    /// Those that are there, in the order of the page.
    public var languages: [PreviewLanguage]
    /// The tags of those that should be there too.
    public var missingLanguages: [String]
    /// The tag of the language for whoever reads none of them.
    public var defaultLanguage: String
    /// The names of the variants that some channel has.
    public var variants: [String]
    /// A longer SMS is not sent.
    public var maxSegments: Int

    public init(
        name: String, purpose: String, sender: String, channels: [Channel], languages: [PreviewLanguage],
        missingLanguages: [String], defaultLanguage: String, variants: [String], maxSegments: Int
    ) {
        self.name = name
        self.purpose = purpose
        self.sender = sender
        self.channels = channels
        self.languages = languages
        self.missingLanguages = missingLanguages
        self.defaultLanguage = defaultLanguage
        self.variants = variants
        self.maxSegments = maxSegments
    }
}

/// A language that a message has a part in.
public struct PreviewLanguage: Hashable, Sendable {
    /// BCP 47.
    public var tag: String
    /// In English, for whoever looks at a library in many languages.
    public var name: String
    public var isRightToLeft: Bool
    /// ISO 3166-1 codes of regions that write values each in their own way.
    public var regions: [String]
    /// The channels that are written in it.
    public var channels: [Channel]

    public init(tag: String, name: String, isRightToLeft: Bool, regions: [String], channels: [Channel]) {
        self.tag = tag
        self.name = name
        self.isRightToLeft = isRightToLeft
        self.regions = regions
        self.channels = channels
    }
}

/// One text to write.
public struct PreviewRequest: Hashable, Sendable {
    public var message: String
    /// BCP 47.
    public var language: String
    /// ISO 3166-1, of the person who reads it; nil for the language's own.
    public var region: String?
    public var channel: Channel
    /// Nil for the plain text.
    public var variant: String?
    /// Without every value that may be missing.
    public var isBare: Bool
}

/// What came of it.
public enum PreviewPart: Hashable, Sendable {
    /// - Parameter changes: What transliteration made of which character of an SMS, such as `’ → '`.
    case written(MessageContent, changes: [String])
    /// It cannot be written with the sample, and why.
    case refused(String)
}

/// Something about the library that its author has to know.
public struct PreviewFinding: Hashable, Sendable {
    public var isError: Bool
    /// `file:line:column`, or the file alone.
    public var place: String
    public var what: String
    public var remedy: String
    /// The message it is about; nil for what messages share.
    public var message: String?

    public init(isError: Bool, place: String, what: String, remedy: String, message: String?) {
        self.isError = isError
        self.place = place
        self.what = what
        self.remedy = remedy
        self.message = message
    }
}
