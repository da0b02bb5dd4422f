// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// Plays the daemon's dispatcher on a virtual clock: jumps from one instant at which something can happen to the next, and
/// never waits. With the ledger of a plan nothing is sent and nothing is kept; with a real one (in tests) it is what the
/// daemon would do.
final class VirtualRun {
    /// The daemon looks for work as often as this, so a plan's turns are on that grid.
    static let gridStep = EngineLoop.pollInterval
    /// While something is due that cannot go, what has expired meanwhile is looked for as often as this; the daemon does
    /// each second.
    static let sweepInterval = Duration.minutes(1)

    private let dispatcher: Dispatcher
    private let ledger: any Ledger
    private let control: Control
    private let clock: VirtualClock
    private let mailbox = Mailbox<Answer>()
    private let wire: PlanWire
    private let start: Instant
    private let step: Duration

    init(
        _ ledger: any Ledger, snapshot: Snapshot, control: Control, from start: Instant, answerTime: Duration,
        step: Duration = VirtualRun.gridStep
    ) throws {
        self.ledger = ledger
        self.control = control
        self.start = start
        self.step = step
        let journal = try WireJournal(inMemorySlots: Daemon.journalSlots)
        clock = VirtualClock(start)
        let gate = DispatchGuard(clock: clock, journal: journal, mailbox: mailbox)
        gate.setControl(control)
        wire = PlanWire(answerTime: answerTime, clock: clock, gate: gate)
        // Chance decides only how long to wait after a refusal, and nothing is refused here.
        dispatcher = try Dispatcher(
            ledger: ledger, wire: wire, journal: journal, slots: Daemon.journalSlots, snapshot: snapshot,
            tokens: AttemptTokens(secret: [UInt8](repeating: 0, count: 32)), skipsVainAsking: true)
    }

    /// Plays until `end`; what is on the wire then still gets its answer.
    func play(until end: Instant) throws {
        var now = start
        while now < end {
            wire.advance(to: now)
            var turn = Dispatcher.Turn()
            repeat {
                turn = try dispatcher.turn(mailbox.take(), control: control, admits: true, at: now)
            } while turn.hasMore
            guard let next = try nextInstant(after: now, hasMoved: turn.moved > 0) else { return }
            now = next
        }
        while dispatcher.inFlight > 0 {
            now = max(now + step, wire.nextAnswer ?? now)
            wire.advance(to: now)
            _ = try dispatcher.turn(mailbox.take(), control: control, admits: false, at: now)
        }
    }

    /// The next point of the grid at which something can happen; nil if nothing ever will.
    private func nextInstant(after now: Instant, hasMoved: Bool) throws -> Instant? {
        var next: Instant?
        func consider(_ instant: Instant?) {
            guard let instant else { return }
            next = min(next ?? instant, instant)
        }
        var isStuck = false
        for channel in Channel.allCases {
            guard let due = try ledger.nextDue(in: channel) else { continue }
            if due > now { consider(due) } else { isStuck = true }
        }
        consider(wire.nextAnswer)
        if !dispatcher.unsettled.isEmpty { consider(now + step) }
        for pause in control.active(at: now) { consider(pause.until) }
        if isStuck {
            // What was settled just now left room that the next turn finds.
            if hasMoved { consider(now + step) }
            for lane in dispatcher.lanes.all { consider(lane.nextRoom(after: now)) }
            consider(now + VirtualRun.sweepInterval)
        }
        return next.map { onGrid(max($0, now + step)) }
    }

    private func onGrid(_ instant: Instant) -> Instant {
        let steps = (instant - start).milliseconds + step.milliseconds - 1
        return start + .milliseconds(steps / step.milliseconds * step.milliseconds)
    }
}
