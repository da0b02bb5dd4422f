// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What part of the outbox is looked at: the query of `/` and `/messages.json`.
struct OutboxView: Hashable {
    /// Part of a recipient's number or address; empty for everybody.
    var to = ""
    var channel: Channel?
    /// Only messages with a smaller number.
    var before: Int?
    /// The page loads itself again every two seconds.
    var follows = false

    init() {}

    /// Reads a query; what it does not know it passes over.
    init(query: String) {
        for field in formFields(query.utf8) ?? [] {
            switch field.name {
            // An unencoded plus reads as a space: +1617 and 1617 find the same.
            case "to": to = trimmed(field.value)
            case "channel": channel = Channel(rawValue: field.value)
            case "before": before = Int(field.value)
            case "follow": follows = field.value == "1"
            default: break
            }
        }
    }

    func filter(_ messages: [SandboxMessage]) -> [SandboxMessage] {
        let wanted = to.lowercased()
        return messages.filter {
            (channel == nil || $0.channel == channel) && $0.number < before ?? .max
                && (wanted.isEmpty || $0.to.lowercased().contains(wanted))
        }
    }

    /// The query that leads to this view, with its question mark; empty for the whole outbox.
    var query: String {
        var fields: [String] = []
        if let channel { fields.append("channel=\(channel.rawValue)") }
        if !to.isEmpty { fields.append("to=\(percentEncoded(to))") }
        if let before { fields.append("before=\(before)") }
        if follows { fields.append("follow=1") }
        return "/" + (fields.isEmpty ? "" : "?") + fields.joined(separator: "&")
    }

    /// This view with something else about it.
    func with(_ change: (inout OutboxView) -> Void) -> OutboxView {
        var view = self
        change(&view)
        return view
    }
}
