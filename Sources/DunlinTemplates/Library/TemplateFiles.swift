// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The file system as the loader sees it.
enum TemplateFiles {
    /// No message is near this size; whatever is larger was put there by mistake.
    static let mostBytes = 64 * 1024

    struct Fault: Error, Hashable {
        var what: String
        var remedy: String
    }

    static let missing = fault("is missing", "create it")
    static let notPlain = fault("is not a plain file", "replace it by one")

    /// The names in a folder, sorted, without hidden files and editors' backups; nil if it cannot be read.
    static func entries(of folder: String) -> [String]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") && !$0.hasPrefix("#") }.sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A file's text with plain line ends: UTF-8, no control characters, of a sensible size.
    static func text(of path: String) -> Result<String, Fault> {
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ELOOP { return fault("is a link that leads nowhere", "replace it by a file") }
            return errno == ENOENT ? missing : fault("cannot be read", "check its permissions")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return notPlain
        }
        // One byte more than allowed tells a file that is too large, whatever its size is said to be.
        var bytes = [UInt8](repeating: 0, count: mostBytes + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + filled, $0.count - filled) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return fault("cannot be read", "check the disk") }
            if count == 0 { break }
            filled += count
        }
        guard filled <= mostBytes else {
            return fault("is larger than \(mostBytes / 1024) KiB", "no message is: shorten it")
        }
        return checked(bytes[..<filled])
    }

    /// What a file holds as text, if it is one.
    static func checked(_ bytes: ArraySlice<UInt8>) -> Result<String, Fault> {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        guard let text = String(validating: bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes, as: UTF8.self) else {
            return fault("is not UTF-8", "save it as UTF-8")
        }
        let plain =
            text.utf8.contains(0x0d)
            ? text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n") : text
        let isText = { (byte: UInt8) in byte >= 0x20 && byte != 0x7f || byte == 0x0a || byte == 0x09 }
        if let place = plain.utf8.firstIndex(where: { !isText($0) }) {
            let line = plain.utf8[..<place].count { $0 == 0x0a } + 1
            return fault("holds control characters in line \(line)", "remove them: only line ends and tabs are text")
        }
        return .success(plain)
    }

    private static func fault(_ what: String, _ remedy: String) -> Result<String, Fault> {
        .failure(Fault(what: "the file \(what)", remedy: remedy))
    }
}
