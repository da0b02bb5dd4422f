// SPDX-License-Identifier: Apache-2.0

/// An element of an XML document with what it holds.
struct XMLElement: Hashable {
    enum Node: Hashable {
        case element(XMLElement)
        case text(String)
    }

    var name: String
    var attributes: [String: String]
    var children: [Node]

    /// The text in it and below it.
    var text: String {
        children.map {
            switch $0 {
            case .element(let element): element.text
            case .text(let text): text
            }
        }.joined()
    }

    /// Reads a document strictly: what is not well-formed throws. TwiML has no use for a DTD, so it throws too.
    init(document: String) throws(XMLFault) {
        var reader = XMLReader(document)
        self = try reader.document()
    }

    fileprivate init(name: String, attributes: [String: String], children: [Node]) {
        self.name = name
        self.attributes = attributes
        self.children = children
    }
}

/// Why a document is not well-formed, and how many characters (Unicode scalars) into it.
struct XMLFault: Error, Hashable {
    var offset: Int
    var why: String
}

/// Extensible Markup Language 1.0, fifth edition, without document type declarations.
private struct XMLReader {
    private let text: [Unicode.Scalar]
    private var position = 0
    private let maxDepth = 64

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    mutating func document() throws(XMLFault) -> XMLElement {
        _ = skip("\u{feff}")
        if starts(with: "<?xml ") { try skipTo("?>") }
        try skipMiscellany()
        guard starts(with: "<") else { throw fault("an element is expected") }
        let root = try element(depth: 0)
        try skipMiscellany()
        guard position == text.count else { throw fault("nothing may follow the root element") }
        return root
    }

    private mutating func element(depth: Int) throws(XMLFault) -> XMLElement {
        guard depth < maxDepth else { throw fault("elements are nested too deep") }
        _ = skip("<")
        let name = try name()
        let attributes = try attributes()
        if skip("/>") { return XMLElement(name: name, attributes: attributes, children: []) }
        guard skip(">") else { throw fault("the tag <\(name)> is not closed") }
        var children: [XMLElement.Node] = []
        while !skip("</") {
            if starts(with: "<!--") {
                try skipComment()
            } else if starts(with: "<?") {
                try skipInstruction()
            } else if starts(with: "<![CDATA[") {
                children.append(.text(try characterData()))
            } else if starts(with: "<") {
                children.append(.element(try element(depth: depth + 1)))
            } else {
                children.append(.text(try text(until: "<")))
            }
        }
        let closing = try self.name()
        guard closing == name else { throw fault("<\(name)> is closed by </\(closing)>") }
        skipSpace()
        guard skip(">") else { throw fault("the tag </\(name)> is not closed") }
        return XMLElement(name: name, attributes: attributes, children: children)
    }

    private mutating func attributes() throws(XMLFault) -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            let start = position
            skipSpace()
            guard let next = peek, next != ">", next != "/" else { return attributes }
            guard position > start else { throw fault("a space is expected before an attribute") }
            let name = try name()
            skipSpace()
            guard skip("=") else { throw fault("the attribute \(name) has no value") }
            skipSpace()
            guard let quote = peek, quote == "\"" || quote == "'" else { throw fault("a quotation mark is expected") }
            position += 1
            let value = try text(until: quote)
            position += 1
            guard attributes.updateValue(value, forKey: name) == nil else { throw fault("\(name) is given twice") }
        }
    }

    /// Text with its references replaced, up to but without `end`.
    private mutating func text(until end: Unicode.Scalar) throws(XMLFault) -> String {
        var result = String.UnicodeScalarView()
        while let scalar = peek, scalar != end {
            switch scalar {
            case "&": result.append(try reference())
            case "<": throw fault("'<' may not stand here")
            case "]" where end == "<" && starts(with: "]]>"): throw fault("']]>' may not stand here")
            default:
                try check(scalar)
                result.append(scalar)
                position += 1
            }
        }
        guard position < text.count else { throw fault("the document ends too early") }
        return String(result)
    }

    private mutating func reference() throws(XMLFault) -> Unicode.Scalar {
        for (name, scalar) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'")]
            as [(String, Unicode.Scalar)] where skip(name)
        {
            return scalar
        }
        let start = position
        guard skip("&#") else { throw fault("an unknown reference, or '&' is not written '&amp;'") }
        let radix = skip("x") ? 16 : 10
        var digits = ""
        while let next = peek, next != ";", digits.count < 8 {
            digits.unicodeScalars.append(next)
            position += 1
        }
        guard skip(";"), digits.first?.isHexDigit == true,
            let scalar = UInt32(digits, radix: radix).flatMap(Unicode.Scalar.init)
        else {
            position = start
            throw fault("a character reference that names no character")
        }
        try check(scalar)
        return scalar
    }

    private mutating func characterData() throws(XMLFault) -> String {
        let start = position + "<![CDATA[".unicodeScalars.count
        try skipTo("]]>")
        var data = String.UnicodeScalarView()
        data.append(contentsOf: text[start..<position - 3])
        return String(data)
    }

    private mutating func name() throws(XMLFault) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = peek {
            let isFirst = name.isEmpty
            let fits =
                switch scalar {
                case "a"..."z", "A"..."Z", "_", ":", "\u{c0}"...: true
                case "0"..."9", "-", ".", "\u{b7}": !isFirst
                default: false
                }
            guard fits else { break }
            name.append(scalar)
            position += 1
        }
        guard !name.isEmpty else { throw fault("a name is expected") }
        return String(name)
    }

    private mutating func skipMiscellany() throws(XMLFault) {
        while true {
            skipSpace()
            if starts(with: "<!--") {
                try skipComment()
            } else if starts(with: "<?") {
                try skipInstruction()
            } else {
                return
            }
        }
    }

    private mutating func skipInstruction() throws(XMLFault) {
        position += 2
        guard try name().lowercased() != "xml" else { throw fault("the XML declaration may only stand at the start") }
        try skipTo("?>")
    }

    private mutating func skipComment() throws(XMLFault) {
        position += 4
        try skipTo("--")
        guard skip(">") else { throw fault("'--' may not stand in a comment") }
    }

    private mutating func skipTo(_ end: String) throws(XMLFault) {
        while position < text.count {
            if skip(end) { return }
            try check(text[position])
            position += 1
        }
        throw fault("'\(end)' is missing")
    }

    private func check(_ scalar: Unicode.Scalar) throws(XMLFault) {
        switch scalar {
        case "\t", "\n", "\r", " "..."\u{d7ff}", "\u{e000}"..."\u{fffd}", "\u{10000}"...: return
        default: throw fault("a control character")
        }
    }

    private mutating func skipSpace() {
        while let next = peek, next == " " || next == "\n" || next == "\t" || next == "\r" { position += 1 }
    }

    private mutating func skip(_ word: String) -> Bool {
        guard starts(with: word) else { return false }
        position += word.unicodeScalars.count
        return true
    }

    private func starts(with word: String) -> Bool { text[position...].starts(with: word.unicodeScalars) }
    private var peek: Unicode.Scalar? { position < text.count ? text[position] : nil }
    private func fault(_ why: String) -> XMLFault { XMLFault(offset: position, why: why) }
}
