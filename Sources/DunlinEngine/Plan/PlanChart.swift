// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A plan as a picture.
public struct PlanChart {
    private let report: PlanReport
    private let before: PlanReport?

    public init(_ report: PlanReport, before: PlanReport? = nil) {
        self.report = report
        self.before = before
    }

    public var svg: String { "<svg/>" }
}
