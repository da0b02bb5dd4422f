// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// The messages that a mail server has put into a file or a folder.
public enum BounceMailbox {
    /// Bytes of a message that are read, 10 MiB; what stands behind them is passed over.
    public static let limit = 10 * 1024 * 1024

    /// Gives every message of an mbox, of a file with one message, or of a Maildir (its `new` and `cur`, by name). Holds one of
    /// them at a time. Throws `DunlinError` where something cannot be read, and whatever `body` throws.
    ///
    /// Nothing is locked, moved or deleted: a message that the server is still writing at the end of an mbox may be given cut
    /// off, and is whole the next time.
    public static func forEachMessage(in path: String, _ body: ([UInt8]) throws -> Void) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try forEachMessage(inFile: path, body) }
        let folders = ["new", "cur"].map { "\(path)/\($0)" }
        guard folders.allSatisfy({ access($0, R_OK | X_OK) == 0 }) else {
            throw DunlinError(
                .usage, path, why: "it is a folder, and no Maildir that can be read",
                remedy: "name an mbox, a message, or the folder in which 'new' and 'cur' are")
        }
        for folder in folders {
            for name in try names(in: folder) {
                try forEachMessage(inFile: "\(folder)/\(name)", mayBeGone: true, body)
            }
        }
    }

    /// `mayBeGone`: a mail program moves files from `new` to `cur`, where they are found next.
    private static func forEachMessage(
        inFile path: String, mayBeGone: Bool = false, _ body: ([UInt8]) throws -> Void
    ) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0, errno == ENOENT, mayBeGone { return }
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        var splitter = MailboxSplitter(limit: limit)
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress!, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            guard count > 0 else { break }
            try splitter.take(chunk[..<count], body)
        }
        try splitter.finish(body)
    }

    /// The files of a Maildir's folder, in the order of their names, which begin with the time of delivery.
    private static func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else { throw failure(folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func failure(_ path: String) -> DunlinError {
        DunlinError(
            .failure, path, why: "it cannot be read: \(String(cString: strerror(errno)))",
            remedy: "check the path, and that Dunlin's user may read it")
    }
}
