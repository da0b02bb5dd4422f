#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the shipped adapters put on the wire, against what the vendors' own SDKs from PyPI put there.

    requests_check.py [--only ADAPTER…] [--show] [--dunlin PATH] [--keep]

For every adapter in requests_sdks.py `dunlin gateways test` and the vendor's SDK each send one message. Compared are host,
method, path, query, content type, who sends, and the body's fields with their values and types; what may differ stands in
requests_differences.py with its reason. Both are answered with the fixture's first answer of success, in which the SDK has
to find the id that the fixture promises.

The look-ups (requests_lookups.py) are those of the fixtures, to which the conformance suite holds Dunlin. The words of the
definitions, statuses and codes, are compared with those that the SDKs know (requests_words.py), and the fixtures' callbacks
are read by those SDKs that have types for them (requests_received.py).
"""
import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import types
import warnings
from urllib.parse import parse_qsl, urlsplit

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import requests_capture
from requests_differences import DIFFERENCES, UNINTERESTING
from requests_lookups import LOOKUPS
from requests_received import check_received
from requests_sdks import HOSTS, SDKS
from requests_words import check_words
from support import REPOSITORY, Report, Workspace, add_common_arguments, free_port

DEFINITIONS = REPOSITORY / "Sources/DunlinGateways/Adapters/Definitions"
FIXTURES = REPOSITORY / "Tests/DunlinGatewaysTests/Fixtures"
TOKEN = re.compile(r"t[0-9a-z]+-[0-9a-f]{20}|tok-0123456789abcdef(-ask-1)?")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
VALUES = {"{name}": "Zoë", "{amount}": "¥1,200.00"}
MESSAGE = "payment-overdue"
LIBRARY = {MESSAGE, "fragments", "wording", "library.yaml"}
FIXTURES_TIME = 1795287180
OUR_UUID = "11111111-2222-8333-8444-555555555555"
# An instant, as headers of signatures write it.
INSTANT = re.compile(r"\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|1[789]\d{8}")
# Settings beside the fixtures': where an SDK looks more closely, and those that the fixture leaves out.
SETTINGS = {
    "plivo-sms": {"auth_id": "MA" + "X" * 18}, "plivo-voice": {"auth_id": "MA" + "X" * 18},
    "telnyx-sms": {"messaging_profile_id": "40017b4a"}, "tencent-sms": {"sender_id": "Harbor"},
    "twilio-sms": {"messaging_service": "MG" + "0" * 32},
}
SECRETS = {
    "SECRET": "s3cret-key", "KEY_ID": "AKIDEXAMPLE", "AES_KEY": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
    "BASE64_KEY": "ZHVubGluLWNvbmZvcm1hbmNlLWtleS0zMi1ieXRlcyE=", "WHSEC": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "PEM": rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
}


class Adapter:
    """An adapter with its fixture."""

    def __init__(self, name):
        self.name = name
        self.definition = yaml.safe_load((DEFINITIONS / f"{name}.yaml").read_text("utf-8"))
        self.fixture = yaml.safe_load((FIXTURES / f"{name}.yaml").read_text("utf-8"))
        self.to = (self.fixture.get("message") or {}).get("to") or (
            "alex@example.com" if self.definition["channel"] == "email" else "+16175550123")
        self.gateway = json.loads(replaced(json.dumps(self.fixture["gateway"], ensure_ascii=False), VALUES))
        self.gateway |= SETTINGS.get(name, {})
        if self.definition["channel"] == "email":
            self.gateway["unsubscribe"] = "https://example.com/u/{token}"
        self.base = urlsplit(self.gateway.get("base_url") or self.definition["base_url"])

    def entry(self, port, folder):
        """What dunlin.yaml says of it, with the vendor at a port of the loopback."""
        entry = self.gateway | {"adapter": self.name, "base_url": f"http://127.0.0.1:{port}{self.base.path}"}
        where = self.definition.get("access", {}).get("request", {}).get("url", "")
        if where.startswith("https:"):
            copy = folder / f"{self.name}.yaml"
            text = (DEFINITIONS / f"{self.name}.yaml").read_text("utf-8")
            copy.write_text(text.replace(f"https://{urlsplit(where).netloc}", f"http://127.0.0.1:{port}"), "utf-8")
            entry |= {"adapter": "http", "definition": str(copy)}
        return entry

    def answers(self, row):
        """This answer to everything but the request for an access token."""
        rows = []
        if access := self.fixture.get("access"):
            rows.append((urlsplit(access["request"].split()[1]).path, response(access["answers"][0])))
        return rows + [("", response(row))]

    def success(self):
        return next(row for row in self.fixture["answers"] if row[2].split()[0] == "accepted")

    def settings(self):
        """What an SDK is given: secrets in clear."""
        return {key: SECRETS[value["env"]] if isinstance(value, dict) and value.keys() == {"env"} else value
                for key, value in self.gateway.items()}

    def message(self):
        text = f"This is a test of the gateway {self.name}. Nothing is asked of you."
        message = types.SimpleNamespace(
            to=self.to.partition(":")[2] or self.to, text=text, subject=f"Test of {self.name}",
            html=f"<html><body>{text}</body></html>", token="TOKEN", uuid=OUR_UUID, at=FIXTURES_TIME,
            callback=f"https://dunlin.example.com/callbacks/{self.name}?a=TOKEN",
            script=f'<Response><Say language="en-US">{text}</Say></Response>',
            sender="=?UTF-8?B?5riv54Gj5L+h6LK4?= <care@example.com>", headers={
                "List-Unsubscribe": "<https://example.com/u/TOKEN>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated"})
        if "callback_key" in self.gateway:
            message.callback += f"&k={SECRETS['SECRET']}"
        if templates := self.gateway.get("templates"):
            approved = templates[MESSAGE]
            message.template, message.values = approved["code"], approved["values"]
        return message


def replaced(text, pairs):
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


def response(row):
    return row[0], row[1], row[3] if len(row) > 3 else {}


def fields(request, host):
    """A request as a flat mapping of everything that can be right or wrong in it; the token is written TOKEN."""
    url = urlsplit(request["target"])
    found = {"method": request["method"], "host": host, "path": url.path}
    found |= {f"query {name}": value for name, value in parse_qsl(url.query, keep_blank_values=True)}
    headers = dict(request["headers"])
    kind = headers.pop("content-type", "").partition(";")[0]
    found |= {f"header {name}": value for name, value in headers.items() if not UNINTERESTING.match(name)}
    if "header authorization" in found:
        found["header authorization"] = credentials(found["header authorization"])
    for name in found:
        if name.startswith("header ") and INSTANT.fullmatch(found[name]):
            found[name] = "INSTANT"
    if request["body"]:
        found["content-type"] = kind
        found |= body_fields(kind, request["body"])
    return {name: UUID.sub(OUR_UUID, TOKEN.sub("TOKEN", value)) if isinstance(value, str) else value
            for name, value in found.items()}


def credentials(text):
    """Who sends: the scheme with what it says openly. Signatures are signing_check.py's matter."""
    scheme, _, rest = text.partition(" ")
    if scheme == "Basic":
        return f"Basic {base64.b64decode(rest).decode()}"
    if scheme == "Bearer" and rest.count(".") == 2:
        claims = json.loads(base64.urlsafe_b64decode(rest.split(".")[1] + "=="))
        return f"Bearer JWT with {sorted(claims)}"
    return re.sub(r",? ?(Signature|SignedHeaders)=[^,]*", "", re.sub(r"/\d{8}/|/\d{4}-\d\d-\d\d/", "/DATE/", text))


def body_fields(kind, body):
    if kind in ("application/json", "application/x-amz-json-1.0") or body[:1] == b"{":
        return dict(flat("json ", json.loads(body)))
    if kind == "application/x-www-form-urlencoded":
        return {f"form {name}": value for name, value in parse_qsl(body.decode(), keep_blank_values=True)}
    return {"body": body.decode("utf-8", "replace")}


def flat(place, value):
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from flat(f"{place}/{name}", member)
    elif isinstance(value, list) and value:
        for index, member in enumerate(value):
            yield from flat(f"{place}/{index}", member)
    else:
        yield place, value


def send_with_dunlin(space, adapters, capture):
    """The fields of Dunlin's requests, by adapter; the access token's first."""
    sent = {}
    for adapter in adapters:
        capture.answer_with(adapter.answers(adapter.success()))
        command = [space.dunlin, "gateways", "test", adapter.name, "--to", adapter.to, "--config", space.config]
        if "templates" in adapter.gateway:
            command += ["--message", MESSAGE]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | SECRETS)
        if done.returncode != 0:
            print(f"{adapter.name}: {done.stdout}{done.stderr}"[:2000], file=sys.stderr)
        sent[adapter.name] = list(capture.requests)
    return sent


def differences(adapter, ours, theirs):
    """What is different and has no reason in the table, and reasons that explain nothing."""
    reasons = DIFFERENCES.get(adapter, {})
    differing = {name for name in ours.keys() | theirs.keys()
                 if name not in ours or name not in theirs or not same(ours[name], theirs[name])}
    explained = {name for name in differing if any(re.fullmatch(pattern, name) for pattern in reasons)}
    missing = "nothing"
    for name in sorted(differing - explained):
        yield f"{name}: we {ours.get(name, missing)!r}, it {theirs.get(name, missing)!r}"
    for pattern in reasons:
        if not any(re.fullmatch(pattern, name) for name in differing):
            yield f"'{pattern}' explains nothing any more"


def same(ours, theirs):
    """Equal in value and type; a text may be JSON in other spacing, or XML with its first line."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, str) and ours[:1] in ("{", "[") and ours != theirs:
        try:
            return json.loads(ours) == json.loads(theirs)
        except ValueError:
            return False
    return ours == theirs or isinstance(ours, str) and theirs == '<?xml version="1.0" encoding="UTF-8"?>' + ours


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--only", nargs="+", choices=sorted(SDKS), metavar="ADAPTER")
    parser.add_argument("--show", action="store_true", help="print both requests of each")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    adapters = [Adapter(name) for name in sorted(arguments.only or SDKS)]
    result = Report("requests against the vendors' SDKs")
    with Workspace(arguments, "requests") as space:
        loopback = requests_capture.Capture()
        # One message: each start of Dunlin reads the whole library.
        shutil.copytree(REPOSITORY / "templates", space.path / "templates", ignore=lambda folder, names: [
            name for name in names if folder == str(REPOSITORY / "templates") and name not in LIBRARY])
        space.configure(
            templates=[str(space.path / "templates")],
            gateways={each.name: each.entry(loopback.port, space.path) for each in adapters},
            routes={"sms": [next((each.name for each in adapters if each.definition["channel"] == "sms"), adapters[0].name)]},
            callbacks={"listen": f"127.0.0.1:{free_port()}", "url": "https://dunlin.example.com/callbacks"})
        ours = send_with_dunlin(space, adapters, loopback)
        vendors = requests_capture.vendor_server({host for hosts in HOSTS.values() for host in hosts}, space.path)
        for adapter in adapters:
            compare(result, adapter, ours[adapter.name], vendors, arguments.show)
            if adapter.name in LOOKUPS:
                compare_lookup(result, adapter, vendors)
            check_words(result, adapter.name, adapter.definition)
            check_received(result, adapter.name, adapter.fixture)
    return result.finish()


def compare(result, adapter, ours, vendors, is_shown):
    package, send = SDKS[adapter.name]
    vendors.answer_with(adapter.answers(adapter.success()))
    promised = adapter.success()[2].partition(" ")[2]
    try:
        found = str(send(adapter.settings(), adapter.message()) or "")
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
    theirs = list(vendors.requests)
    result.check(f"{adapter.name}: {package} finds the id in our fixture's answer", found == promised, found)
    if not result.check(f"{adapter.name}: as many requests", len(ours) == len(theirs), f"{len(ours)}, {len(theirs)}"):
        return
    for index, (own, other) in enumerate(zip(ours, theirs)):
        host = HOSTS[adapter.name][0] if index < len(ours) - 1 and len(HOSTS[adapter.name]) > 1 else adapter.base.netloc
        own, other = fields(own, host), fields(other, other["headers"]["host"])
        if is_shown:
            print(adapter.name, json.dumps(own, ensure_ascii=False, indent=1), json.dumps(other, ensure_ascii=False, indent=1))
        last = index == len(ours) - 1
        result.count(f"{adapter.name}: {'message' if last else 'access token'}, differences",
                     differences(adapter.name if last else f"{adapter.name} access", own, other), limit=20)


def compare_lookup(result, adapter, vendors):
    lookup = adapter.fixture["lookup"]
    vendors.answer_with(adapter.answers(next(row for row in lookup["answers"] if row[0] == 200)))
    failure = ""
    try:
        LOOKUPS[adapter.name](adapter.settings(), adapter.message())
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    result.check(f"{adapter.name}: the SDK reads our fixture's look-up", not failure, failure)
    own = fields(request_of(lookup["request"]), adapter.base.netloc)
    other = vendors.requests[-1]
    result.count(f"{adapter.name}: look-up, differences",
                 differences(f"{adapter.name} lookup", own, fields(other, other["headers"]["host"])), limit=20)


def request_of(text):
    """A request as fixtures write it."""
    head, _, body = text.partition("\n\n")
    (method, url), *lines = (line.split(" ", 1) for line in head.splitlines())
    parts = urlsplit(url)
    return {"method": method, "target": f"{parts.path}?{parts.query}", "body": body.removesuffix("\n").encode(),
            "headers": {name.removesuffix(":").lower(): value for name, value in lines}}


if __name__ == "__main__":
    sys.exit(main())
