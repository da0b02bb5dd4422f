// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A request as AWS, Tencent Cloud and Alibaba Cloud hash it. They agree on its shape and differ in what goes into it.
///
/// Sources: "Signature Version 4" in the AWS documentation with its test suite (aws-c-auth), Tencent Cloud "Signature v3",
/// Alibaba Cloud "V3 request body and signature"; compared with their SDKs by Tests/acceptance/signing_check.py.
struct CanonicalRequest {
    var method: String
    var path: String
    var query: String
    /// Names in lower case and in order, each once.
    var headers: [(name: String, value: String)]
    var bodyHash: String

    var signedHeaders: String { headers.map(\.name).joined(separator: ";") }

    var text: String {
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        return "\(method)\n\(path)\n\(query)\n\(lines)\n\(signedHeaders)\n\(bodyHash)"
    }

    var hash: String { CanonicalRequest.hash(Array(text.utf8)) }

    static func hash(_ bytes: [UInt8]) -> String { hex(HashAlgorithm.sha256.hash(bytes)) }

    /// The parameters by their encoded names and values, each encoded as RFC 3986 has it.
    static func query(_ query: String) -> String {
        let pairs = Parameter.list(query.utf8, isForm: false).map { pair -> (name: String, value: String) in
            (encoded(pair.name), encoded(pair.value))
        }
        let sorted = pairs.sorted { $0.name == $1.name ? $0.value < $1.value : $0.name < $1.name }
        return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// The host and the headers that are `signed`, with what stands in one `joined` where a name comes more than once.
    static func headers(
        of request: HTTPRequest, host: String, signed: (String) -> Bool, joined: ([String]) -> String
    ) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in request.fields where signed(name) { values[name, default: []].append(value) }
        // A `Host` of the definition's own is what libcurl sends.
        values["host"] = values["host"] ?? [host]
        let headers = values.map { (name: $0.key, value: joined($0.value)) }
        return headers.sorted { $0.name < $1.name }
    }

    /// Everything but `A-Z a-z 0-9 - . _ ~` as `%XX`, and but for slashes where `keepingSlashes`.
    static func encoded(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool = false) -> String {
        var out: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "/") where keepingSlashes: out.append(byte)
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
            default: out += [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// HMAC-SHA256 with a secret that is narrowed down to a day, a region, a service, one step after the other.
func hmacSHA256(_ text: String, secret: String, steps: [String]) -> String {
    let key = steps.reduce(Array(secret.utf8)) { HashAlgorithm.sha256.hmac(Array($1.utf8), key: $0) }
    return hex(HashAlgorithm.sha256.hmac(Array(text.utf8), key: key))
}

extension Instant {
    /// `2026-11-21T18:53:00Z`, without a fraction.
    var wholeSeconds: String { Instant(seconds: seconds).description }
}
