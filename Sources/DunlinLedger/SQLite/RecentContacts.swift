// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Contacts in memory, found by any of their three keys. Holds one generation of what the `contact` table does not have
/// yet; the facts hold it durably.
struct RecentContacts {
    struct Entry {
        let attempt: Int64
        let contact: Contact
        var isRefunded = false
        /// The older entry with the same recipient, account and address; -1 for none.
        fileprivate var older: (recipient: Int32, account: Int32, address: Int32)

        /// Dimension 0 is the recipient, 1 the account, 2 the address.
        func key(_ dimension: Int) -> Int64 {
            switch dimension {
            case 0: contact.recipient.value
            case 1: contact.account.value
            default: contact.address.value
            }
        }
    }

    /// In order of attempts.
    private(set) var entries: [Entry] = []
    /// The latest entry that bears a key.
    private var latest: [Int64: Int32] = [:]

    init(capacity: Int) {
        entries.reserveCapacity(capacity)
        latest.reserveCapacity(capacity * 3)
    }

    mutating func append(_ contact: Contact, attempt: Int64) {
        let index = Int32(entries.count)
        func swapLatest(_ key: ContactKey) -> Int32 {
            let older = latest.updateValue(index, forKey: key.value) ?? -1
            // The same key in two dimensions of one contact (a hash collision): it must not point at itself.
            return older == index ? -1 : older
        }
        let older = (swapLatest(contact.recipient), swapLatest(contact.account), swapLatest(contact.address))
        entries.append(Entry(attempt: attempt, contact: contact, older: older))
    }

    /// Appends what bears `key` at or after `since` and is not refunded, oldest first.
    func collect(_ key: ContactKey, since: Instant, into result: inout [Contact]) {
        guard var index = latest[key.value] else { return }
        let first = result.count
        while index >= 0 {
            let entry = entries[Int(index)]
            if !entry.isRefunded, entry.contact.at >= since { result.append(entry.contact) }
            index =
                if entry.contact.recipient == key { entry.older.recipient } else if entry.contact.account == key {
                    entry.older.account
                } else { entry.older.address }
        }
        result[first...].reverse()
    }

    /// False if the attempt is not here.
    mutating func refund(_ attempt: Int64) -> Bool {
        guard let index = index(of: attempt) else { return false }
        entries[index].isRefunded = true
        return true
    }

    private func index(of attempt: Int64) -> Int? {
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].attempt < attempt { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].attempt == attempt ? low : nil
    }
}

/// A full generation on its way to the table, in slices: ranges of keys that lie on neighbouring pages.
struct SettlingContacts {
    typealias Row = (key: Int64, at: Int64, attempt: Int64)
    static let slices = 128

    var contacts: RecentContacts
    private(set) var nextSlice = 0
    /// The keys of the slices taken so far; 10.7 bits for each key in the end.
    private(set) var filter: BloomFilter
    /// `3 * entry + dimension`, by slices; slice i begins at `starts[i]`.
    private let order: [Int32]
    private let starts: [Int]

    init(_ contacts: RecentContacts) {
        self.contacts = contacts
        filter = BloomFilter(byteCount: max(64, contacts.entries.count * 4))
        // A counting sort: two passes, so that a full generation costs a few milliseconds at once and no more.
        var starts = [Int](repeating: 0, count: SettlingContacts.slices + 1)
        SettlingContacts.forEachKey(of: contacts) { slice, _ in starts[slice + 1] += 1 }
        for i in 0..<SettlingContacts.slices { starts[i + 1] += starts[i] }
        var order = [Int32](repeating: 0, count: contacts.entries.count * 3)
        var next = starts
        SettlingContacts.forEachKey(of: contacts) { slice, place in
            order[next[slice]] = place
            next[slice] += 1
        }
        (self.order, self.starts) = (order, starts)
    }

    private static func forEachKey(of contacts: RecentContacts, _ body: (_ slice: Int, _ place: Int32) -> Void) {
        for (i, entry) in contacts.entries.enumerated() {
            for dimension in 0..<3 {
                // The upper bits, with negative keys first, as the table has them.
                let slice = Int((entry.key(dimension) >> 57) + Int64(slices / 2))
                body(slice, Int32(3 * i + dimension))
            }
        }
    }

    /// The rows of the next slice, in the table's order, without what has been refunded.
    mutating func takeSlice() -> [Row] {
        defer { nextSlice += 1 }
        var rows: [Row] = []
        rows.reserveCapacity(starts[nextSlice + 1] - starts[nextSlice])
        for place in order[starts[nextSlice]..<starts[nextSlice + 1]] {
            let entry = contacts.entries[Int(place / 3)]
            guard !entry.isRefunded else { continue }
            let key = entry.key(Int(place % 3))
            filter.insert(key)
            rows.append((key, entry.contact.at.milliseconds, entry.attempt))
        }
        rows.sort { $0 < $1 }
        return rows
    }
}
