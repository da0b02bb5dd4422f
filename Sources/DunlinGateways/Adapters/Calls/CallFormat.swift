// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A gateway's own way of writing what is said in a call.
public enum CallFormat: String, CaseIterable, Sendable {
    /// Twilio's call markup, which Telnyx takes as TeXML as well.
    case twiml
    /// Plivo's.
    case plivo
    /// Vonage's, in JSON.
    case ncco

    /// How a call begins, where the gateway asks for it: up to the gate and then the voicemail part, or for a machine that alone.
    ///
    /// - Parameter keysTo: where the first key press goes.
    ///
    /// Throws `DunlinError` where the script has nothing that a person may be told; a machine then hears nothing.
    public func opening(_ script: CallScript, isMachine: Bool, keysTo url: String) throws -> CallbackReply {
        let steps = isMachine ? script.voicemailSteps : try script.opening(hasKeys: true)
        return reply(text(steps, language: script.language, keysTo: url))
    }

    /// What to say when the person has pressed a key, or has not.
    ///
    /// - Parameters:
    ///   - steps: what is still to be said, of which nothing behind the next gather.
    ///   - keysTo: where the next key press goes.
    public func document(saying steps: [CallScript.Step], language: String, keysTo url: String) -> CallbackReply {
        let end = steps.firstIndex(where: \.isGather).map { $0 + 1 } ?? steps.count
        return reply(text(Array(steps[..<end]), language: language, keysTo: url))
    }

    /// Hang up.
    public var silence: CallbackReply { document(saying: [], language: "en", keysTo: "") }

    /// The opening for the request that starts the call. Without a URL for keys there is no gate.
    func inline(_ script: CallScript, keysTo url: String?) throws -> String {
        text(try script.opening(hasKeys: url != nil), language: script.language, keysTo: url ?? "")
    }

    private func text(_ steps: [CallScript.Step], language: String, keysTo url: String) -> String {
        switch self {
        case .twiml: CallXML.twiml.document(saying: steps, language: language, keysTo: url)
        case .plivo: CallXML.plivo.document(saying: steps, language: language, keysTo: url)
        case .ncco: NCCO.document(saying: steps, language: language, keysTo: url)
        }
    }

    private func reply(_ text: String) -> CallbackReply {
        CallbackReply(contentType: self == .ncco ? "application/json" : "text/xml", body: text)
    }
}
