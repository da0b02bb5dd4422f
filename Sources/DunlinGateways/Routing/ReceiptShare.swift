// SPDX-License-Identifier: Apache-2.0

/// Which share of receipts says "delivered", by the gateway's own usual one: a portfolio with many dead numbers is no fault
/// of the gateway.
struct ReceiptShare: Sendable {
    /// Receipts that make a judgement.
    static let sample = 30
    /// Receipts after which the usual share is known.
    static let fewest = 200

    private var usual = 0.0
    private var known = 0
    private(set) var newest: (total: Int, delivered: Int) = (0, 0)

    /// Counts one. True: far fewer are delivered than usually, and the count begins anew.
    mutating func count(_ isDelivered: Bool) -> Bool {
        newest.total += 1
        if isDelivered { newest.delivered += 1 }
        guard newest.total >= ReceiptShare.sample else { return false }
        let share = Double(newest.delivered) / Double(newest.total)
        defer { newest = (0, 0) }
        last = share
        if known >= ReceiptShare.fewest, share < usual / 2 {
            // What stays so for some samples is how it is now.
            usual += (share - usual) / 5
            return true
        }
        known += newest.total
        usual += (share - usual) * Double(ReceiptShare.sample) / Double(min(known, 1000))
        return false
    }

    /// Of the last full sample; nil before the first.
    private(set) var last: Double?
}
