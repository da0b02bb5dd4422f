#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reminders by mail through Amazon SES as moto plays it; their receipts, and replies by SMS, through an Amazon SNS of our own.

    moto_check.py [--count 20] [--dunlin PATH] [--keep]

moto takes SES v2's SendEmail and is asked what it took; it knows no pinpoint-sms-voice-v2 (5.2.5), and looks at no signature. SNS is
played by sns.py: Dunlin finds it by its real name, through a proxy that ends TLS with a certificate that Dunlin was told to trust.

Needs moto, flask and flask-cors beside cryptography.
"""
import argparse
import contextlib
import datetime
import json
import os
import ssl
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives import serialization

import people
import sns
from support import Report, Workspace, add_common_arguments, free_port, shown, wait_until

SENDER = "care@example.com"
SIGNED = "AWS4-HMAC-SHA256 Credential=A/20261122/eu-west-1/ses/aws4_request, SignedHeaders=host, Signature=0"
# urllib must not go through the proxy that Dunlin is given.
WEB = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url, data=None, headers=None):
    """Status and body."""
    try:
        with WEB.open(urllib.request.Request(url, data, headers or {}), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Proxy(BaseHTTPRequestHandler):
    """Ends the TLS of whatever host it is asked for, and is SNS behind it."""

    protocol_version = "HTTP/1.1"

    def do_CONNECT(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            inside = self.server.contexts[self.server.trusted].wrap_socket(self.connection, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request and (part := inside.recv(4096)):
                request += part
            if request:
                path = request.split(b" ")[1].decode()
                self.server.seen.append((self.path, path))
                status, body = self.server.pages.get(path.partition("?")[0], (403, ""))
                inside.sendall(f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
            inside.close()
        self.close_connection = True

    def log_message(self, *_):
        pass


def start_proxy(space, topic):
    """A proxy with two certificates for SNS' host: one by an authority that Dunlin trusts, one by itself."""
    now = datetime.datetime.now(sns.UTC)
    day = datetime.timedelta(days=1)
    root = sns.certificate(sns.key(1), ["Authority of this test"], now - day, now + day)
    (space.path / "ca.pem").write_text(sns.pem(root))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.contexts = {}
    for trusted, made in {
        True: sns.certificate(sns.key(2), [topic.host], now - day, now + day, issuer=(sns.key(1), root)),
        False: sns.certificate(sns.key(2), [topic.host], now - day, now + day),
    }.items():
        chain = space.path / f"proxy-{trusted}.pem"
        chain.write_bytes(sns.pem(made).encode() + sns.key(2).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        server.contexts[trusted] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.contexts[trusted].load_cert_chain(chain)
    server.trusted, server.seen = False, []
    server.pages = {topic.path: (200, topic.certificate(now)), "/": (200, "<ConfirmSubscriptionResponse/>")}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def start_moto(space):
    """moto's server, with the sender that SES is to know. Its address."""
    port = free_port()
    space.start("moto", [Path(sys.executable).with_name("moto_server"), "--port", port])
    url = f"http://127.0.0.1:{port}"

    def listens():
        with contextlib.suppress(OSError):
            return ask(f"{url}/moto-api/data.json")[0] == 200

    wait_until(30, "moto listens", listens)
    form = urllib.parse.urlencode({"Action": "VerifyEmailIdentity", "EmailAddress": SENDER, "Version": "2010-12-01"})
    ask(url, form.encode(), {"Authorization": SIGNED})
    return url


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--count", type=int, default=20, help="mails")
    arguments = parser.parse_args()
    topic = sns.Topic(sns.key(3))
    with Workspace(arguments, "moto") as space:
        moto, proxy = start_moto(space), start_proxy(space, topic)
        listen = free_port()
        common = {"base_url": moto, "region": "eu-west-1", "access_key_id": "AKID", "secret_access_key": space.secret()}
        space.configure(
            gateways={"mail": common | {"adapter": "ses", "from": f"Harbor Credit <{SENDER}>", "topics": [topic.arn]},
                      "texts": common | {"adapter": "aws-sms", "topics": topic.arn}},
            routes={"email": ["mail"], "sms": ["texts"]}, ca_file=str(space.path / "ca.pem"),
            callbacks={"listen": f"127.0.0.1:{listen}", "url": "https://dunlin.example.com/callbacks"})
        rows = people.rows(arguments.count, "email")
        space.import_rows(rows)
        os.environ["https_proxy"] = f"http://127.0.0.1:{proxy.server_port}"
        space.serve_ready()
        status = space.wait_idle(60)
        result = Report(f"{len(rows)} mails through SES and SNS")
        mails = check_mails(result, rows, status, json.loads(ask(f"{moto}/moto-api/data.json")[1])["ses"]["Message"])
        check_receipts(result, space, topic, proxy, mails, f"http://127.0.0.1:{listen}/callbacks/mail")
        check_replies(result, space, topic, f"http://127.0.0.1:{listen}/callbacks/texts")
    return result.finish()


def check_mails(result, rows, status, mails):
    """What moto took."""
    result.check("all accepted", status["states"].get("accepted") == len(rows), shown(status["states"]))
    wanted = sorted(row["recipient"]["email"] for row in rows)
    got = sorted(address for mail in mails for address in mail["destinations"]["ToAddresses"])
    result.check("each person once at moto", wanted == got, f"{len(got)} mails")
    creditors = {row["recipient"]["email"]: row["account"]["creditor"] for row in rows}
    result.count("mails without sender, subject or creditor", [
        mail["id"] for mail in mails if SENDER not in mail["source"] or not mail["subject"]
        or creditors.get(mail["destinations"]["ToAddresses"][0], "?") not in json.dumps(mail["body"], ensure_ascii=False)])
    return mails


def check_receipts(result, space, topic, proxy, mails, url):
    """What SNS brings, and what others would like to have believed."""
    def post(message):
        return ask(url, json.dumps(message).encode(), {"Content-Type": "text/plain; charset=UTF-8"})[0]

    def event(mail, kind, **more):
        made = {"eventType": kind, "mail": {"messageId": mail["id"], "tags": {}}} | more
        return topic.notification(made, datetime.datetime.now(sns.UTC), "Amazon SES Email Event Notification")

    now = datetime.datetime.now(sns.UTC)
    delivered = [topic.signed(event(mail, "Delivery")) for mail in mails]
    elsewhere, other = sns.Topic(sns.key(4)), sns.Topic(topic.private, name="other")
    untrusted, unknown = (delivered[0] | {"SigningCertURL": topic.address.replace("0123", name)} for name in ("89ab", "4567"))
    result.check("no host that TLS proves: come again", post(untrusted) == 503 and not proxy.seen)
    proxy.trusted = True
    result.check("a certificate that SNS does not have: come again", post(unknown) == 503, proxy.seen[-1:])
    result.check("a certificate of somebody else's host: refused", post(
        delivered[0] | {"SigningCertURL": topic.address.replace("eu-west-1", "evil")}) == 403)
    result.check("the subscription is confirmed", post(topic.signed(topic.confirmation(now))) == 200)
    result.check("... by a GET of what SNS wrote", [p for _, p in proxy.seen if "ConfirmSubscription" in p] == [
        topic.confirmation(now)["SubscribeURL"].removeprefix(f"https://{topic.host}")])
    result.check("another key: refused", post(elsewhere.signed(event(mails[0], "Bounce"))) == 403)
    result.check("another topic: refused", post(other.signed(other.notification("{}", now))) == 403)
    result.check("SHA-1: refused", post(topic.signed(event(mails[0], "Delivery"), "1")) == 403)
    bounce = {"bounceType": "Permanent", "timestamp": topic.stamp(now)}
    answers = [post(message) for message in delivered[1:]] + [post(topic.signed(event(mails[0], "Bounce", bounce=bounce)))]
    result.check("receipts are taken", set(answers) == {200}, f"{len(answers)}")

    def settled():
        states = shown(space.status()["states"])
        return states if "accepted" not in states else None

    states = wait_until(20, "every receipt is in the ledger", settled, every=0.5)
    result.check("one bounced, all others delivered", states == {"delivered": len(mails) - 1, "undeliverable": 1}, states)
    fetched = [path for _, path in proxy.seen if path == topic.path]
    result.check("the certificate was fetched once", len(fetched) == 1, proxy.seen)
    log = (space.path / "dunlin.log").read_text()
    result.check("the log says how to have SHA-256", log.count("--attribute-name SignatureVersion") == 1)


def check_replies(result, space, topic, url):
    """What a person writes back by SMS; SNS may bring it twice."""
    said = {"originationNumber": "+16175550123", "destinationNumber": "+12065550152", "messageBody": "STOP", "inboundMessageId": "m-1"}
    message = topic.signed(topic.notification(said, datetime.datetime.now(sns.UTC)))
    answers = [ask(url, json.dumps(message).encode(), {"Content-Type": "text/plain"})[0] for _ in range(2)]
    replies = [json.loads(line) for line in space.run("replies", "--json").stdout.splitlines()]
    result.check("a STOP is there once", answers == [200, 200] and [
        (reply["from"], reply["meaning"]) for reply in replies] == [("+16175550123", "opt-out")], replies)


if __name__ == "__main__":
    sys.exit(main())
