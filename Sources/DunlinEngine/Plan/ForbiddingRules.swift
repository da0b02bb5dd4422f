// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

extension DecisionTrace {
    /// The rules that said no in a fact's detail, joined by ` + `; empty where none did. Read off the bytes, because a plan
    /// asks millions of times and wants nothing else: inside a text every quotation mark is escaped, so the marks that are
    /// looked for stand nowhere but in the structure.
    static func forbiddingRules(in detail: String) -> String {
        var detail = detail
        return detail.withUTF8 { whole in
            // The rules of channels that were passed over stand behind.
            let end = find(passedMark, in: whole, from: whole.startIndex) ?? whole.endIndex
            let bytes = UnsafeBufferPointer(rebasing: whole[..<end])
            var rules = ""
            var position = bytes.startIndex
            while let start = find(ruleMark, in: bytes, from: position) {
                var end = start
                while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\"") {
                    end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
                }
                guard let verdict = find(allowsMark, in: bytes, from: end) else { break }
                if verdict < bytes.endIndex, bytes[verdict] == UInt8(ascii: "f") {
                    if !rules.isEmpty { rules += " + " }
                    rules += String(decoding: bytes[start..<min(end, bytes.endIndex)], as: UTF8.self)
                }
                position = verdict
            }
            return rules
        }
    }

    private static let ruleMark = Array(#""rule":""#.utf8)
    private static let passedMark = Array(#""passed":"#.utf8)
    private static let allowsMark = Array(#""allows":"#.utf8)

    /// The place behind the next occurrence of a mark, which begins with a quotation mark.
    private static func find(_ mark: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var place = start
        while place + mark.count <= bytes.count {
            guard let quote = memchr(base + place, 0x22, bytes.count - place) else { return nil }
            place = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(quote))
            if place + mark.count <= bytes.count, memcmp(quote, mark, mark.count) == 0 { return place + mark.count }
            place += 1
        }
        return nil
    }
}
