// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTemplates
import DunlinTime
import Glibc

/// One reminder row read by itself, checked as an import checks it.
public enum SingleRecord {
    /// The first row of an NDJSON file; `-` is standard input.
    /// - Parameter message: of several rows, the first one of this message; nil takes the first of all.
    public static func read(
        _ path: String, message: String?, library: TemplateLibrary, zones: ZoneDatabase
    ) throws -> Reminder {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw DunlinError(.usage, path, why: "it cannot be read", remedy: "check the path and its permissions")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let kind = ReminderRows(messages: library, zones: zones)
        var reader = RowReader(descriptor: descriptor, format: .ndjson, schema: ReminderField.schema)
        while let row = try reader.next(1).first {
            do throws(RowErrors) {
                let reminder = try kind.item(from: row.row.get(), at: Instant(seconds: 0))
                if message == nil || reminder.message == message { return reminder }
            } catch {
                throw DunlinError(
                    .usage, "\(path):\(row.line)", why: error.errors.map(\.description).joined(separator: "; "),
                    remedy: "mend the row")
            }
        }
        throw DunlinError(
            .usage, path, why: message.map { "no row is for the message '\($0)'" } ?? "there is no row in it",
            remedy: "see docs/operations.md for the fields of a row")
    }
}
