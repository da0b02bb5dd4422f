// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct GatewaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateways", abstract: "List, check and try the gateways.",
        subcommands: [ListGateways.self, CheckGateways.self, TestGateway.self])
}
