// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Call markup in XML, which its vendors write alike but for the names.
struct CallXML {
    let say: String
    let pause: String
    let gather: String
    /// The vendor's name of a language.
    let voice: @Sendable (String) -> String

    /// https://www.twilio.com/docs/voice/twiml; Telnyx's TeXML is the same.
    ///
    /// Languages are BCP 47 but for Arabic, which Twilio has once for all regions (`arb`, from its libraries' list of `Say`
    /// languages; from memory, not read in its documentation).
    static let twiml = CallXML(say: "Say", pause: "Pause", gather: "Gather") { language in
        language == "ar" || language.hasPrefix("ar-") ? "arb" : language
    }

    /// https://www.plivo.com/docs/voice/xml (names of elements and attributes: plivo-python 4.63).
    static let plivo = CallXML(say: "Speak", pause: "Wait", gather: "GetDigits") { $0 }

    /// All of `steps`; the next key goes to `url`, and what follows a gather is said where none is pressed.
    func document(saying steps: [CallScript.Step], language: String, keysTo url: String) -> String {
        var xml: [UInt8] = []
        xml.reserveCapacity(1024)
        xml += "<Response>".utf8
        for step in steps { append(step, to: &xml, language: language, keysTo: url) }
        xml += "</Response>".utf8
        return String(decoding: xml, as: UTF8.self)
    }

    private func append(_ step: CallScript.Step, to xml: inout [UInt8], language: String, keysTo url: String) {
        switch step {
        case .say(let words): append(words, to: &xml, language: language)
        case .pause(let seconds): xml += "<\(pause) length=\"\(max(1, seconds))\"/>".utf8
        case .gather(let prompt, _, let timeout):
            xml += "<\(gather) numDigits=\"1\" timeout=\"\(max(1, timeout))\" method=\"POST\" action=\"".utf8
            escape(url, to: &xml)
            xml += "\">".utf8
            append(prompt, to: &xml, language: language)
            xml += "</\(gather)>".utf8
        }
    }

    private func append(_ words: String, to xml: inout [UInt8], language: String) {
        xml += "<\(say) language=\"".utf8
        escape(voice(language), to: &xml)
        xml += "\">".utf8
        escape(words, to: &xml)
        xml += "</\(say)>".utf8
    }

    private func escape(_ text: String, to xml: inout [UInt8]) {
        // Throws for headers and numbers alone.
        try? Encoding.xml.append(text, to: &xml)
    }
}
