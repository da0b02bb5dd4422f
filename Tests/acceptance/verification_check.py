#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Callbacks signed by the vendors' own libraries from PyPI, and what is left of them after a change.

    verification_check.py [--seed 1] [--count 1000] [COMMAND…]

Makes random callbacks of each scheme, every other one changed in one place, and has the Swift test VerificationOracleTests
(COMMAND, if it is not the one below) say of each whether it is proven. A changed one must be refused.

twilio             twilio's RequestValidator            standard-webhooks  standardwebhooks' Webhook
vonage-signature   vonage-http-client's Auth            ed25519            PyNaCl
vonage-jwt, gatewayapi-jwt, messagebird-jwt: PyJWT; the last one judged by messagebird's RequestValidator
plivo              plivo's signature_v3, and its V2     sendgrid           cryptography; judged by sendgrid's EventWebhook
line               judged by line-bot-sdk's validator   wechat             wechatpy's WeChatCrypto and WeChatSigner
sns                sns.py; judged, or its signed text compared, by aws-sns-message-validator
sinch, mailgun, hub, hmac, basic: computed again with Python's hashlib and hmac
"""
import argparse
import base64
import collections
import datetime
import hashlib
import hmac
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import types
import warnings
from unittest import mock
from urllib.parse import quote, quote_plus, urlencode

warnings.filterwarnings("ignore")
import jwt
import wechatpy.crypto
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from linebot.v3.webhook import SignatureValidator
from messagebird.request_validator import RequestValidator as MessageBird
from nacl.signing import SigningKey
from plivo.utils import validate_signature
from plivo.utils.signature_v3 import construct_get_url, construct_post_url, get_signature_v3
from sendgrid.helpers.eventwebhook import EventWebhook
from standardwebhooks import Webhook
from sns_message_validator import SNSMessageValidator
from twilio.request_validator import RequestValidator as Twilio
from vonage_http_client.auth import Auth
from wechatpy.utils import WeChatSigner

import sns

COMMAND = ["swift", "test", "--skip-build", "--filter", "VerificationOracle"]
WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ASCII = WORD + " !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"
TEXT = list(ASCII) + list("éßİ中文😀\u0301ि")
FORM = "application/x-www-form-urlencoded"


class Dice(random.Random):
    def text(self, most=12, least=0, letters=TEXT):
        return "".join(self.choices(letters, k=self.randint(least, most)))

    def word(self, most=20, least=1):
        return self.text(most, least, WORD)

    def event(self):
        return json.dumps({self.word(8): self.text(30) for _ in range(self.randint(1, 8))},
                          ensure_ascii=self.random() < 0.5) + self.choice(["", "\n", "\r\n"])

    def fields(self, letters=TEXT, least=1):
        return {self.word(8) + str(n): self.text(14, 0, letters) for n in range(self.randint(least, 8))}

    def url(self, letters=TEXT, query=0.5):
        port = self.choice(["", "", ":8443", ":443"])
        url = f"https://{self.word(8).lower()}.example.com{port}/{self.word(8)}/{quote(self.text(5))}"
        return url + ("?" + urlencode(self.fields(letters)) if self.random() < query else "")


def mac(key, text, method="sha256"):
    return hmac.new(key.encode(), text if isinstance(text, bytes) else text.encode(), method)


def b64(octets):
    return base64.b64encode(octets).decode()


def case(scheme, settings, headers, body, covers, *, verify=None, at=None, url="https://d.example.com/c", method="POST",
         payload=None, **more):
    """`covers`: what a change must break: 'body', 'url', or the name of a header."""
    keys = ", ".join(f"{name}: '{{config.{name}}}'" for name in settings)
    return {"scheme": scheme, "verify": verify or f"{scheme}: {{{keys}}}", "settings": settings, "method": method, "url": url,
            "headers": headers, "body": body if isinstance(body, bytes) else body.encode(), "at": at or 1_700_000_000,
            "expected": "proven" if payload is None else f"proven {payload}", "covers": covers} | more


def twilio(dice):
    key, url = dice.text(40, 1), dice.url()
    validator, headers, covers = Twilio(key), {"content-type": FORM}, ["body", "url", "x-twilio-signature"]
    algorithm = dice.choice(["HMAC_SHA1", "HMAC_SHA1", "HMAC_SHA256"])
    if algorithm == "HMAC_SHA256":
        headers["x-twilio-webhooks-signature-settings"] = "key=k,algorithm=HMAC_SHA256"
    if dice.random() < 0.2:
        body, headers["content-type"] = dice.event(), "application/json"
        url += ("&" if "?" in url else "?") + "bodySHA256=" + validator.compute_hash(body)
        signature = validator.compute_signature(url, {}, algorithm)
    else:
        pairs = [pair for pair in dice.fields().items() for _ in range(dice.choice([1, 1, 2]))]
        pairs += [(name, dice.text(5)) for name, _ in pairs[:1]]
        dice.shuffle(pairs)
        body, many = urlencode(pairs), collections.defaultdict(list)
        for name, value in pairs:
            many[name].append(value)
        lists = mock.Mock(spec=["getlist", "__iter__"])
        lists.__iter__ = lambda self: iter(many)
        lists.getlist = many.__getitem__
        signature = validator.compute_signature(url, lists, algorithm)
    return case("twilio", {"key": key}, headers | {"x-twilio-signature": signature}, body, covers, url=url)


def vonage(dice):
    key, method = dice.text(40, 1), dice.choice(["md5", "sha1", "sha256", "sha512"])
    fields = dice.fields() | {"timestamp": str(1_700_000_000 + dice.randint(-300, 300))}
    fields["sig"] = Auth(api_key="k", signature_secret=key, signature_method=method).sign_params(dict(fields))
    pairs = list(fields.items())
    dice.shuffle(pairs)
    verify = f"vonage-signature: {{key: '{{config.key}}', hash: {method}}}"
    if dice.random() < 0.5:
        return case("vonage-signature", {"key": key}, {}, "", ["query"], verify=verify, method="GET",
                    url="https://d.example.com/c?" + urlencode(pairs))
    url = "https://d.example.com/c" + dice.choice(["", "?a=tok-1"])
    return case("vonage-signature", {"key": key}, {"content-type": FORM}, urlencode(pairs), ["body"], verify=verify, url=url)


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def vonage_jwt(dice):
    key, body = dice.text(60, 1), dice.event()
    token = jwt.encode({"iat": 1_700_000_000 + dice.randint(-300, 300), "jti": dice.word(), "payload_hash": sha(body)}, key)
    return case("vonage-jwt", {"key": key}, {"authorization": f"Bearer {token}"}, body, ["body", "authorization"])


def messagebird(dice):
    now = int(time.time())
    key, url, body = dice.text(60, 1), dice.url(), dice.choice(["", dice.event()])
    claims = {"iss": "MessageBird", "nbf": now - dice.randint(0, 30), "exp": now + dice.randint(60, 90), "jti": dice.word(),
              "url_hash": sha(url)} | ({"payload_hash": sha(body)} if body else {})
    token = jwt.encode(claims, key, algorithm=dice.choice(["HS256", "HS384", "HS512"]))
    MessageBird(key).validate_signature(token, url, body.encode())
    return case("messagebird-jwt", {"key": key}, {"messagebird-signature-jwt": token}, body,
                ["body", "url", "messagebird-signature-jwt"], url=url, at=now)


def gatewayapi(dice):
    key, claims = dice.text(60, 1), dice.fields()
    token = jwt.encode(claims, key)
    return case("gatewayapi-jwt", {"key": key}, {"x-gwapi-signature": token}, dice.event(), ["x-gwapi-signature"],
                payload=json.dumps(claims, separators=(",", ":")))


def plivo(dice):
    key, nonce, url = dice.text(40, 1, ASCII), str(dice.randint(1, 10**19)), dice.url(WORD + " -_.~&=+%")
    bare = url.split("?")[0]
    if dice.random() < 0.1:
        signature = b64(mac(key, bare + nonce).digest())
        assert validate_signature(bare, nonce, signature, key)
        headers = {"x-plivo-signature-v2": signature, "x-plivo-signature-v2-nonce": nonce, "content-type": FORM}
        return case("plivo", {"key": key}, headers, urlencode(dice.fields()), list(headers)[:2], url=url)
    post = dice.random() < 0.7
    fields = dice.fields(least=0) if post else {}
    text = construct_post_url(url, dict(fields)) if post else construct_get_url(url, {})
    signature = get_signature_v3(key.encode(), text.decode(), nonce).decode()
    others = [b64(dice.randbytes(32)) for _ in range(dice.choice([0, 0, 1, 2]))]
    headers = {"x-plivo-signature-v3": ",".join(others + [signature]), "x-plivo-signature-v3-nonce": nonce,
               "content-type": FORM}
    covers = ["url", "x-plivo-signature-v3-nonce"] + (["body"] if post else []) + ([] if others else ["x-plivo-signature-v3"])
    return case("plivo", {"key": key}, headers, urlencode(fields), covers, url=url, method="POST" if post else "GET")


def standard(dice):
    secret, body, name = b64(dice.randbytes(dice.randint(24, 64))), dice.event(), "msg_" + dice.word()
    at = 1_700_000_000 + dice.randint(-300, 300)
    signature = Webhook(secret).sign(name, datetime.datetime.fromtimestamp(at, datetime.timezone.utc), body)
    other = dice.choice(["", "v1," + b64(dice.randbytes(32)) + " "])
    headers = {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": other + signature}
    return case("standard-webhooks", {"key": dice.choice(["", "whsec_"]) + secret}, headers, body,
                ["body"] + list(headers)[:2 if other else 3])


def sinch(dice):
    key, body, nonce, at = dice.text(40, 1), dice.event(), dice.word(), str(1_700_000_000 + dice.randint(-300, 300))
    name = "x-sinch-webhook-signature"
    headers = {name: b64(mac(key, f"{body}.{nonce}.{at}").digest()), f"{name}-nonce": nonce, f"{name}-timestamp": at}
    return case("sinch", {"key": key}, headers, body, ["body", *headers])


def telnyx(dice):
    key, body, at = SigningKey(dice.randbytes(32)), dice.event(), str(1_700_000_000 + dice.randint(-300, 300))
    headers = {"telnyx-signature-ed25519": b64(key.sign(f"{at}|{body}".encode()).signature), "telnyx-timestamp": at}
    return case("ed25519", {"key": b64(bytes(key.verify_key))}, headers, body, ["body", *headers])


def sendgrid(dice):
    private = ec.derive_private_key(dice.randint(1, 2**250), ec.SECP256R1())
    key = b64(private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
    body, at = dice.event(), str(1_700_000_000 + dice.randint(-300, 300))
    signature = b64(private.sign((at + body).encode(), ec.ECDSA(hashes.SHA256())))
    assert EventWebhook(key).verify_signature(body, signature, at)
    name = "x-twilio-email-event-webhook"
    headers = {f"{name}-signature": signature, f"{name}-timestamp": at}
    return case("sendgrid", {"key": key}, headers, body, ["body", *headers])


def mailgun(dice):
    key, token, at = dice.text(40, 1), dice.word(50), str(1_700_000_000 + dice.randint(-300, 300))
    made = {"timestamp": at, "token": token, "signature": mac(key, at + token).hexdigest()}
    body = json.dumps({"signature": made, "event-data": {"event": dice.text()}})
    return case("mailgun", {"key": key}, {}, body, ["signature"])


def hub(dice):
    key, body = dice.text(40, 1), dice.event()
    return case("hub", {"key": key}, {"x-hub-signature-256": "sha256=" + mac(key, body).hexdigest()}, body,
                ["body", "x-hub-signature-256"])


def line(dice):
    key, body = dice.text(40, 1), dice.event()
    signature = b64(mac(key, body).digest())
    assert SignatureValidator(key).validate(body, signature)
    return case("line", {"key": key}, {"x-line-signature": signature}, body, ["body", "x-line-signature"])


def wechat(dice):
    token, nonce, at = dice.word(32), dice.word(), str(1_700_000_000 + dice.randint(-300, 300))
    query = {"timestamp": at, "nonce": nonce}
    if dice.random() < 0.3:
        signer = WeChatSigner()
        signer.add_data(token, at, nonce)
        url = "https://d.example.com/c?" + urlencode(query | {"signature": signer.signature})
        return case("wechat", {"token": token}, {}, "<xml></xml>", ["query"], url=url)
    key, app, message = dice.word(43, 43), "wx" + dice.word(16), f"<xml><Content>{dice.text(200)}</Content></xml>"
    made = wechatpy.crypto.WeChatCrypto(token, key, app).encrypt_message(message, nonce, at)
    found = dict(re.findall(r"<(Encrypt|MsgSignature)><!\[CDATA\[(.*?)\]\]>", made))
    url = "https://d.example.com/c?" + urlencode(query | {"msg_signature": found["MsgSignature"], "encrypt_type": "aes"})
    body = f"<xml>\n<ToUserName><![CDATA[{dice.text(9, 0, WORD)}]]></ToUserName><Encrypt><![CDATA[{found['Encrypt']}]]></Encrypt></xml>"
    return case("wechat", {"token": token, "aes_key": key, "app": app}, {}, body, ["sealed"], url=url, payload=message)


def amazon(dice):
    at = datetime.datetime.fromtimestamp(1_700_000_000, datetime.timezone.utc)
    topic = sns.Topic(sns.key(dice.randint(1, 3), dice.choice([2048, 3072])), dice.choice(["eu-west-1", "cn-north-1"]),
                      dice.word())
    sent = at + datetime.timedelta(seconds=dice.randint(-7200, 7200))
    event = json.dumps({dice.word(): dice.text(40) for _ in range(3)}, ensure_ascii=dice.random() < 0.5,
                       indent=dice.choice([None, 1]))
    kind = dice.choice(["Notification"] * 4 + ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
    message = (topic.notification(event, sent, dice.choice([None, "Amazon SES", dice.text(30, 1, ASCII)]), dice.word())
               if kind == "Notification" else topic.confirmation(sent, kind, dice.word(60, 30)))
    version, allowed = dice.choice(["1", "2", "2"]), dice.choice(["1", "2"])
    message = topic.signed(message, version)
    certificate = topic.certificate(at, dice.choice([1, 30, 20_000]))
    judge = SNSMessageValidator(r"^https://sns\.[-a-z0-9]+\.amazonaws\.com(\.cn)?/")
    judge._cert_session = types.SimpleNamespace(get=lambda _: types.SimpleNamespace(content=certificate.encode()))
    if version == "1":
        judge.validate_message(message)
    assert judge._get_plaintext_to_sign(message) == sns.text(message)
    expected = {"Notification": f"proven {event}", "SubscriptionConfirmation": "subscribed"}.get(kind, "unsubscribed")
    if version == "1" and allowed == "2":
        expected = "weakly-signed"
    topics = " ".join(dice.sample([topic.arn, "arn:aws:sns:us-east-1:123456789012:other"], 2))
    return case("sns", {"topics": topics, "version": allowed}, {"content-type": "text/plain; charset=UTF-8"},
                json.dumps(message, ensure_ascii=dice.random() < 0.5), ["member"], expected=expected,
                verify="sns: {topics: '{config.topics}', version: '{config.version}'}",
                certificates={topic.address: certificate})


def generic(dice):
    key, body, url, at = dice.text(40, 1), dice.event(), dice.url(), str(1_700_000_000 + dice.randint(-300, 300))
    method, encoding, prefix = dice.choice(["sha1", "sha256", "sha512"]), dice.choice(["hex", "base64"]), dice.word(5, 0)
    path, _, query = url.split("/", 3)[3].partition("?")
    made = mac(key, f"POST\n/{path}\n{query}\n{at}\n{{{body}", method)
    signature = prefix + (made.hexdigest() if encoding == "hex" else b64(made.digest()))
    verify = ("hmac: {key: '{config.key}', header: X-Sign, hash: %s, encoding: %s, prefix: '%s', timestamp: X-Time, "
              'over: "{method}\\n{path}\\n{query}\\n{header X-Time}\\n{{{body}"}') % (method, encoding, prefix)
    return case("hmac", {"key": key}, {"x-sign": signature, "x-time": at}, body, ["body", "x-sign", "x-time"],
                verify=verify, url=url)


def basic(dice):
    settings = {"username": dice.text(20, 1).replace(":", "."), "password": dice.text(20, 1)}
    given = b64(":".join(settings.values()).encode())
    return case("basic", settings, {"authorization": f"Basic {given}"}, dice.event(), ["authorization"])


SCHEMES = {"twilio": twilio, "vonage-signature": vonage, "vonage-jwt": vonage_jwt, "plivo": plivo,
           "messagebird-jwt": messagebird, "standard-webhooks": standard, "sinch": sinch, "ed25519": telnyx,
           "gatewayapi-jwt": gatewayapi, "sendgrid": sendgrid, "mailgun": mailgun, "hub": hub, "line": line, "wechat": wechat, "sns": amazon,
           "hmac": generic, "basic": basic}


def other(dice, text):
    """`text` with one of its letters or digits replaced by another one that means something else."""
    places = [n for n, letter in enumerate(text) if letter in WORD]
    # Not the last digits, whose spare bits may not count, nor what stands behind a percent sign.
    places = [n for n in places[:-2] if "%" not in text[max(0, n - 2):n]] or places
    place = dice.choice(places)
    return text[:place] + dice.choice([c for c in WORD if c.lower() != text[place].lower()]) + text[place + 1:]


def changed(dice, one):
    """The same callback, no longer what was signed; or signed with another key; or too old."""
    bad = one | {"headers": dict(one["headers"]), "settings": dict(one["settings"]), "expected": "forged"}
    kind = dice.choice(one["covers"] + ["key", "late"])
    timeless = ("twilio", "plivo", "gatewayapi-jwt", "hub", "line", "basic")
    if one["scheme"] == "sns" and kind == "key":
        (address, _), = one["certificates"].items()
        at = datetime.datetime.fromtimestamp(one["at"], datetime.timezone.utc)
        return bad | {"certificates": {address: sns.Topic(sns.key(4)).certificate(at)}}
    if one["scheme"] == "sns" and kind == "late":
        # The certificate has to be valid still, else there is nothing to tell by.
        message = json.loads(one["body"])
        topic = sns.Topic(sns.key(5), message["TopicArn"].split(":")[3], message["TopicArn"].split(":")[5])
        at = datetime.datetime.fromtimestamp(one["at"], datetime.timezone.utc)
        old = message | {"Timestamp": topic.stamp(at + datetime.timedelta(seconds=dice.choice([-1, 1]) * dice.randint(7201, 10**6)))}
        return bad | {"body": json.dumps(topic.signed(old)).encode(), "expected": "stale",
                      "certificates": {topic.address: topic.certificate(at)}}
    if kind == "late" and one["scheme"] not in timeless:
        return bad | {"at": one["at"] + dice.choice([-1, 1]) * dice.randint(700, 10**6), "expected": "stale"}
    if kind in ("key", "late"):
        if one["scheme"] in ("ed25519", "sendgrid"):
            kind = "body"
        else:
            name = "aes_key" if "aes_key" in bad["settings"] and dice.random() < 0.5 else list(bad["settings"])[0]
            bad["settings"][name] = {"standard-webhooks": lambda key: b64(dice.randbytes(32))}.get(
                one["scheme"], lambda key: other(dice, key) if any(c in WORD for c in key[:-2]) else key + "x")(
                    bad["settings"][name])
            return bad
    if kind == "body":
        body = one["body"].decode()
        bad["body"] = (other(dice, body) if any(c in WORD for c in body[:-2]) else body + "x1=").encode()
    elif kind == "sealed":
        bad["body"] = re.sub(r"(?<=<Encrypt><!\[CDATA\[)[^]]+", lambda m: other(dice, m[0]), one["body"].decode()).encode()
    elif kind == "signature":
        made = json.loads(one["body"])
        name = dice.choice(list(made["signature"]))
        last = made["signature"][name][-1]
        made["signature"][name] = made["signature"][name][:-1] + dice.choice([c for c in WORD if c.lower() != last.lower()])
        bad["body"] = json.dumps(made).encode()
    elif kind == "member":
        made = json.loads(one["body"])
        name = dice.choice([name for name in made if name != "SigningCertURL"])
        made[name] = other(dice, made[name]) if any(c in WORD for c in made[name][:-2]) else made[name] + "1"
        bad["body"] = json.dumps(made).encode()
    elif kind == "url":
        # Behind the host: its port may be left out.
        start = one["url"].index("/", 8)
        bad["url"] = one["url"][:start] + other(dice, one["url"][start:])
    elif kind == "query":
        start = one["url"].index("?")
        bad["url"] = one["url"][:start] + other(dice, one["url"][start:])
    else:
        value = one["headers"][kind]
        if kind == "authorization":
            scheme, value = value.split(" ", 1)
            value = scheme + " " + dice.choice([other(dice, value), value[:-4], "", value + "AAAA"])
        else:
            value = dice.choice([other(dice, value), value[:-1], "", None, value + "A"])
        bad["headers"][kind] = value
        if value is None:
            del bad["headers"][kind]
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="callbacks of each scheme")
    options, command = parser.parse_known_args()
    dice, cases = Dice(options.seed), []
    for make in SCHEMES.values():
        for n in range(options.count):
            one = make(dice)
            cases.append(changed(dice, one) if n % 2 else one)
    expected = collections.Counter((one["scheme"], one["expected"].split()[0]) for one in cases)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cases")
        with open(path, "w", encoding="utf-8") as file:
            for one in cases:
                file.write(json.dumps(one | {"body": b64(one["body"])}) + "\n")
        done = subprocess.run(
            command or COMMAND, env=os.environ | {"DUNLIN_VERIFICATION_CASES": path}, capture_output=True, text=True)
    compared = collections.Counter()
    for scheme, verdict, count in re.findall(r"^compared (\S+) (\S+) (\d+)$", done.stdout, re.MULTILINE):
        compared[scheme, verdict] += int(count)
    wrong = [line for line in (done.stdout + done.stderr).splitlines() if "differs: " in line]
    for line in wrong[:10]:
        print(line[:1500])
    if compared != expected or (done.returncode != 0 and not wrong):
        sys.exit(f"verification_check: not every callback was compared:\n{(done.stdout + done.stderr)[-2000:]}")
    for scheme in SCHEMES:
        print(f"{scheme}: " + ", ".join(f"{n} {verdict}" for (name, verdict), n in sorted(expected.items()) if name == scheme))
    print(f"seed {options.seed}; {sum(expected.values()) - len(wrong)} passed, {len(wrong)} failed".replace("; ", "\n"))
    sys.exit(len(wrong) > 0)


if __name__ == "__main__":
    main()
