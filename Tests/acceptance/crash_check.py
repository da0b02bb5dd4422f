# SPDX-License-Identifier: Apache-2.0
"""Counts what crashes did, from three things only: the rows that were imported, the sink's record, the ledger's tables.

Terms. A request is *taken* unless the sink definitely refused it (400, 429): the borrower may have the message then. A
request names its attempt, the number of the intent fact, in its callback URL. *Open at a crash* is an attempt whose
intent was durable at the kill and whose outcome was not; *on the wire* at a crash is an open attempt that the sink has
received. The daemon marks an attempt just before the first byte leaves, so a kill can fall between mark and byte, in one
attempt at most: unknown at a crash must be at most on the wire + GAP.
"""
import bisect
import re
from collections import Counter, defaultdict

from ledger_view import states
from oracle import outside_windows, over_caps

GAP = 1
# A request needs some time from the daemon's last look at the clock to the sink's record; both share one busy machine.
GRACE_MS = 500
REFUSED = (400, 429)
SENT = ("accepted", "delivered", "unknown")
WAITING_REASONS = ("quiet-hours", "frequency-cap", "retry-backoff", "gateway-unavailable")
TOKEN = re.compile(r"[?&]a=a([0-9a-z]+)-")


def check(report, rows, requests, view, lives, rules, status):
    facts, ids = view.facts(), view.ids()
    intents = {fact.n: fact for fact in facts if fact.event == "intent"}
    state = {ids[key]: value for key, value in states(ids, facts).items()}
    for request in requests:
        match = TOKEN.search(request["token"] or "")
        request["attempt"] = int(match[1], 36) if match else None
    by_number = {row["recipient"]["phone"]: row for row in rows.values()}
    taken = [request for request in requests if request["status"] not in REFUSED]
    sent = defaultdict(list)
    for request in taken:
        sent[by_number[request["to"]]["id"]].append(request)

    report.figure("rows imported, requests received, facts", f"{len(rows)}, {len(requests)}, {len(facts)}")
    report.figure("states at the end", dict(Counter(name for name, _ in state.values())))
    check_ledger(report, rows, ids, state, view, status)
    check_attempts(report, requests, intents, ids, by_number)
    check_sends(report, rows, state, sent)
    contacts = [(by_number[r["to"]], "call" if r["path"].endswith("Calls.json") else "sms", r["t"]) for r in taken]
    report.count("over a cap", over_caps(contacts, rules))
    report.count("outside a window", outside_windows(contacts, rules, GRACE_MS))
    report.count("kept silent although allowed", kept_silent(rows, state, rules))
    check_crashes(report, facts, intents, requests, lives)


def check_ledger(report, rows, ids, state, view, status):
    report.count("imported rows that the ledger lacks", set(rows) - set(ids.values()))
    report.count("reminders in the ledger that nobody imported", set(ids.values()) - set(rows))
    counted = Counter(name for name, _ in state.values())
    told = {name: count for name, count in status["states"].items() if count}
    report.check("`status --json` counts what the facts say", dict(counted) == told, "" if dict(counted) == told else told)
    waiting = {ids[key] for key in view.waiting_keys()}
    should_wait = {id for id, (name, _) in state.items() if name in ("scheduled", "deferred", "held")}
    report.count("in the queue and ended, or waiting and not in the queue", waiting ^ should_wait)
    report.check("no attempt is left without an outcome", view.flights() == 0, view.flights())


def check_attempts(report, requests, intents, ids, by_number):
    attempts = Counter(request["attempt"] for request in requests)
    report.count("requests without an attempt's token", [n for n in attempts if n is None])
    report.count("requests whose intent is not in the ledger", [n for n in attempts if n is not None and n not in intents])
    report.count("attempts that reached the sink twice", [n for n, count in attempts.items() if count > 1])
    report.count("requests to somebody else than the intent's recipient", [
        request["n"] for request in requests
        if request["attempt"] in intents and ids[intents[request["attempt"]].key] != by_number[request["to"]]["id"]])


def check_sends(report, rows, state, sent):
    report.count("repeated: taken by the sink more than once", [id for id, requests in sent.items() if len(requests) > 1])
    report.count("lost: neither sent nor waiting nor ended with a reason", [
        f"{id} is {name} ({reason})" for id, (name, reason) in state.items()
        if id not in sent and name not in ("unknown", "failed", "undeliverable", "suppressed", "expired")
        and not (name == "deferred" and reason in WAITING_REASONS)])
    report.count("taken by the sink, but not sent or unknown in the ledger", [
        f"{id} is {state[id][0]}" for id in sent if state[id][0] not in SENT])
    report.count("accepted in the ledger, but never answered 201", [
        id for id, (name, _) in state.items()
        if name == "accepted" and not any(request["status"] == 201 for request in sent.get(id, ()))])
    reasons = Counter(reason for name, reason in state.values() if name == "unknown")
    report.figure("unknown, by reason", dict(reasons))
    dropped = {id for id, requests in sent.items() if any(request["status"] == 0 for request in requests)}
    report.count("dropped by the sink, but not unknown", [id for id in dropped if state[id][0] != "unknown"])


def kept_silent(rows, state, rules):
    """People who got less than their rules allow, with nothing that explains it."""
    people = defaultdict(list)
    for row in rows.values():
        people[row["recipient"]["id"]].append(row)
    for person, reminders in people.items():
        caps = rules[reminders[0]["recipient"]["region"]].caps
        allowed = min([cap.limit for cap in caps] + [len(reminders)])
        outcomes = [state[row["id"]] for row in reminders if row["id"] in state]
        gone = sum(name in SENT for name, _ in outcomes)
        excused = any(
            name in ("failed", "undeliverable") or reason in ("quiet-hours", "retry-backoff", "gateway-unavailable")
            for name, reason in outcomes)
        if gone < allowed and not excused:
            yield f"{person}: {gone} of {allowed}, {outcomes}"


def check_crashes(report, facts, intents, requests, lives):
    outcome = {fact.attempt: fact for fact in facts if fact.attempt is not None and fact.event != "intent"}
    received = {request["attempt"] for request in requests}
    ends = [life.last_fact for life in lives]
    crashes = [Counter() for _ in lives]
    sent_after_all = []
    for n in intents:
        # The first crash at which the intent was durable; it was open then if its outcome came later.
        number = bisect.bisect_left(ends, n)
        if number == len(lives) or (n in outcome and outcome[n].n <= ends[number]):
            continue
        event = outcome[n].event if n in outcome else "nothing"
        crashes[number].update({"open": 1, event: 1, "on the wire": n in received})
        crashes[number]["never arrived"] += event == "unknown" and n not in received
        if event == "withdrawn" and n in received:
            sent_after_all.append(n)
    total = sum(crashes, Counter())
    loaded = sum(crash["on the wire"] > 0 for crash in crashes)
    report.check("at least half of the crashes hit requests on the wire", loaded * 2 >= len(lives), f"{loaded} of {len(lives)}")
    report.figure("attempts open at crashes", f"{total['open']}, {total['on the wire']} of them on the wire")
    report.figure("what became of them", f"{total['unknown']} unknown ({total['never arrived']} of them never arrived), "
                  f"{total['withdrawn']} back to the queue")
    report.count("more unknown after a crash than on the wire", [
        f"crash {number + 1}: {crash['unknown']} unknown, {crash['on the wire']} on the wire"
        for number, crash in enumerate(crashes) if crash["unknown"] > crash["on the wire"] + GAP])
    report.count("went back to the queue although the sink has the request", sent_after_all)
    starts = [life.started for life in lives]
    report.count("requests that came before their intent was durable", [
        request["n"] for request in requests
        if (life := bisect.bisect_right(starts, request["t"]) - 1) < len(lives) - 1 and request["attempt"] is not None
        and request["attempt"] > ends[life]])
