// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Huawei Cloud's WSSE UsernameToken.
struct WSSESigner: RequestSigner {
    enum Digest: String, CaseIterable, Sendable {
        /// Base64 of the hexadecimal digits, as the sample in Huawei's documentation decodes.
        case hex
        /// Base64 of the hash itself, as the formula beside that sample says.
        case raw
    }

    let username: String
    let password: Secret<String>
    let digest: Digest

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        let created = moment.at.wholeSeconds
        let hash = HashAlgorithm.sha256.hash(Array("\(moment.nonce)\(created)\(password.revealed)".utf8))
        let text = digest == .hex ? base64(hex(hash).utf8) : base64(hash)
        request.set("Authorization", #"WSSE realm="SDP",profile="UsernameToken",type="Appkey""#)
        request.set(
            "X-WSSE",
            #"UsernameToken Username="\#(username)",PasswordDigest="\#(text)",Nonce="\#(moment.nonce)",Created="\#(created)""#
        )
    }
}
