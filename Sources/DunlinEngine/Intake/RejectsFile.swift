// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation

/// Takes rejected rows as they stood, with their errors, in a form that can be mended and imported again: NDJSON rows
/// after a `#` line with the errors, CSV rows with a column `_error` at the end. Created with the first rejected row.
public final class RejectsFile {
    public let path: String
    private let format: RowFormat
    private var handle: FileHandle?
    /// The CSV header of the input.
    var header: [UInt8] = []
    /// Hears of each rejected row: its line and what is wrong.
    private let report: (Int, [RowError]) -> Void

    public init(path: String, format: RowFormat, report: @escaping (Int, [RowError]) -> Void) {
        self.path = path
        self.format = format
        self.report = report
    }

    func add(_ row: CheckedRow, _ errors: [RowError]) throws {
        report(row.line, errors)
        let handle = try open()
        let text = errors.map(\.description).joined(separator: "; ").filter { !$0.isNewline }
        var entry: [UInt8] = []
        if format == .ndjson {
            entry += Array("# line \(row.line): \(text)\n".utf8) + row.raw
        } else {
            entry += row.raw + Array(",\"\(text.replacing("\"", with: "\"\""))\"".utf8)
        }
        try handle.write(contentsOf: entry + [0x0a])
    }

    private func open() throws -> FileHandle {
        if let handle { return handle }
        // Names and numbers stand in it: nobody but its owner reads it.
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let opened = FileHandle(forWritingAtPath: path)
        else {
            throw DunlinError(
                .failure, path, why: "the file for rejected rows cannot be written",
                remedy: "name another with --rejects FILE")
        }
        if format == .csv, !header.isEmpty {
            try opened.write(contentsOf: header + Array(",\(RowReader.errorColumn)\n".utf8))
        }
        handle = opened
        return opened
    }
}
