// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How a gateway can be asked what became of an attempt in doubt.
///
/// It is asked at most `tries` times, ``wait(before:)`` apart, until an answer is `accepted` or `refused`. An attempt that
/// every answer left `unknown` stays so.
public protocol Lookup: Sendable {
    /// How long after the attempt it is worth asking first: what was taken a second ago may not be listed yet.
    var after: Duration { get }
    /// How often it is asked before nobody can tell.
    var tries: Int { get }
    /// The question of try `number`, 1 to `tries`; `now` is for its signature. `message` is what the attempt said, as far
    /// as it can be written again. Throws `DunlinError` where the question cannot be written.
    func request(for message: OutboundMessage, _ now: Instant, try number: Int) throws -> HTTPRequest
    /// Reads the answer to that question: `accepted` where the gateway has the attempt; `refused` with `not-found`, at the
    /// last try alone, where it proves that the attempt never arrived; else `unknown`. Never says anything else of the
    /// message. Throws like `request`.
    func reader(for message: OutboundMessage, try number: Int) throws -> any OutcomeReader
}

extension Lookup {
    /// How long to wait before try `number`, 1 to `tries`: since the attempt, or since the try before. Doubled each time.
    public func wait(before number: Int) -> Duration { after * (1 << min(max(number - 1, 0), 16)) }
}
