// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials

/// Packs that are in force together.
public struct PolicySet: Sendable {
    /// In the order of their names.
    public let packs: [Pack]
    /// FNV-1a (64 bits, hex) of every pack's text: tells versions apart, and is no protection against forgery.
    public let version: String

    /// - Parameter packs: no two of the same name; see ``load(directory:)`` for those of a directory.
    public init(packs: [Pack]) {
        self.packs = packs.sorted { $0.name < $1.name }
        let digest = self.packs.reduce(fnv1a("")) { digest, pack in fnv1a("\(pack.name) \(pack.digest)\n", from: digest)
        }
        let hex = String(digest, radix: 16)
        version = String(repeating: "0", count: 16 - hex.utf8.count) + hex
    }

    /// The embedded packs `floor` and `strict`, and every `*.yaml` file of the directory, in which a pack called `strict`
    /// replaces that one; `floor` cannot be replaced.
    ///
    /// Throws a ``DunlinError`` for a directory or file that cannot be read, a pack with a mistake, a name used twice.
    /// - Parameter directory: nil for the embedded packs alone.
    public static func load(directory: String?) throws -> PolicySet {
        let floor = try embedded(PackageResources.floor_yaml, "floor.yaml")
        var packs = [floor.name: (pack: floor, file: "the packs that Dunlin brings")]
        for path in try directory.map(packFiles) ?? [] {
            let pack = try Pack(yaml: text(of: path), file: path)
            if let other = packs[pack.name] {
                throw DunlinError(
                    .usage, path, why: "the pack is called '\(pack.name)', as is the one in \(other.file)",
                    remedy: "give each pack a name of its own")
            }
            packs[pack.name] = (pack, path)
        }
        let strict = try embedded(PackageResources.strict_yaml, "strict.yaml")
        return PolicySet(packs: packs.values.map(\.pack) + (packs[strict.name] == nil ? [strict] : []))
    }

    /// The pack that applies to everybody and cannot be replaced.
    static let floorName = "floor"

    private static func embedded(_ bytes: [UInt8], _ name: String) throws -> Pack {
        try Pack(yaml: String(decoding: bytes, as: UTF8.self), file: "the embedded pack \(name)")
    }

    /// The packs for recipients of a region, or of an unknown one, besides those of ``byDefault``.
    func applying(in region: String?) -> [Pack] {
        packs.filter { pack in
            switch pack.applies {
            case .always: true
            case .byDefault: false
            case .regions: region.map(pack.applies.covers) ?? false
            }
        }
    }

    /// The packs for contacts whose hours no pack for their region limits.
    var byDefault: [Pack] { packs.filter { $0.applies == .byDefault } }

    private static func packFiles(in directory: String) throws -> [String] {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            return names.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted().map { "\(directory)/\($0)" }
        } catch {
            throw DunlinError(
                .usage, directory, why: "the directory of policy packs cannot be read",
                remedy: "check that it exists and who may read it")
        }
    }

    private static func text(of path: String) throws -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw DunlinError(.usage, path, why: "the file cannot be read", remedy: "check who may read it")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DunlinError(.usage, path, why: "the file is not UTF-8", remedy: "save it as UTF-8")
        }
        return text
    }
}

/// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
func fnv1a(_ text: String, from start: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
    text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
