// SPDX-License-Identifier: Apache-2.0

/// Plivo's signatures over URL and nonce: V3 covers the fields of a form too (plivo-python 4.63.0, signature_v3.py).
///
/// `X-Plivo-Signature-Ma-V3` is the same with the main account's key, which a message's callback is signed with; of both one
/// has to hold. V2 covers neither query nor body, so it is asked only where there is no V3.
struct PlivoVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>

    func proof(of request: CallbackRequest) -> CallbackProof {
        let url = request.urlParts
        var text = Array((url.origin + url.path).utf8)
        let version: String
        var given = ["x-plivo-signature-v3", "x-plivo-signature-ma-v3"].compactMap(request.header)
        if !given.isEmpty {
            version = "v3"
            guard appendFields(of: request, to: &text) else { return .refused(.forged) }
            text.append(UInt8(ascii: "."))
        } else {
            version = "v2"
            given = ["x-plivo-signature-v2"].compactMap(request.header)
        }
        guard !given.isEmpty, let nonce = request.header("x-plivo-signature-\(version)-nonce"), !nonce.isEmpty else {
            return .refused(.forged)
        }
        let signature = base64(HashAlgorithm.sha256.hmac(text + Array(nonce.utf8), key: key.revealed))
        // One for each key that is valid just now.
        let holds = given.flatMap { $0.split(separator: ",").prefix(16) }
            .contains { equalInConstantTime($0.utf8, signature.utf8) }
        return holds ? .proven(payload: nil) : .refused(.forged)
    }

    /// `?` and the sorted query, then a dot and the sorted fields of a form. False for a body that V3 does not cover.
    private func appendFields(of request: CallbackRequest, to text: inout [UInt8]) -> Bool {
        let query = CallbackForm.query(of: request.url).sortedByBytes
        let hasBody = request.method != "GET" && !request.body.isEmpty
        guard !hasBody || request.isForm else { return false }
        if !query.isEmpty || hasBody { text.append(UInt8(ascii: "?")) }
        for (n, field) in query.enumerated() {
            if n > 0 { text.append(UInt8(ascii: "&")) }
            text += field.name + [UInt8(ascii: "=")] + field.value
        }
        guard hasBody else { return request.body.isEmpty }
        if !query.isEmpty { text.append(UInt8(ascii: ".")) }
        for field in CallbackForm.fields(request.body).sortedByBytes { text += field.name + field.value }
        return true
    }
}
