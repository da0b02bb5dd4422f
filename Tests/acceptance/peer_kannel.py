# SPDX-License-Identifier: Apache-2.0
"""Kannel as Debian packages it (kannel, kannel-extras) with its own fake SMSC behind it, whose log is the record."""
import re
import shutil
from collections import Counter, defaultdict
from urllib.parse import unquote_to_bytes

from support import Failed, accepts_connections, free_port, stop, wait_until

FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
GOT = re.compile(rb"^\d{4}-\d\d-\d\d [\d:]+ \[\d+\] \[\d+\] (?:DEBUG|INFO): Got message \d+: <(.*)>\s*$")
MESSAGE = re.compile(rb"(\S+) (\S+) (?:udh (\S+) )?(text|data|ucs-2) (.*)", re.DOTALL)

CONFIGURATION = """\
group = core
admin-port = {admin}
admin-password = bar
smsbox-port = {box}
dlr-storage = internal
box-allow-ip = "127.0.0.1"

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}

group = sendsms-user
username = {username}
password = {password}
max-messages = 10
concatenation = true
default-sender = 12345

group = sms-service
keyword = default
get-url = "{callbacks}?k={key}&from=%p&to=%P&at=%T&id=%I&coding=%c&text=%a&hex=%e"
max-messages = 0
"""


class Kannel:
    """bearerbox, smsbox and fakesmsc on ports of their own."""

    username = "tester"

    def __init__(self, space, password, callbacks, key):
        """`callbacks` is where replies go, `key` what they prove themselves with, as the head of kannel.yaml has it."""
        for program in ("bearerbox", "smsbox", FAKE_SMSC):
            if not shutil.which(program):
                raise Failed(f"{program} is missing: apt-get install kannel kannel-extras")
        ports = {name: free_port() for name in ("admin", "box", "smsc", "sendsms")}
        self.port = ports["sendsms"]
        self.space, self.smsc = space, ports["smsc"]
        self.log = space.path / "fakesmsc.log"
        file = space.path / "kannel.conf"
        file.write_text(CONFIGURATION.format(
            username=self.username, password=password, callbacks=callbacks, key=key, **ports))
        space.start("bearerbox", ["bearerbox", "-v", "2", file])
        wait_until(10, "bearerbox listens", lambda: accepts_connections(ports["box"]))
        space.start("smsbox", ["smsbox", "-v", "2", file])
        wait_until(10, "smsbox listens", lambda: accepts_connections(self.port))
        # It sends nothing (-m 0) and prints what it is given.
        self.start_smsc(0, "1 2 text nop")

    def start_smsc(self, count, message):
        before = self.log.read_bytes().count(b"Connecting") if self.log.exists() else 0
        self.process = self.space.start(
            "fakesmsc", [FAKE_SMSC, "-H", "127.0.0.1", "-r", self.smsc, "-i", "1", "-m", count, message])
        wait_until(10, "the fake SMSC is connected", lambda: self.log.read_bytes().count(b"Connecting") > before)

    def text_back(self, number, text):
        """The person with that number sends us a text. Kannel takes one connection of the fake SMSC at a time."""
        stop(self.process)
        self.start_smsc(1, f"{number} 12345 text {text}")

    def parts(self):
        """Every short message that the SMSC was given: (number, user data header or None, kind, content)."""
        found = []
        for line in self.log.read_bytes().splitlines():
            if not (match := GOT.match(line)):
                continue
            message = MESSAGE.fullmatch(match[1])
            if message:
                header = unquote_to_bytes(message[3]) if message[3] else None
                found.append([message[2].decode(), header, message[4], message[5]])
            elif found:
                found[-1][3] += b"\n" + match[1]  # The fake protocol is line by line: the rest of a text with a line end.
        return found

    def texts(self):
        """The whole texts by number, each as often as it came; long ones are put together from their parts."""
        whole, pieces = defaultdict(list), defaultdict(dict)
        repeated = Counter()
        for number, header, kind, content in self.parts():
            if header is None:
                whole[number].append(content.decode() if kind == b"text" else decode(unquote_plus_bytes(content)))
                continue
            reference, total, place = header[3], header[4], header[5]
            if place in pieces[number, reference]:
                repeated[number] += 1
            pieces[number, reference][place] = (total, unquote_plus_bytes(content))
        for (number, _), parts in pieces.items():
            total = next(iter(parts.values()))[0]
            if len(parts) == total:
                whole[number].append(decode(b"".join(parts[place][1] for place in sorted(parts))))
        for number, times in repeated.items():
            whole[number] += ["(a part came twice)"] * times
        return whole


def unquote_plus_bytes(content):
    return unquote_to_bytes(content.replace(b"+", b" "))


def decode(content):
    """Kannel hands UCS-2 on as UTF-16BE and GSM texts as UTF-8; only the first has bytes that cannot be UTF-8."""
    try:
        text = content.decode("utf-8")
        if "\0" not in text:
            return text
    except UnicodeDecodeError:
        pass
    return content.decode("utf-16-be")
