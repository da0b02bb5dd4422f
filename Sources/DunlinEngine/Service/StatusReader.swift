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
        return Status(
            ledger: try ledger.summary(), control: configuration.control.read(),
            runtime: RuntimeFile(ledgerPath: configuration.ledgerPath).read(),
            gateways: try configuration.gatewayNames(),
            versions: [
                "tzdata": ZoneDatabase().version,
                "policies": (try? PolicySet.load(directory: configuration.policies).version) ?? "broken",
                "templates": (try? TemplateLibrary.load(roots: configuration.templates).version) ?? "broken",
            ], at: SystemClock().now)
    }
}
