# SPDX-License-Identifier: Apache-2.0
"""Reads a SQLite ledger with Python's own sqlite3, read-only: shares no code with Dunlin."""
import contextlib
import dataclasses
import sqlite3

# The state after each event, but for the events that only end an attempt; docs/states.md has the whole table.
STATE_AFTER = {
    "intent": "sending", "withdrawn": "scheduled", "refused": "scheduled", "resent": "scheduled", "bounced": "undeliverable",
    "next-channel": "scheduled",
}
# They say something and move nothing.
REMARKS = {"receipt", "pressed"}


@dataclasses.dataclass
class Fact:
    n: int
    key: int
    at: int
    event: str
    channel: str
    reason: str
    attempt: int


class LedgerView:
    def __init__(self, path):
        self.uri = f"file:{path}?mode=ro"

    def query(self, statement, *values):
        with contextlib.closing(sqlite3.connect(self.uri, uri=True, timeout=30)) as connection:
            return connection.execute(statement, values).fetchall()

    def last_fact(self):
        return self.query("SELECT coalesce(max(n), 0) FROM fact")[0][0]

    def ids(self):
        """The integrator's id of every reminder, by key."""
        return dict(self.query("SELECT key, id FROM reminder"))

    def facts(self):
        return [Fact(*row) for row in self.query("SELECT n, reminder, at, event, channel, reason, attempt FROM fact ORDER BY n")]

    def waiting_keys(self):
        return {key for key, in self.query("SELECT key FROM queue")}

    def flights(self):
        return self.query("SELECT count(*) FROM flight")[0][0]


def states(keys, facts):
    """The state of each reminder and the reason of its last fact, from the facts alone."""
    state = {key: ("scheduled", None) for key in keys}
    for fact in facts:
        if fact.event in REMARKS:
            continue
        state[fact.key] = (STATE_AFTER.get(fact.event, fact.event), fact.reason)
    return state
