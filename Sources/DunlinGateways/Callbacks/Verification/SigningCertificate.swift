// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import DunlinModel
import SwiftASN1

/// An X.509 certificate (RFC 5280) with the RSA key that a gateway signs its callbacks with.
///
/// Key and dates are all that is read of it. That the certificate is the gateway's own rests on where it was fetched: from an address
/// that only the gateway can serve, over TLS that was verified. AWS' own validators rely on the same.
public struct SigningCertificate: Sendable {
    private let key: _RSA.Signing.PublicKey
    private let notBefore: Instant
    private let notAfter: Instant

    /// Nil unless `pem` is one PEM block (RFC 7468) with a certificate of an RSA key of 2048 bits or more.
    public init?(pem: [UInt8]) {
        guard let text = String(validating: pem, as: UTF8.self), let document = try? PEMDocument(pemString: text),
            document.discriminator == "CERTIFICATE",
            let fields = try? SigningCertificate.fields(of: DER.parse(document.derBytes)),
            let key = try? _RSA.Signing.PublicKey(derRepresentation: Array(fields.key.encodedBytes)),
            let notBefore = SigningCertificate.instant(fields.notBefore),
            let notAfter = SigningCertificate.instant(fields.notAfter)
        else { return nil }
        (self.key, self.notBefore, self.notAfter) = (key, notBefore, notAfter)
    }

    public func isValid(at now: Instant) -> Bool { notBefore <= now && now <= notAfter }

    /// Whether `signature` over `text` is by this key: PKCS #1 v1.5 (RFC 8017, section 8.2), which the library calls insecure because
    /// of its use for encryption.
    func holds(_ signature: [UInt8], over text: [UInt8], isSHA1: Bool) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return isSHA1
            ? key.isValidSignature(signature, for: Insecure.SHA1.hash(data: text), padding: .insecurePKCS1v1_5)
            : key.isValidSignature(signature, for: SHA256.hash(data: text), padding: .insecurePKCS1v1_5)
    }

    // MARK: RFC 5280, section 4.1

    private static func fields(
        of certificate: ASN1Node
    ) throws -> (notBefore: ASN1Node, notAfter: ASN1Node, key: ASN1Node) {
        var parts = try children(of: certificate)
        var signed = try children(of: parts.next())
        _ = try DER.optionalExplicitlyTagged(&signed, tagNumber: 0, tagClass: .contextSpecific) { _ in }  // version
        _ = (signed.next(), signed.next(), signed.next())  // serialNumber, signature, issuer
        var validity = try children(of: signed.next())
        _ = signed.next()  // subject
        guard let notBefore = validity.next(), let notAfter = validity.next(), let key = signed.next() else {
            throw Malformed()
        }
        return (notBefore, notAfter, key)
    }

    private struct Malformed: Error {}

    private static func children(of node: ASN1Node?) throws -> ASN1NodeCollection.Iterator {
        guard let node, node.identifier == .sequence, case .constructed(let nodes) = node.content else {
            throw Malformed()
        }
        return nodes.makeIterator()
    }

    private static func instant(_ node: ASN1Node) -> Instant? {
        let parts: [Int]
        if let time = try? UTCTime(derEncoded: node) {
            parts = [time.year, time.month, time.day, time.hours, time.minutes, time.seconds]
        } else if let time = try? GeneralizedTime(derEncoded: node) {
            parts = [time.year, time.month, time.day, time.hours, time.minutes, time.seconds]
        } else {
            return nil
        }
        let text = parts.map { $0 < 10 ? "0\($0)" : String($0) }
        return Instant(rfc3339: "\(text[0])-\(text[1])-\(text[2])T\(text[3]):\(text[4]):\(text[5])Z")
    }
}

/// Its bytes would say nothing.
extension SigningCertificate: CustomStringConvertible, CustomReflectable {
    public var description: String { "a certificate, valid until \(notAfter)" }
    public var customMirror: Mirror { Mirror(self, children: ["certificate": description]) }
}
