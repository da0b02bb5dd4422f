// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A call script as Twilio's call markup, inline in the request (https://www.twilio.com/docs/voice/twiml).
///
/// An inline document cannot branch: it does not learn whether a person or a machine has answered, and a key press can
/// only be handed to a URL. So all of it may be recorded by an answering machine or heard by whoever picks up, and none
/// of it may tell of a debt:
///
/// - the steps before the first `gather` (who calls, and for whom), then the gather ("press 1 if you are Alex Kim"); a
///   pressed key goes to the callback URL with the attempt's token, and only what is answered there may name the debt;
/// - behind the gather, so for a machine and for a person who pressed nothing, the voicemail part;
/// - without a callback URL, or without a gather, there is no gate: the voicemail part is all that is said.
///
/// With `MachineDetection=DetectMessageEnd` Twilio starts the document only after a machine's greeting and beep.
enum TwiML {
    /// The longest document that Twilio takes inline, in characters.
    static let limit = 4000

    /// Throws `DunlinError` where the script has nothing that may be said, or is too long.
    static func document(for script: CallScript, keysTo url: String?) throws -> String {
        var xml = XMLText()
        xml.raw("<Response>")
        if let url, let gate = script.steps.firstIndex(where: \.isGather) {
            for step in script.steps[...gate] { append(step, to: &xml, language: script.language, keysTo: url) }
        } else if script.voicemail.isEmpty {
            throw DunlinError(
                .failure, "call script",
                why: "it has no voicemail part, and without a key press nothing else may be said",
                remedy: "add a voicemail part to the message, or a gather step and 'callbacks' to the configuration")
        }
        if !script.voicemail.isEmpty { say(script.voicemail, to: &xml, language: script.language) }
        xml.raw("</Response>")
        let document = xml.text
        let length = document.utf16.count
        guard length <= limit else {
            throw DunlinError(
                .failure, "call script", why: "it takes \(length) characters as TwiML, Twilio takes \(limit)",
                remedy: "shorten the message")
        }
        return document
    }

    /// What follows a key press: the whole of `steps`, up to the next gather, which ends it.
    static func document(saying steps: [CallScript.Step], language: String, keysTo url: String) -> String {
        var xml = XMLText()
        xml.raw("<Response>")
        let end = steps.firstIndex(where: \.isGather).map { $0 + 1 } ?? steps.count
        for step in steps[..<end] { append(step, to: &xml, language: language, keysTo: url) }
        xml.raw("</Response>")
        return xml.text
    }

    private static func append(_ step: CallScript.Step, to xml: inout XMLText, language: String, keysTo url: String) {
        switch step {
        case .say(let words):
            say(words, to: &xml, language: language)
        case .pause(let seconds):
            xml.raw("<Pause length=\"\(max(1, seconds))\"/>")
        case .gather(let prompt, _, let timeout):
            xml.raw("<Gather numDigits=\"1\" timeout=\"\(max(1, timeout))\" method=\"POST\" action=\"")
            xml.escaped(url)
            xml.raw("\">")
            say(prompt, to: &xml, language: language)
            xml.raw("</Gather>")
        }
    }

    /// Twilio's names of languages are BCP 47 but for Arabic, which it has once for all regions (`arb`, from its libraries'
    /// list of `Say` languages; from memory, not read in its documentation).
    private static func voice(for language: String) -> String {
        language == "ar" || language.hasPrefix("ar-") ? "arb" : language
    }

    private static func say(_ words: String, to xml: inout XMLText, language: String) {
        xml.raw("<Say language=\"")
        xml.escaped(voice(for: language))
        xml.raw("\">")
        xml.escaped(words)
        xml.raw("</Say>")
    }
}

extension CallScript.Step {
    fileprivate var isGather: Bool { if case .gather = self { true } else { false } }
}

/// XML in the making.
private struct XMLText {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(1024) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func raw(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    /// Character data or an attribute value; control characters, which XML 1.0 cannot hold, are left out.
    mutating func escaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            case 0x00..<0x20 where byte != 0x0A && byte != 0x09: break
            default: bytes.append(byte)
            }
        }
    }
}
