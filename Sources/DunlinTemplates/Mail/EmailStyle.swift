// SPDX-License-Identifier: Apache-2.0

/// A mail's colours: `light` stands in each element's own style, `dark` in the style sheet, for programs that ask for it.
struct EmailColour {
    let light: String
    let dark: String

    static let back = EmailColour(light: "#f3f4f6", dark: "#101418")
    static let card = EmailColour(light: "#ffffff", dark: "#1b2026")
    static let text = EmailColour(light: "#1f2328", dark: "#e6e9ed")
    static let small = EmailColour(light: "#57606a", dark: "#a3abb5")
    static let link = EmailColour(light: "#0b57d0", dark: "#8ab4f8")
    static let button = EmailColour(light: "#0b57d0", dark: "#8ab4f8")
    static let buttonText = EmailColour(light: "#ffffff", dark: "#0b1a33")
    static let line = EmailColour(light: "#d0d7de", dark: "#3d444d")
}

/// The inline styles of a mail in one language. Only what mail programs are known to honour (caniemail.com): no shorthand
/// for backgrounds, no logical properties, lists set in by their margin, which Outlook needs.
struct EmailStyle {
    let start, end: String
    let fonts: String
    /// Scripts without italics stress a word by its weight.
    let stress: String

    init(_ language: LanguageTag) {
        (start, end) = language.isRightToLeft ? ("right", "left") : ("left", "right")
        let own = Self.fonts[language.script] ?? ""
        fonts = "'Segoe UI',-apple-system,BlinkMacSystemFont,Roboto,'Helvetica Neue',Arial,\(own)'Noto Sans',sans-serif"
        stress =
            ["Latn", "Cyrl", "Grek"].contains(language.script)
            ? "font-style:italic" : "font-style:normal;font-weight:bold"
    }

    /// What systems bring for scripts that the Latin fonts above lack: Apple, Windows, Android and Linux.
    private static let fonts = [
        "Arab": "'Geeza Pro',Tahoma,'Noto Sans Arabic',",
        "Deva": "'Kohinoor Devanagari','Nirmala UI','Noto Sans Devanagari',",
        "Hans": "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',",
        "Hant": "'PingFang TC','Microsoft JhengHei','Noto Sans CJK TC','Noto Sans TC',",
        "Hebr": "'Arial Hebrew','Noto Sans Hebrew',",
        "Jpan": "'Hiragino Sans','Yu Gothic UI',Meiryo,'Noto Sans CJK JP','Noto Sans JP',",
        "Kore": "'Apple SD Gothic Neo','Malgun Gothic','Noto Sans CJK KR','Noto Sans KR',",
        "Thai": "Thonburi,'Leelawadee UI','Noto Sans Thai',",
    ]

    static func paragraph(inFooter: Bool) -> String {
        inFooter ? "margin:0 0 12px;font-size:13px;line-height:1.6" : "margin:0 0 16px;font-size:16px;line-height:1.6"
    }

    static func heading(_ level: Int) -> String {
        "margin:0 0 16px;font-size:\(level == 1 ? 24 : level == 2 ? 20 : 18)px;line-height:1.35;font-weight:bold"
    }

    /// - Parameter isNested: within an item of another list.
    func list(isNested: Bool) -> String {
        let (above, below) = isNested ? ("4px", "0") : ("0", "16px")
        return start == "left"
            ? "margin:\(above) 0 \(below) 24px;padding:0" : "margin:\(above) 24px \(below) 0;padding:0"
    }

    static func item(inFooter: Bool) -> String {
        inFooter ? "margin:0 0 4px;font-size:13px;line-height:1.6" : "margin:0 0 4px;font-size:16px;line-height:1.6"
    }

    var quote: String {
        "margin:0 0 16px;padding:0;padding-\(start):16px;border-\(start):3px solid \(EmailColour.line.light)"
    }
    static let rule = "margin:24px 0;border:0;border-top:1px solid \(EmailColour.line.light)"
    static let strong = "font-weight:bold"
    static let link = "color:\(EmailColour.link.light);text-decoration:underline"

    /// Cells without padding of their own: Outlook adds some, and space between them, where nobody says otherwise.
    static let table = "border-collapse:collapse;mso-table-lspace:0;mso-table-rspace:0"
    /// Its background is no attribute: where styles are taken away the link has its own colour, on the page's.
    static let buttonCell =
        "padding:0;border-radius:6px;background-color:\(EmailColour.button.light);mso-padding-alt:12px 24px;text-align:center"
    var buttonLink: String {
        "display:block;padding:12px 24px;border-radius:6px;color:\(EmailColour.buttonText.light);font-family:\(fonts);"
            + "font-size:16px;line-height:1.4;font-weight:bold;text-decoration:none"
    }

    /// The rules that cannot stand in an element's own style. The second sheet is apart because Gmail drops a whole sheet
    /// for a selector it does not know; Outlook on the web and on phones marks with these attributes what it darkened.
    static let sheets = """
        <style>
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        @media (max-width:480px){
        .room{padding:12px 8px!important}.card{padding:20px 16px 4px!important}.foot{padding:16px 16px 4px!important}
        .wide{width:100%!important}
        }
        @media (prefers-color-scheme:dark){
        \(darkRules(text: "", back: ""))
        }
        </style>
        <style>
        \(darkRules(text: "[data-ogsc] ", back: "[data-ogsb] "))
        a[x-apple-data-detectors]{color:inherit!important;text-decoration:inherit!important}
        </style>
        """

    private static func darkRules(text: String, back: String) -> String {
        let texts: [(String, EmailColour)] = [
            ("card", .text), ("foot", .small), ("link", .link), ("press", .buttonText),
        ]
        let backs: [(String, EmailColour)] = [("back", .back), ("card", .card), ("push", .button)]
        let rules =
            texts.map { "\(text).\($0){color:\($1.dark)!important}" }
            + backs.map { "\(back).\($0){background-color:\($1.dark)!important}" }
            + ["\(text).line{border-color:\(EmailColour.line.dark)!important}"]
        return rules.joined(separator: "\n")
    }
}
