// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What of a call script may be said when.
///
/// A call begins without knowing who has answered, and a document that is sent before, or that a machine hears, cannot take that
/// back. All of the beginning may be recorded by an answering machine or heard by whoever picks up, and none of it may tell of
/// a debt, in whatever format it is written:
///
/// - the steps before the first `gather` (who calls, and for whom), then the gather ("press 1 if you are Alex Kim"); a pressed
///   key goes to the callback URL with the attempt's token, and only what is answered there may name the debt;
/// - behind the gather, so for a machine and for a person who pressed nothing, the voicemail part;
/// - without a callback URL, or without a gather, there is no gate: the voicemail part is all that is said.
extension CallScript {
    /// What is said at first. `hasKeys`: whether a pressed key reaches us.
    ///
    /// Throws `DunlinError` where nothing may be said.
    func opening(hasKeys: Bool) throws -> [Step] {
        if hasKeys, let gate { return steps[...gate] + voicemailSteps }
        guard !voicemail.isEmpty else {
            throw DunlinError(
                .failure, "call script",
                why: "it has no voicemail part, and without a key press nothing else may be said",
                remedy: "add a voicemail part to the message, or a gather step and 'callbacks' to the configuration")
        }
        return voicemailSteps
    }

    /// What a machine hears, and a person who pressed nothing; nothing where there is no such part.
    var voicemailSteps: [Step] { voicemail.isEmpty ? [] : [.say(voicemail)] }

    /// The opening as one text, for gateways that read out a text and take no keys: without the prompt, which asks for one.
    ///
    /// Throws `DunlinError` where nothing may be said.
    func openingText() throws -> String {
        var words = gate.map { steps[..<$0].compactMap(\.words) } ?? []
        words += try opening(hasKeys: false).compactMap(\.words)
        return words.joined(separator: " ")
    }

    private var gate: Int? { steps.firstIndex(where: \.isGather) }
}

extension CallScript.Step {
    var isGather: Bool { if case .gather = self { true } else { false } }

    fileprivate var words: String? { if case .say(let words) = self { words } else { nil } }
}
