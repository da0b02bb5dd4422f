#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An SMS gateway that can be told to misbehave, for tests that must not believe Dunlin.

    POST /v1/messages            {"to","text","report_url"?}, Idempotency-Key: TOKEN   →  202 {"id"}
    GET  /v1/messages?reference=TOKEN                                                  →  200 {"messages":[{"id","reference"}]}
    GET  /summary                what it has, and how often each person was written to
    POST /behave                 {"drop": 0.1, "lose": 0.02, "fail": 0, "hang": 0, "slow": 0, "receipts": true}

`drop`: takes the message and cuts the line unanswered; `lose`: cuts the line and takes nothing; `fail`: answers 503 with its own
words and takes nothing; `hang`: takes it and never answers; `slow`: seconds before each answer. With --dedupe a token that it knows
is not sent a second time. With `receipts` it reports each message that it took to its report_url, some of them twice.

    json_gateway.py [--port 0] [--dedupe] [--seed 1]     prints `port N` when it listens, ends on SIGTERM
"""
import argparse
import asyncio
import json
import random
import signal
from collections import Counter
from urllib.parse import parse_qs, urlsplit


class Gateway:
    def __init__(self, dedupe, seed):
        self.dedupe, self.random = dedupe, random.Random(seed)
        self.behaviour = {"drop": 0.0, "lose": 0.0, "fail": 0.0, "hang": 0.0, "slow": 0.0, "receipts": False}
        self.requests = self.dropped = self.lost = self.failed = self.lookups = self.repeated = 0
        self.reported = self.report_failures = 0
        self.ids, self.sent, self.by_token = 0, Counter(), {}
        self.first = self.last = None
        self.per_second = Counter()
        self.reports = asyncio.Queue()

    async def serve(self, reader, writer):
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")):
                lines = head.decode("latin-1").split("\r\n")
                method, target, _ = lines[0].split(" ", 2)
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                answer = await self.answer(method, target, headers, body)
                if answer is None:
                    break
                status, document = answer
                payload = json.dumps(document).encode()
                writer.write(b"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (status, len(payload), payload))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def answer(self, method, target, headers, body):
        url = urlsplit(target)
        if url.path == "/summary":
            return 200, self.summary()
        if url.path == "/behave":
            self.behaviour.update(json.loads(body))
            return 200, {}
        if method == "GET":
            self.lookups += 1
            token = parse_qs(url.query).get("reference", [""])[0]
            found = [{"id": self.by_token[token], "reference": token}] if token in self.by_token else []
            return 200, {"messages": found}
        return await self.take(json.loads(body), headers.get("idempotency-key", ""))

    async def take(self, message, token):
        now = asyncio.get_running_loop().time()
        self.first, self.last = self.first or now, now
        self.requests += 1
        behaviour, chance = self.behaviour, self.random.random()
        if behaviour["slow"]:
            await asyncio.sleep(behaviour["slow"])
        if chance < behaviour["lose"]:
            self.lost += 1
            return None
        chance -= behaviour["lose"]
        if chance < behaviour["fail"]:
            self.failed += 1
            return 503, {"error": {"code": "maintenance"}}
        chance -= behaviour["fail"]
        if self.dedupe and token in self.by_token:
            self.repeated += 1
        else:
            self.ids += 1
            self.by_token[token] = f"m-{self.ids}"
            self.sent[message["to"]] += 1
            self.per_second[int(now)] += 1
            if behaviour["receipts"] and message.get("report_url"):
                for _ in range(2 if self.ids % 7 == 0 else 1):
                    self.reports.put_nowait((message["report_url"], self.by_token[token]))
        if chance < behaviour["drop"]:
            self.dropped += 1
            return None
        chance -= behaviour["drop"]
        if chance < behaviour["hang"]:
            await asyncio.sleep(3600)
        return 202, {"id": self.by_token[token]}

    async def report(self):
        """Tells of what was taken, over a connection of its own, again until it is answered 200."""
        reader = writer = None
        while True:
            url, name = await self.reports.get()
            parts = urlsplit(url)
            body = json.dumps({"id": name, "status": "delivered"}).encode()
            request = (f"POST {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                       f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
            while True:
                try:
                    if writer is None:
                        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
                    writer.write(request)
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                                   if line.startswith(b"content-length:")), 0)
                    await reader.readexactly(length)
                    if head.split(b" ", 2)[1] == b"200":
                        self.reported += 1
                        break
                    self.report_failures += 1
                except (OSError, asyncio.IncompleteReadError):
                    reader = writer = None
                await asyncio.sleep(0.2)

    def summary(self):
        return {
            "requests": self.requests, "messages": self.ids, "dropped": self.dropped, "lost": self.lost,
            "failed": self.failed, "lookups": self.lookups, "repeated": self.repeated, "reported": self.reported,
            "report_failures": self.report_failures, "unreported": self.reports.qsize(),
            "people": len(self.sent), "twice": [to for to, times in self.sent.items() if times > 1][:10],
            "seconds": (self.last or 0) - (self.first or 0), "last": self.last,
            "per_second": sorted(self.per_second.items()), "now": asyncio.get_running_loop().time(),
        }


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dedupe", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    gateway = Gateway(arguments.dedupe, arguments.seed)
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", arguments.port, backlog=512)
    reporters = [asyncio.ensure_future(gateway.report()) for _ in range(16)]
    print("port", server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    for reporter in reporters:
        reporter.cancel()


if __name__ == "__main__":
    asyncio.run(main())
