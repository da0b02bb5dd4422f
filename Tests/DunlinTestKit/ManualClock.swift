// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// A clock that moves only when a test says so.
public final class ManualClock: Clock {
    private let instant: Mutex<Instant>

    public init(_ start: Instant) { instant = Mutex(start) }

    /// Starts at an RFC 3339 time.
    public convenience init(_ start: String) { self.init(Instant(rfc3339: start)!) }

    public var now: Instant { instant.withLock { $0 } }
    public func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
    public func set(_ new: Instant) { instant.withLock { $0 = new } }
}
