// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// What binds a chat and a task, where nobody thought of them.
struct ChatPolicyTests {
    static let chat = "line:U1"
    static let noon = "2026-11-25T12:00:00-05:00"

    /// Somebody with an address for every channel.
    private var everywhere: Reminder {
        var reminder = reminder()
        reminder.recipient.chat = ChatPolicyTests.chat
        reminder.recipient.email = "alex@example.com"
        return reminder
    }

    private func set(_ rules: String...) throws -> PolicySet {
        let lines = rules.enumerated().map { "  - {id: r\($0), cite: x, confidence: source, \($1)}\n" }
        return PolicySet(packs: [try Pack(yaml: head + lines.joined(), file: "test.yaml")])
    }

    private func decide(
        _ set: PolicySet, over channel: Channel, _ contacts: Contact..., at time: String = noon
    ) throws -> Explained {
        let reminder = everywhere
        return try PolicyEvaluator(policies: set, zones: zones, places: places).decide(
            reminder, channel: channel, address: reminder.recipient.address(for: channel)!, at: at(time),
            history: ListHistory(contacts: contacts))
    }

    private let closed = "window: {days: {mon-sun: closed}, channels: [sms]}"

    @Test func whatBindsAnSMSBindsAChat() throws {
        let set = try set(closed)
        #expect(try decide(set, over: .sms).sends == false)
        #expect(try decide(set, over: .chat).sends == false)
        #expect(set.packs[0].rules[0].summary.hasPrefix("sms, chat: "))
        for channel in [Channel.email, .call, .task] { #expect(try decide(set, over: channel).sends, "\(channel)") }
    }

    @Test func unlessThePackNamesChats() throws {
        let set = try set(closed, "cap: {limit: 1, per: recipient, calendar: day, channels: [chat]}")
        #expect(try decide(set, over: .sms).sends == false)
        #expect(try decide(set, over: .chat).sends)
        let chat = contact("2026-11-25T11:00:00-05:00", over: .chat, address: ChatPolicyTests.chat)
        #expect(try decide(set, over: .chat, chat).reason == .frequencyCap)
        // A need that names them is a mention too.
        let other = try self.set(closed, "needs: {event: consent, per: recipient, over: [chat], channels: [call]}")
        #expect(try decide(other, over: .chat).sends)
        // Another pack's mention changes nothing here.
        let packs = PolicySet(packs: try self.set(closed).packs + other.packs)
        #expect(try decide(packs, over: .chat).sends == false)
    }

    @Test func aRuleWithoutChannelsBindsAll() throws {
        let set = try set("window: {days: {mon-sun: closed}}")
        for channel in Channel.allCases { #expect(try !decide(set, over: channel).sends, "\(channel)") }
        let task = try self.set("window: {days: {mon-sun: closed}, channels: [task]}")
        #expect(try !decide(task, over: .task).sends)
        for channel in [Channel.sms, .email, .call, .chat] { #expect(try decide(task, over: channel).sends) }
    }

    @Test func chatsAndTextsCountTogether() throws {
        let set = try set("cap: {limit: 1, per: recipient, calendar: day, channels: [sms, call]}")
        let chat = contact("2026-11-25T11:00:00-05:00", over: .chat, address: ChatPolicyTests.chat)
        let text = contact("2026-11-25T11:00:00-05:00", over: .sms)
        let task = contact("2026-11-25T11:00:00-05:00", over: .task, address: "P-1")
        #expect(try decide(set, over: .sms, chat).reason == .frequencyCap)
        #expect(try decide(set, over: .chat, text).reason == .frequencyCap)
        #expect(try decide(set, over: .call, chat).reason == .frequencyCap)
        #expect(try decide(set, over: .sms, task).sends)
        #expect(try decide(set, over: .task, text, chat).sends)
    }

    @Test func consentToAnSMSIsNoneToAChat() throws {
        let set = try set("needs: {event: consent, per: recipient, over: [sms], channels: [sms]}")
        let text = contact("2026-11-24T11:00:00-05:00", .consent, over: .sms)
        let chat = contact("2026-11-24T11:00:00-05:00", .consent, over: .chat, address: ChatPolicyTests.chat)
        #expect(try decide(set, over: .sms, text).sends)
        #expect(try decide(set, over: .sms, chat).reason == .precondition)
        #expect(try decide(set, over: .chat, text).reason == .precondition)
        #expect(try decide(set, over: .chat, chat).sends)
    }

    /// `floor` comes with every set.
    @Test func theFloorHonoursOptOutsOnEveryChannel() throws {
        let set = try PolicySet.load(directory: nil)
        for channel in Channel.allCases {
            let address = everywhere.recipient.address(for: channel)!
            let own = contact("2026-11-24T11:00:00-05:00", .optOut, over: channel, address: address)
            #expect(try decide(set, over: channel, own).reason == .optedOut, "\(channel)")
            var any = own
            (any.channel, any.address, any.account) = (nil, .any, .any)
            #expect(try decide(set, over: channel, any).reason == .optedOut, "\(channel)")
        }
        // STOP to a number is no word about a chat, nor the other way round.
        let stop = contact("2026-11-24T11:00:00-05:00", .optOut, over: .sms)
        #expect(try decide(set, over: .chat, stop).sends)
        let left = contact("2026-11-24T11:00:00-05:00", .optOut, over: .chat, address: ChatPolicyTests.chat)
        #expect(try decide(set, over: .sms, left).sends)
    }
}
