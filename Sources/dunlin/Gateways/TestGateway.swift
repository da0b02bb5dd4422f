// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTime
import Foundation

struct TestGateway: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send one message to an address of your own, and follow its receipt.",
        discussion: examples(
            "dunlin gateways test sms-main --to +4915112345678",
            "dunlin gateways test mail --to me@example.com --message payment-overdue --locale de",
            "",
            "It goes past queue, policy and caps: send it to nobody but yourself. Receipts are followed while the daemon runs."
        ))

    @OptionGroup var config: ConfigurationOption
    @Option(help: "Your own number or address.") var to: String
    @Option(help: "A message of the library, with its sample data; without it a line that says it is a test.")
    var message: String?
    @Option(help: "The language of the message.") var locale = "en"
    @Option(help: "How many seconds to wait for a receipt.") var wait = 60
    @Argument(help: "The gateway's name in the configuration.") var gateway: String

    func run() throws {
        let configuration = try config.load()
        let snapshot = try Snapshot(configuration, secrets: .system, zones: ZoneDatabase())
        guard let chosen = snapshot.gateways.first(where: { $0.name == gateway }) else {
            let near = nearMiss(gateway, among: snapshot.gateways.map(\.name))
            throw DunlinError(
                .usage, gateway, why: "there is no such gateway",
                remedy: near.map { "did you mean '\($0)'?" } ?? "'dunlin gateways list' names them")
        }
        try requireUnpaused(configuration, chosen)
        let said = try content(for: chosen, snapshot.templates)
        let tokens = try AttemptTokens(secretFile: configuration.ledgerPath + ".secret")
        let token = tokens.token(forTest: Int64.random(in: 1...Int64.max))
        let test = try GatewayTest(chosen, caFile: configuration.caFile, clock: SystemClock())
        defer { test.close() }
        let result = try test.send(
            said.content, to: to, as: message ?? "test", language: said.language, values: said.values,
            creditor: "Dunlin", token: token)
        print("\(result.request)\n\(result.outcome.words)")
        guard case .accepted(let id) = result.outcome else { throw ExitCode(1) }
        try follow(token, id: id, of: chosen, configuration)
    }

    private func requireUnpaused(_ configuration: Configuration, _ gateway: Gateway) throws {
        let scope = SendScope(channel: gateway.channel, gateway: gateway.name, message: "", creditor: "")
        guard configuration.control.read().stops(scope, at: SystemClock().now) else { return }
        throw DunlinError(
            .failure, "gateway \(gateway.name)", why: "it is paused", remedy: "'dunlin resume' ends a pause")
    }

    private func content(
        for gateway: Gateway, _ library: TemplateLibrary
    ) throws -> (content: MessageContent, language: String, values: [String: String]) {
        guard let message else {
            let text = "This is a test of the gateway \(gateway.name). Nothing is asked of you."
            switch gateway.channel {
            case .sms: return (.sms(text), "en", [:])
            case .chat: return (.chat(text), "en", [:])
            case .task: return (.task(text), "en", [:])
            case .email:
                let mail = Email(
                    subject: "Test of \(gateway.name)", preheader: "", text: text,
                    html: "<html><body>\(text)</body></html>")
                return (.email(mail), "en", [:])
            case .call:
                return (.call(CallScript(language: "en-US", steps: [.say(text)], voicemail: text)), "en", [:])
            }
        }
        guard let template = library.message(message) else {
            let near = nearMiss(message, among: library.messages.map(\.name))
            throw DunlinError(
                .usage, message, why: "there is no such message",
                remedy: near.map { "did you mean '\($0)'?" } ?? "'dunlin templates list' names them")
        }
        var reminder = template.sample.reminder
        reminder.message = message
        reminder.recipient.locale = locale
        let day = reminder.account.dueDate
        do throws(RenderError) {
            let rendered = try library.render(reminder, channel: gateway.channel, today: day)
            let values = library.values(of: reminder, channel: gateway.channel, today: day)
            return (rendered.content, rendered.language, values)
        } catch {
            throw DunlinError(.failure, message, why: error.description, remedy: "choose another message")
        }
    }

    /// Shows what the gateway tells of it, as the daemon keeps it.
    private func follow(_ token: String, id: String?, of gateway: Gateway, _ configuration: Configuration) throws {
        guard gateway.callbacks != nil else {
            return print("no receipt will come: nobody listens for them, or this gateway sends none")
        }
        guard RuntimeFile(ledgerPath: configuration.ledgerPath).read() != nil else {
            return print("no daemon runs, so nobody takes its receipt")
        }
        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .reader)
        var shown = 0
        for _ in 0..<max(1, wait * 4) {
            let told =
                try ledger.strays(of: token, by: gateway.name)
                + (id.map { try ledger.strays(of: $0, by: gateway.name) } ?? [])
            for receipt in told.dropFirst(shown) {
                print("receipt at \(receipt.received): \(receipt.status)\(receipt.code.map { ", code \($0)" } ?? "")")
            }
            shown = max(shown, told.count)
            if told.contains(where: { $0.status == Receipt.Status.failed.rawValue }) { throw ExitCode.failure }
            if told.contains(where: { $0.status != Receipt.Status.accepted.rawValue }) { return }
            Thread.sleep(forTimeInterval: 0.25)
        }
        print(shown == 0 ? "no receipt within \(wait) seconds" : "no final receipt within \(wait) seconds")
    }
}
