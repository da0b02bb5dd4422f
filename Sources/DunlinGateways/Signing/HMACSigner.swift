// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// An HMAC over a text that the definition describes, in a header that it describes too.
struct HMACSigner: RequestSigner {
    let key: Secret<String>
    let hash: HashAlgorithm
    let over: SignedText
    let header: String
    let value: SignedText
    let encoding: SignatureEncoding

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        let target = try request.target()
        let (method, body) = (request.method, request.body)
        func bytes(of field: SignedText.Field, signature: String) -> [UInt8] {
            switch field {
            case .method: Array(method.utf8)
            case .path: Array(target.path.utf8)
            case .query: Array(target.query.utf8)
            case .body: body
            case .timestamp: Array(String(moment.at.seconds).utf8)
            case .nonce: Array(moment.nonce.utf8)
            case .signature: Array(signature.utf8)
            // Of callbacks only.
            case .url, .header: []
            }
        }
        let text = over.bytes { bytes(of: $0, signature: "") }
        let signature = encoding.text(hash.hmac(text, key: Array(key.revealed.utf8)))
        let line = value.bytes { bytes(of: $0, signature: signature) }
        request.set(header, String(decoding: line, as: UTF8.self))
    }
}
