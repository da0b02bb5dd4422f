// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// An exclusive lock on a small file (flock(2)); the kernel gives it back when the process ends, however it ends.
final class FileLock {
    let path: String
    private let descriptor: Int32

    /// Opens or creates the file; locks nothing yet.
    init(path: String) throws {
        self.path = path
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DunlinError(
                .failure, "cannot open \(path)", why: String(cString: strerror(errno)),
                remedy: "make its directory, or let the user of the daemon write there")
        }
    }

    deinit { close(descriptor) }

    /// False if somebody else has it.
    func tryLock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Waits its turn.
    func lock() {
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    func unlock() { flock(descriptor, LOCK_UN) }

    /// Leaves the number of this process for whoever finds the lock taken.
    func writeProcessID() {
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    /// The number that the holder left, if it did.
    func holder() -> Int? {
        var buffer = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return Int(String(decoding: buffer.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
