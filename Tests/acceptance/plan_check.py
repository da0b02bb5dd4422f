#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`dunlin plan` through the binary: it tells what tightening a window would do, in every form it prints, beside a running
daemon too, and leaves the ledger's files as they are, byte for byte. Exits 0 when everything holds."""
import argparse
import datetime as dt
import hashlib
import json
import sys
import xml.etree.ElementTree as ElementTree
from zoneinfo import ZoneInfo

from support import Failed, Report, Workspace, add_common_arguments, make_row, phone

ZONES = ["Europe/London", "America/New_York", "Asia/Singapore", "Pacific/Auckland"]
COMPANY = """pack: company
title: Early afternoons only
applies: always
reviewed: 2026-11-21
rules:
  - id: afternoon
    cite: Company policy 4.1
    confidence: source
    window:
      days: {mon-sun: "13:00-15:00"}
"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    add_common_arguments(parser)
    parser.add_argument("--rows", type=int, default=400, help="reminders to plan")
    return parser.parse_args()


def instant(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def day(offset):
    return (dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=offset)).strftime("%Y-%m-%d")


def checksums(work):
    """Of the ledger and of what holds its newest pages; a reader may leave that empty, and the index beside it."""
    files = [work.ledger, work.path / "dunlin.db-wal", work.path / "dunlin.db.secret", work.control]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files
            if file.exists() and file.stat().st_size}


def rows(count):
    return [
        make_row(f"r-{n}", zone=ZONES[n % 4], phone=phone(n), email=f"p{n}@example.com", region=None if n % 3 else "GB",
                 channels=("sms", "email") if n % 2 else ("email",), due_in=86400 + n * 300, expires_in=86400 * 4 + n * 300)
        for n in range(count)
    ]


def check_plan(work, report, count):
    begin, end = day(1), day(9)
    span = ("--from", begin, "--until", end)
    before = checksums(work)
    files = sorted(path.name for path in work.path.iterdir())
    plan = json.loads(work.run("plan", "--json", *span).stdout)
    total = sum(plan["sent"].values())
    report.check("everything is accounted for", sum(plan["ends"].values()) == plan["reminders"] == count, plan["ends"])
    report.check("most would be sent", total > count * 0.9, total)
    report.check("days, hours and regions add up to all", total == sum(sum(one["sent"].values()) for one in plan["days"])
                 == sum(sum(one["hours"]) for one in plan["days"]) == sum(sum(one.values()) for one in plan["hours"])
                 == sum(sum(one.values()) for one in plan["regions"].values()))
    night = [hour for hour in range(24) if sum(plan["hours"][hour].values()) and not 9 <= hour < 20]
    report.count("nothing is sent outside the built-in hours", night)
    report.check("first and last lie within", begin <= plan["first_send"] < plan["last_send"] < end)
    report.check("deferrals name their rule", any(
        one["event"] == "deferred" and one["reason"] == "quiet-hours" and one["rules"] == "strict/hours"
        for one in plan["causes"]))

    packs = work.path / "tighter"
    packs.mkdir()
    (packs / "company.yaml").write_text(COMPANY)
    picture = work.path / "plan.svg"
    diff = json.loads(work.run("plan", "--json", "--diff", "--policies", packs, "--svg", picture, *span).stdout)
    report.check("the one side of a diff is the plan", diff["before"] == plan)
    outside = [hour for hour in range(24) if sum(diff["after"]["hours"][hour].values()) and not 13 <= hour < 15]
    report.count("the other keeps to the tighter window", outside)
    report.check("it says how many change", diff["changed"] == sum(one["count"] for one in diff["changes"]) > count // 2,
                 {f"{one['before']} -> {one['after']}": one["count"] for one in diff["changes"]})
    examples = [one for change in diff["changes"] for one in change["examples"]]
    zones = {row["id"]: row["recipient"]["zones"][0] for row in rows(count)}
    report.check("and names ten of them", len(examples) == 10 and all(one["id"] in zones for one in examples))
    local = [instant(one["after"]["at"]).astimezone(ZoneInfo(zones[one["id"]])) for one in examples if one["after"].get("channel")]
    report.check("each at an hour that is open where the person is", local and all(13 <= at.hour < 15 for at in local))
    alone = json.loads(work.run("plan", "--json", "--policies", packs, *span).stdout)
    report.check("the other side alone is the same", alone == diff["after"])

    root = ElementTree.fromstring(picture.read_text())
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    report.check("the picture is well-formed, has title and description and no script",
                 root.tag.endswith("svg") and {"title", "desc"} <= names and not names & {"script", "image", "foreignObject"})
    text = work.run("plan", "--diff", "--policies", packs, *span).stdout
    report.check("the text fits 100 columns", max(map(len, text.splitlines())) <= 100, max(map(len, text.splitlines())))
    report.check("and holds no personal data", not any(word in text + picture.read_text() + json.dumps(diff)
                                                      for word in ("Alex", "@example.com", "Harbor", "1234.50")))
    picture.unlink()
    report.check("the ledger is what it was, byte for byte", checksums(work) == before)
    new = set(path.name for path in work.path.iterdir()) - set(files) - {"tighter", "dunlin.db-shm", "dunlin.db-wal"}
    report.count("nothing new lies beside it", new)


def check_usage(work, report):
    for name, arguments in {
        "an end before the beginning": ("--until", day(-1)),
        "a time that is none": ("--from", "tomorrow"),
        "a diff without another side": ("--diff",),
        "an answer that takes no time": ("--answer-time", "0"),
    }.items():
        done = work.run("plan", *arguments, check=False)
        report.check(f"refuses {name}", done.returncode == 2 and done.stderr.startswith("dunlin: "), done.stderr.strip()[:90])
    missing = work.run("plan", "--policies", work.path / "nowhere", check=False)
    report.check("refuses packs that are not there", missing.returncode == 2, missing.stderr.strip()[:90])
    work.control.write_text("pause\n")
    paused = json.loads(work.run("plan", "--json").stdout)
    report.check("honours a pause", sum(paused["sent"].values()) == 0 and paused["pauses"] == ["pause"])


def main():
    arguments = parse_arguments()
    report = Report("plan")
    with Workspace(arguments, "plan") as work:
        # The secrets are not there: a plan does not need them.
        work.configure(
            {"sms": {"adapter": "twilio-sms", "account": "AC0", "token": {"credential": "none"}, "from": "+16175550100",
                     "rate": "10/s"},
             "mail": {"adapter": "smtp", "base_url": "smtp://127.0.0.1:25", "from": "Harbor <care@example.com>"}},
            {"sms": ["sms"], "email": ["mail"]}, policies=empty(work))
        work.import_rows(rows(arguments.rows))
        check_plan(work, report, arguments.rows)
        check_usage(work, report)
        beside_daemon(work, report)
    return report.finish()


def empty(work):
    folder = work.path / "policies"
    folder.mkdir()
    return folder


def beside_daemon(work, report):
    """The daemon, paused, holds the ledger; a plan reads it all the same."""
    work.configure({"sms": {"adapter": "twilio-sms", "account": "AC0", "token": work.secret(), "from": "+16175550100",
                            "base_url": "http://127.0.0.1:1"},
                    "mail": {"adapter": "smtp", "base_url": "smtp://127.0.0.1:1", "from": "Harbor <care@example.com>"}},
                   {"sms": ["sms"], "email": ["mail"]}, policies=work.path / "policies")
    work.serve_ready()
    plan = json.loads(work.run("plan", "--json").stdout)
    report.check("works while the daemon runs", plan["reminders"] > 0 and "daemon" in work.status())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        sys.exit(f"FAILED: {failure}")
