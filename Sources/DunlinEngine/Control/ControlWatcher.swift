// SPDX-License-Identifier: Apache-2.0

import CLinux
import Foundation

/// Tells when the control file may have changed: inotify on its folder, so that a file replaced by rename is seen too,
/// and a look every half second as the net under it (network file systems send no events).
public final class ControlWatcher: Sendable {
    private let stopSignal: Int32
    private let finished = DispatchSemaphore(value: 0)

    /// Calls `changed` on a thread of its own whenever the file's content differs from the last time, starting now.
    public init(file: ControlFile, changed: @escaping @Sendable (Control) -> Void) {
        stopSignal = eventfd(0, Int32(EFD_CLOEXEC))
        let stopSignal = stopSignal
        let finished = finished
        let thread = Thread {
            ControlWatcher.watch(file, stopSignal: stopSignal, changed: changed)
            finished.signal()
        }
        thread.name = "control"
        thread.start()
    }

    /// Ends the thread and waits for it.
    public func stop() {
        var one: UInt64 = 1
        _ = write(stopSignal, &one, 8)
        finished.wait()
        close(stopSignal)
    }

    private static func watch(_ file: ControlFile, stopSignal: Int32, changed: (Control) -> Void) {
        let inotify = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        defer { if inotify >= 0 { close(inotify) } }
        let folder = (file.path as NSString).deletingLastPathComponent
        let events = UInt32(
            IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ATTRIB)
        if inotify >= 0 { _ = inotify_add_watch(inotify, folder.isEmpty ? "." : folder, events) }

        var last: Control?
        while true {
            let control = file.read()
            if control != last {
                last = control
                changed(control)
            }
            var waits = [
                pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
                pollfd(fd: inotify, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&waits, 2, 500)
            if waits[0].revents != 0 { return }
            if waits[1].revents != 0 {
                var scratch = [UInt8](repeating: 0, count: 4096)
                while read(inotify, &scratch, scratch.count) > 0 {}
            }
        }
    }
}
