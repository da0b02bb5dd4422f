#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Twilio that is as strict as its documentation, and reminders sent to it.

    twilio_check.py [--count 200] [--dunlin PATH] [--keep]

Checks Basic auth, path, content type, every field's name and shape, and TwiML (well-formed, known verbs and attributes,
at most 4000 characters). What is wrong is answered as Twilio would and listed at the end.
Sources: twilio-oai's twilio_api_v2010 for fields, Twilio's TwiML reference for verbs.
"""
import argparse
import base64
import json
import re
import sys
import threading
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import people
from support import Report, Workspace, add_common_arguments, free_port, shown

ACCOUNT, TOKEN = "AC" + "5e" * 16, "acceptance-secret"
E164 = re.compile(r"\+[1-9]\d{6,14}")
SMS_FIELDS = {
    "To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod", "ProvideFeedback", "Attempt",
    "SmartEncoded", "RiskCheck",
}
CALL_FIELDS = {
    "To", "From", "Twiml", "Url", "Method", "StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod", "Timeout",
    "TimeLimit", "MachineDetection", "MachineDetectionTimeout", "MachineDetectionSpeechThreshold",
    "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout", "AsyncAmd", "CallReason",
}
# The attributes that each verb takes.
VERBS = {
    "Response": set(), "Say": {"language", "voice", "loop"}, "Pause": {"length"}, "Hangup": set(),
    "Gather": {"numDigits", "timeout", "action", "method", "input", "finishOnKey", "actionOnEmptyResult", "language"},
    "Redirect": {"method"}, "Play": {"loop", "digits"},
}
LANGUAGES = {"en": "en", "es": "es", "zh": "zh|cmn|yue"}


def faults_of_sms(fields):
    yield from faults_of_both(fields, SMS_FIELDS)
    if ("From" in fields) == ("MessagingServiceSid" in fields):
        yield "neither or both of From and MessagingServiceSid"
    if not 1 <= len(fields.get("Body", "")) <= 1600:
        yield f"a Body of {len(fields.get('Body', ''))} characters"
    if "ValidityPeriod" in fields and not 1 <= number(fields["ValidityPeriod"]) <= 36000:
        yield f"ValidityPeriod {fields['ValidityPeriod']}"


def faults_of_call(fields):
    yield from faults_of_both(fields, CALL_FIELDS)
    if not E164.fullmatch(fields.get("From", "")):
        yield "From is not a number"
    if ("Twiml" in fields) == ("Url" in fields):
        yield "neither or both of Twiml and Url"
    if fields.get("MachineDetection", "Enable") not in ("Enable", "DetectMessageEnd"):
        yield f"MachineDetection {fields['MachineDetection']}"
    yield from faults_of_twiml(fields.get("Twiml", ""))


def faults_of_both(fields, known):
    yield from (f"unknown field {name}" for name in fields.keys() - known)
    if not E164.fullmatch(fields.get("To", "")):
        yield "To is not E.164"
    if "StatusCallback" in fields:
        url = urlsplit(fields["StatusCallback"])
        if url.scheme not in ("http", "https") or not url.hostname or "_" in url.hostname:
            yield "StatusCallback is not a URL that Twilio takes"


def faults_of_twiml(text):
    if len(text) > 4000:
        yield f"TwiML of {len(text)} characters"
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        yield f"TwiML is not XML: {error}"
        return
    if root.tag != "Response":
        yield f"TwiML begins with {root.tag}"
    for verb in root.iter():
        if verb.tag not in VERBS:
            yield f"unknown verb {verb.tag}"
            continue
        yield from (f"{verb.tag} does not take {name}" for name in verb.attrib.keys() - VERBS[verb.tag])
        if verb.tag == "Say" and not (verb.text or "").strip():
            yield "Say says nothing"
        if verb.tag == "Gather" and any(child.tag not in ("Say", "Pause", "Play") for child in verb):
            yield "Gather holds what it may not"
    if not list(root.iter("Say")):
        yield "nothing is said"


def number(text):
    return int(text) if text.isdigit() else -1


class Twilio(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        resource = self.path.rpartition("/")[2]
        faults = list(self.faults_of_request(resource))
        pairs = parse_qs(body.decode("ascii", "replace"), keep_blank_values=True)
        fields = {name: values[0] for name, values in pairs.items()}
        faults += [f"{name} stands {len(values)} times" for name, values in pairs.items() if len(values) > 1]
        faults += [f"{name} is empty" for name, value in fields.items() if not value]
        faults += faults_of_sms(fields) if resource == "Messages.json" else faults_of_call(fields)
        self.server.seen.append((resource, fields, faults))
        if faults:
            self.answer(400, {"code": 20001, "message": "; ".join(faults), "status": 400})
        else:
            kind = "SM" if resource == "Messages.json" else "CA"
            self.answer(201, {"sid": f"{kind}{len(self.server.seen):032x}", "status": "queued", "error_code": None})

    def faults_of_request(self, resource):
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/{resource}" or resource not in ("Messages.json", "Calls.json"):
            yield f"the path {self.path}"
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            yield "Basic auth"
        if self.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            yield f"the content type {self.headers.get('Content-Type')}"
        if self.headers.get("Expect"):
            yield "Expect: 100-continue costs a round trip"

    def answer(self, status, content):
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--count", type=int, default=200, help="texts and calls, each")
    arguments = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Twilio)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Workspace(arguments, "twilio") as space:
        common = {"base_url": f"http://127.0.0.1:{server.server_port}", "account": ACCOUNT, "token": space.secret(TOKEN),
                  "from": "+16175550100"}
        space.configure(
            gateways={"sms-main": common | {"adapter": "twilio-sms"}, "voice-main": common | {"adapter": "twilio-voice"}},
            routes={"sms": ["sms-main"], "call": ["voice-main"]},
            callbacks={"listen": f"127.0.0.1:{free_port()}", "url": "https://dunlin.example.com/callbacks"})
        rows = people.rows(arguments.count, "sms", "s") + people.rows(arguments.count, "call", "c")
        space.import_rows(rows)
        daemon = space.serve_ready()
        status = space.wait_idle(120)
        daemon.terminate()
        daemon.wait(30)
        return report(rows, server.seen, status)


def report(rows, seen, status):
    result = Report(f"{len(rows)} reminders to a strict stand-in for Twilio")
    result.count("requests with a fault", sorted({fault for _, _, faults in seen for fault in faults}), limit=10)
    result.check("all accepted", status["states"].get("accepted") == len(rows), shown(status["states"]))
    for kind, resource in (("sms", "Messages.json"), ("call", "Calls.json")):
        wanted = sorted(row["recipient"]["phone"] for row in rows if row["channels"] == [kind])
        got = sorted(fields.get("To", "") for name, fields, _ in seen if name == resource)
        result.check(f"each person once on {resource}", wanted == got, f"{len(got)} requests")
    texts = {fields["To"]: fields.get("Body", "") for name, fields, _ in seen if name == "Messages.json" and "To" in fields}
    result.count("texts without the creditor's name", [
        row["id"] for row in rows if row["channels"] == ["sms"]
        and row["account"]["creditor"] not in texts.get(row["recipient"]["phone"], "")])
    tokens = [fields.get("StatusCallback", "") for _, fields, _ in seen]
    result.check("each request names its attempt in the callback", len(set(tokens)) == len(seen) > 0)
    calls = {fields["To"]: fields.get("Twiml", "<x/>") for name, fields, _ in seen if name == "Calls.json" and "To" in fields}
    result.count("calls in another language than the recipient's", [
        row["id"] for row in rows if row["channels"] == ["call"]
        and not speaks(calls.get(row["recipient"]["phone"], "<x/>"), LANGUAGES[row["recipient"]["locale"][:2]])])
    return result.finish()


def speaks(twiml, language):
    try:
        said = [verb.get("language", "en") for verb in ElementTree.fromstring(twiml).iter("Say")]
    except ElementTree.ParseError:
        return False
    return bool(said) and all(re.match(language, tag) for tag in said)


if __name__ == "__main__":
    sys.exit(main())
