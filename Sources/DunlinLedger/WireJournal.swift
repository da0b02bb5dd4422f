// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc
import Synchronization

/// What is on the wire right now, in a memory-mapped file: it survives the process, though not the machine.
///
/// The engine gives every intent a slot; the transport marks the slot just before the request may leave and again when the
/// outcome is known; the engine clears it when the outcome is durable in the ledger. After a crash, what bears no mark was
/// never sent.
///
/// At start: `read` what the last process left, settle it in the ledger, and only then make a new journal: `init` replaces
/// the file. What is still in doubt then (a gateway has to be asked first) goes into `keeping`, or a second crash would
/// take it for never sent.
///
/// A mark is a store to memory: no system call, no lock. Threads may use the journal at once because a slot has one owner
/// at a time: the engine hands it to the transport with the transfer and gets it back with the result. Each mark is one
/// 64-bit word, published with release ordering behind what it covers, so a kill at any instruction leaves either the
/// mark before or the mark after it.
public final class WireJournal: Sendable {
    /// How many slots there are.
    public let slots: Int
    /// The first page of the mapping. Unchecked: see above.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer
    private let length: Int

    /// Makes a new journal in place of the file at `path`; slots 0 ..< `keeping.count` hold `keeping`, in order of attempts.
    public init(path: String, slots: Int, keeping: [Int64: Trace] = [:]) throws {
        precondition(slots >= keeping.count && slots > 0)
        guard let boot = WireJournal.bootID() else {
            throw WireJournal.failure(
                path, "/proc/sys/kernel/random/boot_id cannot be read", "mount /proc for the daemon")
        }
        self.slots = slots
        length = WireJournal.headerSize + slots * WireSlot.size
        // A file beside it, renamed when it is complete: a crash in between leaves the old one.
        let draft = path + ".new"
        base = try WireJournal.map(draft, length: length)
        for (slot, (attempt, trace)) in keeping.sorted(by: { $0.key < $1.key }).enumerated() {
            switch trace {
            case .onWire: markOnWire(slot: slot, attempt: attempt)
            case .answered(let outcome): markAnswered(slot: slot, attempt: attempt, outcome: outcome)
            }
        }
        WireJournal.writeHeader(base, slots: slots, boot: boot)
        guard rename(draft, path) == 0 else {
            throw WireJournal.failure(
                path, String(cString: strerror(errno)), "let the daemon write its state directory")
        }
    }

    /// A journal in memory alone, for a plan: nothing of it goes on a wire, so nothing has to survive.
    public init(inMemorySlots slots: Int) throws {
        precondition(slots > 0)
        self.slots = slots
        length = WireJournal.headerSize + slots * WireSlot.size
        let base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let base, base != MAP_FAILED else {
            throw WireJournal.failure("in memory", String(cString: strerror(errno)), "give the process more memory")
        }
        self.base = base
    }

    deinit { munmap(base, length) }

    /// The request of this attempt may leave from now on.
    public func markOnWire(slot: Int, attempt: Int64) { publish(slot, WireSlot.word(attempt, .onWire)) }

    /// The attempt has ended; what is told here need not be asked of the gateway after a crash.
    public func markAnswered(slot: Int, attempt: Int64, outcome: Outcome) {
        WireSlot.write(outcome, to: place(slot))
        publish(slot, WireSlot.word(attempt, .answered))
    }

    /// The outcome is durable elsewhere, or the attempt was withdrawn.
    public func clear(slot: Int) { publish(slot, 0) }

    private func place(_ slot: Int) -> UnsafeMutableRawPointer {
        precondition(slot >= 0 && slot < slots)
        return base + WireJournal.headerSize + slot * WireSlot.size
    }

    private func publish(_ slot: Int, _ word: UInt64) {
        place(slot).assumingMemoryBound(to: Atomic<UInt64>.self).pointee.store(word, ordering: .releasing)
    }
}

extension WireJournal {
    /// The last mark of an attempt.
    public enum Trace: Hashable, Sendable {
        case onWire
        case answered(Outcome)
    }

    /// What the last process left behind.
    public enum Leftover: Hashable, Sendable {
        /// There is no journal: no process ever sent anything, or somebody removed it. With flights in the ledger, all are
        /// in doubt.
        case none
        /// The machine ran on: an attempt without a trace was never on the wire.
        case sameBoot([Int64: Trace])
        /// The marks say nothing, and every attempt in flight is in doubt; `why` is for the operator.
        case otherBoot(why: String)
    }

    /// Reads what the last process left at `path`. Throws only where a file is there and cannot be opened.
    public static func read(path: String) throws -> Leftover {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .none }
            throw failure(path, String(cString: strerror(errno)), "let the daemon read its state directory")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: headerSize)
        guard pread(descriptor, &bytes, headerSize, 0) == headerSize, let header = Header(bytes) else {
            return .otherBoot(why: "the wire journal \(path) is damaged")
        }
        guard header.boot == bootID() else { return .otherBoot(why: "the machine was restarted") }
        var traces: [Int64: Trace] = [:]
        var slot = [UInt8](repeating: 0, count: WireSlot.size)
        for i in 0..<header.slots {
            guard pread(descriptor, &slot, WireSlot.size, off_t(headerSize + i * WireSlot.size)) == WireSlot.size else {
                return .otherBoot(why: "the wire journal \(path) is cut short")
            }
            if let (attempt, trace) = slot.withUnsafeBytes(WireSlot.read) { traces[attempt] = trace }
        }
        return .sameBoot(traces)
    }
}

// MARK: - The file

extension WireJournal {
    fileprivate static let headerSize = 128
    private static let magic: [UInt8] = Array("DUNLINWJ".utf8)
    private static let version: UInt32 = 1

    /// Magic, version, number of slots, boot id; the rest is zero.
    private struct Header {
        let slots: Int
        let boot: String

        /// Nil for what is no header of this version.
        init?(_ bytes: [UInt8]) {
            func number(_ at: Int) -> UInt32 {
                bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt32.self) }
            }
            guard bytes.starts(with: magic), number(8) == version, number(12) > 0 else { return nil }
            slots = Int(number(12))
            boot = String(decoding: bytes[16..<16 + 36], as: UTF8.self)
        }
    }

    fileprivate static func writeHeader(_ base: UnsafeMutableRawPointer, slots: Int, boot: String) {
        base.copyMemory(from: magic, byteCount: magic.count)
        base.storeBytes(of: version, toByteOffset: 8, as: UInt32.self)
        base.storeBytes(of: UInt32(slots), toByteOffset: 12, as: UInt32.self)
        UnsafeMutableRawBufferPointer(start: base + 16, count: 36).copyBytes(from: boot.utf8)
    }

    fileprivate static func map(_ path: String, length: Int) throws -> UnsafeMutableRawPointer {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw failure(path, String(cString: strerror(errno)), "let the daemon write its state directory")
        }
        defer { close(descriptor) }
        // Allocated now: a full disk must say so here, not kill the process at a mark.
        let code = posix_fallocate(descriptor, 0, off_t(length))
        guard code == 0 else { throw failure(path, String(cString: strerror(code)), "make room on its disk") }
        let base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let base, base != MAP_FAILED else {
            throw failure(path, String(cString: strerror(errno)), "put the ledger on a local file system")
        }
        return base
    }

    /// The kernel's name for this run of the machine, 36 characters; nil where /proc is hidden.
    static func bootID() -> String? {
        let descriptor = Glibc.open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 36)
        guard Glibc.read(descriptor, &bytes, 36) == 36 else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate static func failure(_ path: String, _ why: String, _ remedy: String) -> DunlinError {
        DunlinError(.failure, "cannot use the wire journal \(path)", why: why, remedy: remedy)
    }
}
