// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import DunlinModel
import FoundationEssentials

/// A bearer token made for each request: a JWT (RFC 7519) signed with RS256 (RFC 7518, section 3.3).
struct JWTSigner: RequestSigner {
    /// Nil where secrets are withheld: then nothing can be signed, and nothing is to be.
    let key: Secret<_RSA.Signing.PrivateKey>?
    /// The document's own members: `"application_id":"…",` with a comma behind each; empty for none.
    let claims: Secret<String>
    let lifetime: Duration

    /// `{"alg":"RS256","typ":"JWT"}`.
    private static let header = base64URL(#"{"alg":"RS256","typ":"JWT"}"#.utf8)

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        guard let key else {
            throw DunlinError(
                .failure, "request", why: "its key was withheld, so it cannot be signed", remedy: "send with the daemon"
            )
        }
        let issued = moment.at.seconds
        var nonce: [UInt8] = []
        try Encoding.jsonString.append(moment.nonce, to: &nonce)
        let payload =
            "{\(claims.revealed)\"iat\":\(issued),\"exp\":\(issued + lifetime.components.seconds),\"jti\":\""
            + "\(String(decoding: nonce, as: UTF8.self))\"}"
        let text = "\(JWTSigner.header).\(base64URL(payload.utf8))"
        do {
            // What RS256 is; the library calls it insecure because of its use for encryption.
            let signature = try key.revealed.signature(
                for: SHA256.hash(data: Array(text.utf8)), padding: .insecurePKCS1v1_5)
            request.set("Authorization", "Bearer \(text).\(base64URL(signature.rawRepresentation))")
        } catch {
            throw DunlinError(
                .failure, "request", why: "it cannot be signed with the gateway's RSA key", remedy: "make another key")
        }
    }
}

extension JWTSigner {
    /// Why a text is no key that can be used. Says nothing of the text but the label of its block.
    enum KeyFault: Error, Equatable {
        case noPEM
        case otherBlock(String)
        case unreadable
        case short
    }

    /// The RSA private key in a PEM block, PKCS#1 or PKCS#8, of 2048 bits or more; text around the block does not matter.
    static func key(pem text: String) throws(KeyFault) -> _RSA.Signing.PrivateKey {
        guard let begin = text.firstRange(of: "-----BEGIN "),
            let dashes = text[begin.upperBound...].firstRange(of: "-----")
        else { throw .noPEM }
        let label = String(text[begin.upperBound..<dashes.lowerBound])
        guard label == "PRIVATE KEY" || label == "RSA PRIVATE KEY" else {
            let known = ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
            throw .otherBlock(known.contains(label) ? label : "another")
        }
        guard let end = text[dashes.upperBound...].firstRange(of: "-----END \(label)-----") else { throw .unreadable }
        do {
            return try _RSA.Signing.PrivateKey(pemRepresentation: String(text[begin.lowerBound..<end.upperBound]))
        } catch CryptoKitError.incorrectParameterSize {
            throw .short
        } catch {
            throw .unreadable
        }
    }
}
