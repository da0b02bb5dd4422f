// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinModel
import DunlinServer
import DunlinTime

struct CheckGateways: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check gateways, routes and secrets as the daemon would read them, and say what each gateway gives.",
        discussion: examples(
            "dunlin gateways check --config dunlin.yaml",
            "dunlin gateways check --definition my-provider.yaml    # a definition by itself",
            "CREDENTIALS_DIRECTORY=/etc/credstore dunlin gateways check    # in a shell, where systemd gives no credentials",
            "",
            "Every error is a line 'dunlin: what: why; what to do', and 'dunlin serve' would refuse to start: exit code 2.",
            "A line 'note: …' tells of something that works and may not have been meant: exit code 0."))

    @OptionGroup var config: ConfigurationOption
    @Option(help: "A gateway's definition to check by itself; may be given more than once.") var definition: [String] =
        []

    func run() throws {
        guard definition.isEmpty else { return try checkDefinitions() }
        let check = ConfigurationCheck(path: config.path, secrets: .system, zones: ZoneDatabase())
        let errors = check.errors + check.listens.compactMap { listenFault($0, mayBeTaken: check.isServed != false) }
        if !check.gateways.isEmpty { print(overview(of: check.gateways) + "\n") }
        for note in check.notes { print("note: \(note)") }
        for error in errors { complain("dunlin: \(error)") }
        func count(_ number: Int, _ thing: String) -> String {
            "\(number == 0 ? "no" : "\(number)") \(thing)\(number == 1 ? "" : "s")"
        }
        print(
            [
                count(check.gateways.count, "gateway"), count(errors.count, "error"), count(check.notes.count, "note"),
            ].joined(separator: ", "))
        if !errors.isEmpty { throw ExitCode(2) }
    }

    private func checkDefinitions() throws {
        let faults = Faults()
        for path in definition {
            faults.attempt {
                let channel = try Gateways.checkDefinition(path: path)
                print("\(path): a definition for \(channel.rawValue) without a mistake")
            }
        }
        try faults.check()
    }
}

/// What gateways give, and the addresses that have to be entered at their vendors.
func overview(of gateways: [DescribedGateway]) -> String {
    let rows = gateways.map { gateway in
        [
            gateway.name, gateway.adapter, gateway.channel, gateway.receipts, gateway.replies, gateway.keys,
            gateway.bounces, gateway.doubt, gateway.limits,
        ]
    }
    let head = ["gateway", "adapter", "channel", "receipts", "replies", "call keys", "bounces", "in doubt", "limits"]
    let entered = gateways.compactMap { gateway in
        gateway.enter.map { [gateway.name, $0.gives.joined(separator: ", "), $0.url] }
    }
    let addresses = entered.isEmpty ? "" : "\n\nTo be entered at the vendor:\n" + table(entered)
    return table([head] + rows) + addresses
}
