// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinServer
import Foundation

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Stand in for the gateways, and show what arrives in a browser.",
        discussion: examples(
            "dunlin sandbox --http-port 8080 --smtp-port 2525",
            "# then, in dunlin.yaml: base_url: http://127.0.0.1:8080 and smtp://127.0.0.1:2525"))

    @Option(help: "Where the stand-in for SMS and voice gateways and its page listen; 0 takes a free port.")
    var httpPort = 8080
    @Option(help: "Where the stand-in for the mail server listens; 0 takes a free port.")
    var smtpPort = 2525

    func run() async throws {
        let sandbox = Sandbox(httpPort: httpPort, smtpPort: smtpPort, clock: SystemClock())
        let ports = try await sandbox.start()
        print("SMS and calls: http://127.0.0.1:\(ports.http), mail: smtp://127.0.0.1:\(ports.smtp)")
        print("what arrives: http://127.0.0.1:\(ports.http)/ (Ctrl-C ends it)")
        await untilInterrupted()
        await sandbox.stop()
    }
}

/// Returns when the process is asked to end.
func untilInterrupted() async {
    let signals = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for source in signals {
        source.setEventHandler { continuation.finish() }
        source.resume()
    }
    for await _ in stream {}
    for source in signals { source.cancel() }
}
