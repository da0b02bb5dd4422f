// SPDX-License-Identifier: Apache-2.0

/// The page around a mail's body: one column of at most 600 pixels, styles inline, nothing loaded from anywhere.
enum EmailLayout {
    /// - Parameter body: HTML.
    static func page(subject: String, preheader: String, body: String, language: LanguageTag) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(language.identifier)" dir="\(language.isRightToLeft ? "rtl" : "ltr")">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(escapedHTML(subject))</title>
        </head>
        <body style="margin:0;padding:0;">
        \(hidden(preheader))<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
        <tr><td align="center" style="padding:24px 16px;">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;">
        <tr><td style="font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-size:16px;\
        line-height:1.5;text-align:start;overflow-wrap:anywhere;">
        \(body)</td></tr>
        </table>
        </td></tr>
        </table>
        </body>
        </html>

        """
    }

    /// What mail clients show behind the subject. The blanks behind it keep the body from following there.
    private static func hidden(_ preheader: String) -> String {
        guard !preheader.isEmpty else { return "" }
        let blanks = String(repeating: "&#847;&zwnj;&nbsp;", count: 40)
        let style = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;"
        return "<span style=\"\(style)\">\(escapedHTML(preheader))\(blanks)</span>\n"
    }
}
