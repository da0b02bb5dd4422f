// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How far the time in a genuine callback may be from the time it came, either way.
struct ReplayWindow: Sendable {
    /// What Standard Webhooks, Telnyx and Mailgun name; the others name none.
    static let usual = ReplayWindow(tolerance: .minutes(5))

    var tolerance: Duration

    /// Proven, unless `timestamp`, in seconds since 1970, is out of the window. Asked only when the signature holds.
    func proof(of payload: [UInt8]? = nil, from timestamp: String, at now: Instant) -> CallbackProof {
        guard timestamp.utf8.count <= 11, timestamp.utf8.allSatisfy(\.isASCIIDigit), let seconds = Int64(timestamp)
        else { return .refused(.malformed) }
        return contains(Instant(seconds: seconds), now) ? .proven(payload: payload) : .refused(.stale)
    }

    func contains(_ instant: Instant, _ now: Instant) -> Bool {
        let age = now - instant
        return age <= tolerance && age >= .zero - tolerance
    }
}
