// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import Foundation

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure, beside a reference in the same run.",
        discussion: examples(
            "dunlin bench dispatch                      # 1,000,000 due reminders to a local nginx, ledger fsynced",
            "dunlin bench dispatch --pending 4000000    # the same with four million more that are not due",
            "dunlin bench transport                     # libcurl alone, and through Dunlin's transport",
            "dunlin bench import                        # checked rows a second",
            "dunlin bench policy                        # decisions a second on one core, with every pack in force",
            "dunlin bench render                        # texts with values of every type, a second on one core",
            "dunlin bench receipts                      # receipts on the disk a second, on one thread, while messages go out"
        ),
        subcommands: [
            BenchDispatch.self, BenchTransport.self, BenchImport.self, BenchPolicy.self, BenchRender.self,
            BenchReceipts.self,
        ])
}

/// What a benchmark found, and on what.
struct BenchReport: Encodable {
    var name: String
    var perSecond: Double
    /// The same work done by the reference, in the same run.
    var referencePerSecond: Double
    var reference: String
    var seconds: Double
    var peakMemoryMb: Int
    var machine: String
    var settings: [String: String]

    init(
        _ name: String, count: Int, seconds: Double, reference: String, referencePerSecond: Double,
        peakMemory: Int, settings: [String: String]
    ) {
        self.name = name
        perSecond = (Double(count) / seconds).rounded()
        self.referencePerSecond = referencePerSecond.rounded()
        self.reference = reference
        self.seconds = (seconds * 1000).rounded() / 1000
        peakMemoryMb = peakMemory
        machine = machineDescription()
        self.settings = settings
    }

    func show(json: Bool) throws {
        if json { return try printJSON(self) }
        let share = referencePerSecond > 0 ? Int((perSecond / referencePerSecond * 100).rounded()) : 0
        print(
            table([
                ["\(name)", "\(Int(perSecond)) a second, \(share) % of the reference, in \(seconds) s"],
                ["reference", "\(Int(referencePerSecond)) a second: \(reference)"],
                ["memory", "\(peakMemoryMb) MB at the peak"],
                ["machine", machine],
                [
                    "settings",
                    settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
                ],
            ]))
    }
}

/// Forgets the peak so far, so that a benchmark's preparations do not count (proc(5), clear_refs).
func resetPeakMemory() { try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs")) }

/// The largest resident size since the last reset.
func peakMemoryMegabytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
}

func machineDescription() -> String {
    let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = cpu.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? "unknown"
    return "\(ProcessInfo.processInfo.activeProcessorCount) cores,\(model)"
}

/// Runs `body` and returns how many seconds it took.
func measured(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return Double((ContinuousClock.now - start).milliseconds) / 1000
}

/// A folder of its own, removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "dunlin-bench-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}
