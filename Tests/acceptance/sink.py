#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A gateway that keeps its own record of what reached it, for tests that must not believe Dunlin.

It answers like Twilio (/2010-04-01/…), Kannel (/cgi-bin/sendsms) or a plain JSON gateway (any other path). Of every
request it appends a line to its record at receipt, before anything else, and a second one when it has answered:

    {"n": 17, "t": 1795000000123, "conn": 3, "method": "POST", "path": "/…/Messages.json", "to": "+1…", "body": "…", "token": "…"}
    {"n": 17, "t": 1795000000130, "status": 201}

`t` is in milliseconds since 1970; `status` 0 means that the line was dropped unanswered. Lines are written with one
os.write each, unbuffered, so that the record is complete whatever happens to either side.

    sink.py --record FILE [--port 0] [--delay 5-20] [--drop 0.01] [--refuse 0.01] [--throttle 0.01]

Prints `port N` when it listens and ends on SIGTERM or SIGINT.
"""
import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time
from urllib.parse import parse_qs, unquote_plus, urlsplit

CALLBACK_FIELDS = ("StatusCallback", "dlr-url", "client_ref", "client-ref", "reference", "token")


class Sink:
    """What all connections share: the record, the dice and the settings."""

    def __init__(self, record, settings):
        self.record = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.settings = settings
        self.dice = random.Random(settings.seed)
        self.received = 0
        self.connections = 0

    def note(self, entry):
        os.write(self.record, json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def fate(self):
        """201 for accepted, 0 for a dropped line, 400 or 429 for a definite refusal."""
        roll = self.dice.random()
        for chance, status in ((self.settings.drop, 0), (self.settings.refuse, 400), (self.settings.throttle, 429)):
            if roll < chance:
                return status
            roll -= chance
        return 201

    def delay(self):
        low, high = self.settings.delay
        return self.dice.uniform(low, high) / 1000


class Connection(asyncio.Protocol):
    def __init__(self, sink):
        self.sink = sink
        self.buffer = b""
        sink.connections += 1
        self.number = sink.connections

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while True:
            head, blank, rest = self.buffer.partition(b"\r\n\r\n")
            if not blank:
                return
            length = content_length(head)
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.receive(head, rest[:length])

    def receive(self, head, body):
        sink = self.sink
        sink.received += 1
        number = sink.received
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        fields = fields_of(target, head, body)
        path = urlsplit(target).path
        sink.note({
            "n": number, "t": now_ms(), "conn": self.number, "method": method, "path": path,
            "to": first(fields, "To", "to"), "body": first(fields, "Body", "text", "Twiml", "body"),
            "token": first(fields, *CALLBACK_FIELDS),
        })
        status = sink.fate()
        delay = sink.delay()
        if delay > 0:
            asyncio.get_running_loop().call_later(delay, self.answer, number, path, status)
        else:
            self.answer(number, path, status)

    def answer(self, number, path, status):
        if self.transport.is_closing():
            return  # The other side is gone: this request stays without a second line.
        if status == 0:
            self.transport.abort()
        else:
            status, content = answer_for(path, number, status)
            self.transport.write(
                b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (status, len(content), content))
        self.sink.note({"n": number, "t": now_ms(), "status": status})


def content_length(head):
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17:].split(b"\r\n", 1)[0]) if at >= 0 else 0


def fields_of(target, head, body):
    """The fields of a form, a query or a flat JSON object, each with a list of values."""
    query = urlsplit(target).query
    fields = parse_qs(query) if query else {}
    if body[:1] == b"{":
        try:
            fields.update({key: [value] for key, value in json.loads(body).items()})
        except ValueError:
            pass
    elif body:
        for pair in body.decode("latin-1").split("&"):
            name, _, value = pair.partition("=")
            fields.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return fields


def first(fields, *names):
    for name in names:
        if name in fields:
            return fields[name][0]
    return None


def answer_for(path, number, status):
    """The status and body that the gateway behind this path would answer."""
    if path.startswith("/2010-04-01/"):
        if status == 400:
            return 400, b'{"code":21211,"message":"Invalid To number","status":400}'
        if status == 429:
            return 429, b'{"code":20429,"message":"Too Many Requests","status":429}'
        kind = b"CA" if path.endswith("/Calls.json") else b"SM"
        return 201, b'{"sid":"%s%032x","status":"queued","error_code":null}' % (kind, number)
    if path.endswith("/sendsms"):
        if status == 400:
            return 400, b"Missing receiver number, rejected"
        if status == 429:
            return 503, b"Temporal failure, try again later."
        return 202, b"0: Accepted for delivery"
    return (200 if status == 201 else status), b'{"id":"%d"}' % number


def now_ms():
    return time.time_ns() // 1_000_000


def parse_arguments():
    def span(text):
        low, _, high = text.partition("-")
        return float(low), float(high or low)

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", required=True, help="file that lines are appended to")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=span, default=(0, 0), help="milliseconds before the answer, or a span such as 5-20")
    parser.add_argument("--drop", type=float, default=0, help="chance that the line is dropped after the request was read")
    parser.add_argument("--refuse", type=float, default=0, help="chance of a definite refusal of the recipient")
    parser.add_argument("--throttle", type=float, default=0, help="chance of 'too fast'")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


async def serve(settings):
    sink = Sink(settings.record, settings)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(lambda: Connection(sink), "127.0.0.1", settings.port, backlog=1024)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await ended.wait()
    server.close()
    print(f"received {sink.received} requests over {sink.connections} connections", flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(serve(parse_arguments()))
    except KeyboardInterrupt:
        sys.exit(0)
