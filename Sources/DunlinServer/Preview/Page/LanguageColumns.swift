// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials

/// The languages side by side, the same channel of each at the same height.
func languageColumns(_ message: PreviewMessage, state: PreviewState, choice: PreviewChoice, price: Decimal?) -> HTML {
    let shown = message.languages.filter { !choice.hidden.contains($0.tag) }
    guard !shown.isEmpty, let library = state.library else {
        return "<p class=\"nothing\" data-key=\"nothing\">Choose a language.</p>"
    }
    let columns: [HTML] = shown.map { language in
        let parts: [HTML] = message.channels.map { channel in
            let key = "\(language.tag)-\(channel.rawValue)"
            let place = PartPlace(message: message, language: language, choice: choice, price: price)
            let part: HTML =
                if language.channels.contains(channel) {
                    content(
                        library.write(choice.request(message.name, language: language.tag, channel: channel)), at: place
                    )
                } else { missing(channel, at: place) }
            return """
                <section class="part" data-key="\(key)" aria-label="\(channel.heading) in \(language.name)">
                <h3>\(Icon.of(channel)) \(channel.heading)</h3>
                \(part)</section>
                """
        }
        return """
            <article class="language" aria-label="\(language.name)">
            <header data-key="\(language.tag)"><h2>\(language.name) <small>\(language.tag)</small></h2>
            \(regions(of: language, choice: choice))</header>
            \(parts)</article>
            """
    }
    return """
        <div class="columns\(choice.width == .desk ? " desk" : "") parts-\(message.channels.count)\(state.isStale ? " stale" : "")" \
        id="columns">
        \(columns)</div>
        """
}

/// Where a part stands, and how it is looked at.
struct PartPlace {
    var message: PreviewMessage
    var language: PreviewLanguage
    var choice: PreviewChoice
    /// Of one SMS segment.
    var price: Decimal?

    /// `lang` and `dir` for words in the language.
    var direction: HTML { "lang=\"\(language.tag)\" dir=\"\(language.isRightToLeft ? "rtl" : "ltr")\"" }
}

private func content(_ part: PreviewPart, at place: PartPlace) -> HTML {
    switch part {
    case .written(.sms(let text), let changes): phone(text, changes: changes, at: place)
    case .written(.email(let mail), _): letter(mail, at: place)
    case .written(.call(let script), _): spoken(script, at: place)
    case .written(.chat(let text), _): chat(text, at: place)
    case .written(.task(let text), _): "<p class=\"bubble\" lang=\"\(place.language.tag)\" dir=\"auto\">\(text)</p>"
    case .refused(let why): "<p class=\"refused\"><b>Would not be sent:</b> \(why).</p>"
    }
}

private func missing(_ channel: Channel, at place: PartPlace) -> HTML {
    let fallback = place.message.languages.first { $0.tag == place.message.defaultLanguage }?.name
    return """
        <p class="missing">Not written yet. Until it is, whoever reads \(place.language.name) gets \
        \(fallback ?? place.message.defaultLanguage).</p>
        """
}

private func regions(of language: PreviewLanguage, choice: PreviewChoice) -> HTML {
    guard language.regions.count > 1 else { return "" }
    let chosen = choice.regions[language.tag]
    let options =
        [
            option(
                "any", title: "Without a region", isOn: chosen == nil,
                leadsTo: choice.with { $0.regions[language.tag] = nil })
        ]
        + language.regions.map { region in
            option(
                region, title: "\(language.tag)-\(region)", isOn: chosen == region,
                leadsTo: choice.with { $0.regions[language.tag] = region })
        }
    return "<div class=\"group regions\" role=\"group\" aria-label=\"Region of \(language.name)\">\(options)</div>"
}

extension Channel {
    fileprivate var heading: String {
        switch self {
        case .sms: "SMS"
        case .email: "Mail"
        case .call: "Call"
        case .chat: "Chat"
        case .task: "Task"
        }
    }
}
