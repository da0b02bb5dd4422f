#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the shipped policy packs without the binary.

Every pack and the company example against pack.schema.json; good and bad samples against it, where each bad one must fail
at the place that it is about; what the schema cannot say (names, order, days, gaps, line length); and that
docs/jurisdictions.md and the folder list the same packs. With --dunlin, `policies check` reads them too.

Needs PyYAML and jsonschema 4 (Debian: python3-yaml, python3-jsonschema).
"""
import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from support import REPOSITORY, Report

FOLDER = REPOSITORY / "deploy/etc/dunlin/policies"
TABLE = REPOSITORY / "docs/jurisdictions.md"
HEAD = "# yaml-language-server: $schema=pack.schema.json\n"
# In this order a reader expects the rules of a pack.
KINDS = [
    "window", "cap", "one_channel", "cool_off", "needs", "only", "content", "borrower_hours", "retention", "duty",
]
CHANNELS = ["sms", "email", "call"]
# Channels that a law with hours leaves out in its own words.
EXEMPT = {"us-fl": {"email"}}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Loader(yaml.SafeLoader):
    """YAML 1.2, as Dunlin reads it: a date is a text, NO is Norway, and a key stands once."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.YAMLError(f"line {node.start_mark.line + 1}: '{key}' stands twice")
        return super().construct_mapping(node, deep)


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":")[-1] in ("null", "int", "float")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(text):
    return yaml.load(text, Loader)


SAMPLE = """
pack: sample
title: A sample
applies: {regions: [US, US-NY-NYC]}
reviewed: 2026-11-21
calendars: [US]
rules:
  - {id: one, cite: C, confidence: source, RULE}
"""

GOOD = [
    'window: {days: {mon-sun: "08:00-21:00"}}',
    'window: {days: {mon-fri: ["10:00-13:00", "14:00-24:00"], sat: closed, sun: closed}, holidays: closed, end: excluded}',
    'window: {days: {mon-sun: "08:00-21:00"}, clock: Asia/Kolkata, judged: {by: receipt, within: 15 minutes}}',
    "cap: {limit: 7, per: [recipient, account], rolling: 7 days, channels: [call], counts: [reached, conversation]}",
    "cap: {limit: 30 minutes, per: recipient, calendar: day, channels: call, assume: 2 minutes}",
    "cap: {limit: 3, per: [recipient, creditor], rolling: 168 hours, starts_after: conversation}",
    "cool_off: {after: [conversation, refusal], for: 10 business days, per: address}",
    "cool_off: {after: life-event, for: its own end, at_most: 3 months, per: recipient}, then: hold",
    "cool_off: {after: opt-out, for: until lifted, per: recipient}, strength: presumption",
    "needs: {event: notice, wait: 6 days, within: 60 days, per: [recipient, account], over: [email], channels: [call]}",
    "one_channel: {per: recipient, calendar: week}",
    "only: {role: [borrower], purpose: [location]}, when: {party: collector, days_past_due: {over: 15}, phase: first}",
    "content: {require: [opt-out], forbid: [amount], language: [fr]}, from: 2026-01-01, until: 2026-12-31",
    "borrower_hours: {at_most: 28 hours}, note: N",
    "retention: {of: recordings, keep: 6 months, after: recording}",
    "duty: D, unless: [{product: [credit-card]}, {event: consent, for: 7 days, per: [recipient, account]}]",
]

# Each with a word of the place or the value that is at fault.
BAD = [
    ('window: {days: {mon-sun: "8:00-21:00"}}', "8:00-21:00"),
    ('window: {days: {mon-sun: "08:00-25:00"}}', "25:00"),
    ('window: {days: {monday: "08:00-21:00"}}', "monday"),
    ("window: {holidays: closed}", "days"),
    ('window: {days: {mon-sun: "08:00-21:00"}, end: open}', "end"),
    ('window: {days: {mon-sun: "08:00-21:00"}, clock: IST}', "clock"),
    ('window: {days: {mon-sun: "08:00-21:00"}, judged: {by: receipt}}', "judged"),
    ('window: {days: {mon-sun: "08:00-21:00"}, chanels: [sms]}', "chanels"),
    ("cap: {limit: 0, per: recipient, rolling: 7 days}", "limit"),
    ("cap: {limit: 7, per: creditor, rolling: 7 days}", "per"),
    ("cap: {limit: 7, per: [creditor], rolling: 7 days}", "per"),
    ("cap: {limit: 7, per: recipient}", "cap"),
    ("cap: {limit: 7, per: recipient, rolling: 7 days, calendar: day}", "cap"),
    ("cap: {limit: 7, per: recipient, rolling: 1 week}", "rolling"),
    ("cap: {limit: 7, per: recipient, calendar: year}", "calendar"),
    ("cap: {limit: 7, per: recipient, rolling: 7 days, counts: [calls]}", "counts"),
    ("cap: {limit: 7, per: recipient, rolling: 7 days, channels: [phone]}", "channels"),
    ("cap: {limit: 7, per: recipient, rolling: 7 days, assume: 2 minutes}", "assume"),
    ("cap: {limit: 30 minutes, per: recipient, calendar: day}", "assume"),
    ("cool_off: {after: conversation, for: a while, per: recipient}", "for"),
    ("cool_off: {after: attempt, for: 7 days, per: recipient}", "after"),
    ("cool_off: {after: conversation, for: 7 days, at_most: 3 months, per: recipient}", "its own end"),
    ("needs: {wait: 6 days, per: recipient}", "event"),
    ("needs: {event: notice, wait: six days, per: recipient}", "wait"),
    ("one_channel: {per: recipient}", "one_channel"),
    ("only: {channels: [sms]}", "only"),
    ("only: {role: [friend]}", "role"),
    ("content: {channels: [sms]}", "content"),
    ("retention: {of: records, keep: 3 years}", "after"),
    ("retention: {of: mail, keep: 3 years, after: recording}", "of"),
    ('duty: ""', "duty"),
    ("note: no kind at all", "rules/0"),
    ("duty: D, only: {role: [borrower]}", "rules/0"),
    ("duty: D, strength: strong", "strength"),
    ("duty: D, then: drop", "then"),
    ("duty: D, when: {event: consent}", "event"),
    ("duty: D, when: {}", "when"),
    ("duty: D, when: {purpose: [dunning]}", "purpose"),
    ("duty: D, unless: [{event: consent}]", "per"),
    ("duty: D, unless: [{for: 7 days, party: [bank]}]", "for"),
    ("duty: D, from: 2026-13-01", "from"),
    ("duty: D, sources: none", "sources"),
]

# The same for what stands around the rules: text of the sample, its replacement, the fault.
BAD_PACKS = [
    ("pack: sample", "pack: Sample", "pack"),
    ("title: A sample\n", "", "title"),
    ("reviewed: 2026-11-21\n", "", "reviewed"),
    ("reviewed: 2026-11-21", "reviewed: yesterday", "reviewed"),
    ("applies: {regions: [US, US-NY-NYC]}", "applies: sometimes", "applies"),
    ("[US, US-NY-NYC]", "[usa]", "applies"),
    ("[US, US-NY-NYC]", "[]", "applies"),
    ("calendars: [US]", "calendars: [us]", "calendars"),
    ("calendars: [US]", "zone: {combine: any}", "zone"),
    ("calendars: [US]", "zone: {from: [sim]}", "zone"),
    ("calendars: [US]", "layer: state", "layer"),
    ("confidence: source", "confidence: sure", "confidence"),
    ("cite: C, ", "", "cite"),
    ("id: one, ", "", "id"),
]


def sample(rule):
    return load(SAMPLE.replace("RULE", rule))


def faults(validator, document):
    """What is wrong, each as its place and its message, those inside alternatives too."""
    found = []

    def add(errors):
        for error in errors:
            found.append("/".join(map(str, error.absolute_path)) + f": {error.message}")
            add(error.context or [])

    add(validator.iter_errors(document))
    return found


def kind(rule):
    return next(name for name in KINDS if name in rule)


def days(window):
    """Every weekday that the keys name, in order."""
    for key in window["days"]:
        first, _, last = key.partition("-")
        yield from WEEKDAYS[WEEKDAYS.index(first):WEEKDAYS.index(last or first) + 1]


def slips(path, text, pack):
    """What the schema cannot say."""
    if not text.startswith(HEAD):
        yield "the first line does not name the schema"
    if pack["pack"] != path.name.partition(".")[0]:
        yield f"is called {pack['pack']}"
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > 120:
            yield f"line {number} has {len(line)} characters"
    rules = pack["rules"]
    ids = [rule["id"] for rule in rules]
    if len(set(ids)) < len(ids):
        yield "a rule id stands twice"
    order = [KINDS.index(kind(rule)) for rule in rules]
    if order != sorted(order):
        yield "the rules are not in the usual order"
    for rule in rules:
        window = rule.get("window", {})
        if window and sorted(days(window)) != sorted(WEEKDAYS):
            yield f"{rule['id']}: not every weekday once"
        if window.get("holidays", "same") != "same" and not {"calendars", "holidays"} & pack.keys():
            yield f"{rule['id']}: heeds holidays, and the pack names none"
        # What a message says is checked with messages that declare their notices; an older one must not be held.
        if "content" in rule and rule.get("strength") != "guidance":
            yield f"{rule['id']}: a shipped rule about content is guidance"
    notes = pack.get("notes", [])
    if not rules and not any(note.startswith("GAP:") for note in notes):
        yield "has neither a rule nor a note that begins with GAP:"
    for note in notes:
        if "gap" in note.lower() and not note.startswith("GAP:"):
            yield f"a gap is not marked as one: {note[:40]}"
    # A law with hours has them for every channel, or exempts some in words.
    windows = [rule["window"] for rule in rules if "window" in rule and binds_reminders(pack, rule)]
    bound = {channel for window in windows for channel in window.get("channels", CHANNELS)}
    if windows and set(CHANNELS) - bound != EXEMPT.get(pack["pack"], set()):
        yield f"has hours for {', '.join(sorted(bound))} only"


def binds_reminders(pack, rule):
    purposes = [place["when"]["purpose"] for place in (pack, rule) if "purpose" in place.get("when", {})]
    return all("reminder" in purpose for purpose in purposes)


def listed_packs():
    """The packs of the table, each with the words of its row."""
    rows = [line.strip("|").split("|") for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return {name: [cell.strip() for cell in row] for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row[1])}


def check_table(report, packs):
    rows = listed_packs()
    report.count("packs without a row in docs/jurisdictions.md", sorted(set(packs) - set(rows)))
    report.count("rows without a pack", sorted(set(rows) - set(packs)))
    wrong = []
    for name in set(rows) & set(packs):
        stated = {word.strip() for word in rows[name][3].split(",")} - {"–"}
        real = {rule["confidence"] for rule in packs[name]["rules"]}
        if stated != real:
            wrong.append(f"{name}: {', '.join(sorted(stated))} instead of {', '.join(sorted(real))}")
        has_gap = any(note.startswith("GAP:") for note in packs[name].get("notes", []))
        if has_gap != (rows[name][4] != "–"):
            wrong.append(f"{name}: the column of gaps and the notes disagree")
    report.count("rows whose confidence or gaps are not those of the pack", sorted(wrong))


def check_binary(report, dunlin):
    """Every pack, and the company example, as Dunlin reads them."""
    with tempfile.TemporaryDirectory() as folder:
        for path in FOLDER.glob("*.yaml*"):
            shutil.copy(path, Path(folder) / path.name.removesuffix(".example"))
        done = subprocess.run([dunlin, "policies", "check", folder], capture_output=True, text=True, timeout=60)
        report.check("dunlin policies check reads all packs", done.returncode == 0, done.stderr.strip()[:300])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dunlin", type=Path, help="the binary; without it only the files are checked")
    arguments = parser.parse_args()
    report = Report("policy packs")
    schema = json.loads((FOLDER / "pack.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    packs, wrong, slipped = {}, [], []
    for path in sorted([*FOLDER.glob("*.yaml"), FOLDER / "company.yaml.example"]):
        text = path.read_text(encoding="utf-8")
        pack = load(text)
        found = faults(validator, pack)
        wrong += [f"{path.name}: {fault}" for fault in found[:3]]
        if not found:
            slipped += [f"{path.name}: {slip}" for slip in slips(path, text, pack)]
        if path.suffix == ".yaml":
            packs[pack["pack"]] = pack
    report.figure("packs", len(packs))
    report.figure("rules", sum(len(pack["rules"]) for pack in packs.values()))
    report.count("packs against the schema", wrong, limit=9)
    report.count("what the schema cannot say", slipped, limit=20)

    refused = [f"{rule}: {fault}" for rule in GOOD for fault in faults(validator, sample(rule))[:1]]
    report.count(f"{len(GOOD)} good samples that are refused", refused)
    documents = [(rule, sample(rule), where) for rule, where in BAD]
    for old, new, where in BAD_PACKS:
        text = SAMPLE.replace("RULE", "duty: D")
        assert old in text, old
        documents.append((new or f"no {old}", load(text.replace(old, new)), where))
    missed = [name for name, document, where in documents if where not in "\n".join(faults(validator, document))]
    report.count(f"{len(documents)} bad samples that pass, or fail elsewhere", missed)

    check_table(report, packs)
    if arguments.dunlin:
        check_binary(report, arguments.dunlin)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
