// SPDX-License-Identifier: Apache-2.0

/// How the numbers of a calling code are grouped: phones.txt.
struct PhoneGroups: Sendable {
    /// A part of a number, and what stands between it and the part before.
    struct Group: Equatable, Sendable {
        var digits: Int
        var separator: UInt8
    }

    /// By calling code, then by how many digits follow it.
    private var plans: [Int: [Int: Tree]] = [:]

    static let shared = PhoneGroups(String(decoding: PackageResources.phones_txt, as: UTF8.self))

    /// - Parameter text: lines as phones.txt describes them. Precondition: they are as described.
    init(_ text: String) {
        var code = 0
        var line = ""
        for next in text.split(separator: "\n", omittingEmptySubsequences: false) where !next.hasPrefix("#") {
            // A line that is indented goes on with the one before.
            if next.hasPrefix(" ") {
                line += next
                continue
            }
            if !line.isEmpty { add(line, to: code) }
            line = String(next)
            if next.hasPrefix("+") { (code, line) = (Int(next.dropFirst())!, "") }
        }
        if !line.isEmpty { add(line, to: code) }
    }

    /// How many digits the calling code of a number has, and the groups of those behind it; nil for one not listed.
    /// - Parameter digits: of E.164, without `+`.
    func split(_ digits: Substring.UTF8View) -> (code: Int, groups: [Group])? {
        var code = 0
        for (offset, digit) in digits.prefix(3).enumerated() {
            code = code * 10 + Int(digit & 0xf)
            guard let plan = plans[code] else { continue }
            let rest = digits.dropFirst(offset + 1)
            return (offset + 1, plan[rest.count]?.groups(of: rest) ?? [Group(digits: rest.count, separator: space)])
        }
        return nil
    }

    private mutating func add(_ line: String, to code: Int) {
        let halves = line.split(separator: ":", maxSplits: 1)
        let shape = Array(halves[0].utf8)
        let beginnings = halves.count < 2 ? [[]] : halves[1].split(separator: " ").flatMap(Self.beginnings)
        let open = shape.last == UInt8(ascii: "*")
        let fixed = shape.count { $0 == UInt8(ascii: "x") }
        // E.164 has 15 digits at most.
        for length in open ? (fixed + 1)...max(fixed + 1, 15 - String(code).utf8.count) : fixed...fixed {
            var groups: [Group] = []
            var (digits, separator) = (0, space)
            for byte in shape {
                switch byte {
                case UInt8(ascii: "x"): digits += 1
                case UInt8(ascii: "*"): digits = length - fixed
                default:
                    groups.append(Group(digits: digits, separator: separator))
                    (digits, separator) = (0, byte)
                }
            }
            groups.append(Group(digits: digits, separator: separator))
            for beginning in beginnings {
                plans[code, default: [:]][length, default: Tree()].add(groups, for: beginning, isFallback: open)
            }
        }
    }

    /// All that a beginning such as `98[1-46]` stands for.
    private static func beginnings(_ word: Substring) -> [[UInt8]] {
        var all: [[UInt8]] = [[]]
        var choices: [UInt8]?
        var isRange = false
        for byte in word.utf8 {
            switch (byte, choices) {
            case (UInt8(ascii: "["), _): choices = []
            case (UInt8(ascii: "-"), _): isRange = true
            case (UInt8(ascii: "]"), let digits?):
                all = all.flatMap { start in digits.map { start + [$0] } }
                choices = nil
            case (let digit, let digits?):
                choices = digits + (isRange ? Array((digits.last! + 1)...(digit & 0xf)) : [digit & 0xf])
                isRange = false
            case (let digit, nil): all = all.map { $0 + [digit & 0xf] }
            }
        }
        return all
    }
}

private let space = UInt8(ascii: " ")

extension PhoneGroups {
    /// The groups of numbers of one length by the digits they begin with, of which the longest counts.
    private struct Tree: Sendable {
        private struct Node: Sendable {
            /// By digit; 0 for none, the root being no one's child.
            var children = InlineArray<10, Int32>(repeating: 0)
            var groups: Int32 = -1
            var isFallback = false
        }
        private var nodes = [Node()]
        private var groups: [[Group]] = []

        mutating func add(_ new: [Group], for beginning: [UInt8], isFallback: Bool) {
            var place = 0
            for digit in beginning {
                if nodes[place].children[Int(digit)] == 0 {
                    nodes[place].children[Int(digit)] = Int32(nodes.count)
                    nodes.append(Node())
                }
                place = Int(nodes[place].children[Int(digit)])
            }
            guard nodes[place].groups < 0 || nodes[place].isFallback else { return }
            let known = groups.firstIndex(of: new) ?? groups.count
            if known == groups.count { groups.append(new) }
            nodes[place].groups = Int32(known)
            nodes[place].isFallback = isFallback
        }

        func groups(of digits: Substring.UTF8View) -> [Group]? {
            var place = 0
            var found = nodes[0].groups
            for digit in digits {
                place = Int(nodes[place].children[Int(digit & 0xf)])
                if place == 0 { break }
                if nodes[place].groups >= 0 { found = nodes[place].groups }
            }
            return found < 0 ? nil : groups[Int(found)]
        }
    }
}
