// SPDX-License-Identifier: Apache-2.0

/// The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1).
enum GSMAlphabet {
    /// The default alphabet in code order.
    static let basic = ShiftTable(
        cells: """
            @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ·ÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
            abcdefghijklmnopqrstuvwxyzäöñüà
            """)

    /// The extension table; each of its characters goes out as an escape and a code.
    static let extended = ShiftTable(
        placing: "0A\u{0c} 14^ 28{ 29} 2F\\ 3C[ 3D~ 3E] 40| 65€")

    /// Septets of a character: 1 in the basic table, 2 in the extension table, nil in neither.
    static func septets(_ scalar: Unicode.Scalar) -> Int? {
        guard scalar.value < 0x400 else { return scalar == "€" ? 2 : nil }
        let cost = costs[Int(scalar.value)]
        return cost == 0 ? nil : Int(cost)
    }

    /// Septets of each character up to Greek, 0 where it is in neither table; the euro is the only one beyond.
    private static let costs: [UInt8] = (0..<0x400).map { value in
        let scalar = Unicode.Scalar(UInt32(value))!
        return basic.members.contains(scalar) ? 1 : extended.members.contains(scalar) ? 2 : 0
    }

    /// Calls `body` with the septets of each character of well-formed UTF-8; false at the first that has none.
    @inline(__always)
    static func eachSeptets(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Int) -> Void) -> Bool {
        costs.withUnsafeBufferPointer { costs in
            var place = 0
            while place < bytes.count {
                let byte = bytes[place]
                var cost: UInt8 = 0
                if byte < 0x80 {
                    cost = costs[Int(byte)]
                    place += 1
                } else if byte < 0xd0 {
                    cost = costs[Int(byte & 0x1f) << 6 | Int(bytes[place + 1] & 0x3f)]
                    place += 2
                } else if byte == 0xe2, bytes[place + 1] == 0x82, bytes[place + 2] == 0xac {
                    cost = 2
                    place += 3
                }
                guard cost > 0 else { return false }
                body(Int(cost))
            }
            return true
        }
    }
}

/// A table of 128 codes.
struct ShiftTable: Sendable {
    /// By code; nil where there is no character, as at the escape.
    let cells: [Unicode.Scalar?]
    let members: Set<Unicode.Scalar>

    init(_ cells: [Unicode.Scalar?]) {
        self.cells = cells + Array(repeating: nil, count: 128 - cells.count)
        members = Set(cells.compactMap(\.self))
    }

    /// - Parameter cells: in code order; `·` has no character, `□` takes the next one of `own`.
    init(cells: String, own: [Unicode.Scalar?] = []) {
        var own = own.makeIterator()
        self.init(cells.unicodeScalars.map { $0 == "·" ? nil : $0 == "□" ? own.next() ?? nil : $0 })
    }

    /// - Parameter placing: what differs from `base`, each a code in hexadecimal and its character.
    init(_ base: ShiftTable? = nil, placing: String) {
        var cells = base?.cells ?? Array(repeating: nil, count: 128)
        for entry in placing.split(separator: " ") {
            cells[Int(entry.prefix(2), radix: 16)!] = entry.unicodeScalars.last
        }
        self.init(cells)
    }
}
