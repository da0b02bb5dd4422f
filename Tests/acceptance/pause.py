#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pauses a daemon that sends thousands of messages a second, in each way there is, and counts what still comes.

    pause.py [--rows 150000] [--at-least 5000] [--limit 8000] [--dunlin PATH] [--keep]

The gateway is nginx, which writes its own record of every request. Three times the stream is stopped: by `echo pause >
control`, by a control file that cannot be understood, and by `dunlin pause`. From one second after that on, the record may
hold nothing new; after each resume the stream goes on within the gateway's rate; in the end everybody got one message.
"""
import argparse
import sys
import time
from collections import Counter

from peer_nginx import Nginx
from support import Failed, Report, Workspace, add_common_arguments, make_row, open_cities, shown, stop, wait_until

SETTLE = 2.5  # Seconds to watch a paused stream.


class Stream:
    """The requests in nginx's record as they come."""

    def __init__(self, nginx, report, total):
        self.nginx, self.report, self.total = nginx, report, total
        self.resumes = []

    def wait_for(self, share):
        """Until this share of all messages is out."""
        wait_until(120, f"{share:.0%} of the messages", lambda: len(self.nginx.update()) >= share * self.total)

    def rate_before(self, instant):
        return sum(instant - 1 <= at < instant for at, _ in self.nginx.update())

    def check_stops(self, how, act, at_least):
        """Does `act` and looks for requests more than a second later."""
        self.wait_for_speed(at_least)
        before = time.time()
        act()
        done = time.time()
        rate = self.rate_before(before)
        self.report.check(f"{how}: at least {at_least}/s under way", rate >= at_least, f"{rate}/s")
        time.sleep(SETTLE)
        late = [at for at, _ in self.nginx.update() if at > done + 1]
        last = max(at for at, _ in self.nginx.requests)
        self.report.check(f"{how}: nothing new after one second", not late,
                          f"{len(late)}; the last request came {(last - done) * 1000:.0f} ms after it")
        if len(self.nginx.requests) >= self.total:
            raise Failed("all messages were out before the pause: use more --rows")

    def wait_for_speed(self, at_least):
        end = time.monotonic() + 5
        while time.monotonic() < end and self.rate_before(time.time()) < at_least:
            time.sleep(0.05)

    def resumed(self):
        self.resumes.append(time.time())


def check_fault(report, space):
    """What `dunlin status` says about a control file that cannot be understood."""
    text = space.run("status").stdout
    report.check("status names the line and the word", "line 2" in text and "pauze" in text,
                 next((line for line in text.splitlines() if "control" in line), "nothing about the control file"))
    status = space.status()
    report.check("status --json has it too", "pauze" in str(status.get("control_fault")), status.get("control_fault"))
    refused = space.run("resume", check=False)
    report.check("`dunlin resume` does not guess", refused.returncode == 1, refused.stderr.strip())


def check_restart(report, space, nginx, daemon):
    """A pause survives a restart, and holds before the first message."""
    before = len(nginx.update())
    stop(daemon)
    space.serve_ready()
    time.sleep(1.5)
    report.check("restarted while paused: nothing goes out", len(nginx.update()) == before, len(nginx.update()) - before)


def check_end(report, stream, rows, limit):
    record = Counter(number for _, number in stream.nginx.update())
    wanted = {row["recipient"]["phone"] for row in rows}
    report.count("lost", wanted - set(record))
    report.count("repeated", [number for number, count in record.items() if count > 1])
    report.count("to somebody nobody asked for", set(record) - wanted)
    seconds = Counter(int(at) for at, _ in stream.nginx.requests)
    # A second of the clock may hold the end of one allowance and the beginning of the next.
    flood = max(count for second, count in seconds.items() if any(0 <= second - at < 3 for at in stream.resumes))
    report.check("no flood after a resume", flood <= limit * 1.25, f"{flood} in the busiest second, {limit}/s allowed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--rows", type=int, default=150_000)
    parser.add_argument("--at-least", type=int, default=5000, help="messages a second that count as under way")
    parser.add_argument("--limit", type=int, default=8000, help="the gateway's rate")
    arguments = parser.parse_args()
    report = Report("Pause and resume under load")
    with Workspace(arguments, "pause") as space:
        nginx = Nginx(space)
        space.configure(
            gateways={"sms-main": {"adapter": "kannel", "base_url": f"http://127.0.0.1:{nginx.port}", "username": "tester",
                                   "password": space.secret(), "concurrency": 64, "rate": f"{arguments.limit}/s"}},
            routes={"sms": ["sms-main"]})
        cities = open_cities(8, 21)
        rows = [make_row(f"r{n}", zone=cities[n % len(cities)], phone=f"+999{n:09}") for n in range(arguments.rows)]
        space.import_rows(rows)
        daemon = space.serve_ready()
        stream = Stream(nginx, report, arguments.rows)

        stream.wait_for(0.10)
        stream.check_stops("echo pause > control", lambda: space.control.write_text("pause\n"), arguments.at_least)
        report.check("status shows the pause", space.status()["pauses"], space.status()["pauses"])
        space.control.write_text("")
        stream.resumed()

        stream.wait_for(0.40)
        garbled = "# nothing wrong here\npauze channel=sms\n"
        stream.check_stops("a control file that is not understood", lambda: space.control.write_text(garbled),
                           arguments.at_least)
        check_fault(report, space)
        space.control.unlink()
        stream.resumed()

        stream.wait_for(0.70)
        stream.check_stops("dunlin pause", lambda: space.run("pause", "--reason", "acceptance"), arguments.at_least)
        check_restart(report, space, nginx, daemon)
        space.run("resume")
        stream.resumed()

        status = space.wait_idle(180)
        report.check("all accepted", status["states"].get("accepted") == len(rows), shown(status["states"]))
        check_end(report, stream, rows, arguments.limit)
        return report.finish()


if __name__ == "__main__":
    sys.exit(main())
