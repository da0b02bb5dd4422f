// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import DunlinTime
import Foundation

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what would be sent, when and why not, without sending or changing anything.",
        discussion: examples(
            "dunlin plan                                  # the next seven days",
            "dunlin plan --until 2026-12-24 --svg plan.svg",
            "dunlin plan --policies ./policies --diff     # what these packs would change",
            "dunlin plan --templates ./templates --templates ./our-templates --diff",
            "dunlin plan --json | jq .days"))

    @OptionGroup var config: ConfigurationOption
    @Option(help: "When it begins, as 2026-11-25T09:00:00Z or 2026-11-25 (its first instant in UTC); by default now.")
    var from: String?
    @Option(help: "When it ends; by default seven days after it begins.") var until: String?
    @Option(help: "A folder of packs to plan by, in place of the configured one.") var policies: String?
    @Option(help: "A folder of messages to plan by, in place of the configured ones; may be repeated.")
    var templates: [String] = []
    @Flag(help: "Plan by the configured packs and messages too, and show what the others change.") var diff = false
    @Option(name: .customLong("examples"), help: "How many reminders to name that a change concerns.")
    var exampleCount = 10
    @Option(help: "How many seconds a gateway takes to answer.") var answerTime = 0.2
    @Option(help: "Write a picture to this file.") var svg: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws { try run(clock: SystemClock()) }

    func run(clock: any Clock) throws {
        let start = try from.map { try PlanCommand.instant($0, of: "--from") } ?? clock.now
        let end = try until.map { try PlanCommand.instant($0, of: "--until") } ?? start + .days(7)
        guard end > start, end - start <= Planner.longest else {
            throw DunlinError(
                .usage, "--until", why: "\(end) is not within a year after \(start), when the plan begins",
                remedy: "name a later or nearer time")
        }
        guard (0.001...600).contains(answerTime) else {
            throw DunlinError(
                .usage, "--answer-time", why: "\(answerTime) s is no time a gateway takes to answer",
                remedy: "write a number of seconds from 0.001 to 600")
        }
        guard !diff || policies != nil || !templates.isEmpty else {
            throw DunlinError(
                .usage, "--diff", why: "there is nothing to compare with",
                remedy: "name other packs with --policies DIR or other messages with --templates DIR")
        }
        let configuration = try config.load()
        let configured = try Snapshot(planning: configuration, zones: ZoneDatabase())
        let other = try configured.replacing(policies: policies, templates: templates.isEmpty ? nil : templates)
        let planner = Planner(
            source: try PlanSource(path: configuration.ledgerPath), control: configuration.control.read(), from: start,
            until: end, answerTime: .milliseconds(Int64(answerTime * 1000)))
        let plan = try planner.plan(with: other)
        guard diff else { return try show(plan.report.json, plan.report.text, PlanChart(plan.report)) }
        let difference = try planner.difference(planner.plan(with: configured), plan, examples: max(0, exampleCount))
        try show(difference.json, difference.text, PlanChart(plan.report, before: difference.before))
    }

    private func show(_ record: @autoclosure () -> String, _ text: @autoclosure () -> String, _ chart: PlanChart) throws
    {
        print(json ? record() : text())
        guard let svg else { return }
        do {
            try Data(chart.svg.utf8).write(to: URL(fileURLWithPath: svg), options: .atomic)
        } catch {
            throw DunlinError(
                .failure, svg, why: "the picture cannot be written: \(error.localizedDescription)",
                remedy: "name a file in a folder that you may write")
        }
    }

    /// Reads a time, or a day as its first instant in UTC.
    private static func instant(_ text: String, of option: String) throws -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        if let day = CivilDate(iso8601: text) { return Instant(seconds: Int64(day.daysSince1970) * 86400) }
        throw DunlinError(
            .usage, option, why: "'\(text)' is neither a time nor a day",
            remedy: "write it as 2026-11-25T09:00:00Z, 2026-11-25T09:00+08:00 or 2026-11-25")
    }
}
