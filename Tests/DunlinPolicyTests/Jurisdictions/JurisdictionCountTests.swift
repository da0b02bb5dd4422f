// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// What the places count, wait for and ask for, with one contact more or one day less at each boundary. Figures from the
/// research.
struct JurisdictionCountTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isAllowed: Bool
        let region: String
        let time: String
        let channel: Channel
        var party: Party?
        var purpose: Purpose
        var role: Role
        let past: [String]

        init(
            _ what: String, _ isAllowed: Bool, _ region: String, _ time: String, _ channel: Channel,
            by party: Party? = nil, for purpose: Purpose = .reminder, to role: Role = .borrower,
            after past: [String] = []
        ) {
            testDescription = "\(region): \(what)"
            self.isAllowed = isAllowed
            self.region = region
            self.time = time
            self.channel = channel
            self.party = party
            self.purpose = purpose
            self.role = role
            self.past = past
        }
    }

    /// So many on a day, from 09:00 on, one a minute.
    static func several(_ count: Int, _ what: String, _ day: String) -> [String] {
        (0..<count).map { "\(what) \(day) 09:0\($0)" }
    }

    /// Ten texts, no more than three in any week, from a day in November on.
    static func inAMonth(_ first: String) -> [String] {
        let others = ["11-10", "11-11", "11-16", "11-17", "11-18", "11-23", "11-24", "11-25", "12-07"]
        return (["sms \(first) 12:00"] + others.map { "sms 2026-\($0) 12:00" })
    }

    static let consented = "consent 2020-01-01 12:00"
    static let notified = "notice 2026-01-01 12:00"

    @Test(arguments: unitedStates + asia + europe + americas)
    func count(_ question: Case) throws {
        let answer = try Jurisdictions.decide(
            question.region, at: Jurisdictions.instant(question.time, in: question.region), over: question.channel,
            party: question.party, purpose: question.purpose, role: question.role,
            past: question.past.map { try Jurisdictions.contact($0, in: question.region, for: question.purpose) })
        #expect(
            answer.sends == question.isAllowed,
            "\(answer.decision) \(answer.findings.filter { !$0.allows }.map(\.rule))")
    }
}
