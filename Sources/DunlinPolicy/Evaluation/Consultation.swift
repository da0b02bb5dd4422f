// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What the rules of all packs have said so far about one reminder on one channel at one instant.
struct Consultation {
    private let channel: Channel
    private let address: String
    private let now: Instant
    private var findings: [Finding] = []
    /// When the first of the windows that are open now shuts.
    private var shuts = Instant.distantFuture
    /// From when on no cap and no cool-off forbids it.
    private var released: Instant
    private var windows: [PlacedWindow] = []
    /// The rule that says no for longest, of those that say no now.
    private var obstacle: (reason: Reason, until: Instant)?

    init(channel: Channel, address: String, now: Instant, capacity: Int) {
        self.channel = channel
        self.address = address
        self.now = now
        released = now
        findings.reserveCapacity(capacity)
    }

    /// Adds a finding that no rule makes.
    mutating func note(_ subject: String, _ figures: String) {
        findings.append(Finding(rule: subject, citation: "", figures: figures, allows: true))
    }

    mutating func consult(_ window: ContactWindow, of rule: Rule, _ clocks: [LocalClock]) {
        var figures = ""
        var isOpen = true
        var isHoliday = false
        for clock in clocks {
            let day = window.hours(on: clock.date)
            let isOpenHere = day.hours.interval(at: clock.time) != nil
            let reading = Figures.reading(clock, in: day, isOpen: isOpenHere)
            figures = figures.isEmpty ? reading : "\(figures); \(reading)"
            if isOpenHere {
                shuts = min(shuts, window.closing(from: clock))
            } else {
                isOpen = false
                isHoliday = isHoliday || day.holiday != nil
            }
            windows.append(PlacedWindow(window: window, zone: clock.zone))
        }
        if !isOpen {
            let opens = PlacedWindow.commonOpening(of: windows.suffix(clocks.count), from: now)
            figures += opens.map { ", open from \($0)" } ?? ", never open"
            forbid(isHoliday ? .holiday : .quietHours, until: opens ?? .distantFuture)
        }
        add(rule, figures, allows: isOpen)
    }

    mutating func consult(
        _ cap: FrequencyCap, of rule: Rule, _ clocks: [LocalClock], _ contacts: inout CountedContacts
    ) throws {
        let (used, released) = try contacts.count(
            cap.counts, over: rule.channels, by: cap.per, in: cap.period, limit: cap.limit, clocks)
        guard let released, released > now else { return add(rule, cap.figures(used: used), allows: true) }
        forbid(.frequencyCap, until: released)
        self.released = max(self.released, released)
        add(rule, "\(cap.figures(used: used)), again from \(released)", allows: false)
    }

    mutating func consult(
        _ coolOff: CoolOff, of rule: Rule, _ clocks: [LocalClock], _ contacts: inout CountedContacts
    ) throws {
        let (_, released) = try contacts.count(
            coolOff.counts, over: rule.channels, by: coolOff.per, in: coolOff.period, limit: 1, clocks)
        guard let released, released > now else { return add(rule, coolOff.clear, allows: true) }
        forbid(.coolingOff, until: released)
        self.released = max(self.released, released)
        add(rule, "\(coolOff.after.rawValue) \(coolOff.period), again from \(released)", allows: false)
    }

    /// The decision, once every rule has been consulted.
    consuming func conclusion() -> Explained {
        guard let obstacle else {
            return Explained(.send(channel, address: address), findings: findings, holdsUntil: shuts)
        }
        guard let until = PlacedWindow.commonOpening(of: windows, from: released) else {
            return Explained(.suppress(.forbidden), findings: findings, holdsUntil: .distantFuture)
        }
        return Explained(.defer(until: until, obstacle.reason), findings: findings, holdsUntil: until)
    }

    private mutating func add(_ rule: Rule, _ figures: String, allows: Bool) {
        findings.append(Finding(rule: rule.label, citation: rule.citation, figures: figures, allows: allows))
    }

    private mutating func forbid(_ reason: Reason, until: Instant) {
        if obstacle == nil || until > obstacle!.until { obstacle = (reason, until) }
    }
}
