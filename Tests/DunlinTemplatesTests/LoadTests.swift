// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTemplates

struct LoadTests {
    @Test func aSoundMessageHasNoFindings() throws {
        let folder = try MessageFolder(message())
        #expect(folder.findings() == [])
        let library = try folder.load()
        #expect(library.messages.map(\.name) == ["m"])
        #expect(library.message("m")?.languages(on: .sms) == ["en"])
        #expect(library.message("m")?.channels == [.sms])
    }

    /// Every kind of fault has its place and says how to mend it.
    @Test(arguments: [
        (
            "m/message.yaml", "purpose: x\nchanels: [sms]",
            "m/message.yaml:2:10: unknown key 'chanels'; did you mean 'channels'?"
        ),
        ("m/message.yaml", "{", "m/message.yaml:2:1: not YAML"),
        ("m/message.yaml", "", "m/message.yaml: the file is empty"),
        (
            "m/en/sms.mustache", "{{nmae}}",
            "m/en/sms.mustache:1:1: the variable 'nmae' is not declared; did you mean 'name'?"
        ),
        ("m/en/sms.mustache", "a\u{1}b", "m/en/sms.mustache: the file holds control characters"),
        (
            "m/en/smss.mustache", "x",
            "m/en/smss.mustache: this file belongs to no channel of the message; did you mean 'sms"
        ),
        ("m/zh-hant/sms.mustache", "x", "m/zh-hant: 'zh-hant' is no language; did you mean 'zh-Hant'?"),
        ("m/zh/sms.mustache", "x", "m/zh: 'zh' is no language; did you mean 'zh-Hans'?"),
        ("m/english/sms.mustache", "x", "m/english: 'english' is no language; name the folder by BCP 47"),
        (
            "m/notes.txt", "x",
            "m/notes.txt: this file belongs to no language; move it into a language's folder, such as en"
        ),
        ("n/message.yml", "x", "n/message.yml: this file is read by nobody; name it message.yaml"),
        (
            "m/en/sms.mustache", "{{name} and {{creditor}}",
            "m/en/sms.mustache:1:1: a '}' is missing behind '{{name'; write '}}' there"
        ),
        (
            "m/en/sms.mustache", "a\n b http://x.example",
            "m/en/sms.mustache:2:4: this link has no TLS; write an https:// address"
        ),
        ("Other_Name/message.yaml", "x", "Other_Name: 'Other_Name' cannot be a message's name"),
        ("n/en/sms.mustache", "x", "n/message.yaml: the file is missing; create it"),
        ("m/es/email.mustache", "x", "m/es/sms.mustache: the part for sms is missing; until it is written, en is used"),
    ])
    func findsFaults(file: String, text: String, complaint: String) throws {
        var files = message()
        files[file] = text
        let findings = try MessageFolder(files).findings()
        #expect(findings.contains { $0.hasPrefix(complaint) }, "\(findings)")
    }

    @Test(arguments: [
        (message(variables: "Pay: {type: link}", sample: ", Pay: x"), "'Pay' cannot be a variable's name"),
        (message(variables: "name: {type: text}"), "'name' is there for every message"),
        (
            message(variables: "a: {type: txt}", sample: ", a: x"),
            "variables.a.type is 'txt', expected one of money, date"
        ),
        (
            message(variables: "a: {type: date, default: soon}", sample: ", a: 2026-01-01"),
            "variables.a.default is 'soon', expected a day"
        ),
        (message(variables: "a: {type: text}"), "sample.a is missing"),
        (
            message(variables: "a: {type: link}", sample: ", a: 'http://x'"),
            "sample.a is 'http://x', expected an https:// address"
        ),
        (message(variables: "a: {type: text}", sample: ", a: x"), "the variable 'a' is used nowhere"),
        (message(extra: "default_language: fr"), "the default language 'fr' is missing"),
        (message(extra: "max_segments: 0"), "max_segments is '0', expected a whole number, 1 to 10"),
        (
            message(sms: String(repeating: "x", count: 200), extra: "max_segments: 1"),
            "with the sample data: message 'm' takes 2 SMS segments, 1 are allowed"
        ),
        (message(sms: "{{#name}}x{{/name}}"), "with the sample data: message 'm' says nothing on sms"),
        (
            message(sms: "it’s " + String(repeating: "x", count: 100)),
            "not in the GSM alphabet: '’'; for their sake the SMS takes 2 segments instead of 1"
        ),
        (message(email: "hello"), "m/en/email.mustache:1:1: this is not a header field of a mail"),
        (message(email: "preheader: x\n\nx"), "m/en/email.mustache:1:1: the mail has no subject"),
        (message(email: "subject: a\nsubject: b\n\nx"), "m/en/email.mustache:2:1: this is not a header field"),
        (message(email: "subject: {{x}}\n\nx"), "m/en/email.mustache:1:10: the variable 'x' is not declared"),
        (message(email: "subject: x\n\n\nhello {{x}}"), "m/en/email.mustache:4:7: the variable 'x' is not declared"),
        (message(email: "subject: x\n\na\n\nb <b>{{name}}</b>"), "m/en/email.mustache:5:1: raw HTML in a mail"),
        (message(email: "subject: x\n\n`{{creditor}}`"), "m/en/email.mustache:3:1: code"),
        (message(email: "subject: x\n\n![](https://a.example/b.png)"), "m/en/email.mustache:3:1: an image"),
        (
            message(email: "subject: x\n\n[a](http://a.example)"),
            "m/en/email.mustache:3:1: a link must go to an https://"
        ),
        (message(email: "subject: x\n\n[a]({{creditor}})"), "m/en/email.mustache:3:1: a link must go to an https://"),
        (
            message(email: "subject: x\n\n[a](https://x.example/{{account_id}})"),
            "m/en/email.mustache:3:1: a link must go"
        ),
        (
            message(call: "say hello"),
            "m/en/call.mustache:1:1: a line of a call begins with say:, pause:, gather:, voicemail:"
        ),
        (
            message(call: "syy: hello\nvoicemail: x"),
            "m/en/call.mustache:1:1: a line of a call begins with say:, pause:, gather:, voicemail:; did you mean 'say:'?"
        ),
        (message(call: "say: x"), "the call has no voicemail part"),
        (message(call: "voicemail: x"), "the call says nothing"),
        (message(call: "say: x\npause: 99\nvoicemail: x"), "m/en/call.mustache:2:8: a pause takes seconds, 1 to 30"),
        (
            message(call: "gather: 1 = repeet | x\nvoicemail: x"),
            "'repeet' is nothing a key can do; did you mean 'repeat'?"
        ),
        (message(call: "gather: 12 = repeat | x\nvoicemail: x"), "'12' is no key of a telephone"),
        (message(call: "gather: 1 = repeat\nvoicemail: x"), "a gather needs keys and a prompt"),
        (message(call: "gather: | x\nvoicemail: x"), "a gather needs at least one key"),
        (
            message(call: "gather: 1 = repeat | a\nsay: {{amount}}\nvoicemail: x"),
            "m/en/call.mustache:1:9: the first gather does not ask who is on the line"
        ),
        (
            message(call: "say: {{amount}}\nvoicemail: x"),
            "m/en/call.mustache:1:6: 'amount' could be heard by somebody else here"
        ),
        (
            message(call: "gather: 1 = continue | a\nsay: {{amount}}\nvoicemail: {{due_date}}"),
            "m/en/call.mustache:3:12: 'due_date' could be heard"
        ),
        (message(call: "say: x\nvoicemail: {{#days_overdue}}late{{/days_overdue}}"), "'days_overdue' could be heard"),
    ])
    func findsFaults(files: [String: String], complaint: String) throws {
        let findings = try MessageFolder(files).findings()
        #expect(findings.contains { $0.contains(complaint) }, "\(findings)")
    }

    @Test func oneErrorRefusesAllAndNamesAll() throws {
        var files = message(sms: "{{a}} {{b}}")
        for (name, text) in message() { files["good" + name.dropFirst(1)] = text }
        let error = try #require(throws: DunlinError.self) { try MessageFolder(files).load() }
        #expect(error.kind == .usage)
        #expect(error.why.contains("sms.mustache:1:1") && error.why.contains("sms.mustache:1:7"))
        #expect(throws: DunlinError.self) { try TemplateLibrary.load(roots: ["does/not/exist"]) }
    }

    @Test func refusesWhatIsNoText() throws {
        let folder = try MessageFolder(message())
        try folder.write("m/en/sms.mustache", Data(repeating: 0x78, count: 10_000_000))
        #expect(folder.findings().contains { $0.hasPrefix("m/en/sms.mustache: the file is larger than 64 KiB") })
        try folder.write("m/en/sms.mustache", Data([0x78, 0xff, 0xfe]))
        #expect(folder.findings().contains { $0.hasPrefix("m/en/sms.mustache: the file is not UTF-8") })
        try folder.write("m/en/sms.mustache", Data([0x78, 0x00]))
        #expect(folder.findings().contains { $0.hasPrefix("m/en/sms.mustache: the file holds control characters") })
        let other = try MessageFolder(message(email: "subject: x\n\nx"))
        try FileManager.default.removeItem(atPath: other.path + "/m/en/sms.mustache")
        try other.write("m/en/sms.mustache/x", Data())
        #expect(other.findings().contains { $0.hasPrefix("m/en/sms.mustache: the file is not a plain file") })
    }

    @Test func readsFilesFromAnyEditor() throws {
        let folder = try MessageFolder(message())
        try folder.write(
            "m/en/sms.mustache", Data([0xef, 0xbb, 0xbf] + Array("a\r\n{{#name}}\r\nb\r\n{{/name}}\r\n".utf8)))
        try folder.write("m/en/.sms.mustache.swp", Data([0]))
        try folder.write("m/en/sms.mustache~", Data([0]))
        #expect(folder.findings() == [])
        #expect(try folder.load().sms(reminder()) == "a\nb")
    }

    @Test func laterRootsReplaceByName() throws {
        let first = try MessageFolder(message(sms: "first"))
        let second = try MessageFolder(message(sms: "second"))
        let library = try TemplateLibrary.load(roots: [first.path, second.path])
        #expect(try library.sms(reminder()) == "second")
        #expect(library.messages.count == 1)
    }

    @Test func versionsFollowTheText() throws {
        let one = try MessageFolder(message(sms: "one")).load()
        let same = try MessageFolder(message(sms: "one")).load()
        let other = try MessageFolder(message(sms: "two")).load()
        #expect(one.version == same.version && one.version != other.version)
        #expect(one.messages[0].version.count == 12 && one.messages[0].version != other.messages[0].version)
    }

    @Test func neverMixesLanguages() throws {
        var files = message(sms: "en", email: "subject: en\n\nen")
        files["m/es/sms.mustache"] = "es"
        let library = try MessageFolder(files).load()
        let today = CivilDate(daysSince1970: 0)
        #expect(try library.render(reminder(locale: "es-AR"), channel: .sms, today: today).language == "es")
        #expect(try library.render(reminder(locale: "es-AR"), channel: .email, today: today).language == "en")
        #expect(try library.email(reminder(locale: "es-AR")).html.contains("<html lang=\"en\" dir=\"ltr\">"))
    }
}
