// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime
import Foundation

/// Puts a status together from outside the daemon: from the ledger, the control file and what the daemon left beside it.
public struct StatusReader {
    private let configuration: Configuration

    public init(configuration: Configuration) { self.configuration = configuration }

    public func status() throws -> Status {
        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .reader)
        let runtime = RuntimeFile(ledgerPath: configuration.ledgerPath).read()
        return Status(
            ledger: try ledger.summary(), control: configuration.control.read(), runtime: runtime,
            gateways: try configuration.gatewayNames(),
            // A daemon has said what it works with; only without one is all of it read here.
            versions: runtime?.versions ?? versions(), strays: try ledger.strayCount(), at: SystemClock().now)
    }

    private func versions() -> [String: String] {
        [
            "tzdata": ZoneDatabase().version,
            "policies": (try? PolicySet.load(directory: configuration.policies).version) ?? "broken",
            "templates": (try? TemplateLibrary.load(roots: configuration.templates).version) ?? "broken",
        ]
    }
}
