// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinModel
import DunlinTime

struct CheckGateways: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check gateways, routes and secrets as the daemon would read them.",
        discussion: examples(
            "dunlin gateways check --config dunlin.yaml",
            "dunlin gateways check --definition my-provider.yaml    # a definition by itself"))

    @OptionGroup var config: ConfigurationOption
    @Option(help: "A gateway's definition to check by itself; may be given more than once.") var definition: [String] =
        []

    func run() throws {
        guard definition.isEmpty else {
            for path in definition {
                let channel = try Gateways.checkDefinition(path: path)
                print("\(path): a definition for \(channel.rawValue) without a mistake")
            }
            return
        }
        let snapshot = try Snapshot(config.load(), secrets: .system, zones: ZoneDatabase())
        print(
            table(
                snapshot.gateways.map {
                    [
                        $0.name, $0.channel.rawValue, "\($0.concurrency) at once",
                        $0.rate.map { "\($0) a second" } ?? "no rate limit",
                    ]
                }))
    }
}
