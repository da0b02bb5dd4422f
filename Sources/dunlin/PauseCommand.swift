// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import Foundation

/// What a pause names.
struct ScopeOptions: ParsableArguments {
    @Option(help: "Only this channel: sms, email, call, chat or task.") var channel: Channel?
    @Option(help: "Only this gateway.") var gateway: String?
    @Option(help: "Only this message.") var message: String?
    @Option(help: "Only this creditor.") var creditor: String?

    var pause: Pause { Pause(channel: channel, gateway: gateway, message: message, creditor: creditor) }
}

extension Channel: ExpressibleByArgument {}

struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop sending: everything, or what the options name.",
        discussion: examples(
            "dunlin pause",
            "dunlin pause --channel sms --until 2026-11-22T08:00+08:00 --reason 'gateway incident 4411'",
            "echo pause > /var/lib/dunlin/control     # the same by hand"))

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var scope: ScopeOptions
    @Option(help: "When it ends by itself, such as 2026-11-22T08:00+08:00.") var until: String?
    @Option(help: "Why.") var reason: String?
    @Option(help: "Who.") var by: String?

    func run() throws {
        var pause = scope.pause
        if let until {
            guard let instant = Instant(rfc3339: until) else {
                throw DunlinError(
                    .usage, "--until '\(until)'", why: "this is not a time", remedy: "write 2026-11-22T08:00+08:00")
            }
            pause.until = instant
        }
        pause.by = by ?? ProcessInfo.processInfo.environment["SUDO_USER"] ?? ProcessInfo.processInfo.environment["USER"]
        pause.reason = reason
        let configuration = try Configuration.forControl(path: config.path)
        if let gateway = pause.gateway { try check(gateway, configuration) }
        try configuration.control.add(pause)
        print(pause.directive)
    }
}

/// A pause of a gateway that is not there would stop nothing.
private func check(_ gateway: String, _ configuration: Configuration) throws {
    let names = configuration.declaredGateways
    if names.isEmpty || names.contains(gateway) { return }
    throw DunlinError(
        .usage, "--gateway \(gateway)", why: "there is no such gateway in \(configuration.path)",
        remedy: nearMiss(gateway, among: names).map { "did you mean '\($0)'?" } ?? "'dunlin gateways list' names them")
}

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send again: everything, or what the options name.",
        discussion: examples("dunlin resume", "dunlin resume --channel sms"))

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var scope: ScopeOptions

    func run() throws {
        let named = scope.pause
        let control = try Configuration.forControl(path: config.path).control
        if let fault = control.read().fault {
            throw DunlinError(
                .failure, control.path, why: fault, remedy: "mend or empty the file; until then nothing is sent")
        }
        let removed = try control.remove { named.stopsEverything || $0.hasSameScope(as: named) }
        guard removed > 0 || named.stopsEverything else {
            throw DunlinError(
                .failure, "resume", why: "no pause names exactly this", remedy: "'dunlin status' lists those in force")
        }
        print(removed == 0 ? "nothing was paused" : "\(removed) pause\(removed == 1 ? "" : "s") removed")
    }
}
