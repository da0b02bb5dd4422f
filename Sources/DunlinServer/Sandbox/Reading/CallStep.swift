// SPDX-License-Identifier: Apache-2.0

/// One thing that a called person hears or can do, read from TwiML.
indirect enum CallStep: Hashable {
    /// Spoken in a BCP 47 language; nil where the gateway's default applies.
    case say(String, language: String?)
    case pause(seconds: Int)
    /// Waits for keys while the steps inside are spoken.
    case gather([CallStep], digits: Int?, timeoutSeconds: Int)
    case hangUp
    /// A verb that the sandbox shows as it is.
    case other(verb: String, String)

    /// What is spoken, in order.
    var spokenText: String? {
        switch self {
        case .say(let text, _): text
        case .gather(let steps, _, _): steps.compactMap(\.spokenText).joined(separator: "\n")
        case .pause, .hangUp, .other: nil
        }
    }

    var json: JSON {
        switch self {
        case .say(let text, let language): .object(["say": .string(text), "language": JSON(language)])
        case .pause(let seconds): .object(["pause": .number(seconds)])
        case .gather(let steps, let digits, let timeout):
            .object([
                "gather": .array(steps.map(\.json)), "digits": digits.map(JSON.number) ?? .null,
                "timeout": .number(timeout),
            ])
        case .hangUp: .object(["hangup": 1])
        case .other(let verb, let text): .object(["verb": .string(verb), "text": .string(text)])
        }
    }
}

/// The steps of a TwiML document; empty if it is not well-formed or not a `Response`.
///
/// https://www.twilio.com/docs/voice/twiml: a pause lasts one second and a gather waits five where nothing is said.
func callSteps(twiml: String) -> [CallStep] {
    guard let document = try? XMLElement(document: twiml), document.name == "Response" else { return [] }
    return steps(in: document)
}

private func steps(in element: XMLElement) -> [CallStep] {
    element.children.compactMap { node in
        guard case .element(let verb) = node else { return nil }
        switch verb.name {
        case "Say": return .say(trimmed(verb.text), language: verb.attributes["language"])
        case "Pause": return .pause(seconds: verb.attributes["length"].flatMap(Int.init) ?? 1)
        case "Gather":
            return .gather(
                steps(in: verb), digits: verb.attributes["numDigits"].flatMap(Int.init),
                timeoutSeconds: verb.attributes["timeout"].flatMap(Int.init) ?? 5)
        case "Hangup": return .hangUp
        default: return .other(verb: verb.name, trimmed(verb.text))
        }
    }
}

/// Without white space at both ends.
func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
}
