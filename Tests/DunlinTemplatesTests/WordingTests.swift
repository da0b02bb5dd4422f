// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTemplates

/// What `check` says of words, and of messages that nobody has written yet.
struct WordingTests {
    private func findings(_ sms: String, wording: String, language: String = "en") throws -> [String] {
        var files = message(sms: "ok")
        files["m/\(language)/sms.mustache"] = sms
        files["wording/\(language).txt"] = wording
        return try MessageFolder(files).findings()
    }

    @Test(arguments: [
        (
            "en", "# threat\nlegal action will be taken", "Else Legal  x\nLEGAL action will be taken",
            "m/en/sms.mustache:2:1: 'legal action will be taken' is a threat; say it civilly, or remove it"
        ),
        (
            "en", "# shame\nirresponsib*", "an irresponsibly late payment",
            "m/en/sms.mustache:1:4: 'irresponsib' shames the person"
        ),
        (
            "es", "# pressure\nultimo aviso", "Último aviso: pague",
            "m/es/sms.mustache:1:1: 'ultimo aviso' puts pressure on the person"
        ),
        ("zh-Hans", "# authority\n公安机关", "我们将报告公安机关处理", "m/zh-Hans/sms.mustache:1:6: '公安机关' poses as an authority"),
        ("en", "words\n# threat\nx", "ok", "wording/en.txt:1:1: 'words' stands under no reason"),
        ("en", "# threat\nx y", "PAY NOW please", "m/en/sms.mustache:1:1: this shouts"),
        ("en", "# threat\nx y", "please pay!!", "m/en/sms.mustache:1:1: this shouts"),
    ])
    func finds(language: String, wording: String, sms: String, complaint: String) throws {
        let found = try findings(sms, wording: wording, language: language)
        #expect(found.contains { $0.hasPrefix(complaint) }, "\(found)")
    }

    @Test func findsWholeWordsOnly() throws {
        #expect(try findings("the courtesy of jailers. Reply STOP", wording: "# threat\njail\ncourt") == [])
    }

    @Test func saysWhichLanguageHasNoList() throws {
        var files = message(sms: "ok")
        files["wording/es.txt"] = "# threat\nx"
        #expect(
            try MessageFolder(files).findings() == [
                "m/en/sms.mustache: nothing is listed that must not be said in 'en'; add wording/en.txt"
            ])
    }

    // MARK: A new message

    @Test(arguments: [nil, shippedRoot])
    func aScaffoldIsWholeButForItsWords(root: String?) throws {
        let roots = root.map { [$0] } ?? []
        let scaffold = try MessageScaffold(
            name: "rate-change", languages: ["en", "es"], channels: Channel.allCases, roots: roots)
        #expect(scaffold.files.count == 11)
        let folder = try MessageFolder(scaffold.files)
        let findings = TemplateCheck(roots: roots + [folder.path]).findings.filter {
            $0.place.hasPrefix(folder.path) && !$0.what.hasPrefix("it lacks")
        }
        #expect(
            findings.count == 10 && findings.allSatisfy { $0.what.contains("the one that 'templates new' wrote") },
            "\(findings)")
        // Written, it is sound.
        for (name, text) in scaffold.files {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
                !$0.contains("unwritten")
            }
            try folder.write(name, Data(lines.joined(separator: "\n").utf8))
        }
        let rest = TemplateCheck(roots: roots + [folder.path]).findings.filter {
            $0.severity == .error || $0.place.contains("rate-change")
        }
        #expect(rest.allSatisfy { $0.what.contains("it lacks") }, "\(rest)")
    }

    @Test(arguments: [
        ("Rate", ["en"], "this cannot be a message's name"), ("fragments", ["en"], "this cannot be a message's name"),
        ("x", ["english"], "'english' is no language"), ("x", [], "no language or no channel"),
    ])
    func refusesABadScaffold(name: String, languages: [String], complaint: String) throws {
        let error = #expect(throws: DunlinError.self) {
            try MessageScaffold(name: name, languages: languages, channels: [.sms], roots: [])
        }
        #expect(error?.why == complaint)
    }
}
