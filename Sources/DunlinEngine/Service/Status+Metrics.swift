// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension Status {
    /// The same for Prometheus, in its text format 0.0.4. Counters begin with the daemon.
    public var metrics: String {
        var page = MetricsPage()
        page.add("dunlin_up", .gauge, "Whether a daemon runs.", [([], daemon == nil ? 0 : 1)])
        page.add(
            "dunlin_healthy", .gauge, "Whether reminders can leave, or somebody wants that they do not.",
            [([], daemon?.isHealthy == true ? 1 : 0)])
        page.add(
            "dunlin_reminders", .gauge, "Reminders by state; \"unknown\" are those in doubt.",
            states.sorted { $0.key < $1.key }.map { ([("state", $0.key)], Double($0.value)) })
        page.add("dunlin_in_flight", .gauge, "Attempts without an outcome.", [([], Double(inFlight))])
        page.add("dunlin_stray_receipts", .gauge, "Receipts that belong to no attempt we know.", [([], Double(strays))])
        if let due = oldestDue.flatMap({ Instant(rfc3339: $0) }) {
            page.add(
                "dunlin_oldest_due_timestamp_seconds", .gauge, "When the reminder fell due that waits longest.",
                [([], Double(due.milliseconds) / 1000)])
        }
        addGateways(to: &page)
        page.add(
            "dunlin_callbacks_total", .counter, "What gateways sent of their own accord, by what became of it.",
            callbacks.sorted { $0.key < $1.key }.flatMap { name, counts in
                counts.named.map { ([("gateway", name), ("result", $0.name)], Double($0.count)) }
            })
        return page.text
    }

    private func addGateways(to page: inout MetricsPage) {
        func each(_ figures: (Gateway) -> [(labels: [MetricsPage.Label], value: Double)]) -> [MetricsPage.Sample] {
            gateways.flatMap { gateway in
                figures(gateway).map {
                    ([("gateway", gateway.name), ("channel", gateway.channel)] + $0.labels, $0.value)
                }
            }
        }
        func one(_ value: Double?) -> [(labels: [MetricsPage.Label], value: Double)] { value.map { [([], $0)] } ?? [] }
        func named(_ label: String, _ counts: [String: Int]?) -> [(labels: [MetricsPage.Label], value: Double)] {
            (counts ?? [:]).sorted { $0.key < $1.key }.map { ([(label, $0.key)], Double($0.value)) }
        }
        page.add(
            "dunlin_gateway_state", .gauge, "1 for the state a gateway is in.", each { [([("state", $0.state)], 1)] })
        page.add("dunlin_gateway_in_flight", .gauge, "Requests without an outcome.", each { one(Double($0.inFlight)) })
        page.add(
            "dunlin_gateway_outcomes_total", .counter, "How requests ended; \"unknown\" are doubts.",
            each { named("outcome", ["accepted": $0.accepted, "refused": $0.refused, "unknown": $0.unknown]) })
        page.add(
            "dunlin_gateway_reasons_total", .counter, "Why requests were refused or ended in doubt.",
            each { named("reason", $0.reasons) })
        page.add(
            "dunlin_gateway_faults_total", .counter, "How requests broke off that got no answer.",
            each { named("fault", $0.faults) })
        page.add(
            "dunlin_gateway_acceptance_ratio", .gauge, "Of the latest outcomes the share that was good.",
            each { one($0.acceptance) })
        page.add(
            "dunlin_gateway_delivery_ratio", .gauge, "Of the latest receipts the share that said delivered.",
            each { one($0.delivery) })
        page.add(
            "dunlin_gateway_latency_seconds", .gauge, "Within which this share of the last minute's answers came.",
            each { gateway in
                [("0.5", gateway.latencyP50), ("0.99", gateway.latencyP99)].compactMap { share, milliseconds in
                    milliseconds.map { ([("quantile", share)], Double($0) / 1000) }
                }
            })
        page.add(
            "dunlin_gateway_spent_today", .gauge, "What it has cost on its present day.",
            each { MetricsPage.money($0.spentToday) })
        page.add("dunlin_gateway_budget", .gauge, "What it may cost a day.", each { MetricsPage.money($0.budget) })
        page.add(
            "dunlin_gateway_budget_spent", .gauge, "1 where it takes no more messages today.",
            each { one($0.isBudgetSpent.map { $0 ? 1 : 0 }) })
    }
}

/// Writes samples below their names.
private struct MetricsPage {
    enum Kind: String { case gauge, counter }

    typealias Label = (name: String, value: String)
    typealias Sample = (labels: [Label], value: Double)

    private(set) var text = ""

    /// Nothing where there are no samples.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(MetricsPage.escaped($0.value))\"" }
            text += "\(name)\(labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") \(sample.value)\n"
        }
    }

    /// `12.50 USD` as a figure with its currency.
    static func money(_ text: String?) -> [(labels: [Label], value: Double)] {
        let words = text?.split(separator: " ") ?? []
        guard words.count == 2, let amount = Double(words[0]) else { return [] }
        return [([("currency", String(words[1]))], amount)]
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
