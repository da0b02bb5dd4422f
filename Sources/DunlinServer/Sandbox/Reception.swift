// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// Where every stand-in hands in what it received: gives out ids and stamps the time.
final class Reception: Sendable {
    let outbox: Outbox
    let clock: any Clock
    /// Tells the ids of this run from those of another.
    private let seed: UInt64
    private let nextID = Atomic<UInt64>(0)

    init(outbox: Outbox, clock: any Clock, seed: UInt64) {
        self.outbox = outbox
        self.clock = clock
        self.seed = seed
    }

    /// 32 hexadecimal digits, never the same twice.
    func makeID() -> String {
        let number = nextID.add(1, ordering: .relaxed).newValue
        return hex16(seed) + hex16(number)
    }

    func add(_ draft: Draft, answer: SandboxMessage.Answer) {
        outbox.add(draft, at: clock.now, answer: answer)
    }

    /// Lets a stand-in answer a request and files what came of it.
    func receive(_ request: StandInRequest, by standIn: some StandIn) -> StandInReply {
        var request = request
        request.date = internetDate(clock.now)
        let reply = standIn.reply(to: request, seed: makeID())
        for draft in reply.drafts { add(draft, answer: reply.answer) }
        return reply
    }
}

private func hex16(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// `Sat, 21 Nov 2026 18:53:57 +0000`, as RFC 5322 and Twilio write a time.
func internetDate(_ instant: Instant) -> String {
    let days = instant.seconds.flooredQuotient(by: 86400)
    let date = CivilDate(daysSince1970: Int(days))
    let (year, month, day) = date.components
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let time = instant.description.utf8.dropFirst(11).prefix(8)
    let twoDigitDay = day < 10 ? "0\(day)" : "\(day)"
    let weekday = date.weekday.shortName.capitalizedFirst
    return "\(weekday), \(twoDigitDay) \(months[month - 1]) \(year) \(String(decoding: time, as: UTF8.self)) +0000"
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
