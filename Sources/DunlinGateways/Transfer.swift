// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One request of one attempt: it goes on the wire at most once.
public struct Transfer: Sendable {
    /// The number of the attempt in the ledger.
    public var attempt: Int64
    /// Which of the transport's lanes it takes: one a gateway, each with its own concurrency.
    public var lane: Int
    /// The attempt's place in the wire journal; nil for what sends no message: a look-up, a request for an access token.
    public var slot: Int?
    public var request: WireRequest
    public var reader: any OutcomeReader
    /// From connecting to the last byte of the answer.
    public var timeout: Duration
    /// From this instant the message must not go on the wire any more: its window closes or it expires.
    public var notAfter: Instant
    /// What a pause can name.
    public var scope: SendScope

    public init(
        attempt: Int64, lane: Int, slot: Int?, request: WireRequest, reader: any OutcomeReader, timeout: Duration,
        notAfter: Instant, scope: SendScope
    ) {
        self.attempt = attempt
        self.lane = lane
        self.slot = slot
        self.request = request
        self.reader = reader
        self.timeout = timeout
        self.notAfter = notAfter
        self.scope = scope
    }
}

/// The last gate before the wire, and the first hand behind it. Called on the transport's thread: must not block.
public protocol WireGuard: AnyObject, Sendable {
    /// Asked when the connection stands and the next byte would be the request. Nil lets it go, and then the guard has
    /// already left its mark that this attempt is on the wire; a reason ends it as `withdrawn`.
    func refusal(for transfer: Transfer) -> Reason?
    /// Told once for every submitted transfer, several at a time.
    func finished(_ results: [(transfer: Transfer, outcome: Outcome)])
}
