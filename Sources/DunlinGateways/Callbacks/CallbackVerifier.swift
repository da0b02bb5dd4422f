// SPDX-License-Identifier: Apache-2.0

/// Proves that a request comes from the gateway. Holds no connection, no clock and no memory.
protocol CallbackVerifier: Sendable {
    /// Total, and in constant time as far as secrets are compared.
    func proof(of request: CallbackRequest) -> CallbackProof
}

enum CallbackProof: Sendable {
    /// Genuine. `payload` is what to read instead of the body, where the proof carries it: the payload of a JWT, a message
    /// that came encrypted.
    case proven(payload: [UInt8]?)
    /// The gateway does not prove anything: only what bears a token of ours may be believed.
    case unproven
    case refused(CallbackFault)
    /// Nobody can tell before `CallbackRequest.certificates` has the one at this address, which only the gateway can serve.
    case needs(certificate: String)
    /// Genuine, and about the callbacks themselves.
    case notice(CallbackNotice)
}
