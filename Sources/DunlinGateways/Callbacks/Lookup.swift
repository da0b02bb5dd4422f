// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How a gateway can be asked what became of an attempt in doubt.
public protocol Lookup: Sendable {
    /// How long after the attempt it is worth asking first: what was taken a second ago may not be listed yet. Doubled with
    /// each time it is asked again.
    var after: Duration { get }
    /// How often it is asked before nobody can tell.
    var tries: Int { get }
    /// Whether an answer that does not list the attempt proves, at the last try, that the gateway never had it.
    var provesAbsence: Bool { get }
    /// The question. `message` is what the attempt said, as far as it can be written again.
    func request(for message: OutboundMessage, _ moment: Instant, try number: Int) throws -> HTTPRequest
    /// What an answer means: `accepted` where the attempt is listed, `refused` with `not-found` where a whole list lacks it,
    /// else `unknown`. It never says anything else of the message, and `not-found` only where that proves absence.
    func reader(for message: OutboundMessage) -> any OutcomeReader
}
