// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The header block of a mail in the making: folding, encoded words and quoting (RFC 5322, RFC 2047).
///
/// Written here because no library for Swift on Linux that does it is to be had.
struct MIMEHeader {
    private(set) var bytes: [UInt8] = []
    /// Octets of the present line so far.
    private var column = 0

    /// Lines are folded to this length where they can be (RFC 5322, section 2.1.1).
    private static let wantedLine = 78
    /// The length of a line that holds an encoded word (RFC 2047, section 2).
    private static let encodedLine = 76

    init() { bytes.reserveCapacity(1024) }

    /// A header of fixed words and tokens, on one line however long: some mail programs do not look for a Message-ID or a
    /// List-Unsubscribe behind a fold.
    mutating func add(_ name: String, _ value: String) throws {
        try begin(name, value)
        write(" ".utf8)
        write(value.utf8)
        end()
    }

    /// A header of free text, such as Subject.
    mutating func add(_ name: String, text: String) throws {
        try begin(name, text)
        write(" ".utf8)
        if !writePlain(text) { writeEncodedWords(text) }
        end()
    }

    /// A header with one address.
    mutating func add(_ name: String, mailbox: MailAddress) throws {
        try begin(name, mailbox.name)
        write(" ".utf8)
        if !mailbox.name.isEmpty {
            writePhrase(mailbox.name)
            if column + mailbox.address.utf8.count + 3 > MIMEHeader.wantedLine { fold() }
            write(" <".utf8)
            write(mailbox.address.utf8)
            write(">".utf8)
        } else {
            write(mailbox.address.utf8)
        }
        end()
    }

    /// A sender on one line, as the API of a gateway takes it.
    static func unfolded(_ mailbox: MailAddress) throws -> String {
        var header = MIMEHeader()
        try header.add("", mailbox: mailbox)
        let text = String(decoding: header.bytes.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        return String(text.dropFirst(2))
    }

    // MARK: Lines

    /// Refuses what would end the header early: the last door against a name with a line break in it.
    private mutating func begin(_ name: String, _ value: String) throws {
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw DunlinError(
                .failure, "mail", why: "the value for the header \(name) has a line break or another control character",
                remedy: "mend the template or the record it comes from")
        }
        column = 0
        write(name.utf8)
        write(":".utf8)
    }

    private mutating func end() {
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    private mutating func write(_ text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
        column += text.count
    }

    /// Begins a new line; the caller writes the space that continues the header.
    private mutating func fold() {
        end()
        column = 0
    }

    // MARK: Words

    /// Writes ASCII text with folds at its spaces; false, with nothing written, if it needs encoding.
    private mutating func writePlain(_ text: String) -> Bool {
        let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
        // Two spaces in a row could end up alone on a line; a word beyond a line cannot be folded.
        let isPlain = words.allSatisfy { word in
            !word.isEmpty && word.count < MIMEHeader.wantedLine - 12 && word.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
        guard isPlain, !text.contains("=?") else { return text.isEmpty }
        for (n, word) in words.enumerated() {
            if n > 0 {
                if column + 1 + word.count > MIMEHeader.wantedLine { fold() }
                write(CollectionOfOne(0x20))
            }
            write(word)
        }
        return true
    }

    /// A display name: atoms as they are, other ASCII quoted, everything else encoded.
    private mutating func writePhrase(_ name: String) {
        let isShortASCII =
            name.utf8.count <= 60 && name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !name.contains("=?")
        guard isShortASCII, name.utf8.first != 0x20, name.utf8.last != 0x20 else { return writeEncodedWords(name) }
        if name.utf8.split(separator: 0x20, omittingEmptySubsequences: false).allSatisfy({
            !$0.isEmpty && $0.allSatisfy(isAtomText)
        }) {
            write(name.utf8)
        } else {
            write("\"".utf8)
            for byte in name.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { write("\\".utf8) }
                write(CollectionOfOne(byte))
            }
            write("\"".utf8)
        }
    }

    /// Encoded words of at most 75 characters, none with half a character in it; readers drop the folds between them.
    private mutating func writeEncodedWords(_ text: String) {
        let isQ = quotedLength(text) <= (text.utf8.count + 2) / 3 * 4
        var word: [UInt8] = []
        var room = self.room(isQ)
        func cost(_ count: Int, _ added: [UInt8]) -> Int {
            isQ ? added.reduce(count) { $0 + (isQSafe($1) ? 1 : 3) } : (word.count + added.count + 2) / 3 * 4
        }
        var used = 0
        for scalar in text.unicodeScalars {
            let units = Array(UTF8.encode(scalar)!)
            if cost(used, units) > room {
                if !word.isEmpty { writeWord(word, isQ) }
                fold()
                write(CollectionOfOne(0x20))
                word = []
                used = 0
                room = self.room(isQ)
            }
            used = cost(used, units)
            word += units
        }
        if !word.isEmpty { writeWord(word, isQ) }
    }

    /// How many characters of encoded text fit into a word on the present line.
    private func room(_ isQ: Bool) -> Int {
        min(75, MIMEHeader.encodedLine - column) - "=?UTF-8?B??=".utf8.count
    }

    private mutating func writeWord(_ content: [UInt8], _ isQ: Bool) {
        write(isQ ? "=?UTF-8?Q?".utf8 : "=?UTF-8?B?".utf8)
        if isQ {
            for byte in content {
                if byte == 0x20 {
                    write("_".utf8)
                } else if isQSafe(byte) {
                    write(CollectionOfOne(byte))
                } else {
                    write([UInt8(ascii: "="), hexDigit(byte >> 4), hexDigit(byte & 15)])
                }
            }
        } else {
            write(MIMEBody.base64(content))
        }
        write("?=".utf8)
    }

    private func quotedLength(_ text: String) -> Int { text.utf8.reduce(0) { $0 + (isQSafe($1) ? 1 : 3) } }
}

/// Whether Q encoding takes one character for it, also within a phrase (RFC 2047, section 5, rule 3).
private func isQSafe(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte == 0x20 || "!*+-/".utf8.contains(byte)
}
