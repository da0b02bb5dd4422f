// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A call as it is heard, step by step, with the line behind which it speaks to the person alone, and the voicemail.
func spoken(_ script: CallScript, at place: PartPlace) -> HTML {
    var items: [HTML] = []
    var isPublic = true
    for (index, step) in script.steps.enumerated() {
        items.append(item(step, script: script, at: place))
        if isPublic, case .gather = step {
            isPublic = false
            if index + 1 < script.steps.count {
                items.append(
                    "<li class=\"border\"><span>From here on the person has identified themself</span></li>")
            }
        }
    }
    let voicemail: HTML =
        script.voicemail.isEmpty
        ? "<p class=\"none\">Hangs up without a word.</p>"
        : "<p>\(words(script.voicemail, script: script, at: place))</p>"
    return """
        <p class="voice">Voice <b>\(script.language)</b></p>
        <ol class="steps">\(items)</ol>
        <div class="voicemail"><h4>A voicemail gets</h4>\(voicemail)</div>
        """
}

private func item(_ step: CallScript.Step, script: CallScript, at place: PartPlace) -> HTML {
    switch step {
    case .say(let text): return "<li class=\"say\">\(words(text, script: script, at: place))</li>"
    case .pause(let seconds): return "<li class=\"pause\">Pause, \(seconds) s</li>"
    case .gather(let prompt, let keys, let timeout):
        let legend: [HTML] = keys.sorted { $0.key < $1.key }.map { key, meaning in
            "<li><kbd>\(key)</kbd> \(explanation(of: meaning))</li>"
        }
        return """
            <li class="gather">\(words(prompt, script: script, at: place))
            <ul class="keys" aria-label="Keys">\(legend)</ul>
            <p class="under">Waits \(timeout) s for a key</p></li>
            """
    }
}

/// Words as they are spoken, with a button that the script shows where the browser has a voice.
private func words(_ text: String, script: CallScript, at place: PartPlace) -> HTML {
    """
    <span \(place.direction)>\(text)</span> \
    <button type="button" class="listen" hidden data-voice="\(script.language)" aria-label="Listen">\(Icon.speaker)</button>
    """
}

private func explanation(of meaning: String) -> String {
    switch meaning {
    case "continue": "it is me, go on"
    case "repeat": "hear it again"
    case "agent": "speak with somebody"
    case "wrong-person": "wrong person"
    case "opt-out": "no more calls"
    default: meaning
    }
}
