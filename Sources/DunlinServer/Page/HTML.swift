// SPDX-License-Identifier: Apache-2.0

/// A piece of HTML. What is put in by interpolation is escaped, for text and for attributes in double quotes, unless it
/// is HTML already: forgetting to escape is not possible.
struct HTML: ExpressibleByStringInterpolation, Hashable {
    private(set) var source: String

    init(stringLiteral source: String) { self.source = source }
    init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    /// Several pieces in a row.
    init(_ pieces: some Sequence<HTML>) { source = pieces.map(\.source).joined() }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { source += literal }
        mutating func appendInterpolation(_ number: Int) { source += String(number) }
        mutating func appendInterpolation(_ html: HTML) { source += html.source }
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { source += piece.source } }

        mutating func appendInterpolation(_ text: String) {
            for scalar in text.unicodeScalars {
                switch scalar {
                case "&": source += "&amp;"
                case "<": source += "&lt;"
                case ">": source += "&gt;"
                case "\"": source += "&quot;"
                case "'": source += "&#39;"
                case "\u{0}": source += "\u{fffd}"
                default: source.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
