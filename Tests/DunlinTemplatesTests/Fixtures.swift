// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation

@testable import DunlinTemplates

/// The library that Dunlin ships.
let shippedRoot = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../templates").standardized
    .path
let shipped: Result<TemplateLibrary, DunlinError> = Result { () throws(DunlinError) in
    try TemplateLibrary.load(roots: [shippedRoot])
}

/// A folder of message files that lives as long as the test.
final class MessageFolder {
    let path = FileManager.default.temporaryDirectory.appending(path: "dunlin-\(UUID().uuidString)").path

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, Data(text.utf8)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ data: Data) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func load() throws -> TemplateLibrary { try TemplateLibrary.load(roots: [path]) }

    /// What `check` says, without the folder's own path.
    func findings() -> [String] {
        TemplateCheck(roots: [path]).findings.map { "\($0)".replacing(path + "/", with: "").replacing(path, with: "") }
    }
}

/// A sound message in one language, to break in one place.
func message(
    sms: String? = "{{creditor}} {{amount}}", email: String? = nil, call: String? = nil, variables: String = "",
    sample: String = "", extra: String = ""
) -> [String: String] {
    let parts = ["sms": sms, "email": email, "call": call].compactMapValues(\.self)
    var files = [
        "m/message.yaml": """
        purpose: a test
        channels: [\(parts.keys.sorted().joined(separator: ", "))]
        \(extra)
        variables: {\(variables)}
        sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: 2026-11-20\(sample)}
        """
    ]
    for (channel, text) in parts { files["m/en/\(channel).mustache"] = text }
    return files
}

func reminder(
    _ message: String = "m", name: String = "Alex Kim", creditor: String = "Harbor Credit", amount: String = "1234.50",
    currency: String = "USD", locale: String = "en-US", region: String? = nil, vars: [String: String] = [:]
) -> Reminder {
    let money = Money(decimal: amount, currency: Currency(code: currency)!)!
    let account = Account(id: "A-77", creditor: creditor, amount: money, dueDate: CivilDate(iso8601: "2026-11-20")!)
    return Reminder(
        id: "r-1", message: message, due: Instant(seconds: 0), expires: Instant(seconds: 1), channels: Channel.allCases,
        account: account, recipient: Recipient(id: "P-5", name: name, locale: locale, region: region), vars: vars)
}

extension TemplateLibrary {
    func sms(_ reminder: Reminder, today: String = "2026-11-25") throws -> String {
        guard case .sms(let text) = try render(reminder, channel: .sms, today: CivilDate(iso8601: today)!).content
        else {
            return "not an SMS"
        }
        return text
    }

    func email(_ reminder: Reminder, today: String = "2026-11-25") throws -> Email {
        guard case .email(let mail) = try render(reminder, channel: .email, today: CivilDate(iso8601: today)!).content
        else {
            return Email(subject: "not a mail", preheader: "", text: "", html: "")
        }
        return mail
    }

    func call(_ reminder: Reminder, today: String = "2026-11-25") throws -> CallScript {
        guard case .call(let script) = try render(reminder, channel: .call, today: CivilDate(iso8601: today)!).content
        else {
            return CallScript(language: "not a call", steps: [], voicemail: "")
        }
        return script
    }
}
