// SPDX-License-Identifier: Apache-2.0

import DunlinGateways

/// What somebody sees who follows the link for no more mails: one question and one button, in their browser's language.
///
/// It says nothing of a debt or a lender: whoever looks over a shoulder learns nothing. Without script, and the link alone changes
/// nothing, for mail programs look into links.
struct UnsubscribePage {
    let words: UnsubscribeWords

    /// - Parameter acceptLanguage: the header of that name.
    init(acceptLanguage: String?) { words = UnsubscribeWords.best(for: acceptLanguage ?? "") }

    func html(_ state: Unsubscription) -> HTML {
        let direction: HTML = words.language == "ar" ? " dir=\"rtl\"" : ""
        return """
            <!doctype html>
            <html lang="\(words.language)"\(direction)>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>\(words.title)</title>
            <style>\(palette)
            body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);\
            font:18px/1.55 system-ui,sans-serif}
            main{max-width:28rem;padding:2rem;text-align:center}
            h1{font-size:1.3rem;font-weight:620}
            button{font:inherit;color:var(--card);background:var(--accent);border:0;border-radius:10px;padding:.7rem 1.6rem;\
            cursor:pointer}
            </style>
            </head>
            <body><main>
            <h1>\(words.title)</h1>
            \(body(state))
            </main></body>
            </html>

            """
    }

    private func body(_ state: Unsubscription) -> HTML {
        switch state {
        case .asks:
            """
            <p>\(words.question)</p>
            <form method="post"><button name="List-Unsubscribe" value="One-Click">\(words.button)</button></form>
            """
        case .done: "<p role=\"status\">\(words.done)</p>"
        // For the operator, who reads the documentation.
        case .test:
            "<p role=\"status\" lang=\"en\">A test by 'dunlin gateways test': the link works, and nothing is recorded.</p>"
        case .unknown: "<p role=\"alert\">\(words.unknown)</p>"
        case .failed: "<p role=\"alert\">\(words.failed)</p>"
        }
    }

    static func status(_ state: Unsubscription) -> Int {
        switch state {
        case .asks, .done, .test: 200
        case .unknown: 404
        case .failed: 503
        }
    }
}
