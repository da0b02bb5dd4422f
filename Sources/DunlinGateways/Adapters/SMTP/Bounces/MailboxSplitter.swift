// SPDX-License-Identifier: Apache-2.0

/// Splits a file into messages as its bytes come: an mbox if it begins with "From ", else one message.
///
/// A "From " at the start of a line behind an empty one begins a message, and one '>' goes off every `>From `, `>>From `
/// (mboxrd, and mboxo as far as that can be told; RFC 4155). The Content-Length of mboxcl counts for nothing.
struct MailboxSplitter {
    /// Bytes of a message that are kept; what stands behind them is passed over: the part for machines comes early.
    let limit: Int
    private var line: [UInt8] = []
    private var message: [UInt8] = []
    private var isMailbox: Bool?
    private var isAfterEmptyLine = true
    private var hasMessage = false

    init(limit: Int) { self.limit = limit }

    /// Takes the next bytes of the file; gives every message that ends in them.
    mutating func take(_ bytes: some Collection<UInt8>, _ body: ([UInt8]) throws -> Void) rethrows {
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: 0x0A) {
            append(rest[...newline])
            try endLine(body)
            rest = rest[rest.index(after: newline)...]
        }
        append(rest)
    }

    /// The end of the file.
    mutating func finish(_ body: ([UInt8]) throws -> Void) rethrows {
        if !line.isEmpty { try endLine(body) }
        try endMessage(body)
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        // A line of the whole limit fills a message by itself.
        line.append(contentsOf: bytes.prefix(max(0, limit - line.count)))
    }

    private mutating func endLine(_ body: ([UInt8]) throws -> Void) rethrows {
        defer { line.removeAll(keepingCapacity: true) }
        let isMailbox = self.isMailbox ?? line.starts(with: "From ".utf8)
        self.isMailbox = isMailbox
        if isMailbox, isAfterEmptyLine, line.starts(with: "From ".utf8) {
            try endMessage(body)
            hasMessage = true
            isAfterEmptyLine = false
            return
        }
        hasMessage = true
        isAfterEmptyLine = line == [0x0A] || line == [0x0D, 0x0A]
        let isQuoted =
            isMailbox && line.first == UInt8(ascii: ">")
            && line.drop { $0 == UInt8(ascii: ">") }.starts(with: "From ".utf8)
        message.append(contentsOf: line.dropFirst(isQuoted ? 1 : 0).prefix(max(0, limit - message.count)))
    }

    private mutating func endMessage(_ body: ([UInt8]) throws -> Void) rethrows {
        guard hasMessage else { return }
        // The empty line before the next "From " is the mailbox's.
        if isMailbox == true, isAfterEmptyLine, message.count < limit, message.last == 0x0A {
            message.removeLast()
            if message.last == 0x0D { message.removeLast() }
        }
        try body(message)
        message.removeAll(keepingCapacity: true)
        hasMessage = false
    }
}
