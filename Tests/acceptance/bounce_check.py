#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bounces as a real mail server writes them, read as Dunlin reads them.

A Postfix of our own (root is needed) gets mail for people who are not there, whose boxes are full, who come too late, and has
some of it refused by a server on the next hop. What it sends back goes into a Maildir and an mbox; a test of DunlinGateways
reads both (BounceMailboxTests.acceptance), and each message must have been read as what it is.

    swift build --build-tests && sudo Tests/acceptance/bounce_check.py
"""
import argparse
import email
import email.mime.base
import email.mime.multipart
import email.mime.text
import json
import mailbox
import os
import pwd
import shlex
import shutil
import smtplib
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from peer_mail import MASTER_CF
from support import REPOSITORY, Failed, accepts_connections, free_port, stop, wait_until

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.com
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
notify_classes =
biff = no
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
# Else it would refuse them at once, and nothing would bounce.
smtpd_reject_unlisted_recipient = no
smtp_dns_support_level = disabled
recipient_delimiter = +
virtual_mailbox_domains = example.com
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = inline:{{ bounce@example.com=bounce/, care@example.com=care, alex@example.com=alex/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = inline:{{ {{ full.example = error:5.2.2 mailbox full }}, {{ policy.example = error:5.7.1 not from you }},
  {{ nodomain.example = error:5.1.2 no such domain }}, {{ late.example = retry:4.4.1 does not answer }},
  {{ next.example = smtp:[127.0.0.1]:{next_hop} }} }}
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
delay_warning_time = 1s
maximal_queue_lifetime = 8s
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
"""

# What the next hop says to RCPT, by the local part.
REPLIES = {
    "gone": "550 5.1.1 no such user", "full": "552 5.2.2 over quota", "plain": "550 no such user", "moved": "551 5.1.6 moved",
    "nomail": "556 5.1.10 null MX", "policy": "550 5.7.1 go away", "two": "550-5.1.1 nobody\r\n550 5.1.1 here",
}

# Recipient; what the reports about it must be read as: name, code, reason.
REFUSED = "recipient-refused"
CASES = [
    ("nobody@example.com", [("failed", "5.1.1", REFUSED)]),
    ("alex@full.example", [("failed", "5.2.2", None)]),
    ("alex@policy.example", [("failed", "5.7.1", None)]),
    ("alex@nodomain.example", [("failed", "5.1.2", REFUSED)]),
    ("alex@late.example", [("no-news", None, None), ("failed", "4.4.1", None)]),
    ("gone@next.example", [("failed", "5.1.1", REFUSED)]),
    ("full@next.example", [("failed", "5.2.2", None)]),
    ("plain@next.example", [("failed", "5.0.0", None)]),
    ("moved@next.example", [("failed", "5.1.6", REFUSED)]),
    ("nomail@next.example", [("failed", "5.1.10", REFUSED)]),
    ("policy@next.example", [("failed", "5.7.1", None)]),
    ("two@next.example", [("failed", "5.1.1", REFUSED)]),
    ("alex@example.com", [("delivered", "2.0.0", None)]),
]


class NextHop(socketserver.StreamRequestHandler):
    """A mail server that refuses whomever `REPLIES` names."""

    def handle(self):
        self.wfile.write(b"220 next.example ESMTP\r\n")
        for line in self.rfile:
            words = line.decode().split()
            verb = words[0].upper() if words else ""
            reply = "250 2.0.0 ok"
            if verb == "RCPT":
                reply = REPLIES[line.decode().partition("<")[2].partition("@")[0]]
            self.wfile.write((("221 2.0.0 bye" if verb == "QUIT" else reply) + "\r\n").encode())
            if verb == "QUIT":
                return


def start_postfix(root, port, next_hop):
    nobody = pwd.getpwnam("nobody")
    for folder in ("conf", "queue", "data", "mail"):
        (root / folder).mkdir()
    shutil.chown(root / "data", "postfix")
    os.chown(root / "mail", nobody.pw_uid, nobody.pw_gid)
    values = dict(root=root, uid=nobody.pw_uid, gid=nobody.pw_gid, next_hop=next_hop)
    (root / "conf/main.cf").write_text(MAIN_CF.format(**values))
    (root / "conf/master.cf").write_text(MASTER_CF.format(port=port))
    done = subprocess.run(["/usr/sbin/postfix", "-c", root / "conf", "check"], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"postfix check: {done.stderr}")
    master = subprocess.Popen(["/usr/lib/postfix/sbin/master", "-c", root / "conf", "-d"], stdin=subprocess.DEVNULL,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    wait_until(15, "Postfix listens", lambda: accepts_connections(port))
    return master


def send(port, sender, recipient, message, **options):
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail(sender, [recipient], message, **options)


def token(number):
    return f"a{number}-{number:020x}"


def send_all(port, tokens):
    """Every case twice: named by the envelope sender alone, and by the header alone. Returns what must be read."""
    expected = Counter()
    for box in ("bounce", "care"):
        for recipient, readings in CASES:
            name = token(len(tokens) + 1)
            tokens.append(name)
            sender = f"bounce+{name}@example.com" if box == "bounce" else "care@example.com"
            header = "" if box == "bounce" else f"X-Dunlin-Attempt: {name}\r\n"
            message = (f"From: Harbor Credit <care@example.com>\r\nTo: {recipient}\r\nSubject: Hello\r\n{header}\r\n"
                       "From us\r\n.. and more\r\n")
            wants_success = recipient == "alex@example.com"
            send(port, sender, recipient, message, mail_options=["RET=HDRS"] if wants_success else [],
                 rcpt_options=["NOTIFY=SUCCESS"] if wants_success else [])
            for reading, code, reason in readings:
                is_receipt = reading != "no-news"
                expected[box, reading, name if is_receipt else None, code, reason] += 1
        # Not about any attempt of ours.
        send(port, f"{box}+x-1@example.com", "nobody@example.com", "Subject: Not ours\r\n\r\nHello\r\n")
        expected[box, "unattributed", None, None, None] += 1
        name = tokens[-1]
        away = f"To: {box}+{name}@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nBack on Monday.\r\n"
        send(port, "", f"{box}+{name}@example.com", away)
        expected[box, "auto-reply", None, None, None] += 1
        send(port, "alex@example.org", f"{box}+{name}@example.com", "Subject: Why?\r\n\r\nFrom when is this?\r\n\r\nFrom me\r\n")
        expected[box, "other", None, None, None] += 1
        for kind in ("abuse", "not-spam"):
            send(port, "fbl@example.org", f"{box}@example.com", complaint(kind, name))
        expected[box, "complained", name, "abuse", "opted-out"] += 1
        expected[box, "no-news", None, None, None] += 1
    return expected


def complaint(kind, name):
    """A report of a feedback loop (RFC 5965), as Python's email writes it."""
    report = email.mime.multipart.MIMEMultipart("report", **{"report-type": "feedback-report"})
    report.attach(email.mime.text.MIMEText("This is a report."))
    status = email.mime.base.MIMEBase("message", "feedback-report")
    status.set_payload(f"Feedback-Type: {kind}\nUser-Agent: Check/1\nVersion: 1\n")
    report.attach(status)
    returned = email.mime.base.MIMEBase("message", "rfc822")
    returned.attach(email.message_from_string(f"Subject: Hello\nX-Dunlin-Attempt: {name}\n\nHello\n"))
    report.attach(returned)
    report["Subject"], report["From"], report["To"] = "complaint", "fbl@example.org", "care@example.com"
    report["Date"] = email.utils.formatdate()
    return report.as_string()


def count(mail):
    """How many messages Python sees in each of the two."""
    maildir, mbox = mail / "bounce", mail / "care"
    return (len(mailbox.Maildir(maildir, create=False)) if maildir.exists() else 0,
            len(mailbox.mbox(mbox, create=False)) if mbox.exists() else 0)


def check(root, arguments):
    port, tokens = free_port(), []
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    next_hop = socketserver.ThreadingTCPServer(("127.0.0.1", 0), NextHop)
    next_hop.daemon_threads = True
    threading.Thread(target=next_hop.serve_forever, daemon=True).start()
    begun = int(time.time())
    master = start_postfix(root, port, next_hop.server_address[1])
    try:
        expected = send_all(port, tokens)
        boxes = [sum(n for key, n in expected.items() if key[0] == box) for box in ("bounce", "care")]
        wait_until(60, f"Postfix has sent back {boxes}", lambda: list(count(root / "mail")) == boxes, every=0.2)
    except Failed as failure:
        raise Failed(f"{failure}: {count(root / 'mail')}") from None
    finally:
        stop(master)
        next_hop.shutdown()
    task = root / "task.json"
    paths = [str(root / "mail/bounce"), str(root / "mail/care")]
    task.write_text(json.dumps({"mailboxes": paths, "address": "bounce+{token}@example.com", "tokens": tokens}))
    done = subprocess.run(shlex.split(arguments.test) + ["--filter", "BounceMailboxTests"], cwd=arguments.package,
                          env={**os.environ, "DUNLIN_BOUNCES": str(task)}, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"the test: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    readings = json.loads(Path(f"{task}.read").read_text())
    found = Counter((Path(r["mailbox"]).name, r["name"], r.get("token"), r.get("code"), r.get("reason")) for r in readings)
    for key in sorted(set(found) | set(expected), key=str):
        if found[key] != expected[key]:
            print(f"{key}: read {found[key]} times, expected {expected[key]}")
    late = [r for r in readings if r.get("token") and not begun - 1 <= r.get("at", 0) <= time.time() + 1]
    if late or found != expected:
        raise Failed(f"not everything was read as what it is; {len(late)} without its time")
    print(f"{len(readings)} messages of Postfix in a Maildir ({boxes[0]}) and an mbox ({boxes[1]}): "
          + ", ".join(f"{n} {name}" for name, n in sorted(Counter(r["name"] for r in readings).items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, default=REPOSITORY, help="the folder of the Swift package")
    parser.add_argument("--test", default="swift test --skip-build", help="the command that runs tests")
    parser.add_argument("--keep", action="store_true", help="leave the mail where it is")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("postfix", path="/usr/sbin:/usr/bin"):
        sys.exit("Postfix and root are needed: apt-get install postfix")
    root = Path(tempfile.mkdtemp(prefix="dunlin-bounces-"))
    root.chmod(0o755)
    try:
        check(root, arguments)
    except Failed as failure:
        log = root / "postfix.log"
        print(*(log.read_text().splitlines()[-40:] if log.exists() else []), sep="\n", file=sys.stderr)
        sys.exit(f"FAILED: {failure}")
    finally:
        print(f"kept: {root}") if arguments.keep else shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
