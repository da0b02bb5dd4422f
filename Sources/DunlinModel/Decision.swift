// SPDX-License-Identifier: Apache-2.0

/// The answer to "may this go out now?".
public enum Decision: Hashable, Sendable {
    case send(Channel, address: String)
    /// Not now; ask again at `until`, the first instant at which the answer can change.
    case `defer`(until: Instant, Reason)
    /// Never.
    case suppress(Reason)
    /// It cannot be decided; a person has to mend something first.
    case hold(Reason)
}
