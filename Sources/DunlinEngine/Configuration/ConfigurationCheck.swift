// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTime
import Foundation

/// A configuration looked at before a daemon is started with it: what it would refuse, what it would start with and not do, and what
/// its gateways give.
public struct ConfigurationCheck {
    public let errors: [DunlinError]
    public let notes: [Note]
    /// Those that could be made.
    public let gateways: [DescribedGateway]
    /// The addresses on which its servers would listen; none where the configuration cannot be read at all.
    public let listens: [ListenAddress]
    /// Whether a daemon runs with this ledger, which may hold these addresses itself; nil where we may not look.
    public let isServed: Bool?

    /// Reads the file and what it names. Writes nothing, opens no connection.
    public init(path: String, secrets: SecretReader, zones: ZoneDatabase) {
        let faults = Faults()
        guard let configuration = faults.attempt({ try Configuration(path: path, faults) }) else {
            (errors, notes, gateways, listens, isServed) = (faults.errors, faults.notes, [], [], false)
            return
        }
        let read = StartUp(configuration, secrets: secrets, zones: zones, faults)
        ConfigurationCheck.checkFiles(of: configuration, faults)
        read.addNotes(configuration, zones: zones, to: faults)
        gateways = read.gateways.map { DescribedGateway($0, callbacks: configuration.callbacks?.url) }
        listens = [configuration.listen, configuration.callbacks?.listen].compactMap { text in
            text.flatMap { try? ListenAddress($0) }
        }
        let folder = (configuration.ledgerPath as NSString).deletingLastPathComponent
        isServed =
            FileManager.default.fileExists(atPath: folder) && !FileManager.default.isReadableFile(atPath: folder)
            ? nil : RuntimeFile(ledgerPath: configuration.ledgerPath).read() != nil
        // As somebody goes through the file; what is wrong elsewhere comes behind it.
        errors = faults.errors.inOrder(of: path, place: \.what)
        notes = faults.notes.inOrder(of: path, place: \.what)
    }

    private static func checkFiles(of configuration: Configuration, _ faults: Faults) {
        let folder = (configuration.ledgerPath as NSString).deletingLastPathComponent
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            faults.add(
                Note(
                    configuration.place(of: "ledger"), why: "the ledger's folder \(folder) is not there",
                    remedy: "create it, unless the service does so when it starts (systemd's StateDirectory=)"))
        } else if FileManager.default.isReadableFile(atPath: configuration.ledgerPath) {
            faults.attempt { try SQLiteLedger.check(path: configuration.ledgerPath) }
        }
        if let fault = configuration.control.read().fault {
            faults.add(
                Note(
                    configuration.place(of: "control"), why: "everything is paused: \(fault)",
                    remedy: "mend the control file"))
        }
    }
}

extension Array {
    /// By the line and column of `file` at which they are, the others behind them in their own order.
    fileprivate func inOrder(of file: String, place: (Element) -> String) -> [Element] {
        enumerated().map { number, element -> (key: [Int], element: Element) in
            let place = place(element)
            let mark = place.hasPrefix("\(file):") ? place.dropFirst(file.count + 1).split(separator: ":") : []
            return ((mark.isEmpty ? [Int.max] : mark.map { Int($0) ?? .max }) + [number], element)
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.element)
    }
}
