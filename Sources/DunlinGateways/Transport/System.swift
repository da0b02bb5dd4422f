// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// A clock that never jumps, in nanoseconds from an arbitrary start.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The error that `errno` tells of.
func systemFailure(_ what: String) -> DunlinError {
    DunlinError(
        .failure, what, why: String(cString: strerror(errno)),
        remedy: "raise the limits on open files and tasks (LimitNOFILE, TasksMax)")
}
