// SPDX-License-Identifier: Apache-2.0

/// A file on its way with a mail.
public struct Attachment: Hashable, Sendable {
    /// Plain (`isPlainName`), and what the recipient sees.
    public var name: String
    public var kind: Kind
    public var bytes: [UInt8]

    public init(name: String, kind: Kind, bytes: [UInt8]) {
        self.name = name
        self.kind = kind
        self.bytes = bytes
    }

    /// What may be attached, by the ending of its name: documents that no mail server refuses and that run no code.
    public enum Kind: String, CaseIterable, Sendable {
        case pdf, txt, csv, png, jpg, jpeg

        /// By the ending of a file's name, in any case; nil for any other.
        public init?(fileName: String) {
            guard let dot = fileName.lastIndex(of: ".") else { return nil }
            self.init(rawValue: fileName[dot...].dropFirst().lowercased())
        }

        /// IANA's name of it. Texts are UTF-8.
        public var mediaType: String {
            switch self {
            case .pdf: "application/pdf"
            case .txt: "text/plain; charset=\"utf-8\""
            case .csv: "text/csv; charset=\"utf-8\""
            case .png: "image/png"
            case .jpg, .jpeg: "image/jpeg"
            }
        }
    }

    /// In bytes of UTF-8; file systems allow 255.
    public static let longestName = 200
    /// Of one mail, for all its files together, in bytes; what base64 makes of it (13.7 MB) most mail servers take.
    public static let mostBytes = 10_000_000

    /// Whether `name` is a file's name and nothing else: 1 to 200 bytes, no slash, backslash or control character, and no
    /// dot at the beginning, so that it neither leaves its folder nor hides.
    public static func isPlainName(_ name: Substring) -> Bool {
        guard (1...longestName).contains(name.utf8.count), name.utf8.first != UInt8(ascii: ".") else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "/", "\\", "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}"..."\u{2029}": false
            // Bidi controls could show `fdp.exe` as `exe.pdf`.
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": false
            default: true
            }
        }
    }
}
