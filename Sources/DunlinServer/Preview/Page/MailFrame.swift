// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A mail as a line of the inbox, as its HTML in a frame without rights, and as text.
func letter(_ mail: Email, at place: PartPlace) -> HTML {
    let direction = place.direction
    let preheader: HTML =
        mail.preheader.isEmpty
        ? "<span class=\"none\">No preheader: the body's first words stand here</span>"
        : "<span \(direction)>\(mail.preheader)</span>"
    let address = frameAddress(mail, at: place)
    return """
        <div class="inbox"><span class="avatar" aria-hidden="true">\(initial(of: place.message.sender))</span>
        <p><bdi class="from">\(place.message.sender)</bdi><span class="subject" \(direction)>\(mail.subject)</span>\
        \(preheader)</p></div>
        <iframe class="mail" sandbox="allow-same-origin" referrerpolicy="no-referrer" title="Mail in \(place.language.name)" \
        src="\(address)"></iframe>
        <div class="below"><details><summary>Text part</summary><pre \(direction)>\(mail.text)</pre></details>
        <a href="\(address)" target="_blank" rel="noopener">Open alone</a></div>
        """
}

/// The address hangs on the mail's content: the page's script keeps a frame whose address stays the same.
private func frameAddress(_ mail: Email, at place: PartPlace) -> String {
    let choice = place.choice.with {
        $0.message = place.message.name
        $0.language = place.language.tag
        $0.hidden = []
        $0.theme = nil
        $0.width = .phone
        $0.regions = $0.regions.filter { $0.key == place.language.tag }
    }
    let hash = UInt(bitPattern: mail.html.hashValue)
    return "/mail\(choice.query)&state=\(String(hash, radix: 36))"
}
