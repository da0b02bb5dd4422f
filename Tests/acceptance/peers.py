#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends reminders through servers that others wrote and reads what came out at their far end.

    peers.py [--count 500] [--only kannel|mail] [--dunlin PATH] [--keep]

SMS go through Kannel to its fake SMSC: the shipped messages in four languages, and texts of our own with every kind of
character, which have to come out letter by letter. Kannel's own callbacks say that they were delivered, and a STOP that comes
in through it keeps the next reminder from that person, and from nobody else. Mails go through Postfix (as root, else aiosmtpd), which insists on
STARTTLS with a certificate of our own authority and on AUTH, and are read with Python's `email`.
"""
import argparse
import email
import email.policy
import email.utils
import json
import re
import sys
from collections import Counter

import people
from peer_kannel import Kannel
from peer_mail import start_mail_server
from support import REPOSITORY, Report, Workspace, add_common_arguments, free_port, shown, wait_until

PASSWORD = "acceptance-secret"

# Every text of our own goes through unchanged: GSM 7-bit, its extension table, accents that are not in it, Chinese,
# characters beyond the first plane, signs that mean something in URLs, and each of them too long for one message.
TEXTS = [
    "Plain words, a number 1,234.50 and signs: @ £ $ ¥ è é ù ì ò Ç Ø å Δ Φ Ω ß Ñ ü ¿ ¡ §",
    "Extension: € [ ] { } \\ ^ ~ |",
    "Not in GSM 7-bit: á í ó ú ç ê “quoted” – dash",
    "您好，您的付款已逾期。谢谢！",
    "敬啟者：還款日為十一月二十日，多謝。",
    "Beyond the first plane: 😀 𠮷野家",
    "URL signs: a+b&c=d%20e;f#g?h/i\"j'k<l>m",
]
TEXTS += [" ".join([text] * (320 // len(text) + 1)) for text in TEXTS[:5]]

MESSAGE_YAML = """\
purpose: A text taken as it is, for acceptance tests
channels: [sms]
default_language: en
max_segments: 10
# Whatever a rule asks for is said: nothing is to be added to the text.
notices: [identity, opt-out, debt-collector]
variables:
  words: {type: text, required: true, description: the whole text}
sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: "2026-11-20", words: Hello}
"""


def through_kannel(arguments):
    with Workspace(arguments, "kannel") as space:
        listen = f"127.0.0.1:{free_port()}"
        kannel = Kannel(space, PASSWORD, f"http://{listen}/callbacks/sms-main", PASSWORD)
        secret = space.secret(PASSWORD)
        space.configure(
            gateways={"sms-main": {"adapter": "kannel", "base_url": f"http://127.0.0.1:{kannel.port}", "from": "12345",
                                   "username": kannel.username, "password": secret, "callback_key": secret}},
            callbacks={"listen": listen, "url": f"http://{listen}/callbacks"},
            routes={"sms": ["sms-main"]}, templates=[str(REPOSITORY / "templates"), str(own_message(space.path))])
        rows = people.rows(arguments.count, "sms")
        for number, row in enumerate(rows[: len(TEXTS)]):
            row.update(message="acceptance", vars={"words": TEXTS[number]})
        space.import_rows(rows)
        daemon = space.serve_ready()
        space.wait_idle(120)
        wait_until(15, "the last message reaches the SMSC", lambda: len(kannel.texts()) >= len(rows))
        status = space.wait_idle(60, open_states=("scheduled", "sending", "accepted"))
        report = report_texts(rows, kannel, status)
        opt_out(space, kannel, rows, report)
        daemon.terminate()
        daemon.wait(30)
        return report.finish()


def opt_out(space, kannel, rows, report):
    """One of two people answers STOP; then both are due another reminder."""
    gone, other = (row["recipient"] for row in rows[-2:])
    kannel.text_back(gone["phone"], "Stop!")

    def replies():
        return [json.loads(line) for line in space.run("replies", "--json").stdout.splitlines()]

    found = wait_until(20, "the reply comes in through Kannel", replies, every=0.5)
    report.check("the reply is an opt-out of its sender", [(r["meaning"], r["from"]) for r in found] == [
        ("opt-out", gone["phone"])], shown(found[0]))
    again = [dict(row, id=f"again-{row['id']}", account=dict(row["account"], id=f"again-{row['id']}"))
             for row in rows[-2:]]
    space.import_rows(again, "again")
    states = space.wait_idle(60, open_states=("scheduled", "sending", "accepted"))["states"]
    report.check("the next reminder is suppressed", states.get("suppressed") == 1, shown(states))
    report.check("the other person's is delivered", states.get("delivered") == len(rows) + 1, shown(states))
    wait_until(15, "the whole of it reaches the SMSC", lambda: len(kannel.texts()[other["phone"]]) == 2)
    report.count("sent to who answered STOP", kannel.texts()[gone["phone"]][1:])


def own_message(root):
    folder = root / "templates/acceptance/en"
    folder.mkdir(parents=True)
    (folder.parent / "message.yaml").write_text(MESSAGE_YAML)
    (folder / "sms.mustache").write_text("{{words}}\n")
    return root / "templates"


def report_texts(rows, kannel, status):
    report = Report(f"{len(rows)} reminders through Kannel to its fake SMSC")
    texts = kannel.texts()
    report.figure("short messages at the SMSC", len(kannel.parts()))
    report.check("all delivered, as Kannel says", status["states"].get("delivered") == len(rows), shown(status["states"]))
    numbers = {row["recipient"]["phone"]: row for row in rows}
    report.count("numbers nobody asked for", set(texts) - set(numbers))
    report.count("not received exactly once", [number for number in numbers if len(texts.get(number, [])) != 1])
    got = {number: found[0] for number, found in texts.items() if len(found) == 1 and number in numbers}
    report.count("texts of our own that changed on the way", [
        f"{numbers[number]['vars']['words']!r} became {text!r}" for number, text in got.items()
        if numbers[number]["vars"] and text != numbers[number]["vars"]["words"]])
    shipped = {number: text for number, text in got.items() if not numbers[number]["vars"]}
    report.count("without the creditor's name", [
        f"{number}: {text!r}" for number, text in shipped.items()
        if numbers[number]["account"]["creditor"] not in text])
    report.count("with a question mark or a hole where a letter should be", [
        f"{number}: {text!r}" for number, text in shipped.items() if "\ufffd" in text or "??" in text])
    report.count("Chinese recipients without a Chinese text", [
        number for number, text in shipped.items()
        if people.is_chinese(numbers[number]) and len(people.CHINESE.findall(text)) < 10])
    return report


def through_mail(arguments):
    with Workspace(arguments, "mail") as space:
        server = start_mail_server(space, "dunlin", PASSWORD)
        space.configure(
            gateways={"mail": {"adapter": "smtp", "base_url": f"smtp://localhost:{server.port}", "starttls": "required",
                               "username": "dunlin", "password": space.secret(PASSWORD), "concurrency": 8,
                               "from": "Harbor Credit 港灣 <care@example.com>"}},
            routes={"email": ["mail"]}, ca_file=str(server.ca_file))
        rows = people.rows(arguments.count, "email")
        space.import_rows(rows)
        daemon = space.serve_ready()
        status = space.wait_idle(180)
        wait_until(30, "the last mail is delivered", lambda: len(server.files()) >= len(rows))
        daemon.terminate()
        daemon.wait(30)
        return report_mails(rows, server, status)


def report_mails(rows, server, status):
    report = Report(f"{len(rows)} reminders through {server.name} with STARTTLS and AUTH")
    report.check("all accepted", status["states"].get("accepted") == len(rows), shown(status["states"]))
    raw = [file.read_bytes() for file in server.files()]
    mails = [email.message_from_bytes(content, policy=email.policy.default) for content in raw]
    people_by_address = {row["recipient"]["email"]: row for row in rows}
    received = Counter(str(mail["X-Original-To"]) for mail in mails)
    report.count("not received exactly once", [a for a in people_by_address if received[a] != 1])
    report.count("to somebody nobody asked for", set(received) - set(people_by_address))
    pairs = [(mail, people_by_address[str(mail["X-Original-To"])]) for mail in mails
             if str(mail["X-Original-To"]) in people_by_address]
    report.count("defects that Python's email finds", [
        f"{row['id']}: {defects}" for mail, row in pairs if (defects := all_defects(mail))])
    report.count("not over TLS", [row["id"] for mail, row in pairs if "using TLS" not in str(mail["Received"])])
    ids = Counter(str(mail["Message-ID"]) for mail, _ in pairs)
    report.count("a Message-ID twice", [name for name, count in ids.items() if count > 1])
    for fault, broken in FAULTS.items():
        report.count(fault, [row["id"] for mail, row in pairs if broken(mail, row)])
    report.count("lines longer than 998 octets", [
        number for number, content in enumerate(raw) if any(len(line) > 998 for line in content.splitlines())])
    return report.finish()


def all_defects(mail):
    """Of the mail, its parts, and every header of each."""
    found = []
    for part in mail.walk():
        found += part.defects
        for name, value in part.items():
            found += getattr(value, "defects", [])
        if not part.is_multipart():
            part.get_content()
            found += part.defects
    return found


def words_of(mail, kind):
    part = mail.get_body(preferencelist=(kind,))
    return re.sub(r"\s+", " ", part.get_content()) if part else ""


def subject_is_broken(mail, row):
    subject = str(mail["Subject"] or "")
    chinese = bool(people.CHINESE.search(subject))
    return not subject.strip() or "\ufffd" in subject or "=?" in subject or (people.is_chinese(row) and not chinese)


FAULTS = {
    "a subject empty, broken, or not Chinese for a Chinese reader": subject_is_broken,
    "the wrong person in To": lambda mail, row: (
        [(a.display_name, a.addr_spec) for a in mail["To"].addresses]
        != [(row["recipient"]["name"], row["recipient"]["email"])]),
    "the wrong sender": lambda mail, row: (
        [(a.display_name, a.addr_spec) for a in mail["From"].addresses] != [("Harbor Credit 港灣", "care@example.com")]),
    "a Date that is none, or not about now": lambda mail, row: (
        mail["Date"] is None or mail["Date"].datetime is None
        or abs((mail["Date"].datetime - email.utils.localtime()).total_seconds()) > 600),
    "not text and HTML, in this order": lambda mail, row: (
        mail.get_content_type() != "multipart/alternative"
        or [part.get_content_type() for part in mail.iter_parts()] != ["text/plain", "text/html"]),
    "without the creditor's name in both parts": lambda mail, row: (
        any(row["account"]["creditor"] not in words_of(mail, kind) for kind in ("plain", "html"))),
    "without List-Unsubscribe": lambda mail, row: not re.fullmatch(r"<(https|mailto):\S+>.*", str(mail["List-Unsubscribe"])),
    "a header template left in the words": lambda mail, row: "{{" in words_of(mail, "plain") + words_of(mail, "html"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--count", type=int, default=500, help="reminders through each")
    parser.add_argument("--only", choices=("kannel", "mail"))
    arguments = parser.parse_args()
    failed = 0
    if arguments.only != "mail":
        failed += through_kannel(arguments)
    if arguments.only != "kannel":
        failed += through_mail(arguments)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
