// SPDX-License-Identifier: Apache-2.0

// Which of CLinux and Glibc has `stat` hangs on what was imported first.
import CLinux
import FoundationEssentials
import Glibc

/// A number that differs whenever a file in one of the folders is written, added, renamed or removed: a hash of names,
/// inodes, sizes and times of change. Only within one run of the program. Hidden files and editors' backups do not count.
public func folderStamp(of folders: [String]) -> UInt64 {
    var hasher = Hasher()
    for folder in folders { addEntry(folder, to: &hasher, depth: 0) }
    return UInt64(bitPattern: Int64(hasher.finalize()))
}

/// A library is three folders deep; the bound keeps a link that leads back up from leading on for ever.
private let deepest = 6

private func addEntry(_ path: String, to hasher: inout Hasher, depth: Int) {
    var status = stat()
    hasher.combine(path)
    guard stat(path, &status) == 0 else { return }
    hasher.combine(status.st_ino)
    guard status.st_mode & S_IFMT == S_IFDIR else {
        hasher.combine(status.st_size)
        hasher.combine(status.st_mode)
        hasher.combine(status.st_mtim.tv_sec)
        hasher.combine(status.st_mtim.tv_nsec)
        return
    }
    guard depth < deepest, let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return }
    for name in names.sorted() where !name.hasPrefix(".") && !name.hasSuffix("~") && !name.hasPrefix("#") {
        addEntry("\(path)/\(name)", to: &hasher, depth: depth + 1)
    }
}
