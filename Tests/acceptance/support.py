# SPDX-License-Identifier: Apache-2.0
"""What the acceptance scripts share: finding the binary, a workspace that cleans up, made-up people, a report."""
import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

REPOSITORY = Path(__file__).resolve().parents[2]

# One city for about every hour of the day, so that somewhere it is always noon.
CITIES = [
    "Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Asia/Singapore", "Asia/Bangkok", "Asia/Dhaka", "Asia/Karachi",
    "Asia/Dubai", "Africa/Nairobi", "Africa/Johannesburg", "Europe/Berlin", "Europe/London", "Atlantic/Azores",
    "America/Sao_Paulo", "America/Puerto_Rico", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "Pacific/Pago_Pago",
]


def add_common_arguments(parser):
    parser.add_argument("--dunlin", type=Path, help="the binary; default: .build/release/dunlin, else .build/debug/dunlin")
    parser.add_argument("--keep", action="store_true", help="leave the workspace (ledger, logs, records) where it is")


def find_dunlin(given):
    candidates = [given] if given else [REPOSITORY / ".build" / kind / "dunlin" for kind in ("release", "debug")]
    for path in candidates:
        if path and os.access(path, os.X_OK):
            return path.resolve()
    sys.exit(f"no dunlin at {' or '.join(map(str, candidates))}: build it with 'swift build' or name it with --dunlin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(seconds, what, condition, every=0.05):
    """The first true value of `condition()`; ends the script when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(every)
    raise Failed(f"{what}: not within {seconds} s")


def accepts_connections(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Failed(Exception):
    """Ends a script with a sentence instead of a traceback."""


class Workspace:
    """A folder of its own with a configuration in it; stops by pid whatever it started."""

    def __init__(self, arguments, name):
        self.dunlin = find_dunlin(arguments.dunlin)
        self.keep = arguments.keep
        self.path = Path(tempfile.mkdtemp(prefix=f"dunlin-{name}-"))
        self.path.chmod(0o755)
        self.config = self.path / "dunlin.yaml"
        self.ledger = self.path / "dunlin.db"
        self.control = self.path / "control"
        self.processes = []

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        return self

    def __exit__(self, kind, error, trace):
        for process in reversed(self.processes):
            stop(process)
        if isinstance(error, Failed):
            print(f"FAILED: {error}", file=sys.stderr)
            self.show_logs()
        if self.keep:
            print(f"kept: {self.path}")
        else:
            shutil.rmtree(self.path, ignore_errors=True)
        if isinstance(error, Failed):
            sys.exit(1)

    def show_logs(self):
        for log in sorted(self.path.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()
            print(f"--- the end of {log.name} ({len(lines)} lines)", *lines[-15:], sep="\n", file=sys.stderr)

    def start(self, name, command, **options):
        """Starts a process whose output goes to NAME.log, appended."""
        log = open(self.path / f"{name}.log", "ab")
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, **options)
        log.close()
        self.processes.append(process)
        return process

    def start_printing_port(self, name, command):
        """Starts a server that prints `port N` as its first line. Returns it with the port."""
        process = self.start(name, command)
        log = self.path / f"{name}.log"

        def port():
            if process.poll() is not None:
                raise Failed(f"{name} ended with {process.returncode}")
            first = log.read_text(errors="replace").partition("\n")
            return first[1] and first[0].startswith("port ") and int(first[0][5:])

        return process, wait_until(10, f"{name} listens", port)

    def start_sink(self, **options):
        """The recording gateway. Returns its process, port and record."""
        record = self.path / "sink.ndjson"
        command = [sys.executable, REPOSITORY / "Tests/acceptance/sink.py", "--record", record]
        for key, value in options.items():
            command += [f"--{key}", value]
        return *self.start_printing_port("sink", command), record

    def configure(self, gateways, routes, policies=None, **settings):
        """Writes dunlin.yaml. `gateways` and `routes` are mappings; JSON is YAML."""
        self.listen = free_port()
        document = {
            "ledger": f"sqlite:{self.ledger}", "templates": [str(REPOSITORY / "templates")], "control": str(self.control),
            "policies": str(policies or REPOSITORY / "deploy/etc/dunlin/policies"), "listen": f"127.0.0.1:{self.listen}",
            "drain": "10s", "gateways": gateways, "routes": routes, **settings,
        }
        self.config.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in document.items()))

    def run(self, *arguments, seconds=120, check=True):
        """Runs `dunlin …` to its end and returns it with its output as text."""
        command = [str(self.dunlin), *map(str, arguments), "--config", str(self.config)]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"dunlin {' '.join(command[1:])}: still running after {seconds} s") from None
        if check and done.returncode != 0:
            raise Failed(f"dunlin {' '.join(command[1:])}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def import_rows(self, rows, name="rows"):
        """Writes rows as NDJSON and imports them. All of them must be taken."""
        file = write_rows(self.path / f"{name}.ndjson", rows)
        self.run("import", file, "--rejects", self.path / f"{name}.rejects")
        return file

    def serve(self):
        """Starts the daemon and does not wait for it."""
        return self.start("dunlin", [self.dunlin, "serve", "--config", self.config])

    def serve_ready(self, seconds=30):
        """Starts the daemon and waits until it works: it listens earlier, before it has read its messages."""
        daemon = self.serve()
        said = Path(f"{self.ledger}.status.json")

        def ready():
            if daemon.poll() is not None:
                raise Failed(f"the daemon ended by itself with {daemon.returncode}")
            with contextlib.suppress(OSError, ValueError, KeyError):
                return json.loads(said.read_text())["daemon"]["pid"] == daemon.pid and accepts_connections(self.listen)
            return False

        wait_until(seconds, "the daemon works", ready)
        return daemon

    def secret(self, text="acceptance-secret"):
        """A secret as a configuration names it."""
        path = self.path / "secret"
        path.write_text(text)
        path.chmod(0o600)
        return {"file": str(path)}

    def status(self):
        """What `status --json` says, or nil while it cannot say anything."""
        done = self.run("status", "--json", check=False, seconds=30)
        with contextlib.suppress(ValueError):
            return json.loads(done.stdout)
        return None

    def wait_idle(self, seconds, open_states=("scheduled", "sending")):
        """Waits until nothing is under way any more. Returns the last status."""
        def idle():
            status = self.status()
            return status if status and not any(status["states"].get(state) for state in open_states) else None

        return wait_until(seconds, f"nothing left in {' or '.join(open_states)}", idle, every=0.5)


def shown(states):
    """The counts that are not zero."""
    return {name: count for name, count in states.items() if count}


def stop(process, seconds=15):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def read_record(path):
    """The requests of a sink's record in order, each with `answered` (ms) and `status`, nil where there is no second line."""
    requests = {}
    with open(path, "rb") as file:
        for line in file:
            entry = json.loads(line)
            if "path" in entry:
                requests[entry["n"]] = entry | {"answered": None, "status": None}
            else:
                requests[entry["n"]].update(answered=entry["t"], status=entry["status"])
    return list(requests.values())


def phone(number):
    """The fictitious North American numbers (555-0100 to 555-0199 of each area code), 78,000 of them."""
    area, line = divmod(number, 100)
    if area >= 780:
        raise ValueError("out of fictitious numbers")
    return f"+1{200 + area}55501{line:02}"


def is_between(zone, first, last, instant, days=range(7)):
    local = instant.astimezone(ZoneInfo(zone))
    return local.weekday() in days and first <= local.hour * 60 + local.minute < last


def open_cities(first_hour, last_hour, hours_left=1.0, days=range(7)):
    """Cities where it is within the hours now and will be for `hours_left` more."""
    now = dt.datetime.now(dt.timezone.utc)
    return [zone for zone in CITIES if is_between(zone, first_hour * 60, int((last_hour - hours_left) * 60), now, days)]


def closed_cities(first_hour, last_hour, hours_away=1.0):
    """Cities where the hours are over or have not begun, and will not begin within `hours_away`."""
    now = dt.datetime.now(dt.timezone.utc)
    later = now + dt.timedelta(hours=hours_away)
    first, last = first_hour * 60, last_hour * 60 + 1
    return [zone for zone in CITIES if not is_between(zone, first, last, now) and not is_between(zone, first, last, later)]


def make_row(id, *, zone, phone=None, email=None, channels=("sms",), message="payment-overdue", region="US",
             recipient=None, account=None, name="Alex Kim", locale="en-US", creditor="Harbor Credit", amount="1234.50",
             currency="USD", due_in=-60, expires_in=86400):
    """A reminder in the shape of design section 9; times in seconds from now."""
    now = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)

    def at(seconds):
        return (now + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    person = {"id": recipient or f"P-{id}", "name": name, "locale": locale, "zones": [zone], "region": region}
    if phone:
        person["phone"] = phone
    if email:
        person["email"] = email
    return {
        "id": id, "message": message, "due": at(due_in), "expires": at(expires_in), "channels": list(channels),
        "account": {"id": account or f"A-{id}", "creditor": creditor, "amount": amount, "currency": currency,
                    "due_date": now.strftime("%Y-%m-%d")},
        "recipient": person, "vars": {},
    }


class Report:
    """Figures and verdicts, printed as a table at the end."""

    def __init__(self, title):
        self.title, self.lines, self.passed, self.failed = title, [], 0, 0

    def figure(self, name, value):
        self.lines.append(("", name, value))

    def check(self, name, holds, value=""):
        self.lines.append(("ok" if holds else "FAIL", name, value))
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        return holds

    def count(self, name, offenders, limit=3):
        """Holds when there are no offenders; shows the first few otherwise."""
        offenders = list(offenders)
        shown = "; ".join(map(str, offenders[:limit]))
        return self.check(name, not offenders, f"{len(offenders)}{': ' + shown if shown else ''}")

    def finish(self):
        width = max(len(name) for _, name, _ in self.lines)
        print(f"\n{self.title}")
        for verdict, name, value in self.lines:
            print(f"  {verdict:4}  {name:{width}}  {value}")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
