// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Something about a template that its author has to know: where, what, and how to mend it.
public struct TemplateFinding: Hashable, Sendable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        /// The message cannot be used.
        case error
        /// It works, and is not as it should be.
        case warning
    }

    public var severity: Severity
    /// `file:line:column`; `file` alone where the fault is the file itself.
    public var place: String
    public var what: String
    public var remedy: String

    public init(_ severity: Severity, at place: String, _ what: String, remedy: String) {
        self.severity = severity
        self.place = place
        self.what = what
        self.remedy = remedy
    }

    public var description: String { "\(place): \(what)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}

extension [TemplateFinding] {
    /// What keeps a library from being used, as one error; nil if nothing does.
    public var error: DunlinError? {
        let errors = filter { $0.severity == .error }
        guard !errors.isEmpty else { return nil }
        return DunlinError(
            .usage, "templates", why: errors.map { "\n  \($0)" }.joined(), remedy: "\n  mend the files named above")
    }
}

/// A text with the place where it stands in its file.
struct SourceText {
    let file: String
    let text: String
    /// Where `text` begins; both count from 1.
    var line = 1
    var column = 1

    /// `file:line:column` of a byte offset; columns count characters of Unicode.
    func place(_ offset: Int) -> String {
        var (line, column) = (line, column)
        for byte in text.utf8.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
        return "\(file):\(line):\(column)"
    }

    /// The lines with their places, without their line ends.
    var lines: [SourceText] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().map {
            number, line in
            SourceText(
                file: file, text: String(Substring(line)), line: self.line + number, column: number == 0 ? column : 1)
        }
    }

    /// What is left behind the first `count` characters of a single line, without leading spaces.
    func dropFirst(_ count: Int) -> SourceText {
        let rest = text.dropFirst(count).drop { $0 == " " || $0 == "\t" }
        return SourceText(file: file, text: String(rest), line: line, column: column + text.count - rest.count)
    }
}
