// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The parts of a request's URL that signatures cover, as they go over the wire.
struct RequestTarget {
    /// As libcurl writes it into `Host`: with the port where it is not the scheme's own.
    let host: String
    /// At least a slash.
    let path: String
    /// What stands behind the question mark; empty if there is none.
    let query: String

    /// Nil for what is no `scheme://host…`.
    init?(_ url: String) {
        // Bytes: a combining mark behind a slash would hide it in a view of characters.
        let bytes = Array(url.utf8)
        guard let mark = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<mark.lowerBound].lowercased()
        var rest = bytes[url.utf8.distance(from: url.startIndex, to: mark.upperBound)...]
        rest = rest.prefix { $0 != UInt8(ascii: "#") }
        let address = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        rest = rest[address.endIndex...]
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        var host = String(decoding: address.split(separator: UInt8(ascii: "@")).last ?? [], as: UTF8.self)
        for (name, port) in [("http", ":80"), ("https", ":443")] where scheme == name && host.hasSuffix(port) {
            host.removeLast(port.count)
        }
        guard !host.isEmpty else { return nil }
        self.host = host
        self.path = path.isEmpty ? "/" : String(decoding: path, as: UTF8.self)
        query = String(decoding: rest[path.endIndex...].dropFirst(), as: UTF8.self)
    }
}

extension HTTPRequest {
    /// Throws `DunlinError` where the URL is none.
    func target() throws -> RequestTarget {
        guard let target = RequestTarget(url) else {
            throw DunlinError(
                .failure, "request", why: "its URL has no scheme and host, so it cannot be signed",
                remedy: "check 'url' in the gateway's definition and 'base_url'")
        }
        return target
    }

    /// The headers as libcurl sends them: one without a value it does not send. Names in lower case, values trimmed.
    var fields: [(name: String, value: String)] {
        headers.compactMap { line in
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = line[colon...].dropFirst().trimmed
            return value.isEmpty ? nil : (line[..<colon].lowercased(), String(value))
        }
    }

    /// Puts a header in place of any of its name.
    mutating func set(_ name: String, _ value: String) {
        let start = name.lowercased() + ":"
        headers.removeAll { $0.lowercased().hasPrefix(start) }
        headers.append("\(name): \(value)")
    }
}

extension StringProtocol {
    /// Without spaces and tabs at its ends.
    var trimmed: SubSequence {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start.prefix(0) }
        return start[...end]
    }
}

/// One `name=value` of a query or a form, decoded.
struct Parameter: Hashable {
    var name: [UInt8]
    var value: [UInt8]

    /// Reads `a=1&b=%20`; in a form a plus is a space.
    static func list(_ text: some Collection<UInt8>, isForm: Bool) -> [Parameter] {
        text.split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return Parameter(
                name: decoded(name, isForm), value: decoded(pair[name.endIndex...].dropFirst(), isForm))
        }
    }

    /// A `%` without two digits behind it stands for itself.
    private static func decoded(_ text: some Collection<UInt8>, _ isForm: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                bytes.append(UInt8(digits[0] << 4 | digits[1]))
                rest = rest.dropFirst(2)
            } else {
                bytes.append(isForm && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return bytes
    }
}
