// SPDX-License-Identifier: Apache-2.0

/// What a reader of mail would see. Forgiving: what cannot be understood is shown as well as it can be.
struct Mail: Hashable {
    var headers: [MailHeader]
    /// The first `text/plain` and the first `text/html` part, line ends as `\n`.
    var text: String?
    var html: String?
    /// The types of the parts that are neither, such as `application/pdf`.
    var otherParts: [String] = []

    init(_ bytes: [UInt8]) {
        let entity = MailEntity(bytes[...], inside: "text/plain")
        headers = entity.headers
        collect(entity, depth: 0)
    }

    var subject: String? { self["subject"] }

    /// The first header of this name, unfolded and decoded.
    subscript(name: String) -> String? { headers[name] }

    private mutating func collect(_ entity: MailEntity, depth: Int) {
        if let boundary = entity.boundary, depth < 8 {
            for part in entity.parts(boundary: boundary) { collect(part, depth: depth + 1) }
        } else if entity.type == "text/html", html == nil {
            html = entity.text
        } else if entity.type == "text/plain", text == nil {
            text = entity.text
        } else {
            otherParts.append(entity.type)
        }
    }
}

/// A header field, its value unfolded and its encoded words decoded.
struct MailHeader: Hashable {
    var name: String
    var value: String
}

extension [MailHeader] {
    /// The value of the first field of this name, whatever its case.
    subscript(name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A header block and a body: a whole message or one part of it (RFC 2045).
private struct MailEntity {
    var headers: [MailHeader]
    var body: ArraySlice<UInt8>
    /// Lower case, without parameters.
    var type: String
    var parameters: [String: String]

    /// `inside`: the type that a part has where it names none.
    init(_ bytes: ArraySlice<UInt8>, inside defaultType: String) {
        var lines = MailLines(bytes)
        var fields: [[UInt8]] = []
        while let line = lines.next(), !line.isEmpty {
            if let first = line.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"), !fields.isEmpty {
                fields[fields.count - 1] += line
            } else {
                fields.append(Array(line))
            }
        }
        headers = fields.compactMap { field in
            guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = String(decoding: field[(colon + 1)...], as: UTF8.self)
            return MailHeader(
                name: trimmed(String(decoding: field[..<colon], as: UTF8.self)),
                value: decodedHeader(trimmed(value)))
        }
        body = lines.rest
        (type, parameters) = contentType(headers["content-type"] ?? defaultType)
    }

    var boundary: String? { type.hasPrefix("multipart/") ? parameters["boundary"] : nil }

    func parts(boundary: String) -> [MailEntity] {
        let delimiter = Array("--\(boundary)".utf8)
        var lines = MailLines(body)
        var parts: [MailEntity] = []
        var start: Int?
        func finish(before end: Int) {
            guard let start, start <= end else { return }
            parts.append(MailEntity(body[start..<end], inside: "text/plain"))
        }
        while true {
            let lineStart = lines.rest.startIndex
            guard let line = lines.next() else { break }
            guard line.starts(with: delimiter) else { continue }
            let rest = line.dropFirst(delimiter.count)
            // The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1).
            finish(before: max(start ?? lineStart, lineStart - lines.endLength(before: lineStart)))
            start = nil
            if rest.starts(with: "--".utf8) { return parts }
            if rest.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
                start = lines.rest.startIndex
            }
        }
        finish(before: body.endIndex)
        return parts
    }

    var text: String {
        let decoded: [UInt8]
        switch headers["content-transfer-encoding"].map(trimmed)?.lowercased() {
        case "base64": decoded = base64Decoded(body) ?? Array(body)
        case "quoted-printable": decoded = quotedPrintableDecoded(body)
        default: decoded = Array(body)
        }
        return mailText(withoutCarriageReturns(decoded), charset: parameters["charset"] ?? "utf-8")
    }
}

/// Every CRLF as LF.
private func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
        let endsLine = byte == UInt8(ascii: "\r") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
        if !endsLine { result.append(byte) }
    }
    return result
}

/// The lines of a mail, without their ends: CRLF, or LF alone.
private struct MailLines: IteratorProtocol {
    private let all: ArraySlice<UInt8>
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        all = bytes
        rest = bytes
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let newline = rest.firstIndex(of: UInt8(ascii: "\n"))
        var line = rest[..<(newline ?? rest.endIndex)]
        rest = newline.map { rest[($0 + 1)...] } ?? rest[rest.endIndex...]
        if newline != nil, line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    /// How long the line end just before `index` is: 2 for CRLF, 1 for LF, 0 at the start.
    func endLength(before index: Int) -> Int {
        guard index > all.startIndex, all[index - 1] == UInt8(ascii: "\n") else { return 0 }
        return index - 1 > all.startIndex && all[index - 2] == UInt8(ascii: "\r") ? 2 : 1
    }
}
