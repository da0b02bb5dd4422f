// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTemplates
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
/// Reading and checking runs on the caller's thread while up to two batches before are being stored on another. A batch
/// is durable before it is counted.
public final class Importer {
    /// Rows a group commit: large enough that the indexes' pages are written once for many rows, small enough that a
    /// daemon beside us waits less than a tenth of a second.
    static let batchSize = 10_000

    private enum Kind {
        case reminders(ReminderRows)
        case events(EventRows)
    }

    private let ledger: any Ledger
    private let kind: Kind
    private let clock: any Clock

    /// Imports reminders of these messages.
    public init(ledger: any Ledger, messages: TemplateLibrary, zones: ZoneDatabase, clock: any Clock) {
        self.ledger = ledger
        kind = .reminders(ReminderRows(messages: messages, zones: zones))
        self.clock = clock
    }

    /// Imports events.
    public init(eventsInto ledger: any Ledger, clock: any Clock) {
        self.ledger = ledger
        kind = .events(EventRows())
        self.clock = clock
    }

    /// Imports everything that `descriptor` gives. `rejects` takes each rejected row, `progress` hears after each batch.
    public func run(
        descriptor: Int32, format: RowFormat, rejects: RejectsFile, progress: (ImportTally) -> Void
    ) throws -> ImportTally {
        switch kind {
        case .reminders(let rows): try run(rows, descriptor, format, rejects, progress)
        case .events(let rows): try run(rows, descriptor, format, rejects, progress)
        }
    }

    private func run<Rows: RowKind>(
        _ kind: Rows, _ descriptor: Int32, _ format: RowFormat, _ rejects: RejectsFile,
        _ progress: (ImportTally) -> Void
    ) throws -> ImportTally {
        var reader = RowReader(descriptor: descriptor, format: format, schema: Rows.Field.schema)
        var tally = ImportTally()
        let storing = StoringQueue(kind, ledger)
        while true {
            let batch = try check(reader.next(Importer.batchSize), kind)
            if let stored = try storing.finish(from: 2) { try count(stored, &tally, rejects) }
            progress(tally)
            guard !batch.isEmpty else { break }
            rejects.header = reader.headerText
            storing.start(batch, at: clock.now)
        }
        while let stored = try storing.finish(from: 1) { try count(stored, &tally, rejects) }
        progress(tally)
        return tally
    }

    private func check<Rows: RowKind>(_ rows: [ReadRow], _ kind: Rows) -> CheckedBatch<Rows.Item> {
        let now = clock.now
        var batch = CheckedBatch<Rows.Item>()
        batch.rows.reserveCapacity(rows.count)
        for read in rows {
            do throws(RowErrors) {
                let raw = try read.row.get()
                batch.items.append(try kind.item(from: raw, at: now))
                batch.rows.append(CheckedRow(line: read.line, raw: read.raw))
            } catch {
                batch.rows.append(CheckedRow(line: read.line, raw: read.raw, errors: error.errors))
            }
        }
        return batch
    }

    private func count(_ stored: StoredBatch<some Sendable>, _ tally: inout ImportTally, _ rejects: RejectsFile) throws
    {
        var results = stored.results.makeIterator()
        for row in stored.batch.rows {
            tally.read += 1
            if !row.errors.isEmpty {
                tally.rejected += 1
                try rejects.add(row, row.errors)
                continue
            }
            switch results.next()! {
            case .imported: tally.imported += 1
            case .duplicate: tally.duplicate += 1
            case .conflict:
                tally.rejected += 1
                let expected = "a new id: this one is in the ledger with other content"
                try rejects.add(row, [RowError("id", expected: expected)])
            }
        }
    }
}

/// Rows in their order; those without errors have their item in `items`, in the same order.
struct CheckedBatch<Item: Sendable>: Sendable {
    var rows: [CheckedRow] = []
    var items: [Item] = []
    var isEmpty: Bool { rows.isEmpty }
}

/// A row after its check, as the file for rejected rows may still need it.
struct CheckedRow: Sendable {
    var line: Int
    var raw: [UInt8]
    var errors: [RowError] = []
}

struct StoredBatch<Item: Sendable>: Sendable {
    var batch: CheckedBatch<Item>
    var results: [StoreResult]
}

/// Stores batches in order on a thread of its own.
private final class StoringQueue<Item: Sendable>: Sendable {
    private let queue = DispatchQueue(label: "store")
    private let finished = Mutex<[Result<StoredBatch<Item>, any Error>]>([])
    private let done = DispatchSemaphore(value: 0)
    private let store: @Sendable ([Item], Instant) throws -> [StoreResult]
    private let underWay = Atomic(0)

    init(_ kind: some RowKind<Item>, _ ledger: any Ledger) {
        // Only this queue uses the ledger until the import has ended.
        nonisolated(unsafe) let ledger = ledger
        store = { try kind.store($0, in: ledger, at: $1) }
    }

    func start(_ batch: CheckedBatch<Item>, at now: Instant) {
        underWay.add(1, ordering: .relaxed)
        queue.async { [self] in
            let result = Result { StoredBatch(batch: batch, results: try store(batch.items, now)) }
            finished.withLock { $0.append(result) }
            done.signal()
        }
    }

    /// Waits for the oldest batch; nil while fewer than `depth` are under way.
    func finish(from depth: Int) throws -> StoredBatch<Item>? {
        guard underWay.load(ordering: .relaxed) >= depth else { return nil }
        done.wait()
        underWay.subtract(1, ordering: .relaxed)
        return try finished.withLock { $0.removeFirst() }.get()
    }
}
