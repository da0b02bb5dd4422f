// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One message as its recipient would see it.
func messageCard(_ message: SandboxMessage) -> HTML {
    let mail = message.mail
    let stamp = message.at.description
    return """
        <article class="\(message.channel.rawValue) \(message.answer.word)" id="m\(message.number)">
        <header><span class="icon">\(Icon.of(message.channel))</span>
        <span class="who"><b>\(message.to.isEmpty ? "no recipient" : message.to)</b> \
        <small>from \(message.from.isEmpty ? "nobody" : message.from) · \(message.gateway.rawValue)</small></span>
        <span class="when">\(badge(message.answer))<span><time datetime="\(stamp)" title="\(stamp)">\(clockTime(stamp))</time> \
        <a href="#m\(message.number)">#\(message.number)</a></span></span></header>
        \(content(of: message, mail: mail))
        \(particulars(of: message, mail: mail))
        </article>
        """
}

private func badge(_ answer: SandboxMessage.Answer) -> HTML {
    switch answer {
    case .accepted: ""
    case .refused(let status, let code):
        "<span class=\"badge\">refused \(status)\(code.isEmpty || code == String(status) ? "" : " · \(code)")</span>"
    case .unanswered: "<span class=\"badge\">taken, not answered</span>"
    }
}

private func content(of message: SandboxMessage, mail: Mail?) -> HTML {
    switch message.content {
    case .sms(let text): bubble(text)
    case .call(let twiml): spoken(callSteps(twiml: twiml), twiml: twiml)
    case .mail(let bytes): bytes.isEmpty ? "<p class=\"quiet\">Refused before its text was sent.</p>" : letter(mail)
    }
}

// MARK: SMS

private func bubble(_ text: String) -> HTML {
    guard !text.isEmpty else { return "<p class=\"quiet\">Without a text.</p>" }
    let size = SMSEncoding.measure(text)
    let parts: [HTML] = SMSEncoding.parts(of: text).enumerated().map { index, part in
        index == 0 ? "\(part)" : "<i class=\"cut\" title=\"Segment \(index + 1) begins here\"></i>\(part)"
    }
    return """
        <p class="bubble" dir="auto">\(parts)</p>
        <p class="under">\(counted(size.segments, "segment")) · \(size.encoding.name) · \
        \(counted(size.units, size.encoding == .gsm7 ? "septet" : "code unit"))</p>
        """
}

// MARK: Mail

private func letter(_ mail: Mail?) -> HTML {
    guard let mail else { return "" }
    let subject: HTML =
        mail.subject.map { "<h2 dir=\"auto\">\($0)</h2>" } ?? "<h2 class=\"quiet\">Without a subject</h2>"
    let from: HTML = mail["from"].map { "<p class=\"under\" dir=\"auto\">\($0)</p>" } ?? ""
    let plain: HTML = "<pre class=\"plain\" dir=\"auto\">\(mail.text ?? "")</pre>"
    guard let html = mail.html else { return "<div class=\"letter\">\(subject)\(from)\(plain)</div>" }
    // An empty `sandbox` takes every right away: no script, no form, no way out of the frame.
    let frame: HTML = """
        <iframe sandbox="" loading="lazy" referrerpolicy="no-referrer" title="The mail's HTML" srcdoc="\(html)"></iframe>
        """
    let alternative: HTML = mail.text == nil ? "" : "<details><summary>Plain text</summary>\(plain)</details>"
    return "<div class=\"letter\">\(subject)\(from)\(frame)\(alternative)</div>"
}

// MARK: Call

private func spoken(_ steps: [CallStep], twiml: String) -> HTML {
    guard !steps.isEmpty else {
        return twiml.isEmpty ? "<p class=\"quiet\">Without words of its own.</p>" : "<pre class=\"code\">\(twiml)</pre>"
    }
    return "<ol class=\"steps\">\(steps.map(item))</ol>"
}

private func item(_ step: CallStep) -> HTML {
    switch step {
    case .say(let text, let language):
        return
            "<li class=\"say\" dir=\"auto\"\(language.map { " lang=\"\($0)\"" } ?? "" as HTML)>\(text)\(languageTag(language))</li>"
    case .pause(let seconds): return "<li class=\"act\">pause, \(seconds) s</li>"
    case .gather(let inner, let digits, let timeout):
        let keys = digits == 1 ? "a key" : digits.map { "\($0) keys" } ?? "keys"
        return """
            <li class="gather"><ol class="steps">\(inner.map(item))</ol>\
            <p class="act">waits \(timeout) s for \(keys)</p></li>
            """
    case .hangUp: return "<li class=\"act\">hangs up</li>"
    case .other(let verb, let text): return "<li class=\"act\">\(verb) \(text)</li>"
    }
}

private func languageTag(_ language: String?) -> HTML {
    language.map { " <small>\($0)</small>" } ?? ""
}

// MARK: Particulars

private func particulars(of message: SandboxMessage, mail: Mail?) -> HTML {
    let rows = (mail?.headers ?? []).map { FormField($0.name, $0.value) } + message.fields
    var id: [FormField] = []
    if case .accepted(let given) = message.answer { id = [FormField("id", given)] }
    let list: [HTML] = (id + rows).map { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" }
    guard !list.isEmpty else { return "" }
    return "<details class=\"particulars\"><summary>Particulars</summary><dl>\(list)</dl></details>"
}

/// `18:53:57` of an RFC 3339 time in UTC.
private func clockTime(_ stamp: String) -> String { String(stamp.dropFirst(11).prefix(8)) + " UTC" }
