// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation

/// The control file: plain text, one directive a line, `#` comments. `pause` and `resume` edit it, as a person would.
public struct ControlFile: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// Reads and parses it. Never throws: what cannot be read is a fault, and a fault stops everything.
    public func read() -> Control {
        var info = stat()
        guard stat(path, &info) == 0 else {
            if errno == ENOENT { return Control() }
            return Control(fault: "\(path) cannot be looked at: \(String(cString: strerror(errno)))")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            return Control(fault: "\(path) cannot be read; check its owner and mode")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            return Control(fault: "\(path) is not UTF-8 text")
        }
        return Control(parsing: text)
    }

    /// Adds a pause, in place of one with the same scope.
    public func add(_ pause: Pause) throws {
        try edit { lines in
            lines.removeAll { line in (try? Pause(directive: line)).map { $0.hasSameScope(as: pause) } ?? false }
            lines.append(pause.directive)
        }
    }

    /// Takes out the pauses that `matches` names. Returns how many there were.
    public func remove(where matches: (Pause) -> Bool) throws -> Int {
        var removed = 0
        try edit { lines in
            let before = lines.count
            lines.removeAll { line in (try? Pause(directive: line)).map(matches) ?? false }
            removed = before - lines.count
        }
        return removed
    }

    /// Replaces the file as a whole (write beside it, rename), so that the daemon never reads half a line.
    private func edit(_ change: (inout [String]) -> Void) throws {
        let old = FileManager.default.contents(atPath: path).flatMap { String(validating: $0, as: UTF8.self) } ?? ""
        var lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last == "" { lines.removeLast() }
        change(&lines)
        do {
            let text = lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            // Written by root under a narrow umask, it must still be readable for the daemon: what that cannot read, it
            // takes for a pause. There is no secret in it.
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        } catch {
            throw DunlinError(
                .failure, path, why: "the control file cannot be written: \(error.localizedDescription)",
                remedy: "run this as a user who may write the folder")
        }
    }
}

extension Control {
    /// Reads the file's text. The first line that cannot be understood becomes the fault.
    public init(parsing text: String) {
        self.init()
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            do {
                if let pause = try Pause(directive: String(line)) { pauses.append(pause) }
            } catch {
                fault = fault ?? "line \(number + 1): \(error.why)"
            }
        }
    }
}

extension Pause {
    struct Fault: Error { var why: String }

    /// Reads one line; nil for an empty line or a comment.
    init?(directive line: String) throws(Fault) {
        var words = try Pause.words(of: line)
        guard !words.isEmpty else { return nil }
        let verb = words.removeFirst()
        guard verb == "pause" else {
            throw Fault(why: "'\(verb.prefix(40))' is not a directive; the only one is 'pause'")
        }
        self.init()
        var seen: Set<Substring> = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw Fault(why: "'\(word.prefix(40))' is not of the form key=value")
            }
            guard seen.insert(parts[0]).inserted else { throw Fault(why: "'\(parts[0])' stands twice") }
            try set(String(parts[0]), to: String(parts[1]))
        }
    }

    private mutating func set(_ key: String, to value: String) throws(Fault) {
        switch key {
        case "channel":
            guard let known = Channel(rawValue: value) else {
                let all = Channel.allCases.map(\.rawValue).joined(separator: ", ")
                throw Fault(why: "channel '\(value)' is not one of \(all)")
            }
            channel = known
        case "gateway": gateway = value
        case "message": message = value
        case "creditor": creditor = value
        case "until":
            guard let instant = Instant(rfc3339: value) else {
                throw Fault(why: "until '\(value)' is not a time such as 2026-11-22T08:00+08:00")
            }
            until = instant
        case "by": by = value
        case "reason": reason = value
        default:
            let keys = ["channel", "gateway", "message", "creditor", "until", "by", "reason"]
            let near = nearMiss(key, among: keys).map { "did you mean '\($0)'?" }
            throw Fault(why: "unknown key '\(key)'; " + (near ?? "known: \(keys.joined(separator: ", "))"))
        }
    }

    /// The words of a line: parted by white space, except inside double quotes; `#` begins a comment.
    private static func words(of line: String) throws(Fault) -> [String] {
        var words: [String] = []
        var word: String?
        var quoted = false
        for character in line {
            if quoted {
                if character == "\"" { quoted = false } else { word!.append(character) }
            } else if character == "\"" {
                quoted = true
                word = word ?? ""
            } else if character == "#", word == nil {
                break
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if quoted { throw Fault(why: "a quotation mark is not closed") }
        if let whole = word { words.append(whole) }
        return words
    }

    /// The line that stands for this pause in the file.
    public var directive: String {
        var words = ["pause"]
        func add(_ key: String, _ value: String?) {
            guard let value else { return }
            let plain = value.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "#" }
            words.append("\(key)=" + (plain ? value : "\"\(value.filter { $0 != "\"" && !$0.isNewline })\""))
        }
        add("channel", channel?.rawValue)
        add("gateway", gateway)
        add("message", message)
        add("creditor", creditor)
        add("until", until?.description)
        add("by", by)
        add("reason", reason)
        return words.joined(separator: " ")
    }
}
