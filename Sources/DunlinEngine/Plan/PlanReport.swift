// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a plan found: counts only, nothing about a single person.
public struct PlanReport: Sendable {
    /// A count for each channel.
    public struct ByChannel: Hashable, Sendable {
        private var counts = [Int](repeating: 0, count: Channel.allCases.count)

        public subscript(channel: Channel) -> Int {
            get { counts[Channel.allCases.firstIndex(of: channel)!] }
            set { counts[Channel.allCases.firstIndex(of: channel)!] = newValue }
        }

        public var total: Int { counts.reduce(0, +) }

        static func + (a: ByChannel, b: ByChannel) -> ByChannel {
            var sum = a
            for index in sum.counts.indices { sum.counts[index] += b.counts[index] }
            return sum
        }
    }

    /// Why reminders waited or ended without being sent.
    public struct Cause: Hashable, Sendable {
        /// `deferred`, `held`, `suppressed`, `expired`, `undeliverable` or `failed`.
        public var event: Event
        public var reason: Reason
        /// The rules that said no, as `pack/rule`, joined by ` + ` where several did; empty where no rule had a say.
        public var rules: String
    }

    /// What stands in place of a region nobody named.
    public static let unknownRegion = "unknown"

    public let from: Instant
    public let until: Instant
    /// How many reminders waited when it began.
    public internal(set) var reminders = 0
    /// Attempts of the real daemon without an outcome when it began; they are not planned, but count as contacts.
    public internal(set) var inFlight = 0
    /// The pauses of the control file that the plan begins with, as they stand in it.
    public internal(set) var pauses: [String] = []
    /// What is wrong with the control file; nothing is sent then.
    public internal(set) var controlFault: String?
    /// Versions of policies, templates and tzdata.
    public internal(set) var versions: [String: String] = [:]
    /// Sends by day and hour, 24 for each day, as the recipients' clocks show them (UTC where no zone is known).
    public private(set) var days: [CivilDate: [ByChannel]] = [:]
    public private(set) var regions: [String: ByChannel] = [:]
    public private(set) var messages: [String: ByChannel] = [:]
    public private(set) var firstSend: Instant?
    public private(set) var lastSend: Instant?
    /// How many reminders are in each state at the end.
    public internal(set) var ends: [State: Int] = [:]
    /// How often something waited or ended unsent, by why. A reminder that was deferred twice counts twice.
    public internal(set) var causes: [Cause: Int] = [:]

    init(from: Instant, until: Instant) {
        self.from = from
        self.until = until
    }

    /// Counts a send.
    mutating func count(
        _ at: Instant, _ day: CivilDate, _ hour: Int, _ channel: Channel, _ region: String, _ message: String
    ) {
        days[day, default: [ByChannel](repeating: ByChannel(), count: 24)][hour][channel] += 1
        regions[region, default: ByChannel()][channel] += 1
        messages[message, default: ByChannel()][channel] += 1
        firstSend = min(firstSend ?? at, at)
        lastSend = max(lastSend ?? at, at)
    }

    /// Every day from the first send to the last, also those without one.
    public var calendar: [CivilDate] {
        guard let first = days.keys.min(), let last = days.keys.max() else { return [] }
        return (first.daysSince1970...last.daysSince1970).map { CivilDate(daysSince1970: $0) }
    }

    public func sends(on day: CivilDate) -> ByChannel { (days[day] ?? []).reduce(ByChannel(), +) }

    public func sends(on day: CivilDate, hour: Int) -> ByChannel { days[day]?[hour] ?? ByChannel() }

    public func sends(hour: Int) -> ByChannel { days.values.reduce(ByChannel()) { $0 + $1[hour] } }

    public var sends: ByChannel { messages.values.reduce(ByChannel(), +) }

    /// The causes, the most frequent first.
    public var sortedCauses: [(cause: Cause, count: Int)] {
        causes.map { (cause: $0, count: $1) }.sorted {
            ($1.count, $0.cause.event.rawValue, $0.cause.reason.rawValue, $0.cause.rules)
                < ($0.count, $1.cause.event.rawValue, $1.cause.reason.rawValue, $1.cause.rules)
        }
    }
}
