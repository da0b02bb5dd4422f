// SPDX-License-Identifier: Apache-2.0

/// Twilio's `X-Twilio-Signature`: HMAC-SHA1 over the URL and the sorted fields of a form; of any other body the URL carries
/// the hash, `bodySHA256` (https://www.twilio.com/docs/usage/security; twilio-python 9.13.0, RequestValidator).
struct TwilioVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard let given = request.header("x-twilio-signature"), let hash = hash(of: request) else {
            return .refused(.forged)
        }
        var fields: [UInt8] = []
        if request.isForm {
            var last: SignedField?
            for field in CallbackForm.fields(request.body).sortedByBytes {
                // A value that comes twice is signed once.
                if let last, last.name == field.name, last.value == field.value { continue }
                fields += field.name
                fields += field.value
                last = field
            }
        } else {
            // Claimed by the URL, it has to hold: a body that was taken away is a change too.
            let claimed = CallbackForm.query(of: request.url).first { $0.name == "bodySHA256" }?.value
            let hash = hex(HashAlgorithm.sha256.hash(request.body))
            guard claimed.map({ equalInConstantTime($0.utf8, hash.utf8) }) ?? request.body.isEmpty else {
                return .refused(.forged)
            }
        }
        // Twilio sometimes signs the port and sometimes does not.
        let holds = [request.url, otherPort(request)].contains {
            equalInConstantTime(base64(hash.hmac(Array($0.utf8) + fields, key: key.revealed)).utf8, given.utf8)
        }
        return holds ? .proven(payload: nil) : .refused(.forged)
    }

    /// SHA-256 where a newer kind of key is used; nil for what Twilio may invent later.
    private func hash(of request: CallbackRequest) -> HashAlgorithm? {
        for part in (request.header("x-twilio-webhooks-signature-settings") ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed == "algorithm" else { continue }
            switch pair[1].trimmed {
            case "HMAC_SHA1": return .sha1
            case "HMAC_SHA256": return .sha256
            default: return nil
            }
        }
        return .sha1
    }

    /// The URL without its port, or with the usual one.
    private func otherPort(_ request: CallbackRequest) -> String {
        let origin = request.urlParts.origin
        let rest = request.url[origin.endIndex...]
        let authority = origin.firstRange(of: "://")?.upperBound ?? origin.startIndex
        if let colon = origin[authority...].lastIndex(of: ":"), !origin[colon...].contains("]") {
            return String(origin[..<colon] + rest)
        }
        return String(origin) + (origin.hasPrefix("https:") ? ":443" : ":80") + rest
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " }
        return start.lastIndex { $0 != " " }.map { start[...$0] } ?? ""
    }
}
