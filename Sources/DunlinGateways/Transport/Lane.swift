// SPDX-License-Identifier: Apache-2.0

/// A gateway's own queue before the wire, so that a slow one holds up no other.
struct Lane {
    /// Transfers that may run at the same time.
    var concurrency: Int
    var running = 0
    var waiting = Queue<Transfer>()
    /// Handles that are set up for this gateway and free.
    var idle: [TransferSlot] = []

    init(concurrency: Int) { self.concurrency = concurrency }

    /// The next transfer that may start; it counts as running from now on.
    mutating func startNext() -> Transfer? {
        guard running < concurrency, let transfer = waiting.popFirst() else { return nil }
        running += 1
        return transfer
    }
}

/// First in, first out, in constant time: what came in last is turned over when what came in first has gone.
struct Queue<Element> {
    private var front: [Element] = []
    private var back: [Element] = []

    mutating func append(_ element: Element) { back.append(element) }

    mutating func popFirst() -> Element? {
        if front.isEmpty {
            swap(&front, &back)
            front.reverse()
        }
        return front.popLast()
    }

    /// Takes out all that `isMeant` is true of, in order.
    mutating func remove(where isMeant: (Element) -> Bool) -> [Element] {
        let all = front.reversed() + back
        (front, back) = ([], all.filter { !isMeant($0) })
        return all.filter(isMeant)
    }
}
