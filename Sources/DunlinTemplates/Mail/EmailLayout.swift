// SPDX-License-Identifier: Apache-2.0

/// The page around a mail's body: one column of at most 600 pixels, styles inline, nothing loaded from anywhere.
///
/// Language and direction stand on an element within the body too, because web mail keeps neither `html` nor `body`. What
/// Outlook for Windows alone needs, a table of fixed width and a font it knows, stands in comments that only it reads.
enum EmailLayout {
    /// Gmail shows no more than this of an HTML part, in bytes, and hides the rest with the footer (its own figure: 102 KB).
    static let mostBytes = 102_000

    static func page(
        subject: String, preheader: String, body: borrowing Markdown, language: LanguageTag
    ) -> String {
        let style = EmailStyle(language)
        var out: [UInt8] = []
        out.reserveCapacity(12_000)
        let direction = "lang=\"\(language.identifier)\" dir=\"\(language.isRightToLeft ? "rtl" : "ltr")\""
        let title = escapedHTML(subject)
        out.append(contentsOf: "<!DOCTYPE html>\n<html \(direction)>\n<head>\n".utf8)
        out.append(contentsOf: head.utf8)
        out.append(contentsOf: "<title>\(title)</title>\n</head>\n".utf8)
        out.append(
            contentsOf: """
                <body class="back" style="margin:0;padding:0;background-color:\(EmailColour.back.light)">
                <div role="article" aria-label="\(title)" \(direction)>
                \(hidden(preheader))<table role="presentation" style="width:100%;\(EmailStyle.table)">
                <tr><td class="back room" style="padding:24px 12px;background-color:\(EmailColour.back.light)">
                <!--[if mso]><table role="presentation" align="center" width="600"><tr><td><![endif]-->
                <table role="presentation" style="width:100%;max-width:600px;margin:0 auto;border-collapse:separate;border-spacing:0">
                <tr><td class="card" style="\(card);font-family:\(style.fonts);text-align:\(style.start)">

                """.utf8)
        var writer = HTMLWriter(style: style, footerRule: body.footerRule, into: out)
        body.visit { writer.take($0, entering: $1) }
        return String(decoding: writer.out, as: UTF8.self) + foot
    }

    /// Ends the card and begins the footer below it, on the page's own background.
    static func footerStart(_ style: EmailStyle) -> String {
        let cell =
            "padding:20px 28px 4px;color:\(EmailColour.small.light);font-size:13px;line-height:1.6;\(wraps);"
            + "font-family:\(style.fonts);text-align:\(style.start)"
        return "</td></tr>\n<tr><td class=\"foot\" style=\"\(cell)\">\n"
    }

    private static let card =
        "padding:28px 28px 12px;border-radius:8px;background-color:\(EmailColour.card.light);"
        + "color:\(EmailColour.text.light);font-size:16px;line-height:1.6;\(wraps)"
    /// Two spellings of one thing: words longer than a line are broken, and do not widen the table.
    private static let wraps = "overflow-wrap:anywhere;word-break:break-word"

    private static let head = """
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="x-apple-disable-message-reformatting">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        \(EmailStyle.sheets)
        <!--[if mso]><style>table,td,p,a,li,h1,h2,h3{font-family:'Segoe UI',Arial,sans-serif!important}</style><![endif]-->

        """

    private static let foot = """
        </td></tr>
        </table>
        <!--[if mso]></td></tr></table><![endif]-->
        </td></tr>
        </table>
        </div>
        </body>
        </html>

        """

    /// What mail clients show behind the subject. The blanks behind it keep the body from following there.
    private static func hidden(_ preheader: String) -> String {
        preheader.isEmpty ? "" : "<div style=\"\(hiding)\">\(escapedHTML(preheader))\(blanks)</div>\n"
    }

    private static let blanks = String(repeating: "&#847;&zwnj;&nbsp;", count: 40)
    private static let hiding =
        "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all"
}
