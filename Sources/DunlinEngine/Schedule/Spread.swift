// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Spreads what waits for the same instant over a stretch of time, so that an opening window is not met by everybody at
/// 08:00:00. The place in the stretch depends on the reminder alone: asking again does not push it back again.
public struct Spread: Sendable {
    public let width: Duration

    public init(width: Duration) { self.width = width }

    /// A time from `opening` on, within the width and always before `expires`.
    public func instant(from opening: Instant, for key: ReminderKey, expires: Instant) -> Instant {
        let room = min(width.milliseconds, (expires - opening).milliseconds - 1)
        guard room > 0 else { return opening }
        // Fibonacci hashing scatters neighbouring keys evenly.
        let hash = UInt64(bitPattern: key.value) &* 0x9e37_79b9_7f4a_7c15
        let offset = hash.multipliedFullWidth(by: UInt64(room)).high
        return opening + .milliseconds(Int64(offset))
    }
}
