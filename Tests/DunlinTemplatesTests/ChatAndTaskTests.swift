// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTemplates

/// Words for a chat and a task, and what stands in for them.
struct ChatAndTaskTests {
    private let today = CivilDate(iso8601: "2026-11-25")!

    private func content(_ library: TemplateLibrary, _ channel: Channel, locale: String = "en-US") throws
        -> MessageContent
    {
        try library.render(reminder(locale: locale), channel: channel, today: today).content
    }

    @Test func aChatTakesTheSMSAsItIs() throws {
        // Curly quotation marks and 900 characters: an SMS would be changed, and too long.
        let words = "‘{{creditor}}’ " + String(repeating: "x", count: 900)
        let library = try MessageFolder(message(sms: words, extra: "transliterate: punctuation\nmax_segments: 8"))
            .load()
        let chat = try library.render(reminder(), channel: .chat, today: today)
        #expect(chat.content == .chat("‘Harbor Credit’ " + String(repeating: "x", count: 900)))
        #expect(chat.segments == 0 && chat.changes.isEmpty)
        #expect(library.messages[0].channels == [.sms])
        #expect(library.messages[0].usableChannels == [.sms, .chat, .task])
    }

    @Test func aLongChatOfAShortLimitGoesOut() throws {
        let words = "{{creditor}}{{#name}} {{name}}{{/name}}"
        let library = try MessageFolder(message(sms: words, extra: "max_segments: 1")).load()
        let long = reminder(name: String(repeating: "y", count: 190))
        #expect(throws: RenderError.self) { try library.render(long, channel: .sms, today: today) }
        #expect(try library.render(long, channel: .chat, today: today).content.channel == .chat)
    }

    @Test func eachLanguageForItself() throws {
        var files = message(sms: "SMS {{creditor}}")
        files["m/message.yaml"] = files["m/message.yaml"]!.replacing("[sms]", with: "[sms, chat]")
        files["m/en/chat.mustache"] = "Chat {{creditor}}"
        files["m/es/sms.mustache"] = "SMS en español {{creditor}}"
        let folder = try MessageFolder(files)
        #expect(folder.findings().filter { $0.contains("chat") } == [])
        let library = try folder.load()
        #expect(try content(library, .chat) == .chat("Chat Harbor Credit"))
        #expect(try content(library, .chat, locale: "es-ES") == .chat("SMS en español Harbor Credit"))
        #expect(library.messages[0].languages(on: .chat) == ["en", "es"])
    }

    @Test func aChatUsesTheFragmentsOfSMS() throws {
        var files = message(sms: "{{creditor}}{{> stop}}")
        files["m/message.yaml"] = files["m/message.yaml"]!.replacing("[sms]", with: "[sms, chat]")
        files["m/en/chat.mustache"] = "Chat {{creditor}}. {{> stop}} {{> bye}}"
        files["fragments/en/sms.mustache"] = "[stop]\nReply STOP.\n[bye]\nBye."
        files["fragments/en/chat.mustache"] = "[bye]\nSee you."
        let library = try MessageFolder(files).load()
        #expect(try content(library, .chat) == .chat("Chat Harbor Credit. Reply STOP. See you."))
    }

    @Test func aTaskSaysWhatItWasToldElseTheMailElseTheSMS() throws {
        let mail = "subject: S\npreheader: P\n\nMail of **{{creditor}}**."
        var files = message(sms: "SMS {{creditor}}", email: mail)
        #expect(try content(MessageFolder(files).load(), .task) == .task("Mail of Harbor Credit.\n"))
        #expect(
            try content(MessageFolder(message(sms: "SMS {{creditor}}")).load(), .task) == .task("SMS Harbor Credit"))
        files["m/message.yaml"] = files["m/message.yaml"]!.replacing("[email, sms]", with: "[email, sms, task]")
        files["m/en/task.mustache"] = "Visit{{#name}} {{name}}{{/name}}: {{account_id}}."
        #expect(try content(MessageFolder(files).load(), .task) == .task("Visit Alex Kim: A-77."))
    }

    @Test func withoutWordsNothingIsHandedOver() throws {
        let call = "say: {{creditor}}.\ngather: 1 = continue | Press 1.\nsay: {{amount}}.\nvoicemail: {{creditor}}."
        let library = try MessageFolder(message(sms: nil, call: call)).load()
        for channel in [Channel.chat, .task] {
            let error = #expect(throws: RenderError.self) { try content(library, channel) }
            #expect(error == .noPart(message: "m", channel: channel))
        }
    }

    @Test func aScaffoldHasBoth() throws {
        let scaffold = try MessageScaffold(name: "visit", languages: ["en"], channels: [.chat, .task], roots: [])
        #expect(
            scaffold.files.keys.sorted() == ["visit/en/chat.mustache", "visit/en/task.mustache", "visit/message.yaml"])
        // Once the words are there it loads.
        let folder = try MessageFolder(
            scaffold.files.mapValues { text in
                text.split(separator: "\n").filter { !$0.contains("unwritten") }.joined(separator: "\n")
            })
        #expect(try folder.load().messages[0].channels == [.chat, .task])
    }
}
