// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// An epoll instance, level-triggered. Belongs to one thread; `close` ends it.
struct Epoll {
    private let descriptor: Int32
    /// Only ends the wait; it is read empty and not reported.
    private let wake: Int32?
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// Throws `DunlinError` where the system has no descriptors left.
    init(wake: Int32? = nil) throws {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw systemFailure("cannot make an epoll instance") }
        self.wake = wake
        events = .allocate(capacity: 256)
        if let wake { watch(wake, EPOLLIN.rawValue) }
    }

    func close() {
        Glibc.close(descriptor)
        events.deallocate()
    }

    /// Watches a descriptor for `mask` alone, whatever it was watched for before. False where the kernel refuses.
    @discardableResult
    func watch(_ fd: Int32, _ mask: UInt32) -> Bool {
        control(EPOLL_CTL_ADD, fd, mask) || (errno == EEXIST && control(EPOLL_CTL_MOD, fd, mask))
    }

    /// The descriptor may be closed already.
    func forget(_ fd: Int32) { _ = control(EPOLL_CTL_DEL, fd, 0) }

    /// Waits until something happens or `nanoseconds` (nil: no limit) are over, and calls `body` for each event until it
    /// returns false.
    func wait(nanoseconds: UInt64?, _ body: (_ fd: Int32, _ mask: UInt32) -> Bool) {
        let limit = nanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
        let count = Int(epoll_wait(descriptor, events.baseAddress, Int32(events.count), limit))
        for event in events.prefix(max(count, 0)) {
            if event.data.fd == wake {
                var value: eventfd_t = 0
                eventfd_read(event.data.fd, &value)
            } else if !body(event.data.fd, event.events) {
                return
            }
        }
    }

    private func control(_ operation: Int32, _ fd: Int32, _ mask: UInt32) -> Bool {
        var event = epoll_event(events: mask, data: epoll_data_t(fd: fd))
        return epoll_ctl(descriptor, operation, fd, &event) == 0
    }
}
