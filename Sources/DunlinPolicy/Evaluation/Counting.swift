// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension Inquiry {
    /// How much counts now for a cap, and, if one more would exceed it, from when on it would not.
    ///
    /// With several clocks the strictest counts: the period that reaches back furthest, the release that comes last.
    func count(_ cap: FrequencyCap, of rule: Rule, _ clocks: [LocalClock]) throws -> (
        used: Int64, released: Instant?
    ) {
        var begin = Instant(milliseconds: .min)
        if let kind = cap.startsAfter {
            guard let first = try first(kind, per: cap.per, rule.channels) else { return (0, nil) }
            begin = Instant(milliseconds: first.milliseconds + 1)
        }
        var start: Instant?
        var used: Int64 = 0
        var deciding: Instant?
        try walkBack(cap.counts, of: rule, per: cap.per, clocks) { contact in
            let reach = start ?? max(begin, clocks.lazy.map { cap.period.start(at: $0) }.min() ?? contact.at)
            start = reach
            guard contact.at >= reach else { return false }
            used += cap.weight(of: contact)
            if deciding == nil, used + cap.nextWeight > cap.limit { deciding = contact.at }
            return true
        }
        let released = deciding.flatMap { last in clocks.lazy.map { cap.period.end(of: last, in: $0.zone) }.max() }
        return (used, released)
    }

    /// From when on no contact over another channel is in the same period; nil if none is.
    func release(of one: OneChannel, of rule: Rule, _ clocks: [LocalClock]) throws -> (Channel, Instant)? {
        var found: (Channel, Instant)?
        let counted = Counted(attempts: true, reached: true)
        let channel = channel
        try walkBack(counted, of: rule, per: one.per, clocks) { contact in
            guard let over = contact.channel, over != channel else { return true }
            found = clocks.lazy.map { one.period.end(of: contact.at, in: $0.zone) }.max().map { (over, $0) }
            return false
        }
        return found.flatMap { $0.1 > now ? $0 : nil }
    }

    /// The first event of a kind.
    private func first(_ kind: ContactKind, per key: CountingKey, _ channels: ChannelSet) throws -> Instant? {
        for event in try events() where event.kind == kind && isConcerned(by: event, in: key, Scope(channels)) {
            return event.at
        }
        return nil
    }

    /// Calls `body` with each contact that counts, the latest first, until it returns false.
    private func walkBack(
        _ counted: Counted, of rule: Rule, per key: CountingKey, _ clocks: [LocalClock], _ body: (Contact) -> Bool
    ) throws {
        let ours = counted.countsOurs ? try attempts(by: key.leading) : []
        let theirs = try events()
        let keys = keys
        let purposes = rule.applicability.purposes
        let mayExcuse = !rule.relaxations.isEmpty || !purposes.isEmpty
        var (i, j) = (ours.count, theirs.count)
        /// What tells that the latest call of ours before this moment reached nobody.
        var unanswered: [Contact] = []
        while i > 0 || j > 0 {
            if j > 0, i == 0 || theirs[j - 1].at >= ours[i - 1].at {
                j -= 1
                let event = theirs[j]
                if event.kind == .unanswered, event.isOwn, counted.reached, !counted.attempts {
                    unanswered.append(event)
                }
                guard counted.counts(event), isConcerned(by: event, in: key, .stated(rule.channels)) else { continue }
                if try mayExcuse && isExcused(event, from: rule, clocks) { continue }
                guard body(event) else { return }
            } else {
                i -= 1
                let attempt = ours[i]
                guard let over = attempt.channel else { continue }
                if over == .call, !unanswered.isEmpty,
                    let told = unanswered.firstIndex(where: { $0.tells(of: attempt) })
                {
                    unanswered.remove(at: told)
                    continue
                }
                guard rule.channels.contains(over), keys.agree(with: attempt, in: key) else { continue }
                if try mayExcuse && isExcused(attempt, from: rule, clocks) { continue }
                guard body(attempt) else { return }
            }
        }
    }
}

extension Contact {
    /// Whether an event that tells more of an attempt may mean this one.
    fileprivate func tells(of attempt: Contact) -> Bool {
        recipient == attempt.recipient && (account == .any || account == attempt.account)
            && (address == .any || address == attempt.address) && (creditor == .any || creditor == attempt.creditor)
    }
}
