// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The waiting reminders of a plan, in memory: a million take about 60 MB, so there is no object and no text per reminder.
///
/// Reminders are numbered in the order of their keys. Each lane has a heap of (due, number); an entry that was taken by
/// expiry stays in the heap until it comes up, where it no longer agrees with its reminder.
struct PlanQueue {
    private struct Entry {
        var due: Instant
        let expires: Instant
        var lane: Channel
        var state: State
        var reason: Reason?
        var attempts: UInt16
        var spent: UInt8
        var isWaiting = true
    }

    /// The key of each number, ascending.
    private(set) var keys: [Int64] = []
    private var entries: [Entry] = []
    private var lanes = Channel.allCases.map { _ in DueHeap() }
    /// Numbers in the order of expiry, made when it is first asked for.
    private var byExpiry: [UInt32]?
    /// How far into `byExpiry` each lane has been looked through, up to which instant, and what came behind that since.
    private var swept = Channel.allCases.map { _ in Sweep() }

    private struct Sweep {
        var position = 0
        var upTo = Instant(milliseconds: .min)
        var late: [UInt32] = []
    }

    var count: Int { keys.count }

    /// Takes over a ledger's queue, in any order.
    init(_ waiting: consuming [QueuedReminder] = []) {
        keys.reserveCapacity(waiting.count)
        entries.reserveCapacity(waiting.count)
        waiting.sort { $0.key < $1.key }
        for queued in waiting { append(queued) }
    }

    /// Adds a reminder whose key is greater than all others.
    mutating func append(_ queued: QueuedReminder) {
        precondition(keys.last.map { $0 < queued.key.value } ?? true)
        let number = UInt32(keys.count)
        keys.append(queued.key.value)
        entries.append(
            Entry(
                due: queued.due, expires: queued.expires, lane: queued.lane, state: queued.state, reason: queued.reason,
                attempts: UInt16(clamping: queued.attempts), spent: ChannelBits(queued.spent).bits))
        lanes[queued.lane.number].push(DueHeap.Item(due: queued.due, number: number))
        byExpiry = nil
        for lane in swept.indices { (swept[lane].position, swept[lane].late) = (0, []) }
    }

    /// The number of a key; nil if it is not part of the plan.
    func number(of key: ReminderKey) -> Int? {
        // Keys without a gap, as one import leaves them, need no search.
        if let first = keys.first, case let guess = key.value &- first, keys.indices.contains(Int(guess)),
            keys[Int(guess)] == key.value
        {
            return Int(guess)
        }
        var low = 0, high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key.value { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key.value ? low : nil
    }

    /// Where a reminder stands as far as the queue knows; for what waits when a plan begins.
    func entry(_ number: Int) -> QueuedReminder {
        let entry = entries[number]
        return QueuedReminder(
            key: ReminderKey(value: keys[number]), lane: entry.lane, due: entry.due, expires: entry.expires,
            state: entry.state, reason: entry.reason, attempts: Int(entry.attempts),
            spent: ChannelBits(bits: entry.spent).channels)
    }

    func state(_ number: Int) -> State { entries[number].state }

    mutating func nextDue(in lane: Channel) -> Instant? {
        while let first = lanes[lane.number].first {
            if isPlace(first, lane) { return first.due }
            lanes[lane.number].removeFirst()
        }
        return nil
    }

    private func isPlace(_ item: DueHeap.Item, _ lane: Channel) -> Bool {
        let entry = entries[Int(item.number)]
        return entry.isWaiting && entry.due == item.due && entry.lane == lane
    }

    mutating func takeDue(in lane: Channel, upTo now: Instant, limit: Int) -> [QueuedReminder] {
        var taken: [QueuedReminder] = []
        while taken.count < limit, let due = nextDue(in: lane), due <= now {
            taken.append(take(Int(lanes[lane.number].removeFirst().number)))
        }
        return taken
    }

    private mutating func take(_ number: Int) -> QueuedReminder {
        entries[number].isWaiting = false
        return entry(number)
    }

    mutating func takeExpired(in lane: Channel, upTo now: Instant, limit: Int) -> [QueuedReminder] {
        let order =
            byExpiry ?? entries.indices.map(UInt32.init).sorted { entries[Int($0)].expires < entries[Int($1)].expires }
        byExpiry = order
        var sweep = swept[lane.number]
        var taken: [QueuedReminder] = []
        func isWanted(_ number: UInt32) -> Bool {
            let entry = entries[Int(number)]
            return entry.isWaiting && entry.lane == lane && entry.expires <= now
        }
        while taken.count < limit, let number = sweep.late.popLast() {
            if isWanted(number) { taken.append(take(Int(number))) }
        }
        while taken.count < limit, sweep.position < order.count, entries[Int(order[sweep.position])].expires <= now {
            let number = order[sweep.position]
            if isWanted(number) { taken.append(take(Int(number))) }
            sweep.position += 1
        }
        sweep.upTo = max(sweep.upTo, now)
        swept[lane.number] = sweep
        return taken
    }

    /// Puts a reminder back.
    mutating func enqueue(_ queued: QueuedReminder) {
        guard let number = number(of: queued.key) else { preconditionFailure("not a reminder of this plan") }
        entries[number].due = queued.due
        entries[number].lane = queued.lane
        entries[number].state = queued.state
        entries[number].reason = queued.reason
        entries[number].attempts = UInt16(clamping: queued.attempts)
        entries[number].spent = ChannelBits(queued.spent).bits
        entries[number].isWaiting = true
        let lane = queued.lane.number
        lanes[lane].push(DueHeap.Item(due: queued.due, number: UInt32(number)))
        if queued.expires <= swept[lane].upTo { swept[lane].late.append(UInt32(number)) }
    }

    mutating func releaseHeld(at now: Instant) -> Int {
        var count = 0
        for number in entries.indices {
            let entry = entries[number]
            guard entry.isWaiting, entry.state == .held, entry.due > now else { continue }
            entries[number].due = now
            lanes[entry.lane.number].push(DueHeap.Item(due: now, number: UInt32(number)))
            count += 1
        }
        return count
    }
}

/// A binary heap of what falls due, the oldest on top; ties go by number.
struct DueHeap {
    struct Item: Comparable {
        var due: Instant
        var number: UInt32
        static func < (a: Item, b: Item) -> Bool { (a.due, a.number) < (b.due, b.number) }
    }

    private var items: [Item] = []

    var first: Item? { items.first }

    mutating func push(_ item: Item) {
        var place = items.count
        items.append(item)
        while place > 0, item < items[(place - 1) / 2] {
            items[place] = items[(place - 1) / 2]
            place = (place - 1) / 2
        }
        items[place] = item
    }

    @discardableResult
    mutating func removeFirst() -> Item {
        let first = items[0]
        let last = items.removeLast()
        guard !items.isEmpty else { return first }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < last else { break }
            items[place] = items[child]
            place = child
        }
        items[place] = last
        return first
    }
}

/// Channels in one byte.
struct ChannelBits {
    var bits: UInt8

    init(bits: UInt8) { self.bits = bits }
    init(_ channels: Set<Channel>) { bits = channels.reduce(0) { $0 | 1 << UInt8($1.number) } }

    var channels: Set<Channel> { bits == 0 ? [] : Set(Channel.allCases.filter { bits >> UInt8($0.number) & 1 == 1 }) }
}

extension Channel {
    /// Its place in `allCases`.
    var number: Int {
        switch self {
        case .sms: 0
        case .email: 1
        case .call: 2
        case .chat: 3
        case .task: 4
        }
    }
}
