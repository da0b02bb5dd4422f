// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTestKit
import DunlinTime
import Foundation

@testable import DunlinEngine

/// A ledger on the disk with reminders of a few days, to plan from and to really play.
final class PlanBench {
    static let start = Instant(rfc3339: "2026-11-25T04:00:00Z")!
    static let zones = ["Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]

    let folder: String
    let path: String
    let snapshot: Snapshot

    init(gateways: [Gateway]? = nil, policies: String? = nil) throws {
        folder = NSTemporaryDirectory() + "plan-\(UUID().uuidString)"
        path = folder + "/dunlin.db"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var directory: String?
        if let policies {
            directory = folder + "/policies"
            try FileManager.default.createDirectory(atPath: folder + "/policies", withIntermediateDirectories: true)
            try Data(policies.utf8).write(to: URL(fileURLWithPath: folder + "/policies/company.yaml"))
        }
        snapshot = Snapshot(
            gateways: gateways ?? [
                DispatchBench.gateway("text", .sms, rate: 1, concurrency: 2),
                DispatchBench.gateway("mail", .email, concurrency: 3),
                DispatchBench.gateway("voice", .call, concurrency: 1),
            ], routes: [.sms: [0], .email: [1], .call: [2]], policies: try PolicySet.load(directory: directory),
            templates: try DispatchBench.templates(), zones: ZoneDatabase(), party: nil)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Random reminders, some to the same people, some of whom are nowhere that is known.
    static func reminders(_ count: Int, seed: UInt64) -> [Reminder] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { n in
            let person = Int.random(in: 0..<max(1, count / 2), using: &random)
            let due = start + .minutes(Int64.random(in: -600..<1200, using: &random))
            let channels: [[Channel]] = [[.sms], [.email], [.sms, .email], [.email, .call]]
            return Reminder(
                id: "r-\(n)", message: "payment-overdue", due: due,
                expires: due + .hours(Int64.random(in: 2..<60, using: &random)),
                channels: channels.randomElement(using: &random)!,
                account: Account(
                    id: "A-\(person)", creditor: "Harbor Credit",
                    amount: Money(minorUnits: 12_345, currency: Currency(code: "GBP")!),
                    dueDate: CivilDate(year: 2026, month: 11, day: 20)!),
                recipient: Recipient(
                    id: "P-\(person)", name: "Alex Kim", locale: "en-GB",
                    zones: person % 9 == 0 ? ["Nowhere/Known"] : [zones[person % zones.count]],
                    region: person % 3 == 0 ? nil : "GB",
                    phone: "+44701000\(1000 + person)", email: person % 5 == 0 ? nil : "p\(person)@example.com"))
        }
    }

    func store(_ reminders: [Reminder]) throws {
        let ledger = try SQLiteLedger.open(path: path, role: .importer)
        _ = try ledger.store(reminders, at: PlanBench.start - .days(1))
    }

    func planner(until: Duration = .days(2), control: Control = Control()) throws -> Planner {
        Planner(
            source: try PlanSource(path: path), control: control, from: PlanBench.start, until: PlanBench.start + until,
            answerTime: .milliseconds(1500))
    }
}
