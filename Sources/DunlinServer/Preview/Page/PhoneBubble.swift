// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials

/// An SMS on a phone, and what it costs. The bubble takes its direction from its first strong character, as phones do.
func phone(_ text: String, changes: [String], at place: PartPlace) -> HTML {
    let size = SMSEncoding.measure(text)
    let offenders = SMSEncoding.offenders(in: text)
    // In a script of its own every letter would be marked, which tells nobody anything.
    let isScript = offenders.count > 12 || text.count(where: offenders.contains) * 2 > text.count
    return """
        <div class="phone"><p class="sender"><span aria-hidden="true">\(initial(of: place.message.sender))</span>\
        <bdi>\(place.message.sender)</bdi></p>
        <p class="bubble" lang="\(place.language.tag)" dir="auto">\(marked(text, isScript ? [] : offenders))</p></div>
        <dl class="facts">\(facts(size, text: text, at: place).map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as HTML })</dl>
        \(offenders.isEmpty ? "" : why(offenders, isScript: isScript))
        \(changes.isEmpty ? "" : "<p class=\"under\">Changed to stay GSM-7: \(changes.joined(separator: ", "))</p>")
        """
}

/// A chat on a phone: no alphabet, no segments.
func chat(_ text: String, at place: PartPlace) -> HTML {
    """
    <div class="phone"><p class="sender"><span aria-hidden="true">\(initial(of: place.message.sender))</span>\
    <bdi>\(place.message.sender)</bdi></p>
    <p class="bubble" lang="\(place.language.tag)" dir="auto">\(text)</p></div>
    """
}

private func facts(_ size: SMSEncoding.Size, text: String, at place: PartPlace) -> [(String, String)] {
    let isGSM = size.encoding == .gsm7
    var facts = [
        ("Alphabet", size.encoding.name),
        (isGSM ? "Septets" : "Units", String(size.units)),
        ("Segments", "\(size.segments) of \(place.message.maxSegments)"),
        ("Room left", String(roomLeft(behind: text, size))),
    ]
    if let price = place.price { facts.append(("Cost", "\(price * Decimal(size.segments))")) }
    return facts
}

/// How many plain letters still fit without another segment.
func roomLeft(behind text: String, _ size: SMSEncoding.Size) -> Int {
    var fits = 0
    var tooMany = 161
    while tooMany - fits > 1 {
        let middle = (fits + tooMany) / 2
        let longer = SMSEncoding.measure(text + String(repeating: "a", count: middle))
        if longer.segments <= size.segments { fits = middle } else { tooMany = middle }
    }
    return fits
}

/// The text with the characters that forced UCS-2 highlighted; those without a shape are shown by their code.
private func marked(_ text: String, _ offenders: [Character]) -> [HTML] {
    var pieces: [HTML] = []
    var plain = ""
    for character in text {
        guard offenders.contains(character) else {
            plain.append(character)
            continue
        }
        pieces.append("\(plain)")
        plain = ""
        let kind: HTML = hasShape(character) ? "" : " class=\"unseen\""
        pieces.append("<mark\(kind) title=\"\(codes(of: character))\">\(String(character))</mark>")
    }
    return pieces + ["\(plain)"]
}

private func why(_ offenders: [Character], isScript: Bool) -> HTML {
    guard !isScript else { return "<p class=\"under\">This script needs UCS-2: 70 characters in one SMS.</p>" }
    let list: [HTML] = offenders.map { character in
        hasShape(character)
            ? "<li><mark>\(String(character))</mark> <small>\(codes(of: character))</small></li>"
            : "<li><small>\(codes(of: character))</small></li>"
    }
    return """
        <div class="under">\(offenders.count == 1 ? "One character makes" : "These characters make") the whole text UCS-2, \
        which holds 70 instead of 160: <ul class="offenders">\(list)</ul></div>
        """
}

/// Whether there is something to see: spaces and directional marks have none.
private func hasShape(_ character: Character) -> Bool {
    !character.isWhitespace
        && character.unicodeScalars.contains { $0.properties.generalCategory != .format }
}

private func codes(of character: Character) -> String {
    character.unicodeScalars.map { scalar in
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }.joined(separator: " ")
}

func initial(of name: String) -> String { name.first.map { $0.uppercased() } ?? "?" }
