// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

extension HTTPRequest {
    /// As a fixture writes it: method and URL, headers, an empty line, the body.
    var text: String {
        var lines = ["\(method) \(url)"]
        if let basicAuth { lines.append("Authorization: Basic " + base64(basicAuth.utf8)) }
        lines += headers
        return lines.joined(separator: "\n") + (body.isEmpty ? "" : "\n\n" + String(decoding: body, as: UTF8.self))
    }
}

extension String {
    /// Without the line end that YAML's `|` puts behind the last line.
    var withoutLastLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}

/// An outcome in a fixture's words, as exactly as `expected` tells it: a wait is named only where the fixture names one.
func words(_ outcome: Outcome, like expected: String) -> String {
    guard case .refused(let refusal) = outcome else { return verdict(outcome) }
    switch refusal.reason {
    case .optedOut, .accessExpired, .notFound: return refusal.reason.rawValue
    default: break
    }
    guard refusal.kind == .throttled, expected.hasPrefix("throttled ") else { return refusal.kind.rawValue }
    return "throttled " + (refusal.retryAfter.map { "\($0.components.seconds)s" } ?? "without a wait")
}

/// Records one failure in one line that says where to look.
func complain(_ place: String, _ what: String, location: SourceLocation = #_sourceLocation) {
    Issue.record(Comment(rawValue: "\(place): \(what)"), sourceLocation: location)
}

/// Compares a request with a fixture's, and shows the first line that differs.
func compare(_ request: HTTPRequest, with golden: String, _ place: String, location: SourceLocation = #_sourceLocation)
{
    let expected = golden.withoutLastLineEnd
    guard request.text != expected else { return }
    let pairs = (request.text.lines, expected.lines)
    let number = (0..<max(pairs.0.count, pairs.1.count)).first { pairs.0.at($0) != pairs.1.at($0) } ?? 0
    complain(
        place,
        "the request differs in line \(number + 1)\n  expected: \(pairs.1.at(number) ?? "no such line")\n"
            + "  got:      \(pairs.0.at(number) ?? "no such line")\nThe whole request:\n\(request.text)",
        location: location)
}

extension String {
    fileprivate var lines: [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }
}

extension Array {
    fileprivate func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
