// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Vonage's signed parameters: an HMAC over all of them by name, with a timestamp, becomes one more.
struct SortedHMACSigner: RequestSigner {
    let key: Secret<String>
    let hash: HashAlgorithm
    /// What the signature is called: `sig`.
    let parameter: String

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        let type = request.fields.first { $0.name == "content-type" }?.value.lowercased() ?? ""
        let isForm = type.hasPrefix("application/x-www-form-urlencoded")
        guard isForm || request.body.isEmpty else {
            throw fault("it has a body that is no form, and sorted-hmac signs forms and queries only")
        }
        let query = isForm ? "" : try request.target().query
        var parameters = Parameter.list(isForm ? request.body : Array(query.utf8), isForm: true)
        guard !parameters.contains(where: { $0.name == Array("timestamp".utf8) || $0.name == Array(parameter.utf8) })
        else { throw fault("it has a parameter that sorted-hmac adds: 'timestamp' or '\(parameter)'") }
        let seconds = String(moment.at.seconds)
        parameters.append(Parameter(name: Array("timestamp".utf8), value: Array(seconds.utf8)))
        let signature = SortedHMACSigner.signature(of: parameters, key: key, hash: hash)
        let added = "timestamp=\(seconds)&\(CanonicalRequest.encoded(parameter.utf8))=\(signature)"
        if isForm {
            request.body += Array((request.body.isEmpty ? added : "&\(added)").utf8)
        } else {
            // Behind a query, a question mark with nothing behind it, or neither.
            let joint = !query.isEmpty ? "&" : request.url.utf8.last == UInt8(ascii: "?") ? "" : "?"
            request.url += joint + added
        }
    }

    /// `&name=value` for each parameter by name, the signs `&` and `=` within a value as `_`; hexadecimal digits.
    static func signature(of parameters: [Parameter], key: Secret<String>, hash: HashAlgorithm) -> String {
        var text: [UInt8] = []
        for parameter in parameters.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            let value = parameter.value.map {
                $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") ? UInt8(ascii: "_") : $0
            }
            text += [UInt8(ascii: "&")] + parameter.name + [UInt8(ascii: "=")] + value
        }
        return hex(hash.hmac(text, key: Array(key.revealed.utf8)))
    }

    private func fault(_ why: String) -> DunlinError {
        DunlinError(.failure, "request", why: why, remedy: "check 'auth' and 'request' in the gateway's definition")
    }
}
