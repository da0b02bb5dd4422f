// SPDX-License-Identifier: Apache-2.0

extension CallbackRequest {
    /// The URL cut at its path and at its query: `https://host:8443`, `/path`, `a=1`.
    var urlParts: (origin: Substring, path: Substring, query: Substring) {
        let address = url.prefix { $0 != "#" }
        let mark = address.firstIndex(of: "?") ?? address.endIndex
        let authority = address.firstRange(of: "://")?.upperBound ?? address.startIndex
        let path = address[authority..<mark].firstIndex(of: "/") ?? mark
        return (address[..<path], address[path..<mark], address[mark...].dropFirst())
    }

    /// Whether the body is a form, by its own account.
    var isForm: Bool {
        let type = (header("content-type") ?? "").prefix { $0 != ";" && $0 != " " }
        return type.lowercased() == "application/x-www-form-urlencoded"
    }

    /// The token of `Authorization: SCHEME TOKEN`; the scheme's case does not matter (RFC 9110).
    func authorization(_ scheme: String) -> Substring? {
        guard let value = header("authorization"), value.utf8.count > scheme.utf8.count,
            value.prefix(scheme.count).lowercased() == scheme.lowercased(),
            value.dropFirst(scheme.count).first == " "
        else { return nil }
        return value.dropFirst(scheme.count + 1)
    }
}

/// Names and values as bytes: signatures sort by bytes, where Swift's strings sort by Unicode's canonical equivalence.
typealias SignedField = (name: [UInt8], value: [UInt8])

extension [CallbackField] {
    /// By name, then by value.
    var sortedByBytes: [SignedField] {
        map { (Array<UInt8>($0.name.utf8), Array<UInt8>($0.value.utf8)) }.sorted {
            $0.0 == $1.0 ? $0.1.lexicographicallyPrecedes($1.1) : $0.0.lexicographicallyPrecedes($1.0)
        }
    }
}
