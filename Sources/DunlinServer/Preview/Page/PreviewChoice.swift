// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What somebody chose to look at: the query of `/` and `/mail`. The page keeps it in its address alone, so that it
/// outlives a reload and can be bookmarked.
struct PreviewChoice: Hashable {
    enum Theme: String, CaseIterable { case light, dark }
    enum Width: String, CaseIterable { case phone, desk }

    /// Nil for the first.
    var message: String?
    /// One language alone, for `/mail`.
    var language: String?
    /// The languages that are left out.
    var hidden: Set<String> = []
    /// A region by language.
    var regions: [String: String] = [:]
    var variant: String?
    /// Without every value that may be missing.
    var isBare = false
    /// Nil for the browser's.
    var theme: Theme?
    /// Of mails.
    var width = Width.phone

    init() {}

    /// Reads a query; what it does not know it passes over.
    init(query: String) {
        for field in formFields(query.utf8) ?? [] where !field.value.isEmpty {
            switch field.name {
            case "message": message = field.value
            case "language": language = field.value
            case "hide": hidden.insert(field.value)
            case "region":
                // es-MX: the region is the last subtag, whatever comes before it.
                guard let hyphen = field.value.lastIndex(of: "-") else { continue }
                regions[String(field.value[..<hyphen])] = String(field.value[hyphen...].dropFirst())
            case "variant": variant = field.value
            case "sample": isBare = field.value == "bare"
            case "theme": theme = Theme(rawValue: field.value)
            case "mail": width = Width(rawValue: field.value) ?? .phone
            default: break
            }
        }
    }

    /// The query that leads to this choice, with its question mark.
    var query: String {
        var fields: [(String, String)] = []
        if let message { fields.append(("message", message)) }
        if let language { fields.append(("language", language)) }
        fields += hidden.sorted().map { ("hide", $0) }
        fields += regions.sorted { $0.key < $1.key }.map { ("region", "\($0.key)-\($0.value)") }
        if let variant { fields.append(("variant", variant)) }
        if isBare { fields.append(("sample", "bare")) }
        if let theme { fields.append(("theme", theme.rawValue)) }
        if width != .phone { fields.append(("mail", width.rawValue)) }
        return "?" + fields.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
    }

    /// This choice with something else about it.
    func with(_ change: (inout PreviewChoice) -> Void) -> PreviewChoice {
        var choice = self
        change(&choice)
        return choice
    }

    func request(_ message: String, language: String, channel: Channel) -> PreviewRequest {
        PreviewRequest(
            message: message, language: language, region: regions[language], channel: channel, variant: variant,
            isBare: isBare)
    }
}
