// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// A clock that a plan sets to whatever comes next.
final class VirtualClock: Clock {
    private let instant: Mutex<Instant>

    init(_ start: Instant) { instant = Mutex(start) }

    var now: Instant { instant.withLock { $0 } }
    func set(_ new: Instant) { instant.withLock { $0 = new } }
}
