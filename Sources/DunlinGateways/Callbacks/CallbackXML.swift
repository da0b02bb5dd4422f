// SPDX-License-Identifier: Apache-2.0

/// Flat XML, as WeChat writes its events: one element around others that hold text or a CDATA section.
///
/// No document type, no processing instructions but the declaration, no comments, no attributes looked at, no entities but
/// the five of XML 1.0 and characters by number: nothing in it can make a reader fetch, expand or run anything.
enum CallbackXML {
    /// The elements with text, in order; of elements that hold others, only those inside count. Nil for anything else.
    static func fields(_ bytes: [UInt8]) -> [CallbackField]? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var scanner = CallbackXMLScanner(rest: bytes[...])
        return scanner.document() ? scanner.fields : nil
    }
}

private struct CallbackXMLScanner {
    var rest: ArraySlice<UInt8>
    var fields: [CallbackField] = []

    init(rest: ArraySlice<UInt8>) { self.rest = rest }

    mutating func document() -> Bool {
        skipSpace()
        if skip("<?xml") {
            guard upTo("?>") != nil else { return false }
        }
        skipSpace()
        guard element(depth: 0) else { return false }
        skipSpace()
        return rest.isEmpty
    }

    private mutating func element(depth: Int) -> Bool {
        guard depth <= 8, skip("<"), let tag = upTo(">") else { return false }
        let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        guard let first = name.first, first.isASCIILetter || first == UInt8(ascii: "_"),
            !tag.contains(UInt8(ascii: "<"))
        else { return false }
        if tag.last == UInt8(ascii: "/") { return add(name, []) }
        var content: [UInt8] = []
        var hasElements = false
        while true {
            if skip("<![CDATA[") {
                guard let section = upTo("]]>") else { return false }
                content += section
            } else if skip("</") {
                guard let end = upTo(">"), end.prefix(name.count).elementsEqual(name),
                    end.dropFirst(name.count).allSatisfy({ $0 == 0x20 })
                else { return false }
                return hasElements || add(name, content)
            } else if rest.first == UInt8(ascii: "<") {
                guard element(depth: depth + 1) else { return false }
                hasElements = true
            } else if rest.first == UInt8(ascii: "&") {
                guard let character = reference() else { return false }
                content += UTF8.encode(character)!
            } else if let byte = rest.popFirst() {
                content.append(byte)
            } else {
                return false
            }
        }
    }

    private mutating func add(_ name: ArraySlice<UInt8>, _ content: [UInt8]) -> Bool {
        fields.append((String(decoding: name, as: UTF8.self), String(decoding: content, as: UTF8.self)))
        return true
    }

    /// `&amp;`, `&#20013;` or `&#x4E2D;`
    private mutating func reference() -> Unicode.Scalar? {
        let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";"))
        guard let end else { return nil }
        let name = String(decoding: rest[rest.startIndex..<end].dropFirst(), as: UTF8.self)
        rest = rest[(end + 1)...]
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap(Unicode.Scalar.init)
        }
    }

    private mutating func skipSpace() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } }

    private mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard rest.count >= count, text.withUTF8Buffer({ $0.elementsEqual(rest.prefix(count)) }) else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    /// What stands before `mark`, which is stepped over too; nil where it does not come.
    private mutating func upTo(_ mark: StaticString) -> ArraySlice<UInt8>? {
        let needle = mark.withUTF8Buffer { Array($0) }
        var at = rest.startIndex
        while at + needle.count <= rest.endIndex {
            if rest[at] == needle[0], rest[at..<at + needle.count].elementsEqual(needle) {
                defer { rest = rest[(at + needle.count)...] }
                return rest[..<at]
            }
            at += 1
        }
        return nil
    }
}
