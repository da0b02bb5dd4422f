// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileRequest {
    /// Writes the file as a whole: under a name that nobody looks for, to the disk, then renamed. A file of the same name is
    /// replaced, so the same request again leaves the same one file. Only its owner reads it.
    ///
    /// `.notSent` with `errno`: no file of the name is there, or the one that was there before. `.interrupted`: it is there,
    /// but the folder may not be on the disk.
    func write() -> WireAnswer {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return WireAnswer(phase: .notSent, status: Int(errno)) }
        defer { close(directory) }
        let temporary = ".\(name).part"
        if let fault = fill(temporary, in: directory) {
            unlinkat(directory, temporary, 0)
            return WireAnswer(phase: .notSent, status: Int(fault))
        }
        guard renameat(directory, temporary, directory, name) == 0 else {
            let fault = errno
            unlinkat(directory, temporary, 0)
            return WireAnswer(phase: .notSent, status: Int(fault))
        }
        guard fsync(directory) == 0 else { return WireAnswer(phase: .interrupted, status: Int(errno)) }
        return WireAnswer(phase: .answered)
    }

    /// Makes the file with its content, on the disk; `errno` where that fails.
    private func fill(_ temporary: String, in directory: Int32) -> Int32? {
        // What a crash left under this name may be anybody's: only a file that we make ourselves is written to.
        unlinkat(directory, temporary, 0)
        let file = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return errno }
        defer { close(file) }
        let fault = content.withUnsafeBytes { bytes -> Int32? in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = rest.dropFirst(written)
            }
            return nil
        }
        if let fault { return fault }
        return fsync(file) == 0 ? nil : errno
    }
}
