// SPDX-License-Identifier: Apache-2.0

/// A header block and what stands behind it: a message or a part of one (RFC 2045, RFC 2046).
///
/// Strict, for machines' mail; the sandbox's reader of mail is the forgiving one, which shows what a person would see.
struct MIMEPart {
    let fields: MIMEFields
    let body: ArraySlice<UInt8>
    /// False where the message was cut off in it.
    let isWhole: Bool

    init(_ bytes: ArraySlice<UInt8>, isWhole: Bool = true) {
        var rest = bytes
        fields = MIMEFields(&rest)
        body = rest
        self.isWhole = isWhole
    }

    /// `text/plain` and the like in lower case, without parameters.
    var type: String { fields["content-type"].map { firstWord(of: $0) } ?? "text/plain" }

    /// Parts of a multipart; a report has three.
    static let maximumParts = 100

    /// The parts of a multipart (RFC 2046, section 5.1.1); empty if it is none.
    func parts() -> [MIMEPart] {
        guard type.hasPrefix("multipart/"), let value = fields["content-type"],
            let boundary = MIMEPart.parameter("boundary", of: value), (1...70).contains(boundary.utf8.count)
        else { return [] }
        let delimiter = Array("--\(boundary)".utf8)
        var parts: [MIMEPart] = []
        var start: Int?
        var rest = body
        while !rest.isEmpty, parts.count < MIMEPart.maximumParts {
            let (line, next) = nextLine(rest)
            if line.starts(with: delimiter) {
                let tail = line.dropFirst(delimiter.count)
                let isClose = tail.starts(with: "--".utf8)
                if (isClose ? tail.dropFirst(2) : tail).allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                    if let start { parts.append(MIMEPart(body[start..<max(start, lineEnd(before: line.startIndex))])) }
                    if isClose { return parts }
                    start = next
                }
            }
            rest = rest[next...]
        }
        if let start, parts.count < MIMEPart.maximumParts { parts.append(MIMEPart(body[start...], isWhole: false)) }
        return parts
    }

    /// Where the line before `index` ends: the line break before a delimiter belongs to the delimiter.
    private func lineEnd(before index: Int) -> Int {
        guard index > body.startIndex, body[index - 1] == 0x0A else { return index }
        return index - 1 > body.startIndex && body[index - 2] == 0x0D ? index - 2 : index - 1
    }

    /// The body without its transfer encoding. Parts of reports should have none (RFC 3464, section 2.1); some have.
    func decodedBody() -> ArraySlice<UInt8> {
        switch fields["content-transfer-encoding"].map({ firstWord(of: $0) }) {
        case "base64": MIMEDecoding.base64(body)[...]
        case "quoted-printable": MIMEDecoding.quotedPrintable(body)[...]
        default: body
        }
    }

    /// A parameter of a field such as `multipart/report; boundary="x"` (RFC 2045, section 5.1), its name in lower case.
    static func parameter(_ name: String, of value: String) -> String? {
        var pieces: [[UInt8]] = [[]]
        var isQuoted = false, isEscaped = false
        for byte in value.utf8 {
            switch byte {
            case _ where isEscaped:
                pieces[pieces.count - 1].append(byte)
                isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ";") where !isQuoted: pieces.append([])
            case 0x20 where !isQuoted, 0x09 where !isQuoted: break
            default: pieces[pieces.count - 1].append(byte)
            }
        }
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { continue }
            if String(decoding: piece[..<equals], as: UTF8.self).lowercased() == name {
                return String(decoding: piece[(equals + 1)...], as: UTF8.self)
            }
        }
        return nil
    }
}

/// A `multipart/report` (RFC 6522): prose, the part for machines, and what came back of the mail.
struct MIMEReport {
    enum Kind {
        case delivery, feedback
    }

    let kind: Kind
    let status: MIMEPart
    let returned: MIMEPart?

    private static let kinds: [String: Kind] = [
        "message/delivery-status": .delivery,
        // RFC 6533.
        "message/global-delivery-status": .delivery,
        "message/feedback-report": .feedback,
    ]
    private static let returnedTypes: Set = [
        "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers",
    ]

    /// Nil unless there is one part for machines, and nothing of it is missing.
    init?(_ parts: [MIMEPart]) {
        let found = parts.compactMap { part in MIMEReport.kinds[part.type].map { ($0, part) } }
        guard found.count == 1, found[0].1.isWhole else { return nil }
        (kind, status) = found[0]
        returned = parts.first { MIMEReport.returnedTypes.contains($0.type) }
    }
}

extension MIMEPart {
    /// The report that the message is. It may stand inside of a multipart, because some servers wrap whatever passes them;
    /// never inside of a message, which somebody has forwarded.
    func report(depth: Int = 0) -> MIMEReport? {
        guard depth < 8, type.hasPrefix("multipart/") else { return nil }
        let parts = parts()
        if type == "multipart/report" { return MIMEReport(parts) }
        for part in parts {
            if let report = part.report(depth: depth + 1) { return report }
        }
        return nil
    }
}
