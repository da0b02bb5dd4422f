// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A gateway's own way of writing what is said in a call.
public enum CallFormat: String, CaseIterable, Sendable {
    /// Twilio's call markup, which Telnyx takes as TeXML as well.
    case twiml

    /// What to say when the person has pressed a key at the gate, or at a later gather.
    ///
    /// - Parameters:
    ///   - steps: what is still to be said; empty: nothing, hang up.
    ///   - keysTo: where the next key press goes.
    public func document(saying steps: [CallScript.Step], language: String, keysTo url: String) -> CallbackReply {
        switch self {
        case .twiml:
            CallbackReply(
                contentType: "text/xml", body: TwiML.document(saying: steps, language: language, keysTo: url))
        }
    }
}
