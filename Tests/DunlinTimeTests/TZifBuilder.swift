// SPDX-License-Identifier: Apache-2.0

/// Writes TZif files for tests, right ones and wrong ones.
struct TZifBuilder {
    var version: UInt8 = UInt8(ascii: "2")
    var types = [0]
    var changes: [(time: Int64, type: UInt8)] = []
    var leapSeconds = 0
    var footer = ""

    var bytes: [UInt8] {
        if version == 0 { return block(width: 4) }
        return TZifBuilder(version: version).block(width: 4) + block(width: 8) + Array("\n\(footer)\n".utf8)
    }

    private func block(width: Int) -> [UInt8] {
        var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, leapSeconds, changes.count, types.count, 4] { bytes += bigEndian(Int64(count), 4) }
        for change in changes { bytes += bigEndian(change.time, width) }
        bytes += changes.map(\.type)
        for offset in types { bytes += bigEndian(Int64(offset), 4) + [0, 0] }
        return bytes + Array("XXX\0".utf8) + [UInt8](repeating: 0, count: leapSeconds * (width + 4))
    }

    private func bigEndian(_ value: Int64, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
    }
}
