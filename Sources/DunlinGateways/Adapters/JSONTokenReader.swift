// SPDX-License-Identifier: Apache-2.0

/// The tokens of JSON (RFC 8259) but for strings, which each reader wants differently; both readers share them.
protocol JSONTokenReader {
    var bytes: UnsafeBufferPointer<UInt8> { get }
    /// Where reading goes on.
    var at: Int { get set }
}

extension JSONTokenReader {
    /// The byte to be read; 0 at the end.
    var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

    mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    mutating func word(_ word: StaticString) -> Bool {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[at..<end]) }) else { return false }
        at = end
        return true
    }

    mutating func digits() -> Bool {
        let start = at
        while next >= 0x30, next <= 0x39 { at += 1 }
        return at > start
    }

    mutating func number() -> Bool {
        _ = skip("-")
        if !skip("0") {
            guard digits() else { return false }
        }
        if skip("."), !digits() { return false }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            return digits()
        }
        return true
    }
}
