// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How many reminders are in each state: counted while a transaction runs, written once at its end.
final class Tally {
    private let add: Statement
    private var changes: [State: Int64] = [:]

    init(_ database: OpaquePointer) throws {
        add = try Statement(
            database, "INSERT INTO tally VALUES (?1, ?2) ON CONFLICT (state) DO UPDATE SET n = n + excluded.n")
    }

    func enter(_ state: State, _ count: Int = 1) { changes[state, default: 0] += Int64(count) }

    func move(from: State, to: State) {
        guard from != to else { return }
        changes[from, default: 0] -= 1
        changes[to, default: 0] += 1
    }

    func write() throws {
        for (state, change) in changes where change != 0 {
            add.bind(1, state)
            try add.bind(2, change).run()
        }
        changes.removeAll(keepingCapacity: true)
    }
}
