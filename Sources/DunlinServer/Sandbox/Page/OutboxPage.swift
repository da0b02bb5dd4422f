// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How many messages one page shows.
private let pageLength = 50

/// The page at `/`. `authority` is the host and port the browser asked for.
func outboxPage(_ outbox: Outbox, view: OutboxView, authority: String, smtpPort: Int) -> HTML {
    let found = view.filter(outbox.messages)
    let shown = found.suffix(pageLength).reversed()
    let totals = outbox.totals
    let isEmpty = totals.isEmpty
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">\(view.follows ? "<meta http-equiv=\"refresh\" content=\"2\">" : "" as HTML)
        <title>Dunlin sandbox</title>
        <style>\(stylesheet)</style>
        </head>
        <body>
        <header class="top">
        <h1>\(Icon.bird) Dunlin <span>sandbox</span></h1>
        <p>What your gateways would have received. Nothing leaves this machine.</p>
        </header>
        <nav class="tiles" aria-label="Channels">\(tiles(totals, view: view))</nav>
        \(isEmpty ? welcome(authority: authority, smtpPort: smtpPort) : searchBar(view))
        <main>\(shown.map(messageCard))\(shown.isEmpty && !isEmpty ? nothingFound(view) : "")</main>
        \(pager(view: view, found: found.count, last: shown.last?.number))
        \(isEmpty ? "" : addresses(authority: authority, smtpPort: smtpPort))
        \(awkwardCases(isOpen: isEmpty))
        </body>
        </html>

        """
}

// MARK: Head

private func tiles(_ totals: [Channel: Sandbox.Total], view: OutboxView) -> [HTML] {
    let all = totals.values.reduce(into: Sandbox.Total()) {
        $0.accepted += $1.accepted
        $0.refused += $1.refused
        $0.unanswered += $1.unanswered
    }
    return [tile("All", all, channel: nil, view: view)]
        + Channel.allCases.filter { [.sms, .email, .call].contains($0) || totals[$0] != nil }.map {
            tile($0.title, totals[$0] ?? .init(), channel: $0, view: view)
        }
}

private func tile(_ title: String, _ total: Sandbox.Total, channel: Channel?, view: OutboxView) -> HTML {
    var notes: [String] = []
    if total.refused > 0 { notes.append("\(grouped(total.refused)) refused") }
    if total.unanswered > 0 { notes.append("\(grouped(total.unanswered)) unanswered") }
    let target = view.with { ($0.channel, $0.before) = (channel, nil) }
    let current: HTML = view.channel == channel ? " aria-current=\"page\"" : ""
    return """
        <a href="\(target.query)"\(current)><span class="label">\(title)</span>\
        <b>\(grouped(total.all))</b><small>\(notes.joined(separator: ", "))</small></a>
        """
}

private func searchBar(_ view: OutboxView) -> HTML {
    let channel: HTML = view.channel.map { "<input type=\"hidden\" name=\"channel\" value=\"\($0.rawValue)\">" } ?? ""
    let follow = view.with { ($0.follows, $0.before) = (!$0.follows, nil) }
    return """
        <form class="search" action="/" role="search">\(channel)
        <input type="search" name="to" value="\(view.to)" placeholder="Number or address" aria-label="Recipient">
        <button>Search</button>
        <a class="follow" href="\(follow.query)">\(view.follows ? "Stop following" : "Follow live")</a>
        </form>
        """
}

// MARK: Foot

private func nothingFound(_ view: OutboxView) -> HTML {
    "<p class=\"quiet\">Nothing for this search. <a href=\"\(OutboxView().with { $0.follows = view.follows }.query)\">Show all</a></p>"
}

private func pager(view: OutboxView, found: Int, last: Int?) -> HTML {
    let older: HTML =
        if found > pageLength, let last {
            "<a href=\"\(view.with { ($0.before, $0.follows) = (last, false) }.query)\">Older messages</a>"
        } else { "" }
    let newest: HTML = view.before == nil ? "" : "<a href=\"\(view.with { $0.before = nil }.query)\">Newest</a>"
    return older.source.isEmpty && newest.source.isEmpty ? "" : "<nav class=\"pager\">\(newest)\(older)</nav>"
}

private func welcome(authority: String, smtpPort: Int) -> HTML {
    """
    <section class="welcome">
    <h2>Nothing has come in yet</h2>
    <p>Point the gateways in <code>dunlin.yaml</code> here, and their messages appear on this page.</p>
    \(gatewayExample(authority: authority, smtpPort: smtpPort))
    <p><a href="\(OutboxView().with { $0.follows = true }.query)">Follow live</a> reloads this page every two seconds.</p>
    </section>
    """
}

private func addresses(authority: String, smtpPort: Int) -> HTML {
    """
    <details class="notes"><summary>Where to send</summary>
    \(gatewayExample(authority: authority, smtpPort: smtpPort))
    <p>Also <code>POST /sms</code> with JSON for adapters of your own, and <a href="/messages.json">messages.json</a> \
    with everything that is kept, for scripts; <code>?to=</code> and <code>?channel=</code> narrow it down.</p>
    </details>
    """
}

private func gatewayExample(authority: String, smtpPort: Int) -> HTML {
    """
    <pre class="code">gateways:
      sms-main:   {adapter: twilio-sms, base_url: "http://\(authority)", …}
      voice-main: {adapter: twilio-voice, base_url: "http://\(authority)", …}
      sms-kannel: {adapter: kannel, base_url: "http://\(authority)", …}
      mail:       {adapter: smtp, base_url: "smtp://\(hostName(of: authority)):\(smtpPort)", …}</pre>
    """
}

/// The host of `host:port` or `[::1]:port`.
private func hostName(of authority: String) -> String {
    guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return authority }
    return String(authority[..<colon])
}

private func awkwardCases(isOpen: Bool) -> HTML {
    let numbers: [HTML] = MagicNumber.allCases.map {
        "<tr><th scope=\"row\">a number ending in <b>\($0.rawValue)</b></th><td>\($0.explanation)</td></tr>"
    }
    let boxes: [HTML] = MagicMailbox.allCases.map {
        "<tr><th scope=\"row\">mail to <b>\($0.rawValue)</b>…@</th><td>\($0.explanation)</td></tr>"
    }
    return """
        <details class="notes"\(isOpen ? " open" : "" as HTML)><summary>Try the awkward cases</summary>
        <table>\(numbers)\(boxes)</table>
        </details>
        """
}

extension Channel {
    /// As the page calls it.
    var title: String {
        switch self {
        case .sms: "SMS"
        case .email: "Mail"
        case .call: "Calls"
        case .chat: "Chats"
        case .task: "Tasks"
        }
    }
}

/// A number with its thousands apart: `12 345`, with a narrow space.
private func grouped(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().reduce(into: "") { text, digit in
        if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text += "\u{202f}" }
        text.append(digit.element)
    }
}
