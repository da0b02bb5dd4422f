// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinModel
import DunlinTime

struct GatewaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateways", abstract: "Check the gateways.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check gateways, routes and secrets as the daemon would read them.",
            discussion: examples("dunlin gateways check --config dunlin.yaml"))
        @OptionGroup var config: ConfigurationOption

        func run() throws {
            let secrets = SecretReader.system
            let snapshot = try Snapshot(config.load(), secrets: secrets, zones: ZoneDatabase())
            print(
                table(
                    snapshot.gateways.map {
                        [
                            $0.name, $0.adapter.channel.rawValue, "\($0.concurrency) at once",
                            $0.rate.map { "\($0) a second" } ?? "no rate limit",
                        ]
                    }))
        }
    }
}
