// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The zones of the system's tzdata; thread-safe. A zone is read when it is first asked for and then kept.
public final class ZoneDatabase: Sendable {
    let directory: String
    private let cache: Mutex<Cache>

    /// - Parameter directory: where tzdata is installed, as TZif files.
    public init(directory: String = "/usr/share/zoneinfo") {
        self.directory = directory
        cache = Mutex(Cache(directory: directory))
    }

    /// The zone of an IANA name, old ones such as `US/Eastern` included.
    ///
    /// Throws a ``DunlinError`` for a name that is not an IANA zone (with a near miss where there is one), which includes
    /// abbreviations such as `EST`, and for a file that cannot be read.
    public func zone(_ name: String) throws -> Zone { try cache.withLock { try $0.zone(name) } }

    /// The names of all zones that are installed, sorted.
    public var names: [String] { cache.withLock { $0.names } }

    /// The version of tzdata, such as `2026a`; `unknown` if the directory does not say.
    public var version: String { cache.withLock { $0.version } }

    /// Forgets what was read, so that an updated tzdata is used. A ``Zone`` handed out before keeps its offsets.
    public func reload() { cache.withLock { $0 = Cache(directory: directory) } }
}

/// What was read of a tzdata directory so far.
private struct Cache {
    let directory: String
    private var zones: [String: Zone] = [:]
    /// Kept because looking for a near miss takes milliseconds and an import may repeat a wrong name a million times.
    private var unknown: [String: DunlinError] = [:]
    private(set) lazy var names = TZFiles.names(in: directory).filter(ZoneName.isPlausible).sorted()
    private(set) lazy var version = TZFiles.version(in: directory) ?? "unknown"

    private static let mostUnknown = 100

    init(directory: String) { self.directory = directory }

    mutating func zone(_ name: String) throws -> Zone {
        if let zone = zones[name] { return zone }
        if let error = unknown[name] { throw error }
        if ZoneName.isPlausible(name), let offsets = try TZFiles.offsets(of: "\(directory)/\(name)") {
            let zone = Zone(name: name, offsets: offsets)
            zones[name] = zone
            return zone
        }
        let isKept = unknown.count < Cache.mostUnknown && name.utf8.count <= 64
        let error = explanation(for: name, lookingForNearMiss: isKept)
        if isKept { unknown[name] = error }
        throw error
    }

    /// Why there is no such zone.
    private mutating func explanation(for name: String, lookingForNearMiss: Bool) -> DunlinError {
        let what = "time zone \(String(name.prefix(64)).debugDescription)"
        if let meant = ZoneName.abbreviations[name.uppercased()] {
            return DunlinError(
                .usage, what, why: "an abbreviation does not tell the place whose clocks are meant",
                remedy: "write an IANA name, such as \(meant)")
        }
        if names.isEmpty {
            return DunlinError(
                .failure, what, why: "there are no time zones in \(directory)",
                remedy: "install the system's tzdata package")
        }
        return DunlinError(
            .usage, what, why: "tzdata \(version) has no zone of that name",
            remedy: (lookingForNearMiss ? nearMiss(name, among: names) : nil).map { "did you mean \($0)?" }
                ?? "write an IANA name, such as America/New_York")
    }
}
