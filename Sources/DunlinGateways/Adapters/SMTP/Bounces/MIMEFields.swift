// SPDX-License-Identifier: Apache-2.0

/// The fields of a header block, unfolded (RFC 5322, section 2.2.3).
struct MIMEFields {
    /// What a mail program or server writes is far below; what is above is dropped, so that a mail of 10 MiB stays one.
    private static let maximum = (fields: 1000, bytes: 64 * 1024)

    /// Names in lower case, in the order they came.
    private var fields: [(name: String, value: String)] = []
    /// Whether an empty line ended the block; else the mail ended in it, or a line that is no field.
    private(set) var isEnded = false

    /// Takes a block off the front of `rest`, with the empty line behind it.
    init(_ rest: inout ArraySlice<UInt8>) {
        var name = ""
        var value: [UInt8] = []
        func finish(_ fields: inout [(name: String, value: String)]) {
            guard !name.isEmpty else { return }
            fields.append((name, trimmed(value)))
        }
        while !rest.isEmpty {
            let (line, next) = nextLine(rest)
            if line.isEmpty {
                isEnded = true
                rest = rest[next...]
                break
            }
            if line.first == 0x20 || line.first == 0x09 {
                if value.count + line.count <= MIMEFields.maximum.bytes { value += line }
            } else if fields.count == MIMEFields.maximum.fields {
                name = ""
            } else if let colon = line.prefix(100).firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex {
                finish(&fields)
                name = trimmed(line[..<colon]).lowercased()
                value = Array(line[(colon + 1)...].prefix(MIMEFields.maximum.bytes))
            } else if !line.starts(with: "From ".utf8), !line.starts(with: ">From ".utf8) {
                // No field and no mailbox's mark: the body begins without an empty line.
                break
            }
            rest = rest[next...]
        }
        finish(&fields)
    }

    /// The value of the first field of this name, which is in lower case.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The values of all fields of this name, which is in lower case.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}

/// The first line of a text, without its end (CRLF or LF), and the index behind that end.
func nextLine(_ text: ArraySlice<UInt8>) -> (line: ArraySlice<UInt8>, next: Int) {
    guard let newline = text.firstIndex(of: 0x0A) else { return (text, text.endIndex) }
    let isPair = newline > text.startIndex && text[newline - 1] == 0x0D
    return (text[..<(isPair ? newline - 1 : newline)], newline + 1)
}

/// Without the white space around it.
private func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    var bytes = bytes[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
}
