#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers that take a message and drop the line: nothing may come twice, and the ledger must say unknown.

    repeat.py [--count 40] [--dunlin PATH] [--keep]

libcurl repeats a POST by itself when a kept connection dies unanswered, and reports one success; and a mail server that
drops the line after the final dot may have taken the mail. Here every sixth request of a connection, and every sixth
mail, is read whole and then dropped: seldom enough that the gateway does not count as ill and is left alone.
"""
import argparse
import re
import socketserver
import threading
from collections import Counter
from urllib.parse import parse_qs

from support import Report, Workspace, add_common_arguments, make_row, open_cities, phone, shown


# Of how many requests one is dropped.
EVERY = 6


class Dropping(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.taken, self.dropped, self.lock = Counter(), Counter(), threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def note(self, to, is_dropped):
        with self.lock:
            self.taken[to] += 1
            self.dropped[to] += is_dropped


class HTTP(socketserver.StreamRequestHandler):
    def handle(self):
        for nth in range(1, 1000):
            if not self.rfile.readline():
                return
            length = 0
            while (line := self.rfile.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            fields = parse_qs(self.rfile.read(length).decode())
            self.server.note(fields["To"][0], nth == EVERY)
            if nth == EVERY:
                return
            body = b'{"sid":"SM%032d","status":"queued"}' % nth
            self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


class SMTP(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 drops every sixth mail")
        to, mails = None, 0
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.say("250 dropping.example")
            elif verb.startswith("RCPT"):
                to = re.search(r"<(.*?)>", line)[1]
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                while self.rfile.readline() != b".\r\n":
                    pass
                mails += 1
                self.server.note(to, mails == EVERY)
                if mails == EVERY:
                    return
                self.say("250 queued")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


def run(arguments, title, handler, channel, gateway):
    server = Dropping(handler)
    report = Report(title)
    with Workspace(arguments, "repeat") as work:
        work.configure(
            {"gateway": {"concurrency": 1, **gateway(work, server.server_address[1])}}, {channel: ["gateway"]})
        zone = open_cities(8, 21)[0]
        addresses = [phone(n) if channel == "sms" else f"p{n}@example.com" for n in range(arguments.count)]
        work.import_rows(
            make_row(f"r-{n}", zone=zone, channels=[channel], **{"phone" if channel == "sms" else "email": address})
            for n, address in enumerate(addresses))
        work.serve_ready()
        states = work.wait_idle(60)["states"]
    report.figure("states at the end", shown(states))
    report.figure("dropped", sum(server.dropped.values()))
    report.check("some were dropped", sum(server.dropped.values()) >= arguments.count // 8)
    report.count("sent twice", (to for to, times in server.taken.items() if times > 1))
    report.count("never sent", (to for to in addresses if to not in server.taken))
    report.check("unknown are those that were dropped, and only those", states["unknown"] == sum(server.dropped.values()))
    report.check("all others are accepted", states["accepted"] + states["unknown"] == arguments.count)
    server.shutdown()
    return report.finish()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="reminders for each server")
    add_common_arguments(parser)
    arguments = parser.parse_args()
    failed = run(
        arguments, "HTTP: every sixth request of a connection is read and dropped", HTTP, "sms",
        lambda work, port: {"adapter": "twilio-sms", "account": "AC1", "token": work.secret(), "from": "+16175550100",
                            "base_url": f"http://127.0.0.1:{port}"})
    failed |= run(
        arguments, "SMTP: every sixth mail is read to its final dot and dropped", SMTP, "email",
        lambda work, port: {"adapter": "smtp", "base_url": f"smtp://127.0.0.1:{port}",
                            "from": "Harbor Credit <care@example.com>"})
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
