// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTime
import Foundation
import Synchronization

/// How many rows went where: `imported + duplicate + rejected = read`, always.
public struct ImportTally: Hashable, Sendable {
    public var read = 0
    public var imported = 0
    public var duplicate = 0
    public var rejected = 0

    public init(read: Int = 0, imported: Int = 0, duplicate: Int = 0, rejected: Int = 0) {
        (self.read, self.imported, self.duplicate, self.rejected) = (read, imported, duplicate, rejected)
    }
}

/// Brings rows into the ledger: read, check, store, one batch after the other.
///
/// Reading and checking runs on the caller's thread while the batch before is being stored on another. A batch is
/// durable before it is counted.
public final class Importer {
    /// Rows a group commit: large enough that the indexes' pages are written once for many rows, small enough that a
    /// daemon beside us waits less than a tenth of a second.
    static let batchSize = 8000

    private let ledger: any Ledger
    private let checker: RowChecker
    private let clock: any Clock

    public init(ledger: any Ledger, messages: Set<String>, zones: ZoneDatabase, clock: any Clock) {
        self.ledger = ledger
        checker = RowChecker(messages: messages, zones: zones)
        self.clock = clock
    }

    /// Imports everything that `descriptor` gives. `rejects` takes each rejected row, `progress` hears after each batch.
    public func run(
        descriptor: Int32, format: RowFormat, rejects: RejectsFile, progress: (ImportTally) -> Void
    ) throws -> ImportTally {
        var reader = RowReader(descriptor: descriptor, format: format)
        var tally = ImportTally()
        let storing = StoringQueue(ledger: ledger)
        while true {
            let batch = try check(reader.next(Importer.batchSize))
            if let stored = try storing.finish() { try count(stored, &tally, rejects) }
            progress(tally)
            guard !batch.isEmpty else { break }
            rejects.header = reader.headerText
            storing.start(batch, at: clock.now)
        }
        if let stored = try storing.finish() { try count(stored, &tally, rejects) }
        progress(tally)
        return tally
    }

    private func check(_ rows: [ReadRow]) -> CheckedBatch {
        var batch = CheckedBatch()
        batch.rows.reserveCapacity(rows.count)
        for read in rows {
            do throws(RowErrors) {
                let raw = try read.row.get()
                batch.reminders.append(try checker.reminder(from: raw))
                batch.rows.append((read, nil))
            } catch {
                batch.rows.append((read, error.errors))
            }
        }
        return batch
    }

    private func count(_ stored: StoredBatch, _ tally: inout ImportTally, _ rejects: RejectsFile) throws {
        var results = stored.results.makeIterator()
        for (read, errors) in stored.batch.rows {
            tally.read += 1
            if let errors {
                tally.rejected += 1
                try rejects.add(read, errors)
                continue
            }
            switch results.next()! {
            case .imported: tally.imported += 1
            case .duplicate: tally.duplicate += 1
            case .conflict:
                tally.rejected += 1
                let expected = "a new id: this one is in the ledger with other content"
                try rejects.add(read, [RowError("id", expected: expected)])
            }
        }
    }
}

/// Rows in their order; those without errors have their reminder in `reminders`, in the same order.
struct CheckedBatch: @unchecked Sendable {  // handed over whole, never shared
    var rows: [(ReadRow, [RowError]?)] = []
    var reminders: [Reminder] = []
    var isEmpty: Bool { rows.isEmpty }
}

struct StoredBatch {
    var batch: CheckedBatch
    var results: [StoreResult]
}

/// Stores one batch at a time on a thread of its own.
private final class StoringQueue: @unchecked Sendable {  // `outcome` is written before `done` is signalled, read after
    private let ledger: any Ledger
    private let queue = DispatchQueue(label: "store")
    private let done = DispatchSemaphore(value: 0)
    private var outcome: Result<StoredBatch, any Error>?
    private var isRunning = false

    init(ledger: any Ledger) { self.ledger = ledger }

    func start(_ batch: CheckedBatch, at now: Instant) {
        isRunning = true
        queue.async { [self] in
            outcome = Result { StoredBatch(batch: batch, results: try ledger.store(batch.reminders, at: now)) }
            done.signal()
        }
    }

    /// Waits for the batch that was started last; nil if there is none.
    func finish() throws -> StoredBatch? {
        guard isRunning else { return nil }
        done.wait()
        isRunning = false
        return try outcome!.get()
    }
}
