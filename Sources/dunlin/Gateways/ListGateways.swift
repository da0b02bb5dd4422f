// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinModel

struct ListGateways: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the gateways of the configuration, or the adapters that come with Dunlin.",
        discussion: examples(
            "dunlin gateways list", "dunlin gateways list --adapters",
            "dunlin gateways list --adapters --json | jq '.[] | select(.channel == \"sms\")'"))

    @OptionGroup var config: ConfigurationOption
    @Flag(help: "The adapters that come with Dunlin, with the settings that each takes.") var adapters = false
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        if adapters { return try listAdapters() }
        let configuration = try config.load()
        // Without a secret: whoever lists need not be able to send.
        let gateways = try configuration.describedGateways()
        if json { return try printJSON(gateways) }
        print(overview(of: gateways))
    }

    private func listAdapters() throws {
        let all = try Gateways.shippedAdapters()
        if json { return try printJSON(all) }
        print(
            table(
                [["adapter", "channel", "settings"]]
                    + all.map { [$0.name, $0.channel, $0.settings.map(\.words).joined(separator: ", ")] }))
    }
}
