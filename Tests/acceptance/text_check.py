#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `why --text` writes, beside what a stand-in gateway received: across a change of templates, with a notice that a rule
requires, without any template on disk, and after the personal data are gone.

    text_check.py [--dunlin PATH] [--keep]
"""
import argparse
import contextlib
import hashlib
import json
import re
import shutil
import signal
import sqlite3
import sys
import urllib.request

from support import (
    Report, Workspace, accepts_connections, add_common_arguments, free_port, make_row, stop, wait_until)

MANIFEST = """\
purpose: Tells of a payment that is late.
channels: [sms, email, call]
notices: [opt-out]
sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: 2026-11-20}
"""
SMS = "{{creditor}}: {{amount}} was due on {{due_date}}. Thank you.\n"
EMAIL = "subject: {{amount}} to {{creditor}}\npreheader: If it is on its way, thank you.\n\nIt was due on **{{due_date}}**.\n"
CALL = """\
say: Hello. This is {{creditor}}.
gather: 1 = continue, 9 = opt-out | Please press 1.
say: Your payment of {{amount}} was due on {{due_date}}.
voicemail: Hello. This is {{creditor}}. Please call us back.
"""
NOTICE = "This comes from a debt collector."
HOURS = """\
pack: always-open
title: A test
applies: {regions: [US]}
reviewed: 2026-11-21
rules:
  - {id: hours, cite: Test, confidence: source, window: {days: {mon-sun: "00:00-24:00"}}}
"""
RULE = "  - {id: who, cite: Test, confidence: source, content: {require: [opt-out, debt-collector]}}\n"
ROUTES = {"sms": ["sms"], "email": ["mail"], "call": ["voice"]}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def netstring(text):
    return f"{len(text.encode())}:{text},".encode()


def short_hash(*fields):
    """As docs/ledger.md has it."""
    return hashlib.sha256(b"".join(map(netstring, fields))).hexdigest()[:16]


class Run:
    def __init__(self, space):
        self.space = space
        self.templates, self.policies = space.path / "templates", space.path / "policies"
        for name, text in {"message.yaml": MANIFEST, "en/sms.mustache": SMS, "en/email.mustache": EMAIL,
                           "en/call.mustache": CALL}.items():
            write(self.templates / "late" / name, text)
        for channel in ROUTES:
            spoken = "say: " if channel == "call" else ""
            write(self.templates / "fragments/en" / f"{channel}.mustache", f"[debt-collector]\n{spoken}{NOTICE}\n")
        write(self.policies / "always-open.yaml", HOURS)
        self.http, smtp = self.start_sandbox()
        twilio = {"account": "AC" + "5e" * 16, "token": space.secret(), "from": "+16175550100",
                  "base_url": f"http://127.0.0.1:{self.http}"}
        mail = {"adapter": "smtp", "base_url": f"smtp://127.0.0.1:{smtp}", "from": "Harbor Credit <care@example.com>"}
        space.configure(
            {"sms": {"adapter": "twilio-sms", **twilio}, "voice": {"adapter": "twilio-voice", **twilio}, "mail": mail},
            ROUTES, policies=self.policies, templates=[str(self.templates)])
        self.daemon = None

    def start_sandbox(self):
        ports = free_port(), free_port()
        self.space.start(
            "sandbox", [self.space.dunlin, "sandbox", "--http-port", str(ports[0]), "--smtp-port", str(ports[1])])
        wait_until(20, "the sandbox listens", lambda: all(map(accepts_connections, ports)))
        return ports

    def send(self, *ids):
        """Imports a reminder for each id, whose first letter tells the channel, and waits until they are out."""
        channels = {"s": "sms", "m": "email", "c": "call"}
        self.space.import_rows([
            make_row(id, zone="America/New_York", message="late", channels=(channels[id[0]],), creditor=f"Harbor {id}",
                     phone="+99955501" + id[1:].zfill(2), email=f"{id}@example.com")
            for id in ids], name=ids[0])
        wait_until(30, f"{ids} are accepted", lambda: all(
            self.why(id)["reminders"][0]["state"] == "accepted" for id in ids), every=0.2)

    def reload(self):
        log = self.space.path / "dunlin.log"
        before = log.read_text().count("reloaded")
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(20, "the reload", lambda: log.read_text().count("reloaded") > before)

    def why(self, id):
        return json.loads(self.space.run("why", id, "--json").stdout)

    def text(self, id):
        """Exit code and record of the only attempt."""
        done = self.space.run("why", "--text", id, "--json", check=False)
        return done.returncode, json.loads(done.stdout)[0]

    def received(self, id):
        """The message that has this id in its creditor's name."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/messages.json") as answer:
            return next(message for message in json.load(answer) if f"Harbor {id}" in json.dumps(message))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    arguments = parser.parse_args()
    report = Report("why --text")
    with Workspace(arguments, "text") as space:
        run = Run(space)
        run.daemon = space.serve_ready()
        wait_until(20, "the ledger is there", space.status)
        check(run, report)
    return report.finish()


def check(run, report):
    space = run.space
    run.send("s1", "m1", "c1")
    code, sms = run.text("s1")
    old = run.received("s1")["text"]
    report.check("an SMS is written as the gateway got it", (code, sms["sms"], sms["is_same"]) == (0, old, True), old)
    recorded = run.why("s1")["reminders"][0]["facts"][0]["decision"]["content"]
    report.check("its hash is that of the documented bytes", recorded == short_hash("sms", old), recorded)
    mail, got = run.text("m1")[1], run.received("m1")
    same = mail["is_same"] and mail["email"]["subject"] == got["subject"] and (
        mail["email"]["text"].split() == got["text"].split())
    report.check("so is a mail", same, mail["email"]["subject"])
    parts = mail["email"]
    recorded = run.why("m1")["reminders"][0]["facts"][0]["decision"]["content"]
    report.check("its hash counts both parts", recorded == short_hash(
        "email", parts["subject"], parts["preheader"], parts["text"], parts["html"]), recorded)
    # Without a callback to ask for keys the gateway gets the part that anybody may hear.
    call, twiml = run.text("c1")[1], next(
        field["value"] for field in run.received("c1")["fields"] if field["name"] == "Twiml")
    said = re.findall(r">([^<>]+)</Say>", twiml)
    report.check("so is a call", call["is_same"] and said == [call["call"]["voicemail"]], said)

    write(run.templates / "late/en/sms.mustache", "{{creditor}} waits for {{amount}}.\n")
    run.reload()
    run.send("s2")
    first, second = run.text("s1")[1], run.text("s2")[1]
    report.check("after a change the old text is the old one", (first["sms"], first["is_same"]) == (old, True))
    report.check("and the new one the new", second["sms"] == run.received("s2")["text"] == "Harbor s2 waits for $1,234.50.",
                 second["sms"])
    report.check("their versions differ", first["template"] != second["template"], second["template"])

    write(run.policies / "always-open.yaml", HOURS + RULE)
    run.reload()
    run.send("s3", "m3")
    third, got = run.text("s3")[1], run.received("s3")["text"]
    report.check("a notice that a rule requires is the last line", got.splitlines()[-1] == NOTICE, got)
    report.check("and told", (third["sms"], third["is_same"], third["notices"]) == (got, True, ["debt-collector"]))
    mail = run.text("m3")[1]
    report.check("in a mail too", NOTICE in run.received("m3")["text"] and NOTICE in mail["email"]["text"] and mail["is_same"])
    asked = space.run("policies", "ask", "s3", "--channel", "sms", check=False).stdout
    report.check("policies ask tells of it", "the notice debt-collector is added" in asked)
    warnings = space.run("policies", "check").stdout
    report.check("policies check does not warn", "lacks the notice" not in warnings, warnings.splitlines()[-1])
    for file in (run.templates / "fragments/en").iterdir():
        file.unlink()
    warnings = space.run("policies", "check").stdout
    report.check("but for what cannot be added", "the message late lacks the notice debt-collector" in warnings)

    stop(run.daemon)
    shutil.rmtree(run.templates)
    plain = space.run("why", "--text", "s1").stdout
    report.check("the ledger alone is enough", "the same to the last byte as what went out" in plain
                 and plain.endswith(f"\n\n{old}\n"), plain.splitlines()[0])
    with contextlib.closing(sqlite3.connect(space.ledger)) as database, database:
        database.execute("UPDATE template_text SET text = replace(text, 'Thank you', 'Pay now') WHERE text LIKE '%Thank you%'")
    code, forged = run.text("s1")
    report.check("a text that was tampered with is refused", code == 1 and "not the one that was stored" in forged["fault"])
    with contextlib.closing(sqlite3.connect(space.ledger)) as database, database:
        database.execute("DELETE FROM personal WHERE key = (SELECT key FROM reminder WHERE id = 's2')")
    code, erased = run.text("s2")
    report.check("an erased person's text is gone", code == 1 and "erased" in erased["fault"], erased["fault"])
    unknown = space.run("why", "--text", "nobody", check=False)
    report.check("nobody has no text", unknown.returncode == 1 and "has this id" in unknown.stderr)


if __name__ == "__main__":
    sys.exit(main())
