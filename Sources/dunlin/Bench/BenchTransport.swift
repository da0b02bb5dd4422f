// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinGateways
import Foundation

struct BenchTransport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport",
        abstract: "Small POSTs to a local nginx: through Dunlin's transport, beside a bare libcurl loop.")

    @Option(help: "Requests.") var requests = 500_000
    @Option(help: "Requests at once.") var concurrency = 64
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try withTemporaryFolder { folder in
            let nginx = try Nginx(folder: folder)
            defer { nginx.stop() }
            let bare = try TransportBenchmark.bareLoop(url: nginx.url, requests: requests, concurrency: concurrency)
            resetPeakMemory()
            let ours = try TransportBenchmark.transport(url: nginx.url, requests: requests, concurrency: concurrency)
            try BenchReport(
                "transport", count: requests, seconds: Double(requests) / ours.perSecond,
                reference: "a bare libcurl loop with the same safety settings", referencePerSecond: bare.perSecond,
                peakMemory: peakMemoryMegabytes(),
                settings: ["requests": "\(requests)", "concurrency": "\(concurrency)"]
            ).show(json: json)
        }
    }
}
