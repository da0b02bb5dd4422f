#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an operator sees of everything that gateways do: a daemon, a scripted Twilio and a scripted mail server, on loopback.

    why_check.py [--dunlin PATH] [--keep] [--show]

Refusals, doubts, a gateway that is down, late receipts, replies, keys in a call, a bounce and a complaint are each brought about;
then `why`, `status`, `replies` and the metrics must tell of them. --show prints what they say.
"""
import argparse
import base64
import hashlib
import hmac
import json
import re
import socket
import socketserver
import threading
import time
import urllib.request
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode

from support import Report, Workspace, add_common_arguments, free_port, make_row, open_cities, wait_until

ACCOUNT, TOKEN = "AC" + "5e" * 16, "acceptance-secret"


class Twilio(BaseHTTPRequestHandler):
    """Does to a number what its ending says, and remembers each StatusCallback and TwiML."""
    protocol_version = "HTTP/1.1"
    taken = defaultdict(list)

    def do_POST(self):
        fields = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        end = fields["To"][-4:]
        if end == "0101":  # takes it, says nothing
            return self.hang_up()
        if end == "0102":
            return self.answer(400, {"code": 21211, "status": 400})
        if end == "0103":
            time.sleep(6)
            return self.hang_up()
        if end == "0104":
            return self.answer(200, {"surprise": True})
        Twilio.taken[fields["To"]].append(fields)
        self.answer(201, {"sid": f"SM{sum(map(len, Twilio.taken.values())):032x}", "status": "queued"})

    def hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Mail(socketserver.StreamRequestHandler):
    """A mail server that takes everything and remembers the envelopes."""
    taken = {}

    def handle(self):
        def say(line):
            self.wfile.write(line.encode() + b"\r\n")

        say("220 mail")
        sender = recipient = ""
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender = re.search("<(.*?)>", line)[1]
            if verb == "RCPT":
                recipient = re.search("<(.*?)>", line)[1]
            if verb == "DATA":
                say("354 go")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                Mail.taken[recipient] = sender
                say("250 2.0.0 Ok: queued as ABC1")
            elif verb == "QUIT":
                return say("221 bye")
            else:
                say("250 ok")


def call_back(url, fields):
    """A callback as Twilio signs it."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    proof = base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()
    request = urllib.request.Request(url, urlencode(fields).encode(), {"X-Twilio-Signature": proof})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def bounce(to, status):
    """A delivery report (RFC 3464) to an envelope sender of ours."""
    return f"""From MAILER-DAEMON Sun Nov 22 08:00:00 2026
From: MAILER-DAEMON@mx.example.com
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I'm sorry.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; somebody@example.com
Action: failed
Status: {status}

--x--

"""


def complaint(to):
    """A feedback report (RFC 5965)."""
    return f"""From feedback Sun Nov 22 08:00:00 2026
From: feedback@mail.example.net
To: fbl@example.com
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain

This is an email abuse report.

--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: test/1
Version: 1
Original-Mail-From: <{to}>

--x
Content-Type: message/rfc822

Return-Path: <{to}>
Subject: reminder

text

--x--

"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print what the commands say")
    add_common_arguments(parser)
    arguments = parser.parse_args()
    report = Report("what an operator sees")
    twilio, down = ThreadingHTTPServer(("127.0.0.1", 0), Twilio), free_port()
    mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    for server in (twilio, mail):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with Workspace(arguments, "why") as work:
        listen = free_port()

        def entry(adapter, port, **more):
            return {"adapter": adapter, "base_url": f"http://127.0.0.1:{port}", "account": ACCOUNT, "token": work.secret(TOKEN),
                    "from": "+16175550100", "timeout": "4s", **more}

        work.configure(
            {"sms-down": entry("twilio-sms", down),
             "sms-main": entry("twilio-sms", twilio.server_port, price="0.0075 USD", budget="5 USD/day"),
             "voice": entry("twilio-voice", twilio.server_port),
             "mail": {"adapter": "smtp", "base_url": f"smtp://127.0.0.1:{mail.server_address[1]}", "from": "Harbor <care@example.com>",
                      "bounces": "bounce+{token}@example.com"}},
            {"sms": ["sms-down", "sms-main"], "email": ["mail"], "call": ["voice"]},
            callbacks={"listen": f"127.0.0.1:{listen}", "url": f"http://127.0.0.1:{listen}/callbacks"}, fallback={"sms": "2h"})
        zone, phones = open_cities(8, 21)[0], {}

        def row(name, number, *channels, **more):
            phones[name] = f"+1617555{number}"
            return make_row(f"r-{name}", zone=zone, phone=phones[name], email=f"{name}@example.com", channels=channels, **more)

        stop = {"id": "crm-1", "kind": "opt-out", "at": "2026-11-10T15:00:00Z", "channel": "sms", "address": "+16175550107"}
        (work.path / "stop.ndjson").write_text(json.dumps(stop) + "\n")
        work.run("import", "--kind", "events", work.path / "stop.ndjson")
        work.import_rows([
            row("dropped", "0101", "sms"), row("refused", "0102", "sms", "email"), row("hung", "0103", "sms"),
            row("odd", "0104", "sms"), row("late", "0105", "sms", "email"), row("plain", "0106", "sms"),
            row("stopped", "0107", "sms", "email"), row("called", "0108", "call"), row("bounced", "0109", "email"),
            row("complained", "0110", "email"), row("reply", "0111", "sms"),
        ])
        work.serve_ready()
        wait_until(20, "everything has gone out", lambda: len(Twilio.taken) >= 4 and len(Mail.taken) >= 4)
        work.wait_idle(30)

        def why(id, *options):
            said = work.run("why", id, *options).stdout
            if arguments.show:
                print(f"$ dunlin why {id}\n{said}")
            return said

        def address(name):
            return Twilio.taken[phones[name]][-1]["StatusCallback"]

        def told(name, status, **more):
            call_back(address(name), {"MessageSid": "SM1", "MessageStatus": status, "AccountSid": ACCOUNT, **more})

        told("late", "undelivered", ErrorCode="30003")
        wait_until(20, "the mail of the late one", lambda: "late@example.com" in Mail.taken)
        work.wait_idle(30)
        told("late", "delivered")
        told("late", "delivered")
        told("plain", "delivered")
        told("reply", "delivered")
        replies = f"http://127.0.0.1:{listen}/callbacks/sms-main"
        for number, text in enumerate(["I paid on Friday", "leave me alone"]):
            call_back(replies, {"MessageSid": f"SM{number}", "From": phones["reply"], "To": "+16175550100", "Body": text})
        twiml = Twilio.taken[phones["called"]][-1]["Twiml"]
        action = re.search('action="(.*?)"', twiml)[1].replace("&amp;", "&")
        for key in ("1", "2"):
            answer = call_back(action, {"CallSid": "CA1", "Digits": key, "AccountSid": ACCOUNT})
            more = re.search('action="(.*?)"', answer)
            action = more[1].replace("&amp;", "&") if more else action
        call_back(address("called"), {"CallSid": "CA1", "CallStatus": "completed", "AnsweredBy": "human", "CallDuration": "42"})
        box = work.path / "mbox"
        box.write_text(bounce(Mail.taken["bounced@example.com"], "5.1.1") + complaint(Mail.taken["complained@example.com"]))
        said = work.run("import", "--kind", "bounces", box).stdout
        report.check("bounce and complaint were read", "2 receipts" in said, said.strip())

        def settled():
            states = work.status()["states"]
            return states["undeliverable"] == 1 and states["delivered"] == 4

        wait_until(20, "bounce and complaint are taken up", settled)

        def expect(id, *texts):
            said = why(id)
            for text in texts:
                report.check(f"why {id}", text in said, text)

        expect("r-dropped", "connection-lost", "it may have been sent", "in doubt: nobody can be asked", "not by sms-down")
        expect("r-refused", "recipient-refused", "it was not sent", "http 400 code 21211", "intent email by mail")
        expect("r-hung", "answer-timeout [curl 28]", "it may have been sent")
        expect("r-odd", "ambiguous-answer", "fits no rule: it may have been sent")
        expect("r-late", "next-channel sms by sms-main", "receipt sms by sms-main", "meanwhile email by mail had gone out")
        expect("r-plain", "delivered")
        expect("r-stopped", "not by sms: opted-out", "floor/", "intent email by mail")
        expect("r-called", "pressed call by voice", "conversation by call, 42 seconds, from a receipt by voice")
        expect("P-r-called", "pressed call by voice")
        expect("r-bounced", "bounced", "dead-address", "from a bounce by mail")
        expect("r-complained", "opt-out", "from a complaint by mail", "complained abuse")
        expect("r-reply", "reply 1 sms by sms-main: other", "reply 2 sms by sms-main: perhaps-opt-out", "from reply 2 by sms-main")
        report.check("each late receipt once", why("r-late").count("receipt sms by sms-main") == 1)
        for id in ("P-r-reply", "r-reply"):
            report.check("no words of a person's", "Friday" not in why(id) and "+1617" not in why(id))
        listed = work.run("replies", "--meaning", "perhaps-opt-out").stdout
        report.check("replies by meaning", "leave me alone" in listed and "Friday" not in listed)
        status, text = work.status(), work.run("status").stdout
        gateways = {gateway["name"]: gateway for gateway in status["gateways"]}
        with urllib.request.urlopen(f"http://127.0.0.1:{work.listen}/metrics", timeout=10) as answer:
            metrics = answer.read().decode()
        if arguments.show:
            print(listed, text, json.dumps(gateways, indent=1), metrics, work.run("why", "r-dropped", "--json").stdout, sep="\n")
        main_, ill = gateways["sms-main"], gateways["sms-down"]
        # A line that is cut before any answer: which name it has hangs on whether the connection was new.
        cut = next((name for name in ("no-answer", "stale-connection") if name in main_["faults"]), "none")
        report.check("doubts by name", main_["faults"] == {cut: 1, "answer-timeout": 1}, main_["faults"])
        report.check("reasons by name", main_["reasons"] == {
            "connection-lost": 1, "timeout": 1, "ambiguous-answer": 1, "recipient-refused": 1}, main_["reasons"])
        report.check("what was never sent", set(ill["faults"]) == {"no-connection"} and ill["reasons"] == {
            "not-connected": ill["refused"]}, ill["faults"])
        report.check("the same in the metrics", f'dunlin_gateway_faults_total{{gateway="sms-main",channel="sms",fault="{cut}"}} 1.0'
                     in metrics and 'dunlin_reminders{state="unknown"} 3.0' in metrics)
        report.check("money", main_["spent_today"].startswith("0.0") and main_["budget"].startswith("5"), main_["spent_today"])
        report.check("doubts in states", status["states"]["unknown"] == 3, status["states"]["unknown"])
    raise SystemExit(report.finish())


if __name__ == "__main__":
    main()
