// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension Inquiry {
    /// Which channels an event may have been on to concern what is asked.
    enum Scope {
        /// Those a rule states.
        case stated(ChannelSet)
        /// What a person says of one channel, such as a consent, goes for that channel alone; all else as the rule states.
        case asSaid(ChannelSet)

        /// A rule that states no channels takes what a person says of a channel for that channel.
        init(_ channels: ChannelSet) { self = channels == .all ? .asSaid(channels) : .stated(channels) }
    }

    /// What an event may concern: the contact that is asked about, or one that was made.
    struct Subject {
        let keys: ContactKeys
        let channel: Channel
    }

    func subject() -> Subject { Subject(keys: keys, channel: channel) }

    /// Whether an event, counted by `key`, concerns what is asked.
    func isConcerned(by event: Contact, in key: CountingKey, _ scope: Scope) -> Bool {
        subject().isConcerned(by: event, in: key, scope)
    }

    /// From when to when an event is in force: until its own end, the end of `period`, or the first later event that lifts
    /// it, whichever comes first.
    func force(
        of event: Contact, for period: Period?, per key: CountingKey, about subject: Subject? = nil,
        _ clocks: [LocalClock]
    ) throws -> Range<Instant> {
        var end = event.until
        if let period {
            // Where the person may be in several zones, what is in force for them ends with the first.
            end = clocks.reduce(end) { min($0, period.end(of: event.at, in: $1.zone)) }
        }
        if let lifted = try lifting(of: event, per: key, about: subject) { end = min(end, lifted) }
        return event.at..<max(event.at, end)
    }

    /// When the first later event lifts this one for the channel that is asked about. What was given on a channel is taken
    /// back there too, wherever it is asked about.
    func lifting(of event: Contact, per key: CountingKey, about subject: Subject? = nil) throws -> Instant? {
        let lifting = event.kind.liftedBy
        if lifting.isEmpty { return nil }
        let subject = subject ?? self.subject()
        for later in try events() where later.at >= event.at && lifting.contains(later.kind) {
            let takesBack = [.consent, .appointment].contains(event.kind) && later.channel == event.channel
            if subject.isConcerned(by: later, in: key, takesBack ? .stated(.all) : .asSaid(.all)),
                subject.keys.isAboutTheSame(later, as: event)
            {
                return later.at
            }
        }
        return nil
    }
}

extension Inquiry.Subject {
    /// Whether an event, counted by `key`, concerns it.
    func isConcerned(by event: Contact, in key: CountingKey, _ scope: Inquiry.Scope) -> Bool {
        if let over = event.channel {
            switch scope {
            case .asSaid(let channels):
                guard event.kind.isOfOneChannel ? over == channel : channels.contains(over) else { return false }
            case .stated(let channels): guard channels.contains(over) else { return false }
            }
        }
        return keys.areConcerned(by: event, in: key)
    }
}
