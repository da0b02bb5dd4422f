// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What happened, in order, for a person to read.
struct TimeLine {
    struct Step {
        var at: Instant
        var what: String
        /// Which rule said so, and the like.
        var details: [String] = []
    }

    private(set) var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    /// Several stories as one. Each keeps its own order, also where the clock was set back in it.
    init(merging stories: [[Step]]) {
        var placed: [(at: Instant, step: Step)] = []
        for story in stories {
            var latest = Instant(milliseconds: .min)
            for step in story {
                latest = max(latest, step.at)
                placed.append((latest, step))
            }
        }
        steps = placed.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
            \.element.step)
    }

    func lines(indent: String) -> [String] {
        steps.flatMap { step in
            ["\(indent)\(step.at)  \(step.what)"] + step.details.map { "\(indent)    \($0)" }
        }
    }
}
