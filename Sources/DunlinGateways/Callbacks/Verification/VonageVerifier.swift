// SPDX-License-Identifier: Apache-2.0

/// Vonage's `sig`: HMAC over the other parameters of query and form, sorted, with `&` and `=` in values replaced
/// (vonage-http-client 1.5.2, Auth.sign_params). Webhooks in JSON carry none that is defined: the account has to send forms.
struct VonageSignatureVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>
    let hash: HashAlgorithm
    var window = ReplayWindow.usual

    func proof(of request: CallbackRequest) -> CallbackProof {
        let query = CallbackForm.query(of: request.url)
        guard request.isForm || request.body.isEmpty else { return .refused(.forged) }
        let body = request.isForm ? CallbackForm.fields(request.body) : []
        if let proof = proof(of: query + body, request) { return proof }
        // Nobody says whether what our own URL brought, the attempt's token and the secret of 'key', is signed with it.
        return proof(of: query.filter { $0.name != "a" && $0.name != "k" } + body, request) ?? .refused(.forged)
    }

    /// Nil where the signature does not hold.
    private func proof(of parameters: [CallbackField], _ request: CallbackRequest) -> CallbackProof? {
        var text: [UInt8] = []
        var given: [UInt8]?
        var timestamp: String?
        var last: [UInt8]?
        for (name, value) in parameters.sortedByBytes {
            // Which of two counts would be a guess.
            guard name != last else { return nil }
            last = name
            if name.elementsEqual("sig".utf8) {
                given = Array(String(decoding: value, as: UTF8.self).lowercased().utf8)
                continue
            }
            if name.elementsEqual("timestamp".utf8) { timestamp = String(decoding: value, as: UTF8.self) }
            text += [UInt8(ascii: "&")] + name + [UInt8(ascii: "=")]
            text += value.map { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") ? UInt8(ascii: "_") : $0 }
        }
        guard let given, let timestamp,
            equalInConstantTime(hex(hash.hmac(text, key: key.revealed)).utf8, given)
        else { return nil }
        return window.proof(from: timestamp, at: request.at)
    }
}
