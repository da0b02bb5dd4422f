// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials

/// The page at `/`: the list of messages, and one message in all its languages. Everything on it is a link to another
/// choice or plain text, so it works without its script, which only saves reloading it.
///
/// What has a `data-key` is what the script replaces when it has changed.
func previewPage(_ state: PreviewState, choice: PreviewChoice, price: Decimal?) -> HTML {
    let entries = messageEntries(of: state)
    var choice = choice
    choice.message = choice.message ?? entries.first?.name
    choice.language = nil
    let message = state.library?.messages.first { $0.name == choice.message }
    let theme: HTML = choice.theme.map { " data-theme=\"\($0.rawValue)\"" } ?? ""
    return """
        <!doctype html>
        <html lang="en"\(theme)>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(choice.message ?? "No message") – Dunlin preview</title>
        <link rel="stylesheet" href="/preview.css">
        <script src="/preview.js" defer></script>
        </head>
        <body data-revision="\(state.revision)">
        <a class="skip" href="#main">Skip to the message</a>
        <div class="side">
        <p class="brand">\(Icon.bird) Dunlin <span>preview</span></p>
        \(messageList(entries, choice: choice))
        <p class="status" role="status" id="status" hidden></p>
        </div>
        <main id="main" tabindex="-1">
        \(head(of: message, state: state, choice: choice))
        \(message.map { languageColumns($0, state: state, choice: choice, price: price) } ?? nothing(state, choice: choice))
        </main>
        </body>
        </html>

        """
}

private func head(of message: PreviewMessage?, state: PreviewState, choice: PreviewChoice) -> HTML {
    """
    <header class="head" data-key="head">
    <h1>\(choice.message ?? "No message")</h1>
    <p class="purpose">\(message?.purpose ?? "")</p>
    \(findingPanel(state.findings, message: choice.message))
    \(state.isStale && message != nil ? staleNote : "")
    \(message.map { toolbar($0, choice: choice) } ?? "")
    </header>
    """
}

private let staleNote: HTML = """
    <p class="stale-note">Shown below is the last good state. It follows your files again as soon as the errors are mended.</p>
    """

private func nothing(_ state: PreviewState, choice: PreviewChoice) -> HTML {
    let why: HTML =
        if state.library == nil {
            "There is nothing to show until the errors above are mended."
        } else if choice.message
            == nil
        {
            "There is no message yet. <code>dunlin templates new NAME</code> makes one; it appears here by itself."
        } else { "There is no such message, or it cannot be read." }
    return "<p class=\"nothing\" data-key=\"nothing\">\(why)</p>"
}

// MARK: Toolbar

private func toolbar(_ message: PreviewMessage, choice: PreviewChoice) -> HTML {
    let languages = message.languages.map { language in
        let isShown = !choice.hidden.contains(language.tag)
        let other = choice.with {
            if isShown { $0.hidden.insert(language.tag) } else { $0.hidden.remove(language.tag) }
        }
        return option(language.tag, title: language.name, isOn: isShown, leadsTo: other)
    }
    let all =
        choice.hidden.isEmpty
        ? [] : [option("all", title: "Every language", isOn: false, leadsTo: choice.with { $0.hidden = [] })]
    let missing: [HTML] = message.missingLanguages.map { "<i>\($0)</i>" }
    let variants =
        ["plain"].map { option($0, isOn: choice.variant == nil, leadsTo: choice.with { $0.variant = nil }) }
        + message.variants.map { name in
            option(name, isOn: choice.variant == name, leadsTo: choice.with { $0.variant = name })
        }
    return """
        <div class="toolbar">
        \(group("Languages", languages + all))
        \(missing.isEmpty ? "" : group("Not written yet", missing))
        \(group("Sample", [
            option("complete", isOn: !choice.isBare, leadsTo: choice.with { $0.isBare = false }),
            option(
                "without what may be missing", isOn: choice.isBare, leadsTo: choice.with { $0.isBare = true }),
        ]))
        \(message.variants.isEmpty ? "" : group("Variant", variants))
        \(group("Mail", PreviewChoice.Width.allCases.map { width in
            option(width.rawValue, isOn: choice.width == width, leadsTo: choice.with { $0.width = width })
        }))
        \(group("Colours", [option("system", isOn: choice.theme == nil, leadsTo: choice.with { $0.theme = nil })]
            + PreviewChoice.Theme.allCases.map { theme in
                option(theme.rawValue, isOn: choice.theme == theme, leadsTo: choice.with { $0.theme = theme })
            }))
        </div>
        """
}

private func group(_ title: String, _ options: [HTML]) -> HTML {
    "<div class=\"group\" role=\"group\" aria-label=\"\(title)\"><span>\(title)</span>\(options)</div>"
}

/// One of several choices; `aria-current` tells which are on.
func option(_ label: String, title: String? = nil, isOn: Bool, leadsTo choice: PreviewChoice) -> HTML {
    let hint: HTML = title.map { " title=\"\($0)\"" } ?? ""
    let current: HTML = isOn ? " aria-current=\"true\"" : ""
    return "<a href=\"\(choice.query)\"\(hint)\(current)>\(label)</a>"
}
