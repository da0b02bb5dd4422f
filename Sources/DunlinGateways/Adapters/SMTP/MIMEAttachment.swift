// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A file as a part of a mail (RFC 2183): base64, with the name under which it is to be saved.
enum MIMEAttachment {
    /// Header, empty line and body, CRLF line ends.
    static func encode(_ attachment: Attachment) -> [UInt8] {
        let header = """
            Content-Type: \(attachment.kind.mediaType)\r
            Content-Transfer-Encoding: base64\r
            Content-Disposition: attachment;\r
             \(parameters(fileName: attachment.name).joined(separator: ";\r\n "))\r
            \r\n
            """
        return Array(header.utf8) + MIMEBody.base64Lines(attachment.bytes)
    }

    /// Bytes of an encoded name on one line: with its header's indent and the parameter's name they stay below 78.
    private static let pieceLength = 56

    /// `filename="…"` for a short name in ASCII; else RFC 2231: percent-encoded UTF-8 (section 4), in numbered pieces
    /// where it is long (section 3).
    static func parameters(fileName: String) -> [String] {
        let isPlain = fileName.utf8.allSatisfy { (0x20..<0x7F).contains($0) && !"\"\\".utf8.contains($0) }
        // What looks like an encoded word some programs decode, although it must not stand there.
        if isPlain, !fileName.contains("=?"), fileName.utf8.count <= pieceLength { return ["filename=\"\(fileName)\""] }
        var pieces = [""]
        // Never half a character in a piece: Python's `email`, for one, decodes each by itself.
        for scalar in fileName.unicodeScalars {
            let unit = UTF8.encode(scalar)!.map(encoded).joined()
            if pieces[pieces.count - 1].utf8.count + unit.utf8.count > pieceLength { pieces.append("") }
            pieces[pieces.count - 1] += unit
        }
        guard pieces.count > 1 else { return ["filename*=UTF-8''\(pieces[0])"] }
        return pieces.enumerated().map { number, piece in
            number == 0 ? "filename*0*=UTF-8''\(piece)" : "filename*\(number)*=\(piece)"
        }
    }

    private static func encoded(_ byte: UInt8) -> String {
        if byte.isASCIILetter || byte.isASCIIDigit || "-._".utf8.contains(byte) { return String(UnicodeScalar(byte)) }
        return String(decoding: [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)], as: UTF8.self)
    }
}
