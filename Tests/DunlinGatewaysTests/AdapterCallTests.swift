// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// What is said on a call, and above all what is not.
@Suite struct AdapterCallTests {
    private static let script = CallScript(
        language: "en-US",
        steps: [
            .say("Hello, this is Harbor & Co <calling>."), .pause(seconds: 2),
            .gather(prompt: "If you are Alex, press 1.", keys: ["1": "continue"], timeoutSeconds: 8),
            .say("You owe 120 dollars."), .gather(prompt: "Press 9 to stop.", keys: ["9": "stop"], timeoutSeconds: 5),
        ], voicemail: "Please call \"Harbor\" back.")

    /// The form of the request as Python reads it, and its TwiML as a list of (element, attributes, text).
    private struct Call: Decodable {
        var form: [String: String]
        var elements: [[String]]
    }

    private static func call(_ script: CallScript, callbacks: String? = nil) throws -> Call {
        let adapter = try AdapterFixture.gateway(AdapterFixture.voice, callbacks: callbacks).adapter
        let request = try adapter.httpRequest(AdapterFixture.message(.call(script)))
        #expect(request.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json")
        #expect(request.basicAuth == "AC1:s3cr€t+/=")
        return try python(
            """
            import json, sys, urllib.parse, xml.etree.ElementTree as E
            form = dict(urllib.parse.parse_qsl(json.load(sys.stdin), strict_parsing=True))
            def walk(e): return [[e.tag, ' '.join(f'{k}={v}' for k, v in sorted(e.attrib.items())), e.text or '']] \\
                + [x for c in e for x in walk(c)]
            print(json.dumps({'form': form, 'elements': walk(E.fromstring(form.pop('Twiml')))}))
            """, String(decoding: request.body, as: UTF8.self), as: Call.self)
    }

    @Test func aKeyPressIsTheGateToEverythingElse() throws {
        let call = try AdapterCallTests.call(AdapterCallTests.script, callbacks: AdapterFixture.callbacks)
        #expect(
            call.form == [
                "To": "+16175550123", "From": "+16175550100", "MachineDetection": "DetectMessageEnd",
                "StatusCallback": AdapterFixture.callback,
            ])
        #expect(
            call.elements == [
                ["Response", "", ""],
                ["Say", "language=en-US", "Hello, this is Harbor & Co <calling>."], ["Pause", "length=2", ""],
                ["Gather", "action=\(AdapterFixture.callback)&s=1 method=POST numDigits=1 timeout=8", ""],
                ["Say", "language=en-US", "If you are Alex, press 1."],
                ["Say", "language=en-US", "Please call \"Harbor\" back."],
            ])
    }

    @Test(arguments: [("ar-EG", "arb"), ("ar", "arb"), ("arn-CL", "arn-CL"), ("zh-TW", "zh-TW")])
    func voicesHaveTwiliosNames(language: String, voice: String) throws {
        var script = AdapterCallTests.script
        script.language = language
        let elements = try AdapterCallTests.call(script).elements
        #expect(elements.last == ["Say", "language=\(voice)", "Please call \"Harbor\" back."])
    }

    @Test func withoutAGateOnlyTheVoicemailPartIsSaid() throws {
        let only = [["Response", "", ""], ["Say", "language=en-US", "Please call \"Harbor\" back."]]
        #expect(try AdapterCallTests.call(AdapterCallTests.script).elements == only)
        var ungated = AdapterCallTests.script
        ungated.steps = [.say("You owe 120 dollars.")]
        #expect(try AdapterCallTests.call(ungated, callbacks: AdapterFixture.callbacks).elements == only)
    }

    @Test func withoutAVoicemailPartThereIsNothingToWaitFor() throws {
        var script = AdapterCallTests.script
        script.voicemail = ""
        let call = try AdapterCallTests.call(script, callbacks: AdapterFixture.callbacks)
        #expect(call.form["MachineDetection"] == nil)
        #expect(call.elements.map { $0[0] } == ["Response", "Say", "Pause", "Gather", "Say"])
    }

    @Test func aScriptThatCannotBeSaidThrows() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.voice).adapter
        var silent = AdapterCallTests.script
        silent.voicemail = ""
        var long = AdapterCallTests.script
        long.voicemail = String(repeating: "语", count: 3950)
        #expect(throws: Never.self) { try adapter.request(for: AdapterFixture.message(.call(long))) }
        long.voicemail += String(repeating: "语", count: 50)
        for script in [silent, long] {
            let error = #expect(throws: DunlinError.self) {
                try adapter.request(for: AdapterFixture.message(.call(script)))
            }
            #expect(error?.description.contains("call script") == true)
        }
    }
}
