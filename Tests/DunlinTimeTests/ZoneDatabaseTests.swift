// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTime

/// A directory of its own, so that it can be updated and broken.
@Suite final class ZoneDatabaseTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "dunlin-zones-\(UUID())")
    private let database: ZoneDatabase

    init() throws {
        try FileManager.default.createDirectory(
            at: directory.appending(path: "Europe"), withIntermediateDirectories: true)
        database = ZoneDatabase(directory: directory.path)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: directory.appending(path: name))
    }

    @Test func anUpdateIsReadAfterReload() throws {
        try write(TZifBuilder(types: [3600]).bytes, to: "Europe/Berlin")
        try write("# version 2026a\n# more\n".utf8, to: "tzdata.zi")
        let before = try database.zone("Europe/Berlin")
        #expect(database.version == "2026a")

        try write(TZifBuilder(types: [7200]).bytes, to: "Europe/Berlin")
        try write("# version 2026b\n".utf8, to: "tzdata.zi")
        #expect(try database.zone("Europe/Berlin") === before)
        database.reload()
        let after = try database.zone("Europe/Berlin")
        #expect(after != before)
        #expect([before, after].map { $0.offset(at: Instant(seconds: 0)) } == [3600, 7200])
        #expect(database.version == "2026b")
    }

    @Test func aZoneThatAppearsIsFoundAfterReload() throws {
        try write(TZifBuilder().bytes, to: "Europe/Berlin")
        #expect(throws: DunlinError.self) { try database.zone("Europe/Atlantis") }
        try write(TZifBuilder().bytes, to: "Europe/Atlantis")
        database.reload()
        #expect(try database.zone("Europe/Atlantis").name == "Europe/Atlantis")
        #expect(database.names == ["Europe/Atlantis", "Europe/Berlin"])
    }

    @Test func aBrokenFileIsAFailureThatNamesIt() throws {
        try write("TZif2".utf8, to: "Europe/Berlin")
        let error = #expect(throws: DunlinError.self) { try database.zone("Europe/Berlin") }
        #expect(error?.kind == .failure)
        #expect(error?.what == "time zone file \(directory.path)/Europe/Berlin")
        #expect(error?.why == "it is cut off")

        try write(TZifBuilder().bytes, to: "Europe/Berlin")
        #expect(try database.zone("Europe/Berlin").name == "Europe/Berlin")
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNotAFileIsNotWaitedFor() throws {
        #expect(mkfifo(directory.appending(path: "Pipe").path, 0o600) == 0)
        try write([UInt8](repeating: 0, count: 1 << 20 + 1), to: "Huge")
        for name in ["Pipe", "Huge"] {
            let error = #expect(throws: DunlinError.self) { try database.zone(name) }
            #expect(error?.why == "it is not a file of at most 1048576 bytes")
        }
    }

    @Test func anEmptyDirectorySaysSo() throws {
        let error = #expect(throws: DunlinError.self) { try database.zone("Europe/Berlin") }
        #expect(error?.why == "there are no time zones in \(directory.path)")
        #expect(database.version == "unknown")
        try write("2025b".utf8, to: "+VERSION")
        database.reload()
        #expect(database.version == "2025b")
    }
}
