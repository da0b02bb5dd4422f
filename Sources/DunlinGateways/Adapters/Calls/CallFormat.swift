// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A gateway's own way of writing what is said in a call.
public enum CallFormat: String, CaseIterable, Sendable {
    /// Twilio's call markup, which Telnyx takes as TeXML as well.
    case twiml

    /// How a call begins, where the gateway asks for it: up to the gate and then the voicemail part, or for a machine that alone.
    /// Throws `DunlinError` where the script has nothing that may be said.
    public func opening(_ script: CallScript, isMachine: Bool, keysTo url: String) throws -> CallbackReply {
        switch self {
        case .twiml:
            CallbackReply(
                contentType: "text/xml", body: try TwiML.document(for: script, keysTo: isMachine ? nil : url))
        }
    }

    /// What to say when the person has pressed a key.
    ///
    /// - Parameters:
    ///   - steps: what is still to be said, of which nothing behind the next gather.
    ///   - keysTo: where the next key press goes.
    public func document(saying steps: [CallScript.Step], language: String, keysTo url: String) -> CallbackReply {
        switch self {
        case .twiml:
            CallbackReply(
                contentType: "text/xml", body: TwiML.document(saying: steps, language: language, keysTo: url))
        }
    }

    /// Hang up.
    public var silence: CallbackReply { document(saying: [], language: "en", keysTo: "") }
}
