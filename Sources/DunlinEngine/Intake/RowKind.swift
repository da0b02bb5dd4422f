// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// A kind of rows that can be imported: its fields, how a row is checked, and where it is stored.
protocol RowKind<Item>: Sendable {
    associatedtype Field: RowField
    associatedtype Item: Sendable

    /// Checks a row completely and makes of it what the ledger stores, or says everything that is wrong with it.
    func item(from row: RawRow, at now: Instant) throws(RowErrors) -> Item

    /// One result an item, in order, durable on return.
    func store(_ items: [Item], in ledger: any Ledger, at now: Instant) throws -> [StoreResult]
}
