// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime
import DunlinYAML
import Foundation

/// Everything that a daemon starts from, read as a whole and as far as it can be read: `serve` starts with it or refuses, and
/// `gateways check` shows what is wrong.
struct StartUp {
    /// Those that could be made.
    let gateways: [Gateway]
    /// Nil where something in them is wrong.
    let routes: [Channel: Routes]?
    /// Nil where a message is broken.
    let library: TemplateLibrary?
    /// The gateways whose approved texts are wrong.
    let misnamed: Set<String>
    /// Nil where anything is wrong.
    let snapshot: Snapshot?

    /// Every mistake becomes one of `faults`.
    init(_ configuration: Configuration, secrets: SecretReader, zones: ZoneDatabase, _ faults: Faults) {
        let attachments = AttachmentFolder(path: configuration.attachments)
        if !attachments.isThere {
            faults.add(
                DunlinError(
                    .usage, configuration.place(of: "attachments"), why: "the folder of 'attachments' cannot be read",
                    remedy: "create it, or let the daemon's user read it"))
        }
        if let path = configuration.caFile, !FileManager.default.isReadableFile(atPath: path) {
            faults.add(
                DunlinError(
                    .usage, configuration.place(of: "ca_file"),
                    why: "\(path) cannot be read, so no gateway could be believed",
                    remedy: "let the daemon's user read it, or remove 'ca_file'"))
        }
        gateways = StartUp.gateways(configuration, secrets, zones, faults)
        library = StartUp.library(configuration, faults)
        routes = StartUp.routes(configuration, gateways, faults)
        let policies = faults.attempt { try PolicySet.load(directory: configuration.policies) }
        if let library {
            misnamed = StartUp.checkApprovedTexts(of: gateways, library, faults)
        } else {
            misnamed = []
        }
        guard faults.errors.isEmpty, let routes, let library, let policies else {
            snapshot = nil
            return
        }
        snapshot = Snapshot(
            gateways: gateways, routes: routes, policies: policies, templates: library, attachments: attachments,
            zones: zones, party: configuration.party, unknown: configuration.unknown, spread: configuration.spread,
            attempts: configuration.attempts, fallback: configuration.fallback)
    }

    private static func gateways(
        _ configuration: Configuration, _ secrets: SecretReader, _ zones: ZoneDatabase, _ faults: Faults
    ) -> [Gateway] {
        guard let declared = configuration.gateways else {
            faults.add(
                DunlinError(
                    .usage, configuration.path, why: "gateways is missing",
                    remedy: "name at least one gateway and its route"))
            return []
        }
        let gateways = Gateways.read(
            declared, secrets: secrets, directory: configuration.folder, callbacks: configuration.callbacks?.url, faults
        )
        for gateway in gateways {
            guard let zone = gateway.dailyLimit?.zone else { continue }
            do { _ = try zones.zone(zone) } catch {
                let place = configuration.entry("gateways", gateway.name, "budget")?.place ?? gateway.place
                faults.add(
                    DunlinError(
                        .usage, place, why: "the budget of gateway '\(gateway.name)': \(error)",
                        remedy: "name an IANA zone such as Europe/Berlin"))
            }
        }
        return gateways
    }

    private static func routes(
        _ configuration: Configuration, _ gateways: [Gateway], _ faults: Faults
    ) -> [Channel: Routes]? {
        guard let declared = configuration.routes else {
            faults.add(
                DunlinError(
                    .usage, configuration.path, why: "routes is missing",
                    remedy: "write routes: {sms: [GATEWAY], …}"))
            return nil
        }
        let names = (try? configuration.gateways?.anyMapping().entries.map(\.key)) ?? []
        let own = Faults()
        let routes = RoutesReader(gateways: gateways, broken: Set(names).subtracting(gateways.map(\.name)))
            .routes(declared, own)
        faults.add(own)
        return own.errors.isEmpty ? routes : nil
    }

    private static func library(_ configuration: Configuration, _ faults: Faults) -> TemplateLibrary? {
        let (library, findings) = TemplateLibrary.sound(roots: configuration.templates)
        let errors = findings.filter { $0.severity == .error }
        for error in errors { faults.add(DunlinError(.usage, error.place, why: error.what, remedy: error.remedy)) }
        return errors.isEmpty ? library : nil
    }
}
