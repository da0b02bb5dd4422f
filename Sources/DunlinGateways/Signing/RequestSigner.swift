// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Adds the proof of who sends to a request that is complete but for it.
protocol RequestSigner: Sendable {
    /// Throws `DunlinError` where the request cannot be signed; no secret is part of it.
    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws
}

/// What a signature takes from the moment it is made in: no clock and no chance of its own, so that tests can repeat it.
struct SigningMoment: Sendable {
    var at: Instant
    /// Never used twice: an attempt's token, with the number of the try behind it where a request goes out again.
    var nonce: String
}
