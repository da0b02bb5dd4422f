#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Of two gateways one turns bad under load: the traffic moves within seconds, comes back, and nobody is written to twice.

    failover.py [--per-second 5000] [--seconds 10] [--dunlin PATH] [--keep]

Two nginx stand in for Kannel. The first is made to refuse every message (503 in Kannel's own words) for a while, then is well again.
What each took is read from their logs, not from Dunlin.
"""
import argparse
import re
import shutil
import time
from collections import Counter
from urllib.parse import unquote_plus

from support import Failed, Report, Workspace, accepts_connections, add_common_arguments, free_port, make_row, open_cities, shown, wait_until

CONFIGURATION = """\
daemon off; master_process off; worker_processes 1; pid {root}/{name}.pid; error_log {root}/{name}-error.log;
events {{ worker_connections 4096; }}
http {{
  log_format record '$msec $arg_to $status';
  access_log {root}/{name}.txt record;
  keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096; default_type text/plain;
    location /cgi-bin/sendsms {{
      if (-f {root}/{name}.bad) {{ return 503 "Temporal failure, try again later."; }}
      return 202 "0: Accepted for delivery";
    }}
  }}
}}
"""


class Gateway:
    def __init__(self, work, name):
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if not program:
            raise Failed("nginx is missing: apt-get install nginx-light")
        self.port, self.log, self.bad = free_port(), work.path / f"{name}.txt", work.path / f"{name}.bad"
        file = work.path / f"{name}.conf"
        file.write_text(CONFIGURATION.format(root=work.path, name=name, port=self.port))
        work.start(name, [program, "-c", file, "-p", work.path, "-e", work.path / f"{name}-error.log"])
        wait_until(10, f"{name} listens", lambda: accepts_connections(self.port))

    def taken(self):
        """(time, number) of every message it took."""
        with open(self.log, encoding="ascii") as file:
            lines = [line.split() for line in file if line.endswith("\n")]
        return [(float(at), unquote_plus(number)) for at, number, status in lines if status == "202"]


def rate(taken, begin, end):
    return sum(begin <= at < end for at, _ in taken) / max(end - begin, 0.001)


def first_second(taken, begin, end, wanted):
    """Seconds from `begin` to the end of the first half second with at least that rate; nil if there is none."""
    counts = Counter(int((at - begin) * 2) for at, _ in taken if begin <= at < end)
    return next(((half + 1) / 2 for half in range(int((end - begin) * 2)) if counts[half] * 2 >= wanted), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--per-second", type=int, default=5000)
    parser.add_argument("--seconds", type=int, default=10, help="how long each of the phases takes: well, bad, well again")
    add_common_arguments(parser)
    arguments = parser.parse_args()
    phase, pace = arguments.seconds, arguments.per_second
    rows = pace * phase * 5
    report = Report(f"failover at {pace}/s")
    with Workspace(arguments, "failover") as work:
        first, second = Gateway(work, "first"), Gateway(work, "second")

        def entry(gateway):
            return {"adapter": "kannel", "base_url": f"http://127.0.0.1:{gateway.port}", "username": "u", "password": work.secret(),
                    "rate": f"{pace}/s", "concurrency": 64}

        work.configure({"first": entry(first), "second": entry(second)}, {"sms": ["first", "second"]}, attempts=20)
        zones = open_cities(8, 21)
        work.import_rows(make_row(f"r-{n}", zone=zones[n % len(zones)], phone=f"+999{n:09}") for n in range(rows))
        work.serve_ready()
        wait_until(60, "the first gateway works at its pace", lambda: len(first.taken()) > pace // 2)
        time.sleep(phase)
        turned_bad = time.time()
        first.bad.touch()
        time.sleep(phase)
        turned_well = time.time()
        first.bad.unlink()
        time.sleep(2 * phase)
        end = time.time()
        log = (work.path / "dunlin.log").read_text(errors="replace")
        status = work.status()
        work.control.write_text("pause\n")
        time.sleep(2)
        one, two = first.taken(), second.taken()
        states = work.status()["states"]
    before = rate(one, turned_bad - phase / 2, turned_bad)
    moved = first_second(two, turned_bad, turned_well, 0.8 * before)
    back = first_second(one, turned_well, end, 0.8 * before)
    report.figure("states", shown(states))
    report.figure("first: a second before, in its bad time, after", f"{before:,.0f}, {rate(one, turned_bad + 1, turned_well):,.0f}, "
                  f"{rate(one, end - phase / 2, end):,.0f}")
    report.figure("second: the same", f"{rate(two, turned_bad - phase / 2, turned_bad):,.0f}, "
                  f"{rate(two, turned_well - phase / 2, turned_well):,.0f}, {rate(two, end - phase / 2, end):,.0f}")
    report.figure("gateways", [(gateway["name"], gateway["state"]) for gateway in status["gateways"]])
    report.check("the first had the pace before", before >= 0.8 * pace, f"{before:,.0f}/s")
    report.check("the traffic moved within 5 s", moved is not None and moved <= 5, f"{moved} s")
    report.check("it came back", back is not None, f"{back} s after the first was well again")
    times = Counter(number for _, number in one + two)
    report.count("written to twice", (number for number, count in times.items() if count > 1))
    report.check("what they took is what the ledger says", states["accepted"] == len(one) + len(two),
                 f"{states['accepted']}, {len(one)} + {len(two)}")
    report.check("no error in the log", not re.search(r" error ", log))
    raise SystemExit(report.finish())


if __name__ == "__main__":
    main()
