// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// Reads the files of a tzdata directory.
enum TZFiles {
    /// A file that is there and cannot be read.
    struct Unreadable: Error {
        var reason: String
    }

    /// Far more than any zone needs: the largest of 2025b has 4 kB, tzdata.zi 110 kB.
    private static let limit = 1 << 20

    /// What a zone's file says; nil if there is no such file, a ``DunlinError`` if it cannot be used.
    static func offsets(of path: String) throws -> ZoneOffsets? {
        let problem: String
        do {
            return try read(path).map(TZif.read)
        } catch let error as Unreadable {
            problem = error.reason
        } catch let error as TZif.Malformed {
            problem = error.reason
        }
        throw DunlinError(
            .failure, "time zone file \(path)", why: problem, remedy: "reinstall the system's tzdata package")
    }

    /// The bytes of a regular file; nil if there is no file of that name.
    static func read(_ path: String) throws(Unreadable) -> [UInt8]? {
        // Not blocking: whatever lies in the directory, even a pipe without a writer must not hold up the daemon.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if [ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno) { return nil }
            throw Unreadable(reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
        if status.st_mode & S_IFMT == S_IFDIR { return nil }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            throw Unreadable(reason: "it is not a file of at most \(limit) bytes")
        }
        return try contents(of: file, expecting: Int(status.st_size))
    }

    private static func contents(of file: Int32, expecting size: Int) throws(Unreadable) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < size {
            let got = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + count, size - count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
            if got == 0 { break }
            count += got
        }
        return Array(bytes.prefix(count))
    }

    /// The files up to three levels deep, as in `America/Argentina/Ushuaia`, relative to the directory.
    static func names(in directory: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        let pattern = "\(directory)/{*,*/*,*/*/*}"
        guard glob(pattern, GLOB_BRACE | GLOB_MARK | GLOB_NOSORT, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in
            let path = String(cString: found.gl_pathv[index]!)
            return path.hasSuffix("/") ? nil : String(path.dropFirst(directory.count + 1))
        }
    }

    /// From the first line of `tzdata.zi`, such as `# version 2026a`, or else all of `+VERSION`.
    static func version(in directory: String) -> String? {
        func firstLine(_ file: String) -> String? {
            guard let bytes = try? read("\(directory)/\(file)") else { return nil }
            return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }.prefix(64), as: UTF8.self)
        }
        let prefix = "# version "
        if let line = firstLine("tzdata.zi"), line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
        return firstLine("+VERSION").flatMap { $0.isEmpty ? nil : $0 }
    }
}
