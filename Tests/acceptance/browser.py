# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven over a pipe by its DevTools protocol (https://chromedevtools.github.io/devtools-protocol)."""
import base64
import json
import os
import shutil
import subprocess

from support import Failed, stop


def find_chromium():
    """Debian's name first; nil where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One page at a time. Messages are JSON that ends with a NUL, on file descriptors 3 and 4 of the browser."""

    def __init__(self, chromium, profile):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        # A shell gives both ends the numbers that the browser expects; dash cannot name descriptors beyond 9.
        command = ["/bin/bash", "-c", f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}', chromium]
        command += ["--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--hide-scrollbars",
                    "--no-first-run", "--disable-gpu", "--disable-background-networking"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # Its sandbox does not work for root.
        with open(os.devnull, "r+b") as nothing:
            self.process = subprocess.Popen(
                command, pass_fds=(to_browser, from_browser), stdin=nothing, stdout=nothing, stderr=nothing)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.session, self.rest, self.is_loaded, self.width = 0, None, b"", False, 0

    def __enter__(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        return self

    def __exit__(self, *_):
        os.close(self.write_end)
        stop(self.process)
        os.close(self.read_end)

    def next_message(self):
        while b"\0" not in self.rest:
            chunk = os.read(self.read_end, 1 << 20)
            if not chunk:
                raise Failed("chromium ended by itself")
            self.rest += chunk
        text, _, self.rest = self.rest.partition(b"\0")
        message = json.loads(text)
        self.is_loaded = self.is_loaded or message.get("method") == "Page.loadEventFired"
        return message

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        while (answer := self.next_message()).get("id") != self.number:
            pass
        if "error" in answer:
            raise Failed(f"chromium: {method}: {answer['error']['message']}")
        return answer["result"]

    def show(self, url, width, height, scheme):
        """Lays a page out as a phone (below 500 pixels) or a desk does, in `light` or `dark`."""
        self.size(width, height)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.is_loaded = False
        self.call("Page.navigate", url=url)
        while not self.is_loaded:
            self.next_message()

    def size(self, width, height):
        self.width = width
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def screenshot(self):
        """The whole page, as PNG. The window is made as high as the page: beyond it pages from right to left are shifted."""
        height = self.evaluate("document.scrollingElement.scrollHeight")
        self.size(self.width, height)
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])
