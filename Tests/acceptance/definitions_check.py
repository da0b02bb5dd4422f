#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks gateway definitions against gateway.schema.json, without the binary.

Every definition that ships, the example, and the parts of one that docs/add-a-gateway.md shows must fit; good and bad
samples too, where each bad one must fail at the place that it is about.

Needs PyYAML and jsonschema 4 (Debian: python3-yaml, python3-jsonschema).
"""
import json
import re
import sys

from jsonschema import Draft202012Validator

from packs_check import faults, load
from support import REPOSITORY, Report

FOLDER = REPOSITORY / "deploy/etc/dunlin/gateways"
SHIPPED = REPOSITORY / "Sources/DunlinGateways/Adapters/Definitions"
DOCUMENT = REPOSITORY / "docs/add-a-gateway.md"

HEAD = {
    "channel": "sms", "request": {"method": "POST", "url": "{base_url}/x", "form": {"to": "{to}"}},
    "response": {"parse": "json"}, "rules": [{"otherwise": "by-status"}],
}

GOOD = [
    "rate: 2.5/min",
    "max_text: 1600",
    "settings: {a: text, b: optional secret, c: url, d: optional list}",
    "either: [a, b]",
    "templates: ordered",
    "call_format: ncco",
    "request: {method: GET, url: x, query: {a: 1, b: '{to}'}, headers: {X: '{token}'}}",
    "request: {method: PUT, url: x, json: [null, 1, {a: {$number: '{to|digits}'}, b: {$string: {$values: named}}}]}",
    "request: {method: POST, url: x, json: {$values: {type: text, text: '{value}'}}, content_type: a/b}",
    "request: {method: POST, url: x, json: [{to: '{to}', $values: named}], query_json: {P: {$values: named}}}",
    "request: {method: POST, url: x, form_json: {P: {$literal: 'true'}}}",
    "request: {method: POST, url: x, xml: <a/>, content_type: text/xml; charset=utf-8}",
    "request: {method: POST, url: x, text: '{text}', auth: {bearer: '{access_token}'}}",
    "request: {method: POST, url: x, auth: {aws-sigv4: {key_id: a, key_secret: b, region: c, service: d}}}",
    "request: {method: POST, url: x, auth: {jwt: {key: k, claims: {application_id: a}, lifetime: 15m}}}",
    "request: {method: POST, url: x, auth: {hmac: {key: k, hash: sha256, over: '{body}', header: S, encoding: hex}}}",
    "response: {parse: text, id: {after: 'Success \"', before: '\"'}, code: [header x-error, /a/*/b]}",
    "rules: [{status: [400, 4xx], code: [1, 'a.*'], is: recipient, reason: opted-out}, {otherwise: by-status}]",
    "rules: [{status: 401, is: access-expired}, {code: x, is: throttled, after: 5s}, {otherwise: by-status}]",
    "callbacks: {verify: {key: {key: '{config.k}'}, from: [10.0.0.0/8, '::1']}, events: [{kind: question, attempt: a}]}",
    "callbacks: {verify: {sns: {topics: ['{config.t}', x], version: '1'}}, events: [{kind: question, attempt: a}]}",
    "callbacks: {verify: {token: {}}, parse: json-in payload, "
    "events: [{kind: reply, id: i, from: {join: [a, b], country: 49}, text: {field: t, format: utf16hex}}]}",
]

BAD = [
    ("channel: fax", "channel:"),
    ("base_url: api.example", "base_url:"),
    ("rate: 5", "rate:"),
    ("rate: 5/d", "rate:"),
    ("settings: {rate: text}", "settings:"),
    ("settings: {a: password}", "settings/a:"),
    ("templates: both", "templates:"),
    ("templtes: named", "'templtes' was unexpected"),
    ("request: {url: x}", "'method' is a required property"),
    ("request: {method: DELETE, url: x}", "request/method:"),
    ("request: {method: GET, url: x, form: {a: b}}", "request:"),
    ("request: {method: POST, url: x, form: {a: b}, json: {}}", "request:"),
    ("request: {method: POST, url: x, form_json: {a: b}, xml: <a/>}", "request:"),
    ("request: {method: POST, url: x, content_type: a/b}", "request:"),
    ("request: {method: POST, url: x, json: {$nmber: 1}}", "request/json:"),
    ("request: {method: POST, url: x, json: {$number: 1, a: b}}", "request/json:"),
    ("request: {method: POST, url: x, auth: {basic: {username: a}}}", "request/auth/basic:"),
    ("request: {method: POST, url: x, auth: {bearer: a, header: {name: a, value: b}}}", "request/auth:"),
    ("request: {method: POST, url: x, auth: {digest: a}}", "request/auth:"),
    ("access: {request: {method: POST, url: x}}", "'response' is a required property"),
    ("access: {request: {method: POST, url: x}, response: {token: t}}", "access/response/token:"),
    ("response: {parse: xml}", "response/parse:"),
    ("rules: []", "rules:"),
    ("rules: [{is: ok}]", "rules/0/is:"),
    ("rules: [{status: 999, is: unknown}]", "rules/0/status:"),
    ("rules: [{status: 400, is: configuration, reason: opted-out}]", "rules/0/is:"),
    ("rules: [{otherwise: accepted}]", "rules/0/otherwise:"),
    ("repeatable: forever", "repeatable:"),
    ("lookup: {items: /a}", "'request' is a required property"),
    ("lookup: {request: {method: GET, url: x}, match: {reference: a}}", "lookup/match:"),
    ("callbacks: {events: [{kind: question, attempt: a}]}", "'verify' is a required property"),
    ("callbacks: {verify: {twilio: {}}, events: [{kind: question, attempt: a}]}", "callbacks/verify/twilio:"),
    ("callbacks: {verify: {token: {}}, events: []}", "callbacks/events:"),
    ("callbacks: {verify: {token: {}}, events: [{kind: receipt, status: s, is: {failed: 1}}]}", "callbacks/events/0:"),
    ("callbacks: {verify: {token: {}}, events: [{kind: reply, from: f, key: k}]}", "callbacks/events/0:"),
]


def blocks(text):
    """The parts of a definition that the document shows, with what it leaves out filled in."""
    for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        part = load(block.replace("{basic: {…}}", "{basic: {username: u, password: p}}").replace("…", "x"))
        if not {"gateways", "sms-cn"} & part.keys():
            yield part


def main():
    report = Report("gateway definitions")
    schema = json.loads((FOLDER / "gateway.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    files = sorted([*SHIPPED.glob("*.yaml"), *FOLDER.glob("*.yaml")])
    report.check("there are definitions", len(files) > 1, len(files))
    report.count("definitions against the schema", [
        f"{path.name}: {fault}" for path in files for fault in faults(validator, load(path.read_text("utf-8")))[:3]])

    shown = list(blocks(DOCUMENT.read_text(encoding="utf-8")))
    report.check("the document shows access, look-up and callbacks", {
        key for part in shown for key in part} >= {"access", "repeatable", "lookup", "callbacks"}, len(shown))
    report.count("parts in the document against the schema", [
        fault for part in shown for fault in faults(validator, HEAD | part)[:3]])

    refused = [f"{line}: {fault}" for line in GOOD for fault in faults(validator, HEAD | load(line))[:1]]
    report.count(f"{len(GOOD)} good samples that are refused", refused)
    missed = [line for line, where in BAD if where not in "\n".join(faults(validator, HEAD | load(line)))]
    report.count(f"{len(BAD)} bad samples that pass, or fail elsewhere", missed)
    report.check("a definition without anything is refused", len(faults(validator, {})) == 4)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
