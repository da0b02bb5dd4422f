#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that `dunlin templates preview` follows the files.

Starts it on a temporary copy of the library; edits a text and waits for the page to be told and to show it; breaks the
file and expects the finding with its place beside the last good text; mends it; adds and removes a message; ends it with
SIGINT and SIGTERM while a page is connected. Each change must be on the page within --seconds. With --shots FOLDER and
Chromium installed, takes screenshots of the page at 1200 and 360 pixels, light and dark.
"""
import argparse
import contextlib
import html
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from support import Failed, REPOSITORY, find_dunlin, free_port

MESSAGE = "payment-overdue"


class Preview:
    def __init__(self, dunlin, *arguments):
        self.process = subprocess.Popen(
            [dunlin, "templates", "preview", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            raise Failed(f"no address on the first line: {line!r} {self.process.stderr.read()}")
        self.port = int(found[1])

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def page(self, **choice):
        status, headers, text = self.get("/?" + urllib.parse.urlencode({"message": MESSAGE, **choice}))
        expect(status == 200, f"the page answers {status}")
        return text

    def end(self, number):
        """The seconds it takes to end, and its exit code."""
        start = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(timeout=10)
        return time.monotonic() - start, code


class Events:
    """What a page hears: the revisions, each with the moment at which it came."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", "/events")
        self.answer = self.connection.getresponse()
        self.heard = []
        self.news = threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            while line := self.answer.readline():
                if line.startswith(b"data: "):
                    with self.news:
                        self.heard.append((time.monotonic(), line[6:].strip().decode()))
                        self.news.notify_all()

    def wait(self, count, seconds):
        with self.news:
            return self.news.wait_for(lambda: len(self.heard) >= count, seconds)


def expect(truth, what):
    if not truth:
        raise Failed(what)


class Check:
    def __init__(self, preview, events, seconds):
        self.preview, self.events, self.seconds = preview, events, seconds

    def change(self, what, act, holds):
        """Does something to the files; the page must be told, and then show it."""
        before = len(self.events.heard)
        start = time.monotonic()
        act()
        expect(self.events.wait(before + 1, self.seconds), f"{what}: the page was not told within {self.seconds} s")
        page = self.preview.page()
        took = time.monotonic() - start
        expect(holds(page), f"{what}: the page does not show it")
        expect(took < self.seconds, f"{what}: shown after {took:.2f} s")
        print(f"{what}: on the page after {took:.2f} s")


def part(page, key):
    found = re.search(rf'data-key="{re.escape(key)}".*?</section>', page, re.S)
    return html.unescape(re.sub(r"<[^>]*>", "", found[0])) if found else ""


def follow(dunlin, folder, seconds):
    library = folder / "templates"
    shutil.copytree(REPOSITORY / "templates", library)
    sms = library / MESSAGE / "en" / "sms.mustache"
    preview = Preview(dunlin, library, "--message", MESSAGE, "--price", "0.0079")
    try:
        status, headers, page = preview.get("/")
        expect("default-src 'none'" in headers["Content-Security-Policy"], "no Content-Security-Policy")
        expect(not re.search(r"""(?:src|href)=["'](?!/|\?|#)""", page), "the page loads something from elsewhere")
        expect("<dt>Cost</dt>" in page, "the page does not tell what an SMS costs")
        events = Events(preview.port)
        expect(events.wait(1, seconds), "no event at the start")
        check = Check(preview, events, seconds)
        good = sms.read_text()

        edited = good.replace("{{creditor}}:", "News from {{creditor}}:", 1)
        expect(edited != good, "the English SMS no longer begins with its creditor: mend this script")
        check.change("an edited text", lambda: sms.write_text(edited), lambda page: "News from" in part(page, "en-sms"))

        broken = edited + "\n{{amuont}}\n"
        line = broken.count("\n")
        check.change(
            "a broken text", lambda: sms.write_text(broken),
            lambda page: f"{sms}:{line}:" in page and "amuont" in page and "stale" in page
            and "News from" in part(page, "en-sms") and "amuont" not in part(page, "en-sms"))
        check.change(
            "a mended text", lambda: sms.write_text(good),
            lambda page: "stale" not in page and "News from" not in part(page, "en-sms") and "amuont" not in page)

        def save_by_renaming():
            """As editors do it."""
            new = sms.with_name(".sms.new")
            new.write_text(edited)
            new.rename(sms)
        check.change("a renamed file", save_by_renaming, lambda page: "News from" in part(page, "en-sms"))

        other = library / "another-message"
        check.change(
            "a new message", lambda: shutil.copytree(library / MESSAGE, other), lambda page: "another-message" in page)
        check.change("a removed message", lambda: shutil.rmtree(other), lambda page: "another-message" not in page)

        expect(len(events.heard) <= 10, f"{len(events.heard)} events for six changes")
        took, code = preview.end(signal.SIGINT)
        expect(code == 0 and took < 3, f"SIGINT: exit {code} after {took:.1f} s")
        print(f"ended by SIGINT with a page connected after {took:.2f} s")
    finally:
        preview.process.kill()
        preview.process.wait()


def refuse(dunlin, folder):
    """What cannot work ends with a sentence and the exit code that tells why."""
    port = free_port()
    first = Preview(dunlin, REPOSITORY / "templates", "--port", port)
    try:
        cases = [
            (1, "another program listens there", [REPOSITORY / "templates", "--port", port]),
            (2, "there is no such folder", [folder / "nowhere"]),
            (2, "this is a file", [Path(__file__)]),
            (2, f"did you mean '{MESSAGE}'?", [REPOSITORY / "templates", "--message", MESSAGE + "e"]),
            (2, "this is no price", [REPOSITORY / "templates", "--price", "1,5"]),
            (2, "no such port", [REPOSITORY / "templates", "--port", 65536]),
        ]
        for code, words, arguments in cases:
            run = subprocess.run(
                [dunlin, "templates", "preview", *map(str, arguments)], capture_output=True, text=True, timeout=20)
            expect(run.returncode == code and words in run.stderr, f"{arguments}: exit {run.returncode}, {run.stderr!r}")
        took, code = first.end(signal.SIGTERM)
        expect(code == 0, f"SIGTERM: exit {code}")
        print(f"{len(cases)} impossible demands refused; ended by SIGTERM after {took:.2f} s")
    finally:
        first.process.kill()
        first.process.wait()


def shoot(dunlin, folder, shots, library, message):
    """Screenshots for people to look at."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        print("no Chromium: no screenshots")
        return
    shots.mkdir(parents=True, exist_ok=True)
    preview = Preview(dunlin, library, "--price", "0.0079", "--message", message)
    try:
        for width, height in ((1200, 1750), (360, 1750)):
            for theme in ("light", "dark"):
                file = shots / f"preview-{width}-{theme}.png"
                address = f"http://127.0.0.1:{preview.port}/?message={message}&theme={theme}"
                subprocess.run(
                    [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     f"--user-data-dir={folder}/browser", f"--window-size={width},{height}",
                     f"--screenshot={file}", address],
                    check=True, capture_output=True, timeout=90)
                expect(file.stat().st_size > 10_000, f"{file} is empty")
                print(f"{file}")
    finally:
        preview.end(signal.SIGTERM)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dunlin", type=Path, help="the binary; default: .build/release/dunlin, else .build/debug/dunlin")
    parser.add_argument("--seconds", type=float, default=2, help="how soon a change must be on the page")
    parser.add_argument("--shots", type=Path, help="a folder for screenshots")
    parser.add_argument("--library", type=Path, default=REPOSITORY / "templates", help="what the screenshots show")
    parser.add_argument("--message", default=MESSAGE, help="of it")
    arguments = parser.parse_args()
    dunlin = find_dunlin(arguments.dunlin)
    with tempfile.TemporaryDirectory(prefix="dunlin-preview-") as folder:
        try:
            follow(dunlin, Path(folder), arguments.seconds)
            refuse(dunlin, Path(folder))
            if arguments.shots:
                shoot(dunlin, folder, arguments.shots, arguments.library, arguments.message)
        except Failed as failure:
            print(f"FAILED: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
