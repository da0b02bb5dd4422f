// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// The way through a call, in every format: what is said at each point, and that nothing tells of a debt before a key is pressed.
@Suite struct AdapterCallPathTests {
    private static let script = CallScript(
        language: "en-US",
        steps: [
            .say("Hello & welcome."), .pause(seconds: 2),
            .gather(
                prompt: "Press 1.", keys: ["1": "continue", "3": "repeat", "8": "wrong-person"], timeoutSeconds: 8),
            .say("You owe 120 dollars."),
            .gather(prompt: "Press 9.", keys: ["9": "opt-out", "1": "continue", "2": "repeat"], timeoutSeconds: 15),
            .say("Goodbye."),
        ], voicemail: "Call Harbor back.")

    private static let url = "https://d.example/r/g?a=tok-1&k=key"

    /// What happens at which point of the call, and then: what is said (`!` before a prompt), where the next key goes, what the key means.
    private struct Turn: CustomTestStringConvertible, Sendable {
        var query = ""
        var key: String?
        var isMachine = false
        var said: [String]
        var next: Int?
        var meaning: String?

        var testDescription: String { "\(query) \(key ?? "-") \(isMachine)" }
    }

    private static let gate = ["Hello & welcome.", "~2", "!Press 1."]
    private static let turns = [
        Turn(said: gate + ["Call Harbor back."], next: 1),
        Turn(isMachine: true, said: ["Call Harbor back."]),
        // The gateway tells that nobody pressed anything.
        Turn(query: "&s=1", said: ["Call Harbor back."]),
        Turn(query: "&s=1", isMachine: true, said: ["Call Harbor back."]),
        Turn(query: "&s=2", said: []),
        Turn(query: "&s=1", key: "1", said: ["You owe 120 dollars.", "!Press 9."], next: 2, meaning: "continue"),
        // A gateway whose URL has no number.
        Turn(key: "1", said: ["You owe 120 dollars.", "!Press 9."], next: 2, meaning: "continue"),
        Turn(query: "&s=1", key: "3", said: gate, next: 1, meaning: "repeat"),
        Turn(query: "&s=1", key: "5", said: gate, next: 1),
        Turn(query: "&s=1", key: "8", said: [], meaning: "wrong-person"),
        Turn(query: "&s=2", key: "2", said: ["You owe 120 dollars.", "!Press 9."], next: 2, meaning: "repeat"),
        Turn(query: "&s=2", key: "9", said: [], meaning: "opt-out"),
        Turn(query: "&s=2", key: "1", said: ["Goodbye."], meaning: "continue"),
        Turn(query: "&s=3", key: "1", said: []),
        Turn(query: "&s=9223372036854775807", key: "1", said: []),
        // No number at all: nothing but the beginning.
        Turn(query: "&s=-9223372036854775808", said: gate + ["Call Harbor back."], next: 1),
        Turn(query: "&s=0", said: gate + ["Call Harbor back."], next: 1),
    ]

    @Test(arguments: CallFormat.allCases) func everyTurnOfACall(format: CallFormat) throws {
        for turn in AdapterCallPathTests.turns {
            let path = CallPath(script: AdapterCallPathTests.script, url: AdapterCallPathTests.url + turn.query)
            let (reply, meaning) = try path.answer(
                CallQuestion(token: "tok-1", key: turn.key, isMachine: turn.isMachine), format)
            let spoken = try Spoken(reply.body, format)
            #expect(spoken.said == turn.said, "\(turn.testDescription)")
            #expect(
                spoken.keysTo == turn.next.map { "\(AdapterCallPathTests.url)&s=\($0)" }, "\(turn.testDescription)")
            #expect(meaning == turn.meaning && reply.status == 200)
            #expect(reply.contentType == (format == .ncco ? "application/json" : "text/xml"))
        }
    }

    /// Whatever a script is made of: without a key, no word from behind its first gather.
    @Test(arguments: CallFormat.allCases) func nothingIsToldBeforeTheGate(format: CallFormat) throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var steps: [CallScript.Step] = []
            var isOpen = true
            for n in 0..<Int.random(in: 0...6, using: &random) {
                let word = isOpen ? "open\(n)" : "debt\(n)"
                switch Int.random(in: 0..<3, using: &random) {
                case 0: steps.append(.say(word))
                case 1: steps.append(.pause(seconds: n))
                default:
                    steps.append(.gather(prompt: word, keys: ["1": "continue"], timeoutSeconds: n))
                    isOpen = false
                }
            }
            // Without a gate all of it may be about the debt.
            if isOpen { steps = steps.map { if case .say = $0 { .say("debt") } else { $0 } } }
            let voicemail = Bool.random(using: &random) ? "neutral" : ""
            let script = CallScript(language: "en", steps: steps, voicemail: voicemail)
            var documents: [String] = []
            for query in ["", "&s=1", "&s=2", "&s=7"] {
                for isMachine in [false, true] {
                    let path = CallPath(script: script, url: AdapterCallPathTests.url + query)
                    let answer = try? path.answer(CallQuestion(token: "tok-1", isMachine: isMachine), format)
                    documents.append(answer?.reply.body ?? "")
                    if isMachine { #expect(answer?.reply.body.contains("open") == false) }
                }
            }
            for url in [nil, AdapterCallPathTests.url] {
                documents.append((try? format.inline(script, keysTo: url)) ?? "")
            }
            documents.append((try? script.openingText()) ?? "")
            #expect(documents.allSatisfy { !$0.contains("debt") }, "seed \(seed)")
        }
    }

    @Test func aTextForGatewaysWithoutKeys() throws {
        #expect(try AdapterCallPathTests.script.openingText() == "Hello & welcome. Call Harbor back.")
        var script = AdapterCallPathTests.script
        script.steps = [.say("You owe 120 dollars.")]
        #expect(try script.openingText() == "Call Harbor back.")
        script.voicemail = ""
        #expect(throws: DunlinError.self) { try script.openingText() }
        #expect(throws: DunlinError.self) { try CallFormat.plivo.opening(script, isMachine: false, keysTo: "") }
        // A machine is left alone without an error: that is what no voicemail part means.
        #expect(try CallFormat.plivo.opening(script, isMachine: true, keysTo: "") == CallFormat.plivo.silence)
    }

    /// Without callbacks there is no gate, and no list of URLs either.
    @Test func anNCCOStandsInARequestAsJSON() throws {
        let json = #"{ncco: {$literal: "{script|ncco}"}, url: ["{callback}"], none: [], some: ["{callback}", x]}"#
        let yaml = AdapterFixture.declared(channel: "call", request: "{method: POST, url: x, json: \(json)}")
        let adapter = try #require(try AdapterFixture.gateways(yaml).first).adapter
        let request = try adapter.httpRequest(AdapterFixture.message(.call(AdapterCallPathTests.script)))
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"ncco":[{"action":"talk","text":"Call Harbor back.","language":"en-US"}],"none":[],"some":["x"]}"#
        )
    }

    @Test func longWordsAreSaidInPieces() throws {
        let words = Array(repeating: "seven77", count: 400).joined(separator: " ")
        for text in [words, String(repeating: "语", count: 3100), String(repeating: "👨‍👩‍👧", count: 400), "short", ""] {
            let body = CallFormat.ncco.document(saying: [.say(text)], language: "zh-CN", keysTo: "").body
            let pieces = try Spoken(body, .ncco).said
            #expect(pieces.joined() == text)
            #expect(pieces.allSatisfy { $0.utf16.count <= 1500 && !$0.hasSuffix("seven") })
        }
    }

    @Test(arguments: [
        ("zh-CN", "cmn-CN"), ("zh", "cmn-CN"), ("zh-Hant", "cmn-TW"), ("zh-TW", "cmn-TW"), ("zh-Hant-HK", "yue-CN"),
        ("ar-EG", "ar"), ("de-DE", "de-DE"),
    ])
    func voicesHaveVonagesNames(language: String, voice: String) {
        let body = CallFormat.ncco.document(saying: [.say("x")], language: language, keysTo: "").body
        #expect(body == #"[{"action":"talk","text":"x","language":"\#(voice)"}]"#)
    }

    @Test func vonagesInputIsWhatItsReferenceSays() throws {
        let body = CallFormat.ncco.document(
            saying: [.gather(prompt: "Say \"1\"", keys: [:], timeoutSeconds: 15)], language: "en-US", keysTo: "u"
        ).body
        #expect(
            body == """
                [{"action":"talk","text":"Say \\"1\\"","language":"en-US","bargeIn":true},\
                {"action":"input","type":["dtmf"],"dtmf":{"maxDigits":1,"timeOut":10},"eventUrl":["u"],"eventMethod":"POST"}]
                """)
    }
}

/// What a document says, read by another's parser: texts, prompts with `!`, pauses with `~`.
private struct Spoken {
    var said: [String] = []
    var keysTo: String?

    init(_ body: String, _ format: CallFormat) throws {
        if format == .ncco { try read(json: body) } else { try read(xml: body, format) }
    }

    private mutating func read(json: String) throws {
        struct Action: Decodable {
            var action: String
            var text: String?
            var timeout: Int?
            var bargeIn: Bool?
            var eventUrl: [String]?
        }
        for action in try JSONDecoder().decode([Action].self, from: Data(json.utf8)) {
            switch action.action {
            case "talk": said.append((action.bargeIn == true ? "!" : "") + (action.text ?? ""))
            case "wait": said.append("~\(action.timeout ?? -1)")
            default: keysTo = action.eventUrl?.first
            }
        }
    }

    private mutating func read(xml: String, _ format: CallFormat) throws {
        struct Element: Decodable {
            var tag: String
            var inside: String
            var text: String
            var attributes: [String: String]
        }
        let elements = try python(
            """
            import json, sys, xml.etree.ElementTree as E
            def walk(e, inside): return [dict(tag=e.tag, inside=inside, text=e.text or '', attributes=e.attrib)] \\
                + [x for c in e for x in walk(c, e.tag)]
            print(json.dumps(walk(E.fromstring(json.load(sys.stdin)), '')))
            """, xml, as: [Element].self)
        let (say, pause, gather) = format == .plivo ? ("Speak", "Wait", "GetDigits") : ("Say", "Pause", "Gather")
        for element in elements.dropFirst() {
            switch element.tag {
            case say: said.append((element.inside == gather ? "!" : "") + element.text)
            case pause: said.append("~\(element.attributes["length"] ?? "")")
            case gather: keysTo = element.attributes["action"]
            default: said.append("<\(element.tag)>")
            }
        }
    }
}
