// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Vonage's Call Control Object, a JSON list of actions (https://developer.vonage.com/en/voice/voice-api/ncco-reference).
enum NCCO {
    /// The longest text of one `talk`, in characters.
    static let talkLimit = 1500

    /// All of `steps`; the next key goes to `url`, and so does that none was pressed: then the answer is what follows.
    static func document(saying steps: [CallScript.Step], language: String, keysTo url: String) -> String {
        var actions: [String] = []
        for step in steps {
            switch step {
            case .say(let words): actions += talk(words, language)
            case .pause(let seconds): actions.append(#"{"action":"wait","timeout":\#(max(1, seconds))}"#)
            case .gather(let prompt, _, let timeout):
                // bargeIn: a key counts also while the prompt is spoken.
                actions += talk(prompt, language, options: #","bargeIn":true"#)
                actions.append(
                    #"{"action":"input","type":["dtmf"],"dtmf":{"maxDigits":1,"timeOut":\#(min(max(1, timeout), 10))},"#
                        + #""eventUrl":["\#(escaped(url))"],"eventMethod":"POST"}"#)
            }
        }
        return "[\(actions.joined(separator: ","))]"
    }

    private static func talk(_ words: String, _ language: String, options: String = "") -> [String] {
        pieces(of: words).map { piece in
            #"{"action":"talk","text":"\#(escaped(piece))","language":"\#(escaped(voice(language)))"\#(options)}"#
        }
    }

    /// `text` in pieces of one talk each, cut ahead of a space where there is one. Counts UTF-16 units: the strictest way.
    private static func pieces(of text: String) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var space: String.Index?
        var length = 0
        for index in text.indices {
            length += text[index].utf16.count
            if length > talkLimit, index > start {
                let end = space ?? index
                pieces.append(text[start..<end])
                (start, space) = (end, nil)
                length = text[start...index].utf16.count
            }
            if text[index] == " ", index > start { space = index }
        }
        return start < text.endIndex ? pieces + [text[start...]] : pieces
    }

    private static func escaped(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        // Throws for headers and numbers alone.
        try? Encoding.jsonString.append(String(text), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Vonage's names of languages are BCP 47, Chinese by what is spoken (vonage-node-sdk, TTSLanguages).
    private static func voice(_ language: String) -> String {
        let parts = language.split(separator: "-")
        switch parts.first {
        case "ar": return "ar"
        case "yue": return "yue-CN"
        case "zh" where parts.contains("HK") || parts.contains("MO"): return "yue-CN"
        case "zh" where parts.contains("TW") || parts.contains("Hant"): return "cmn-TW"
        case "zh": return "cmn-CN"
        default: return language
        }
    }
}
