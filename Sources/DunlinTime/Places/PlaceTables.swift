// SPDX-License-Identifier: Apache-2.0

/// The tables behind ``Places``: `numbers.txt` and `regions.txt`, whose heads tell their notation, and tzdata's zone.tab.
final class PlaceTables: Sendable {
    private struct Answer {
        var regions: [String] = []
        var zones: [String] = []
    }

    private let regionTable: RegionTable
    private let prefixes: PrefixTree
    /// What the values of `prefixes` stand for; the first is nothing.
    private let answers: [Answer]

    convenience init(zones: ZoneDatabase) {
        self.init(
            numbers: String(decoding: PackageResources.numbers_txt, as: UTF8.self),
            regions: RegionTable(
                subdivisions: String(decoding: PackageResources.regions_txt, as: UTF8.self),
                countries: (try? TZFiles.read("\(zones.directory)/zone.tab")).map {
                    String(decoding: $0, as: UTF8.self)
                }
                    ?? "",
                installed: Set(zones.names)))
    }

    init(numbers: String, regions: RegionTable) {
        var prefixes = PrefixTree()
        var answers = [Answer()]
        /// Lines with the same places share an answer.
        var known: [Substring: UInt16] = ["": 0, "none": 0]
        var callingCode = Substring()
        for line in tableLines(numbers) {
            let isHead = line.first == "+"
            let parts = line.dropFirst(isHead ? 1 : 0).split(separator: isHead ? " " : ":", maxSplits: 1)
            if isHead { callingCode = parts[0] }
            let text = isHead ? (parts.count > 1 ? parts[1] : "") : parts[0]
            if known[text] == nil {
                known[text] = UInt16(answers.count)
                answers.append(PlaceTables.answer(text, regions))
            }
            for digits in isHead ? [""] : parts[1].split(separator: " ") {
                let isNew = prefixes.insert(known[text]!, at: callingCode + digits)
                precondition(isNew, "numbers.txt lists \(callingCode) \(digits) twice")
            }
        }
        (regionTable, self.prefixes, self.answers) = (regions, prefixes, answers)
    }

    /// Regions, and perhaps zones: those have a slash.
    private static func answer(_ text: Substring, _ table: RegionTable) -> Answer {
        let words = text.split(separator: " ").map(String.init)
        let regions = words.filter { !$0.contains("/") }
        let zones = words.filter { $0.contains("/") && table.installed.contains($0) }
        if !zones.isEmpty { return Answer(regions: regions, zones: zones) }
        var all: [String] = []
        for zone in regions.flatMap(table.zones) where !all.contains(zone) { all.append(zone) }
        return Answer(regions: regions, zones: all)
    }

    func regions(ofNumber number: String) -> [String] { answers[Int(prefixes.value(ofNumber: number))].regions }

    func zones(ofNumber number: String) -> [String] { answers[Int(prefixes.value(ofNumber: number))].zones }

    func zones(ofRegion region: String) -> [String] { regionTable.zones(of: region) }
}

/// The zones of countries and of their subdivisions.
struct RegionTable: Sendable {
    /// The zones that tzdata has: a name that the tables know and an older tzdata does not is left out.
    let installed: Set<String>
    private var zones: [UInt64: [String]] = [:]

    /// - Parameter countries: lines of zone.tab or of zone1970.tab.
    init(subdivisions: String, countries: String, installed: Set<String>) {
        self.installed = installed
        for line in tableLines(countries) {
            let columns = line.split(separator: "\t")
            guard columns.count >= 3, installed.contains(String(columns[2])) else { continue }
            for code in columns[0].split(separator: ",") {
                if let key = RegionTable.key(code) { zones[key, default: []].append(String(columns[2])) }
            }
        }
        for line in tableLines(subdivisions) {
            let parts = line.split(separator: ":")
            let names = parts[0].split(separator: " ").map(String.init).filter(installed.contains)
            for code in parts[1].split(separator: " ") where !names.isEmpty {
                let old = RegionTable.key(code).flatMap { zones.updateValue(names, forKey: $0) }
                precondition(old == nil, "regions.txt lists \(code) twice")
            }
        }
    }

    func zones(of region: String) -> [String] {
        guard let key = RegionTable.key(region) else { return [] }
        return zones[key] ?? zones[key & 0xffff] ?? []
    }

    /// The bytes of a code, the country's in the lowest two; nil if it has not the form of one (`US`, `US-MA`).
    private static func key(_ code: some StringProtocol) -> UInt64? {
        code.utf8.withContiguousStorageIfAvailable(key) ?? Array(code.utf8).withUnsafeBufferPointer(key)
    }

    private static func key(_ code: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard code.count == 2 || (4...6).contains(code.count) else { return nil }
        var key: UInt64 = 0
        for (place, byte) in code.enumerated() {
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard place == 2 ? byte == UInt8(ascii: "-") : isCapital || (place > 2 && byte.isDigit) else { return nil }
            key |= UInt64(byte) << (8 * UInt64(place))
        }
        return key
    }
}

/// The lines of a table that are neither empty nor comments.
private func tableLines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { $0.first != "#" } }
