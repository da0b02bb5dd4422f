#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A gateway that takes a message and cuts the line: nothing may come twice, and what can be settled must be.

    ambiguity.py [--count 50000] [--dunlin PATH] [--keep]

Three gateways, declared in YAML, each with a third of the people. Each takes every tenth message and cuts the line unanswered, and
cuts it for every fiftieth without taking the message. One can be asked by our reference, one takes a repeated key for the same
message, one only sends receipts.
"""
import argparse
import json
import sys
import urllib.request

from support import (REPOSITORY, Report, Workspace, accepts_connections, add_common_arguments, free_port, make_row, open_cities,
                     shown, wait_until)

DEFINITION = {
    "channel": "sms",
    "settings": {"key": "secret"},
    "request": {
        "method": "POST", "url": "{base_url}/v1/messages", "auth": {"bearer": "{config.key}"},
        "headers": {"Idempotency-Key": "{token}"},
        "json": {"to": "{to}", "text": "{text}", "report_url": "{callback}"},
    },
    "response": {"parse": "json", "id": "/id", "code": "/error/code"},
    "rules": [{"status": 202, "has": "id", "is": "accepted"}, {"code": "maintenance", "is": "transient"},
              {"otherwise": "by-status"}],
}
LOOKUP = {"lookup": {
    "after": "9s", "tries": 3, "request": {"method": "GET", "url": "{base_url}/v1/messages", "query": {"reference": "{token}"}},
    "items": "/messages", "match": {"/reference": "{token}"}, "id": "/id", "absent": "not-sent",
}}
REPEATABLE = {"repeatable": "24h"}
RECEIPTS = {"callbacks": {
    "verify": {"token": {}},
    "events": [{"kind": "receipt", "attempt": "query a", "status": "/status", "is": {"delivered": ["delivered"]}}],
}}


def call(port, path, document=None):
    data = json.dumps(document).encode() if document is not None else None
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", data), timeout=30) as answer:
        return json.load(answer)


def run(arguments, title, extra, count, *, dedupe=False, receipts=False, settled):
    report = Report(title)
    with Workspace(arguments, "ambiguity") as work:
        options = ["--dedupe"] if dedupe else []
        _, port = work.start_printing_port("gateway", [sys.executable, REPOSITORY / "Tests/acceptance/json_gateway.py", *options])
        call(port, "/behave", {"drop": 0.1, "lose": 0.02, "receipts": receipts})
        callbacks = free_port()
        work.configure(
            {"gateway": {"adapter": "http", "definition": {**DEFINITION, **extra}, "key": work.secret(), "concurrency": 64,
                         "base_url": f"http://127.0.0.1:{port}"}},
            {"sms": ["gateway"]},
            callbacks={"listen": f"127.0.0.1:{callbacks}", "url": f"http://127.0.0.1:{callbacks}/callbacks"})
        zones = open_cities(8, 21)
        work.import_rows(make_row(f"r-{n}", zone=zones[n % len(zones)], phone=f"+999{n:09}") for n in range(count))
        work.serve_ready()
        wait_until(20, "callbacks are listened for", lambda: accepts_connections(callbacks))
        states = work.wait_idle(600)["states"]
        # The line is mended; what is in doubt still is.
        call(port, "/behave", {"drop": 0, "lose": 0})

        def is_settled():
            nonlocal states
            states = work.status()["states"]
            return settled(states, call(port, "/summary"))

        wait_until(180, "doubts are settled as far as they can be", is_settled, every=1)
        summary = call(port, "/summary")
    report.figure("the gateway", {name: summary[name] for name in summary if name not in ("per_second", "last", "now", "twice")})
    report.figure("states", shown(states))
    report.check("a tenth was cut after it was taken", summary["dropped"] > count * 0.08)
    report.check("some were cut before", summary["lost"] > count * 0.01)
    report.count("written to twice", summary["twice"])
    report.check("every reminder is in a state", sum(states.values()) == count)
    return report, states, summary


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50_000, help="reminders for the three gateways together")
    add_common_arguments(parser)
    arguments = parser.parse_args()
    count, failed = arguments.count // 3, 0

    report, states, summary = run(
        arguments, f"asked by our reference ({count})", LOOKUP, count,
        settled=lambda states, summary: states["accepted"] == count)
    report.check("all are accepted", states["accepted"] == count)
    report.check("the gateway wrote to everybody once", summary["messages"] == summary["people"] == count)
    report.check("it was asked about each doubt", summary["lookups"] >= summary["dropped"] + summary["lost"])
    failed |= report.finish()

    report, states, summary = run(
        arguments, f"repeated under the same name ({count})", REPEATABLE, count, dedupe=True,
        settled=lambda states, summary: states["accepted"] == count)
    report.check("all are accepted", states["accepted"] == count)
    report.check("the gateway wrote to everybody once", summary["messages"] == summary["people"] == count)
    report.check("it knew the repeated ones", summary["repeated"] > 0)
    failed |= report.finish()

    report, states, summary = run(
        arguments, f"receipts alone ({count})", RECEIPTS, count, receipts=True,
        settled=lambda states, summary: not states["accepted"] and not summary["unreported"])
    report.check("what it took is delivered", states["delivered"] == summary["messages"] == summary["people"])
    report.check("what it lost stays unknown, and is not repeated", states["unknown"] == count - summary["messages"])
    failed |= report.finish()
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
