// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import DunlinPolicy
import DunlinTime
import Foundation

struct BenchPolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Decisions on one core, beside contact hours and one cap written by hand with Foundation.",
        discussion: examples(
            "dunlin bench policy --policies deploy/etc/dunlin/policies",
            "dunlin bench policy --region RU --channel call --contacts 200"))

    @OptionGroup var source: PolicySource
    @Option(help: "Where the people are; its packs apply.") var region = "US-MA"
    @Option(help: "sms, email, call, chat or task.") var channel = Channel.sms
    @Option(help: "Past contacts of each person, over forty days.") var contacts = 50
    @Option(help: "Decisions.") var decisions = 1_000_000
    @Flag(help: "Print JSON.") var json = false

    /// Wednesday noon in New York; the hours are open in most of the world.
    private var noon: Instant { Instant(seconds: 1_795_626_000) }

    func run() throws {
        let zones = ZoneDatabase()
        let evaluator = PolicyEvaluator(policies: try source.policies(), zones: zones, party: .collector)
        guard let zone = Places(zones: zones).zones(ofRegion: region).first else {
            throw DunlinError(.usage, "--region", why: "'\(region)' is no region", remedy: "write US-MA, or KR")
        }
        let people = (0..<64).map { Person(number: $0, region: region, zone: zone, contacts: contacts, before: noon) }
        let (channel, decisions) = (channel, decisions)
        let start = noon
        var sent = 0
        var findings = 0
        resetPeakMemory()
        let seconds = try measured {
            for i in 0..<decisions / 16 {
                // As the dispatcher has it: a reminder at hand, asked about.
                let person = people[i & 63]
                let reminder = person.reminder
                for j in 0..<16 {
                    let now = Instant(milliseconds: start.milliseconds + Int64(i * 16 + j))
                    let explained = try evaluator.decide(
                        reminder, channel: channel, address: person.phone, at: now, history: person)
                    if case .send = explained.decision { sent += 1 }
                    findings += explained.findingCount
                }
            }
        }
        try BenchReport(
            "policy", count: decisions, seconds: seconds,
            reference: "08:00-21:00 by Foundation's Calendar and one count over the same contacts, unexplained",
            referencePerSecond: byHand(people, zone), peakMemory: peakMemoryMegabytes(),
            settings: [
                "region": region, "channel": channel.rawValue, "contacts": "\(contacts)",
                "findings": "\(findings / decisions)", "allowed": "\(sent * 100 / decisions) %",
            ]
        ).show(json: json)
    }

    /// What a careful hand would write first.
    private func byHand(_ people: [Person], _ zone: String) -> Double {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        let count = 200_000
        var allowed = 0
        let (start, channel) = (noon, channel)
        let seconds = measured {
            for i in 0..<count {
                let now = Instant(milliseconds: start.milliseconds + Int64(i))
                let hour = calendar.component(.hour, from: Date(timeIntervalSince1970: Double(now.seconds)))
                let week = now - .days(7)
                let recent = people[i & 63].past.count { $0.at > week && $0.channel == channel }
                if hour >= 8, hour < 21, recent < 7 { allowed += 1 }
            }
        }
        return allowed > count ? 0 : Double(count) / seconds
    }
}

/// Somebody with a past.
private final class Person: ContactHistory {
    let reminder: Reminder
    let phone: String
    let past: [Contact]

    init(number: Int, region: String, zone: String, contacts: Int, before now: Instant) {
        let phone = "+800\(10_000_000 + number)"
        let account = Account(
            id: "A-\(number)", creditor: "Harbor Credit",
            amount: Money(minorUnits: 100, currency: Currency(code: "USD")!),
            dueDate: CivilDate(iso8601: "2026-11-01")!)
        let recipient = Recipient(
            id: "P-\(number)", name: "Alex Kim", locale: "en", zones: [zone], region: region, phone: phone,
            email: "alex@example.com")
        reminder = Reminder(
            id: "r-\(number)", message: "payment-overdue", due: now, expires: .distantFuture,
            channels: Channel.allCases, account: account, recipient: recipient)
        self.phone = phone
        let hours = 960 / Int64(max(1, contacts))
        past = (0..<contacts).map { (i: Int) -> Contact in
            let at = now - .days(40) + .hours(Int64(i) * hours)
            // One in five about this account: under most caps there is room for one more.
            let debt = ContactKey.account(i % 5 == 0 ? "A-\(number)" : "B-\(number)")
            return Contact(
                at: at, channel: [Channel.sms, .email, .call][i % 3], recipient: .recipient("P-\(number)"),
                account: debt,
                address: .address(phone), creditor: .creditor("Harbor Credit"))
        }
    }

    func contacts(of key: ContactKey, since: Instant) -> [Contact] { past }
    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) -> [Contact] { [] }
}
