// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTime

/// Every zone of tzdata against Python's zoneinfo reading the same files. To run it alone, and see how much was compared:
///
///     swift test --filter ZoneOracleTests
@Suite struct ZoneOracleTests {
    static let tzdata = "/usr/share/zoneinfo"
    static let zic = ["/usr/sbin/zic", "/usr/bin/zic"].first(where: FileManager.default.isExecutableFile)

    @Test func everyZoneOfTheSystemAgreesWithPython() throws {
        try compareAll(of: ZoneOracleTests.tzdata, called: "as installed")
    }

    /// Slim files end with the last change of law, so that the footer decides about most of the years since.
    @Test(.enabled(if: zic != nil && FileManager.default.fileExists(atPath: "\(tzdata)/tzdata.zi")))
    func everyZoneInItsSlimFormAgreesWithPython() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "dunlin-slim-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        _ = try output(
            of: ZoneOracleTests.zic!, ["-b", "slim", "-d", directory, "\(ZoneOracleTests.tzdata)/tzdata.zi"])
        // Debian 12's zic leaves out a change of 2022, so that the footer contradicts the last one listed.
        try compareAll(of: directory, called: "slim", except: ["America/Ojinaga"])
    }

    private func compareAll(of directory: String, called label: String, except: Set<String> = []) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "zoneinfo_oracle.py").path
        var oracle = OracleReader(bytes: try output(of: "/usr/bin/env", ["python3", script, directory]))
        let database = ZoneDatabase(directory: directory)
        var names: Set<String> = []
        var count = Count()
        while !oracle.isAtEnd {
            let aliases = oracle.names()
            let (instants, changes, locals) = (oracle.rows(), oracle.rows(), oracle.rows())
            for name in aliases where !except.contains(name) {
                let zone = try zone(name, directory, database)
                let problems = differences(zone, instants, changes, locals)
                #expect(problems.isEmpty, "\(name) in \(directory): \(problems.prefix(3))")
                count.add(instants.count / 2, changes.count, locals.count / 2)
            }
            names.formUnion(aliases)
        }
        #expect(Set(database.names) == names.filter(ZoneName.isPlausible))
        #expect(database.names.count > 400)
        let version = ZoneDatabase(directory: ZoneOracleTests.tzdata).version
        print("tzdata \(version), \(label), against Python's zoneinfo: \(names.count - except.count) zones, \(count)")
    }

    /// The zone itself, or for those that Dunlin refuses by name (`EST`) their file.
    private func zone(_ name: String, _ directory: String, _ database: ZoneDatabase) throws -> Zone {
        if ZoneName.isPlausible(name) { return try database.zone(name) }
        #expect(throws: DunlinError.self) { try database.zone(name) }
        return Zone(name: name, offsets: try #require(try TZFiles.offsets(of: "\(directory)/\(name)")))
    }

    private func differences(_ zone: Zone, _ instants: [Int64], _ changes: [Int64], _ locals: [Int64]) -> [String] {
        var problems: [String] = []
        for row in stride(from: 0, to: instants.count, by: 2) {
            let offset = zone.offset(at: Instant(seconds: instants[row]))
            if offset != instants[row + 1] {
                problems.append("at \(instants[row]) \(offset), not \(instants[row + 1])")
            }
        }
        for row in stride(from: 0, to: locals.count, by: 2) {
            let instant = zone.instant(of: LocalTime(secondsSince1970: locals[row])).seconds
            if instant != locals[row + 1] {
                problems.append("local \(locals[row]): \(instant), not \(locals[row + 1])")
            }
        }
        let year2038 = Instant(rfc3339: "2038-01-01T00:00:00Z")!
        var found: [Int64] = []
        var next = zone.nextTransition(after: Instant(seconds: 0))
        while let change = next, change < year2038 {
            found.append(change.seconds)
            next = zone.nextTransition(after: change)
        }
        if found != changes { problems.append("changes \(found), not \(changes)") }
        return problems
    }

    private func output(of program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments) failed (the oracle needs Python 3.9)")
        return data
    }

    private struct Count: CustomStringConvertible {
        private var instants = 0, changes = 0, locals = 0

        mutating func add(_ instants: Int, _ changes: Int, _ locals: Int) {
            self.instants += instants
            self.changes += changes
            self.locals += locals
        }

        var description: String { "\(instants) instants, \(changes) changes, \(locals) local times" }
    }
}

/// Reads what zoneinfo_oracle.py writes.
private struct OracleReader {
    let bytes: Data
    private var position = 0

    init(bytes: Data) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func names() -> [String] {
        let start = begin()
        return String(decoding: bytes[start..<position], as: UTF8.self).split(separator: " ").map(String.init)
    }

    mutating func rows() -> [Int64] {
        let start = begin()
        return bytes[start..<position].withUnsafeBytes { buffer in
            (0..<buffer.count / 8).map { buffer.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self) }
        }
    }

    /// Where the next table starts; moves on to its end.
    private mutating func begin() -> Int {
        let start = position + 8
        let length = bytes[position..<start].withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
        position = start + Int(length)
        return start
    }
}
