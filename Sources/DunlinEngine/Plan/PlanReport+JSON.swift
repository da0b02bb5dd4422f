// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation

extension PlanReport {
    /// For programs: counts, times in UTC, days and hours of the recipients.
    public var json: String { PlanRecord.text(PlanRecord(self)) }
}

extension PlanDifference {
    /// Both reports, and what changes between them.
    public var json: String { PlanRecord.text(DifferenceRecord(self)) }
}

private struct PlanRecord: Encodable {
    struct Day: Encodable {
        var day: String
        var sent: [String: Int]
        /// Of all channels, 24.
        var hours: [Int]
    }

    struct Cause: Encodable {
        var event: String
        var reason: String
        var rules: String
        var count: Int
    }

    var from: String
    var until: String
    var reminders: Int
    var inFlight: Int
    var pauses: [String]
    var controlFault: String?
    var versions: [String: String]
    var sent: [String: Int]
    var firstSend: String?
    var lastSend: String?
    var days: [Day]
    /// 24 of them.
    var hours: [[String: Int]]
    var regions: [String: [String: Int]]
    var messages: [String: [String: Int]]
    var ends: [String: Int]
    var causes: [Cause]

    init(_ report: PlanReport) {
        from = report.from.description
        until = report.until.description
        reminders = report.reminders
        inFlight = report.inFlight
        pauses = report.pauses
        controlFault = report.controlFault
        versions = report.versions
        sent = report.sends.record
        firstSend = report.firstSend?.description
        lastSend = report.lastSend?.description
        days = report.calendar.map { day in
            Day(
                day: day.description, sent: report.sends(on: day).record,
                hours: (0..<24).map { report.sends(on: day, hour: $0).total })
        }
        hours = (0..<24).map { report.sends(hour: $0).record }
        regions = report.regions.mapValues(\.record)
        messages = report.messages.mapValues(\.record)
        ends = Dictionary(uniqueKeysWithValues: State.allCases.map { ($0.rawValue, report.ends[$0] ?? 0) })
        causes = report.sortedCauses.map { cause, count in
            Cause(event: cause.event.rawValue, reason: cause.reason.rawValue, rules: cause.rules, count: count)
        }
    }

    static func text(_ record: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(record)) ?? Data(), as: UTF8.self)
    }
}

private struct DifferenceRecord: Encodable {
    struct Fate: Encodable {
        var state: String
        var at: String
        var channel: String?
        var reason: String?
        var rules: String?

        init(_ fate: PlanDifference.Fate) {
            state = fate.state.rawValue
            at = fate.at.description
            channel = fate.channel?.rawValue
            reason = fate.reason?.rawValue
            rules = fate.rules.isEmpty ? nil : fate.rules
        }
    }

    struct Example: Encodable {
        var id: String
        var before: Fate
        var after: Fate
    }

    struct Change: Encodable {
        var before: String
        var after: String
        var count: Int
        var examples: [Example]
    }

    var before: PlanRecord
    var after: PlanRecord
    var changed: Int
    var changes: [Change]

    init(_ difference: PlanDifference) {
        before = PlanRecord(difference.before)
        after = PlanRecord(difference.after)
        changed = difference.changed
        changes = difference.changes.map { change in
            Change(
                before: change.before, after: change.after, count: change.count,
                examples: change.examples.map {
                    Example(id: $0.id, before: Fate($0.before), after: Fate($0.after))
                })
        }
    }
}

extension PlanReport.ByChannel {
    fileprivate var record: [String: Int] {
        Dictionary(uniqueKeysWithValues: Channel.allCases.map { ($0.rawValue, self[$0]) })
    }
}
