// SPDX-License-Identifier: Apache-2.0

/// How an attempt ended. There are three outcomes of a request and one of an attempt that never became a request.
public enum Outcome: Hashable, Sendable {
    /// The gateway took the message; its own id for it, if it gave one.
    case accepted(id: String?)
    /// The gateway definitely did not take it.
    case refused(Refusal)
    /// The gateway may or may not have it.
    case unknown(Reason, detail: String)
    /// Stopped before the first byte reached the wire.
    case withdrawn(Reason)
}

/// A definite no: nothing was sent to the person.
public struct Refusal: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// This address will never work on this channel: try the next channel.
        case recipient
        /// Our own set-up is at fault (credentials, sender, template): stop this gateway, keep the message.
        case configuration
        /// Too fast: wait, then try again.
        case throttled
        /// A passing fault, known not to have sent: try the next gateway or again later.
        case transient
    }

    public var kind: Kind
    public var reason: Reason
    /// What the gateway said, shortened and free of personal data: a status code, an error code.
    public var detail: String
    /// How long the gateway asks us to wait.
    public var retryAfter: Duration?
    /// Of `configuration`: perhaps only this message is at fault, such as a number that the gateway does not take, and the next
    /// one will do. Says how soon the gateway is left alone, and nothing else.
    public var mayBeTheMessage = false

    public init(_ kind: Kind, _ reason: Reason, detail: String, retryAfter: Duration? = nil) {
        self.kind = kind
        self.reason = reason
        self.detail = detail
        self.retryAfter = retryAfter
    }
}

/// What becomes of a message whose outcome nobody can tell.
public enum UnknownPolicy: String, CaseIterable, Sendable {
    /// It counts as sent: against the caps, and never repeated.
    case assumeSent = "assume-sent"
    /// It goes out again, at the risk of a second copy.
    case resend
}
