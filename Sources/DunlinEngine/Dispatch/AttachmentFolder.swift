// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// The folder of `attachments:` in dunlin.yaml: the only one from which a mail's files are taken.
///
/// A file is looked at before the intent is made durable and read just before the wire, so that what waits in the queue
/// takes no memory. Whoever puts files there renames them into place: a half-written one would go out as it is.
public struct AttachmentFolder: Sendable {
    /// Why a file cannot be attached; never with its name, which may be a person's.
    public enum Fault: String, Error, CaseIterable, Sendable {
        case noFolder = "dunlin.yaml names no folder of attachments"
        case missing = "the file is not in the folder of attachments"
        case notPlain = "it is no plain file in the folder of attachments"
        case unreadable = "the file cannot be read"
        case otherKind = "the file is not one of pdf, txt, csv, png, jpg, jpeg"
        case empty = "the file is empty"
        case tooLarge = "the mail's files are larger than 10 MB"
    }

    private let path: String?
    private let readsBytes: Bool

    /// - Parameter path: nil for none: every file is at fault then.
    public init(path: String?) { self.init(path: path, readsBytes: true) }

    private init(path: String?, readsBytes: Bool) {
        self.path = path
        self.readsBytes = readsBytes
    }

    /// For a plan: tells what is at fault, and reads nothing.
    public var rehearsing: AttachmentFolder { AttachmentFolder(path: path, readsBytes: false) }

    /// Whether there is such a folder, where one is named.
    var isThere: Bool {
        guard let path else { return true }
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, R_OK | X_OK) == 0
    }

    /// Finds the first of a mail's files that cannot be attached; nil if all can.
    func fault(in names: [String]) -> (name: String, fault: Fault)? {
        var total = 0
        for name in names {
            do throws(Fault) {
                total += try withFile(name) { _, size in size }
                if total > Attachment.mostBytes { throw .tooLarge }
            } catch { return (name, error) }
        }
        return nil
    }

    /// The files of a mail with what is in them; none in a plan.
    func read(_ names: [String]) throws(Fault) -> [Attachment] {
        guard readsBytes else { return [] }
        var attachments: [Attachment] = []
        for name in names {
            let bytes = try withFile(name) { file, size throws(Fault) in try Self.bytes(of: file, size: size) }
            attachments.append(Attachment(name: name, kind: try Self.kind(name), bytes: bytes))
        }
        // A file may have grown since it was looked at.
        guard attachments.reduce(0, { $0 + $1.bytes.count }) <= Attachment.mostBytes else { throw .tooLarge }
        return attachments
    }

    private static func kind(_ name: String) throws(Fault) -> Attachment.Kind {
        guard let kind = Attachment.Kind(fileName: name) else { throw .otherKind }
        return kind
    }

    /// Opens a file that lies in the folder itself: a symbolic link could lead anywhere, a pipe would wait for ever.
    private func withFile<T>(_ name: String, _ body: (Int32, Int) throws(Fault) -> T) throws(Fault) -> T {
        guard let path else { throw .noFolder }
        guard Attachment.isPlainName(name[...]) else { throw .notPlain }
        _ = try Self.kind(name)
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .noFolder }
        defer { close(folder) }
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard file >= 0 else { throw errno == ENOENT ? .missing : errno == ELOOP ? .notPlain : .unreadable }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .notPlain }
        guard status.st_size > 0 else { throw .empty }
        guard status.st_size <= Attachment.mostBytes else { throw .tooLarge }
        return try body(file, Int(status.st_size))
    }

    /// Exactly `size` bytes: a file that has become shorter meanwhile is being written.
    private static func bytes(of file: Int32, size: Int) throws(Fault) -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = Glibc.read(file, buffer.baseAddress! + filled, size - filled)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                filled += count
            }
        }
        guard bytes.count == size else { throw .unreadable }
        return bytes
    }
}
