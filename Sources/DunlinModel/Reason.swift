// SPDX-License-Identifier: Apache-2.0

/// Why something was done or not done. Closed, and stable by name in ledger, metrics, console and docs.
public enum Reason: String, CaseIterable, Sendable {
    // Decisions that wait
    case quietHours = "quiet-hours"
    case holiday
    case frequencyCap = "frequency-cap"
    case coolingOff = "cooling-off"
    case oneChannel = "one-channel"
    /// The person has blocked these hours.
    case blockedHours = "blocked-hours"
    case retryBackoff = "retry-backoff"
    case gatewayUnavailable = "gateway-unavailable"
    /// Every gateway it could take has spent the money of the day.
    case budgetSpent = "budget-spent"
    // Decisions that hold
    case unknownZone = "unknown-zone"
    case noPolicy = "no-policy"
    /// Something that must come first has not happened: a notice, a consent.
    case precondition
    /// The message lacks what it must hold, or holds what it must not.
    case contentRule = "content-rule"
    case paused
    case noRoute = "no-route"
    case unknownMessage = "unknown-message"
    case renderingFailed = "rendering-failed"
    case clockUntrusted = "clock-untrusted"
    // Decisions that end it
    case forbidden
    case noAddress = "no-address"
    case expired
    /// It was never asked in time: the daemon stood still, was paused, or its gateway was slower than the queue.
    case backlog
    case outOfAttempts = "out-of-attempts"
    // Refusals by a gateway: the message was definitely not taken
    case recipientRefused = "recipient-refused"
    case optedOut = "opted-out"
    case configurationRefused = "configuration-refused"
    case throttled
    case transientFailure = "transient-failure"
    case notConnected = "not-connected"
    /// The gateway's access token had expired; another one is fetched.
    case accessExpired = "access-expired"
    /// Asked for an attempt in doubt, the gateway does not have it.
    case notFound = "not-found"
    // How a doubt was settled
    /// The gateway was asked, and has it.
    case lookedUp = "looked-up"
    /// The same request under the same name, which the gateway took for the same.
    case repeated
    // After the gateway took it
    /// It said that the message could not be delivered, or said nothing for as long as we wait.
    case notDelivered = "not-delivered"
    // Doubts: the gateway may have it
    case timeout
    case connectionLost = "connection-lost"
    case ambiguousAnswer = "ambiguous-answer"
    case crashed
    // Withdrawn before the wire
    case windowClosed = "window-closed"
    case shuttingDown = "shutting-down"
    case interrupted
}
