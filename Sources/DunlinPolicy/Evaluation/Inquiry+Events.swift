// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension Inquiry {
    /// Whether an event of a rule over `channels`, counted by `key`, concerns what is asked.
    mutating func isConcerned(by event: Contact, in key: CountingKey, _ channels: ChannelSet) -> Bool {
        if let over = event.channel {
            guard event.kind.isOfOneChannel ? over == channel : channels.contains(over) else { return false }
        }
        return keys().areConcerned(by: event, in: key)
    }

    /// From when to when an event is in force: until its own end, the end of `period`, or the first later event that lifts
    /// it, whichever comes first.
    mutating func force(
        of event: Contact, for period: Period?, per key: CountingKey, _ channels: ChannelSet, _ clocks: [LocalClock]
    ) throws -> Range<Instant> {
        var end = event.until
        if let period {
            // Where the person may be in several zones, what is in force for them ends with the first.
            end = clocks.reduce(end) { min($0, period.end(of: event.at, in: $1.zone)) }
        }
        if let lifted = try lifting(of: event, per: key, channels) { end = min(end, lifted) }
        return event.at..<max(event.at, end)
    }

    /// When the first later event lifts this one.
    mutating func lifting(of event: Contact, per key: CountingKey, _ channels: ChannelSet) throws -> Instant? {
        let lifting = event.kind.liftedBy
        if lifting.isEmpty { return nil }
        for later in try events() where later.at >= event.at && lifting.contains(later.kind) {
            if isConcerned(by: later, in: key, channels) { return later.at }
        }
        return nil
    }
}
