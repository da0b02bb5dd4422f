// SPDX-License-Identifier: Apache-2.0

/// Mailgun's `signature` object inside of the JSON body: HMAC-SHA256 over timestamp and token.
///
/// It does not cover the rest of the body: who has seen one callback could write others for as long as the window is open.
/// TLS is what keeps anybody from seeing one.
struct MailgunVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>
    var window = ReplayWindow.usual

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard
            let values = jsonValues(
                of: request.body, ["/signature/timestamp", "/signature/token", "/signature/signature"]),
            let timestamp = values[0], let token = values[1], let given = values[2], !token.isEmpty,
            equalInConstantTime(
                hex(HashAlgorithm.sha256.hmac(Array((timestamp + token).utf8), key: key.revealed)).utf8, given.utf8)
        else { return .refused(.forged) }
        return window.proof(from: timestamp, at: request.at)
    }
}

/// The texts at JSON Pointers; nil for what is not a JSON document, or has one of them twice.
func jsonValues(of bytes: [UInt8], _ pointers: [String]) -> [String?]? {
    JSONDocument(bytes)?.values(at: pointers.compactMap { JSONPointer($0) })?.map(\.text)
}
