// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How long working state is kept of what can no longer be heard of. Facts and events are the record and stay.
public struct Retention: Hashable, Sendable {
    /// After its outcome an attempt may hear something for so long. Longer than `fallback` may wait (30 days), a carrier keeps a message
    /// (its validity, days as a rule), a mail server tries (4 to 5 days, RFC 5321, 4.5.4.1), and a gateway repeats its callbacks.
    public var attempts = Duration.days(45)
    /// Who wrote what back: the proof of a refusal or a consent, for as long as a debt can be sued for in many places (England: six years,
    /// Limitation Act 1980, section 5; from memory).
    public var replies = Duration.days(6 * 365)

    public init() {}

    /// How many receipts of attempts that nobody knows are kept; the newest stay. A gateway's account may be shared with others.
    public static let strayLimit: Int64 = 100_000
    /// Rows of each kind that one step looks at.
    static let step = 256
}
