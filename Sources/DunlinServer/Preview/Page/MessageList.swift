// SPDX-License-Identifier: Apache-2.0

/// A line in the list of messages.
struct MessageEntry: Hashable {
    var name: String
    /// Nil for a message that could not be read so far.
    var message: PreviewMessage?
    var errors = 0
    var warnings = 0
}

/// All messages by name, those too that are so broken that only findings tell of them.
func messageEntries(of state: PreviewState) -> [MessageEntry] {
    var entries: [String: MessageEntry] = [:]
    for message in state.library?.messages ?? [] {
        entries[message.name] = MessageEntry(name: message.name, message: message)
    }
    for finding in state.findings {
        guard let name = finding.message else { continue }
        var entry = entries[name] ?? MessageEntry(name: name)
        if finding.isError { entry.errors += 1 } else { entry.warnings += 1 }
        entries[name] = entry
    }
    return entries.values.sorted { $0.name < $1.name }
}

func messageList(_ entries: [MessageEntry], choice: PreviewChoice) -> HTML {
    let items: [HTML] = entries.map { entry in
        let current: HTML = entry.name == choice.message ? " aria-current=\"page\"" : ""
        // A variant belongs to its message.
        let target = choice.with {
            if $0.message != entry.name { $0.variant = nil }
            $0.message = entry.name
        }
        return """
            <li><a href="\(target.query)"\(current)><span class="name">\(entry.name)</span> \
            <small>\(completeness(of: entry))\(badges(of: entry))</small></a></li>
            """
    }
    return """
        <nav class="messages" aria-label="Messages" data-key="messages">
        <h2>Messages</h2>
        <ul>\(items)</ul>
        </nav>
        """
}

private func completeness(of entry: MessageEntry) -> HTML {
    guard let message = entry.message else { return "not readable yet" }
    let missing = message.missingLanguages.count
    let languages =
        missing == 0
        ? counted(message.languages.count, "language")
        : "\(message.languages.count) of \(counted(message.languages.count + missing, "language"))"
    let written = message.languages.map(\.channels.count).reduce(0, +)
    let all = message.languages.count * message.channels.count
    return written == all ? "\(languages)" : "\(languages), \(written) of \(all) parts"
}

private func badges(of entry: MessageEntry) -> HTML {
    let errors: HTML = entry.errors == 0 ? "" : " <b class=\"error\">\(counted(entry.errors, "error"))</b>"
    let warnings: HTML = entry.warnings == 0 ? "" : " <b>\(counted(entry.warnings, "warning"))</b>"
    return "\(errors)\(warnings)"
}
