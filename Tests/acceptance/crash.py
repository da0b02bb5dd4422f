#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the daemon at random moments under load and counts afterwards what borrowers would have got.

    crash.py [--crashes 200] [--seed N] [--dunlin PATH] [--keep]

A gateway stand-in with a record of its own (sink.py) takes the messages, answers late, drops some lines after reading the
request, refuses some. Reminders are imported in portions, some imports are killed and repeated, some run beside the
daemon. The daemon is killed with SIGKILL 50 to 1500 ms after its start or its readiness, again and again, and at last left alone
until nothing is under way. Then crash_check.py, which knows only the input, the sink's record and the ledger's tables, counts.
"""
import argparse
import dataclasses
import datetime as dt
import random
import signal
import sys
import time
from zoneinfo import ZoneInfo

import crash_check
from ledger_view import LedgerView
from oracle import STRICT, US_REG_F, Cap, Rules
from support import (REPOSITORY, Failed, Report, Workspace, add_common_arguments, closed_cities, free_port, make_row,
                     open_cities, read_record, stop, wait_until, write_rows)

PORTION = 8000
CONCURRENCY = 32

HARNESS_PACK = """\
pack: harness
title: Every day, twice a day at most
applies: {regions: [AQ]}
reviewed: 2026-11-21
rules:
  - {id: hours, cite: none, confidence: source, window: {days: {mon-sun: "09:00-20:00"}}}
  - {id: two-a-day, cite: none, confidence: source, cap: {limit: 2, per: recipient, calendar: day}}
  - {id: three-in-seven-days, cite: none, confidence: source, cap: {limit: 3, per: recipient, rolling: 7 days}}
"""
CLOSING_PACK = """\
pack: harness-closing
title: Hours that end while the harness runs
applies: {regions: [HM]}
reviewed: 2026-11-21
rules:
  - {id: hours, cite: none, confidence: source, window: {days: {mon-sun: "00:00-%s"}}}
"""


class People:
    """Makes reminders: which of them may go, and how many, follows from their region and city."""

    def __init__(self, closing_city):
        self.closing_city = closing_city
        self.open_cities = open_cities(9, 20)
        self.open_in_us = open_cities(8, 21)
        self.closed_cities = closed_cities(9, 20)
        self.dice = random.Random(7)
        self.rows = {}
        self.allowed = 0

    def add(self, count, zone, region, channels, shared_account=False):
        """`count` reminders to one new person, each to a number of its own, so that the sink's record tells them apart.

        +999 belongs to no country.
        """
        person = f"P{len(self.rows)}"
        for _ in range(count):
            id = f"r{len(self.rows)}"
            self.rows[id] = make_row(
                id, zone=zone, region=region, recipient=person, channels=(self.dice.choice(channels),),
                account=f"A{person}" if shared_account else None, phone=f"+999{len(self.rows):09}")

    def portion(self):
        """About PORTION new rows; `allowed` counts those that will go."""
        before = len(self.rows)
        while len(self.rows) < before + PORTION:
            roll = self.dice.random()
            if roll < 0.35:
                self.add(4, self.dice.choice(self.open_cities), "AQ", ("sms", "sms", "sms", "call"))
                self.allowed += 2
            elif roll < 0.80:
                self.add(1, self.dice.choice(self.open_in_us), "US", ("sms",))
                self.allowed += 1
            elif roll < 0.82:
                self.add(9, self.dice.choice(self.open_in_us), "US", ("call",), shared_account=True)
                self.allowed += 7
            elif roll < 0.90:
                self.add(1, self.dice.choice(self.closed_cities), "AQ", ("sms",))
            elif roll < 0.97:
                self.add(1, self.closing_city, "HM", ("sms", "call"))
            else:
                self.add(2, "Asia/Singapore", "SG", ("sms", "call"))  # strict, whatever the hour there
        return list(self.rows.values())[before:]


@dataclasses.dataclass
class Life:
    """From one start to its kill. `last_fact` is the last fact that was durable at the kill."""
    started: int
    killed: int
    last_fact: int


class Harness:
    def __init__(self, workspace, arguments, closes_in):
        self.space = workspace
        self.dice = random.Random(arguments.seed)
        city = random.Random(arguments.seed).choice(open_cities(1, 22))
        closing = dt.datetime.now(ZoneInfo(city)) + dt.timedelta(seconds=closes_in)
        self.closing = closing.hour * 60 + closing.minute
        self.people = People(city)
        self.lives = []
        self.killed_imports = 0
        self.view = LedgerView(workspace.ledger)
        policies = workspace.path / "policies"
        policies.mkdir()
        (policies / "harness.yaml").write_text(HARNESS_PACK)
        (policies / "closing.yaml").write_text(CLOSING_PACK % f"{closing:%H:%M}")
        shipped = REPOSITORY / "deploy/etc/dunlin/policies/us-reg-f.yaml"
        (policies / "us-reg-f.yaml").write_text(shipped.read_text())
        _, port, self.record = workspace.start_sink(
            delay="5-25", drop=0.002, refuse=0.002, throttle=0.002, seed=arguments.seed)
        self.reader, self.lines = open(self.record, "rb"), 0
        common = {"base_url": f"http://127.0.0.1:{port}", "account": "AC" + "0" * 32, "token": workspace.secret(),
                  "from": "+16175550100", "timeout": "5s"}
        workspace.configure(
            gateways={"sms-main": common | {"adapter": "twilio-sms", "concurrency": CONCURRENCY},
                      "voice-main": common | {"adapter": "twilio-voice", "concurrency": CONCURRENCY // 4}},
            routes={"sms": ["sms-main"], "call": ["voice-main"]}, policies=policies,
            callbacks={"listen": f"127.0.0.1:{free_port()}", "url": "http://127.0.0.1:9/callbacks"})

    def rules(self):
        return {
            "AQ": Rules(9 * 60, 20 * 60, caps=(Cap(2, 1), Cap(3, 7))), "HM": Rules(0, self.closing),
            "US": US_REG_F, "SG": STRICT,
        }

    def feed(self, may_be_killed):
        """Imports a portion; sometimes the import is killed first and then repeated with the same file."""
        file = write_rows(self.space.path / "portion.ndjson", self.people.portion())
        if may_be_killed and self.dice.random() < 0.5:
            broken = self.space.start(
                "import", [self.space.dunlin, "import", file, "--config", self.space.config])
            time.sleep(self.dice.uniform(0.005, 0.15))
            broken.kill()
            broken.wait()
            self.killed_imports += 1
        self.space.run("import", file, "--rejects", self.space.path / "rejects.ndjson")

    def received(self):
        """About how many requests the sink has taken so far: each has two lines in its record, or one."""
        self.lines += sum(chunk.count(b"\n") for chunk in iter(lambda: self.reader.read(1 << 20), b""))
        return self.lines // 2

    def live_and_die(self):
        """One life of the daemon."""
        hungry = self.people.allowed - self.received() < PORTION // 3
        beside = hungry and self.dice.random() < 0.25
        if hungry and not beside:
            self.feed(may_be_killed=True)
        started = now_ms()
        # A quarter of the kills may fall into the start itself, the others into the work.
        daemon = self.space.serve() if self.dice.random() < 0.25 else self.space.serve_ready()
        if beside:
            self.feed(may_be_killed=False)
        time.sleep(self.dice.uniform(0.05, 1.5))
        if daemon.poll() is not None:
            raise Failed(f"the daemon ended by itself with {daemon.returncode} in life {len(self.lives) + 1}")
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        self.lives.append(Life(started, now_ms(), self.view.last_fact() if self.space.ledger.exists() else 0))

    def finish(self, report):
        """The last life: it may finish, a second daemon may not start beside it, and it drains."""
        daemon = self.space.serve_ready()
        # On a port of its own, so that nothing but the ledger can be in its way.
        beside = self.space.path / "second.yaml"
        beside.write_text(self.space.config.read_text().replace(f":{self.space.listen}", f":{free_port()}"))
        second = self.space.start("second", [self.space.dunlin, "serve", "--config", beside])
        wait_until(15, "a second daemon gives up", lambda: second.poll() is not None)
        report.check("a second daemon on the same ledger refuses to start", second.returncode not in (0, None),
                     f"exit {second.returncode}")
        status = self.space.wait_idle(180)
        daemon.terminate()
        wait_until(30, "the daemon drains after SIGTERM", lambda: daemon.poll() is not None)
        report.check("SIGTERM drains and ends with 0", daemon.returncode == 0, f"exit {daemon.returncode}")
        return status


def now_ms():
    return time.time_ns() // 1_000_000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--crashes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the moments and the sink's moods")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}; the moments differ from run to run all the same, for machines do")
    with Workspace(arguments, "crash") as space:
        harness = Harness(space, arguments, closes_in=max(90, arguments.crashes * 0.6))
        for number in range(arguments.crashes):
            harness.live_and_die()
            if (number + 1) % 10 == 0:
                print(f"{number + 1} crashes, {harness.received()} requests, {len(harness.people.rows)} rows", flush=True)
        report = Report(f"{arguments.crashes} times kill -9 under load")
        status = harness.finish(report)
        stop(space.processes[0])
        report.figure("killed imports, each repeated", harness.killed_imports)
        crash_check.check(
            report, rows=harness.people.rows, requests=read_record(harness.record), view=harness.view,
            lives=harness.lives, rules=harness.rules(), status=status)
        return report.finish()


if __name__ == "__main__":
    sys.exit(main())
