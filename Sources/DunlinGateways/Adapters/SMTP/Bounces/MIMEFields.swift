// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The fields of a header block, unfolded (RFC 5322, section 2.2.3).
struct MIMEFields {
    /// A block holds so many fields with so many bytes of values, far above what servers write; what is beyond is dropped, so
    /// that nobody's 10 MiB of header become a million strings.
    private static let maximum = (fields: 1000, bytes: 256 * 1024)

    /// Names in lower case, in the order they came.
    private(set) var all: [(name: String, value: String)] = []
    /// Whether an empty line ended the block; else the mail ended in it, or a line that is no field.
    private(set) var isEnded = false

    /// Takes a block off the front of `rest`, with the empty line behind it.
    init(_ rest: inout ArraySlice<UInt8>) {
        var name = ""
        var value: [UInt8] = []
        var room = MIMEFields.maximum.bytes
        func add(_ bytes: ArraySlice<UInt8>) {
            value += bytes.prefix(room)
            room -= min(room, bytes.count)
        }
        while !rest.isEmpty {
            let (line, next) = nextLine(rest)
            if line.isEmpty {
                isEnded = true
                rest = rest[next...]
                break
            }
            if line.first == 0x20 || line.first == 0x09 {
                add(line)
            } else if all.count == MIMEFields.maximum.fields {
                name = ""
            } else if let colon = line.prefix(100).firstIndex(of: UInt8(ascii: ":")),
                let next = fieldName(line[..<colon])
            {
                if !name.isEmpty { all.append((name, trimmed(value))) }
                name = next
                value = []
                add(line[(colon + 1)...])
            } else if !line.starts(with: "From ".utf8), !line.starts(with: ">From ".utf8) {
                // No field and no mailbox's mark: the body begins without an empty line.
                break
            }
            rest = rest[next...]
        }
        if !name.isEmpty { all.append((name, trimmed(value))) }
    }

    /// The value of the first field of this name, which is in lower case.
    subscript(name: String) -> String? { all.first { $0.name == name }?.value }

    /// The values of all fields of this name, which is in lower case.
    func all(_ name: String) -> [String] { all.filter { $0.name == name }.map(\.value) }
}

/// The first line of a text, without its end (CRLF or LF), and the index behind that end.
func nextLine(_ text: ArraySlice<UInt8>) -> (line: ArraySlice<UInt8>, next: Int) {
    let found = text.withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap { start in memchr(start, 0x0A, bytes.count).map { UnsafeRawPointer($0) - start } }
    }
    guard let newline = found.map({ text.startIndex + $0 }) else { return (text, text.endIndex) }
    let isPair = newline > text.startIndex && text[newline - 1] == 0x0D
    return (text[..<(isPair ? newline - 1 : newline)], newline + 1)
}

/// In lower case; nil if it has anything but visible characters, but for white space at its end (section 4.5).
private func fieldName(_ bytes: ArraySlice<UInt8>) -> String? {
    let name = trimmed(bytes).lowercased()
    return !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? name : nil
}

/// Without the white space around it.
private func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    var bytes = bytes[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
}
