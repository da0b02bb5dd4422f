#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No more mails: a real daemon sends to a mail server, and the link in each mail is followed as mail programs and people do it, over
a proxy that is not there: the request goes to the daemon's own port with the path that the link has.

    unsubscribe_check.py [--dunlin PATH] [--keep]
"""
import argparse
import email
import email.policy
import json
import queue
import re
import socketserver
import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from support import Report, Workspace, accepts_connections, add_common_arguments, free_port, make_row, wait_until
from text_check import HOURS, write

BASE = "https://dunlin.example.com/callbacks"


class MailServer(socketserver.StreamRequestHandler):
    """Takes every mail, into the server's queue `mails`."""

    def handle(self):
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        to = ""
        for line in self.rfile:
            verb, reply = line[:4].upper(), "250 2.0.0 ok"
            if verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            elif verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.put((to, email.message_from_bytes(body, policy=email.policy.default)))
            elif verb == b"QUIT":
                reply = "221 2.0.0 bye"
            self.wfile.write(f"{reply}\r\n".encode())
            if verb == b"QUIT":
                return


class Run:
    def __init__(self, space):
        self.space, self.port = space, free_port()
        write(space.path / "policies/always-open.yaml", HOURS)
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer)
        self.server.daemon_threads, self.server.mails = True, queue.Queue()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        space.configure(
            {"mail": {"adapter": "smtp", "base_url": f"smtp://127.0.0.1:{self.server.server_address[1]}", "starttls": "off",
                      "from": "Harbor Credit <care@example.com>"}},
            {"email": ["mail"]}, policies=space.path / "policies",
            callbacks={"listen": f"127.0.0.1:{self.port}", "url": BASE})
        space.serve_ready()
        wait_until(10, "the callbacks' port", lambda: accepts_connections(self.port))

    def send(self, id, person):
        self.space.import_rows([make_row(
            id, zone="America/New_York", channels=("email",), recipient=person, email=f"{person}@example.com")], name=id)

    def mail(self):
        return self.server.mails.get(timeout=30)

    def follow(self, link, method="GET", body=None, language=None):
        """Status, type and text of the page."""
        parts = urlsplit(link)
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{parts.path}?{parts.query}", method=method, data=body)
        if language:
            request.add_header("Accept-Language", language)
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers["Content-Type"], answer.read().decode()

    def state(self, id):
        return json.loads(self.space.run("why", id, "--json").stdout)["reminders"][0]["state"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    arguments = parser.parse_args()
    report = Report("no more mails")
    with Workspace(arguments, "unsubscribe") as space:
        run = Run(space)
        try:
            check(run, report)
        finally:
            run.server.shutdown()
    return report.finish()


def check(run, report):
    run.send("r-1", "alex")
    address, mail = run.mail()
    link = re.fullmatch(r"<(\S+)>", mail["List-Unsubscribe"]).group(1)
    report.check("the mail bears one link, over TLS", link.startswith(f"{BASE}/mail/unsubscribe?a="), link.split("?")[0])
    report.check("and says that one click is enough", mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")

    status, kind, page = run.follow(link, language="es-MX,es;q=0.9")
    report.check("a person sees a question and a button", status == 200 and kind.startswith("text/html") and "<form" in page)
    report.check("in the language of the browser", 'lang="es"' in page)
    report.check("nothing of a debt, a lender or a person on it",
                 not re.search(r"(?i)harbor|alex|1,?234|overdue|debt|deuda|pago", page))
    run.send("r-2", "alex")
    report.check("looking changes nothing", run.mail()[0] == address)

    for body in (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=One-Click"):
        status, _, page = run.follow(link, "POST", body)
        report.check("one POST refuses", status == 200 and "<form" not in page, status)
    run.send("r-3", "alex")
    run.send("r-4", "bo")
    report.check("the next mail goes to somebody else", run.mail()[0] == "bo@example.com")
    wait_until(20, "r-3 has ended", lambda: run.state("r-3") == "suppressed")
    said = run.space.run("why", "r-3").stdout
    report.check("why tells it", "floor/opt-out" in said and "forbids" in said)

    page = link.split("?")[0]
    forged = [link[:-1] + ("0" if link[-1] != "0" else "1"), page, f"{page}?a=", f"{page}?a=a9-"]
    report.check("a link that is not ours is none", [run.follow(each, "POST", b"")[0] for each in forged] == [404] * 4)
    status = run.space.status()
    report.check("nobody else is refused", run.server.mails.empty())
    report.check("status counts two refusals", status["callbacks"]["unsubscribe"]["taken"] == 2)

    box = run.space.path / "care.mbox"
    run.send("r-5", "cy")
    _, mail = run.mail()
    token = re.search(r"a=(\S+)>", mail["List-Unsubscribe"]).group(1)
    box.write_text(
        "".join(f"From x Sun Nov 22 08:00:00 2026\nFrom: cy@example.com\nTo: care@example.com\nSubject: {subject}\n\nThank you\n\n"
                for subject in (f"unsubscribe {token}", "unsubscribe", "Re: when?")))
    said = run.space.run("import", "--kind", "bounces", box).stdout
    report.check("a mail refuses too", "1 receipts" in said and "1 ask for no more mails" in said, said.strip())
    wait_until(20, "it is taken up", lambda: "opt-out" in run.space.run("why", "r-5").stdout)
    run.send("r-6", "cy")
    wait_until(20, "r-6 has ended", lambda: run.state("r-6") == "suppressed")
    report.check("and holds", run.server.mails.empty())


if __name__ == "__main__":
    sys.exit(main())
