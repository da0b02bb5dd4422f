#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signed requests, against the vendors' own libraries from PyPI.

    signing_check.py [--seed 1] [--count 1000] [--show 10] [COMMAND…]

Makes random requests, has them signed by the Swift test SigningOracleTests (COMMAND, if it is not the one below) and
compares every answer:

aws-sigv4    botocore's SigV4Auth: the Authorization header
tc3          tencentcloud-sdk-python-common: the Authorization header
acs3         alibabacloud-tea-openapi: the Authorization header
sorted-hmac  vonage-http-client's Auth: its signature of the parameters that arrive
jwt          PyJWT: verified with the public key, and the claims
wsse, hmac   computed again with Python's hashlib and hmac: there is no library of the vendor's
"""
import argparse
import base64
import collections
import datetime
import hashlib
import hmac
import importlib.metadata
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import types
from unittest import mock
from urllib.parse import parse_qsl, quote, urlsplit

import botocore.auth
import jwt
from alibabacloud_tea_openapi.utils import Utils
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tencentcloud.common.abstract_client import AbstractClient
from vonage_http_client.auth import Auth

COMMAND = ["swift", "test", "--skip-build", "--filter", "SigningOracle"]
LETTERS = list("abcXYZ019-._~") + list(" !\"#$%&'()*+,/:;<=>?@[]^`{|}") + list("éßİ中文😀\u0301ि")
WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TYPES = ["application/json", "application/json; charset=utf-8", "application/x-amz-json-1.0", "text/xml;charset=UTF-8"]


class Dice(random.Random):
    def text(self, most=12, least=0):
        return "".join(self.choices(LETTERS, k=self.randint(least, most)))

    def word(self, most=20):
        return "".join(self.choices(WORD, k=self.randint(1, most)))

    def secret(self):
        return "".join(self.choices(WORD + "+/=!*{}'\"\\ é中", k=self.randint(1, 60)))

    def host(self):
        port = self.choice(["", "", "", ":443", ":80", ":8443"])
        return f"{self.choice(['http', 'https'])}://{self.word(8).lower()}.example.com{port}"

    def path(self, odd=True):
        if self.random() < 0.1:
            return ""
        parts = [self.choice([quote(self.text(), safe=""), self.word(), "." if odd else "a", ".." if odd else "b",
                              "" if odd else "c"]) for _ in range(self.randint(0, 5))]
        return "/" + "/".join(parts)

    def parameters(self, is_unique=False):
        pairs = [(self.text(6), self.text()) for _ in range(self.choice([0, 0, 1, 2, 5, 9]))]
        if pairs and not is_unique and self.random() < 0.5:
            pairs += [(self.choice(pairs)[0], self.text()) for _ in range(3)]
        return list(dict(pairs).items()) if is_unique else pairs

    def body(self):
        return self.choice([b"", json.dumps({"a": self.text(40)}).encode(), self.text(200).encode(), self.randbytes(50)])


def written(pairs):
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def with_query(address, query):
    return f"{address}?{query}" if query else address


def wire_host(url):
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}[parts.scheme]
    return parts.hostname if parts.port in (None, default) else f"{parts.hostname}:{parts.port}"


def header(answer, name):
    """The one value of a header; None where it is missing or there are several."""
    values = [line.partition(":")[2].strip() for line in answer["headers"] if line.lower().startswith(name + ":")]
    return values[0] if len(values) == 1 else None


def clock(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc)


def case(dice, scheme, keys, settings, **request):
    keys = {name: "{config." + name + "}" if name in settings else value for name, value in keys.items()}
    # Not as ASCII: YAML does not know JSON's pairs of surrogates.
    return {"auth": json.dumps({scheme: keys}, ensure_ascii=False), "settings": settings, "at": dice.randrange(1, 4_000_000_000),
            "nonce": dice.word(40), "method": "POST", "headers": [], "body": b""} | request


def aws(dice):
    settings = {"key_id": dice.word(), "key_secret": dice.secret(), "region": dice.word(), "service": dice.word()}
    pairs, address = dice.parameters(), dice.host() + dice.path()
    headers = [(dice.choice(["Content-Type", "X-Amz-Target", "x-amz-meta-a", "My-Header", "my-header", "User-Agent"]),
                dice.choice([" a   b ", "x", dice.word(), "a,b", '"q  q"'])) for _ in range(dice.randint(0, 6))]
    one = case(dice, "aws-sigv4", settings, settings, method=dice.choice(["GET", "POST", "PUT"]), body=dice.body(),
               url=with_query(address, written(pairs)), headers=[f"{name}: {value}" for name, value in headers])

    def check(answer):
        request = AWSRequest(method=one["method"], url=address, data=one["body"], params=pairs)
        for name, value in headers:
            request.headers.add_header(name, value)
        credentials = Credentials(settings["key_id"], settings["key_secret"])
        with mock.patch("botocore.auth.get_current_datetime", lambda: clock(one["at"])):
            botocore.auth.SigV4Auth(credentials, settings["service"], settings["region"]).add_auth(request)
        return ([header(answer, "authorization"), header(answer, "x-amz-date")],
                [request.headers["Authorization"], request.headers["X-Amz-Date"]])
    return one, check


def tencent(dice):
    settings = {"secret_id": dice.word(), "secret_key": dice.secret(), "service": dice.word()}
    method, kind = dice.choice([("GET", "application/x-www-form-urlencoded"), ("POST", dice.choice(TYPES))])
    query, path = written(dice.parameters()), dice.path()
    address = dice.host() + path
    # No type on GET: then the one that Tencent's library has there.
    one = case(dice, "tc3", settings, settings, method=method, body=b"" if method == "GET" else dice.body(),
               url=with_query(address, query if method == "GET" else ""),
               headers=([] if method == "GET" else [f"Content-Type: {kind}"]) + [f"X-TC-Action: {dice.word()}"])

    def check(answer):
        request = types.SimpleNamespace(
            method=method, uri=path or "/", data=query if method == "GET" else one["body"],
            header={"Content-Type": kind, "Host": wire_host(address), "X-TC-Timestamp": str(one["at"])})
        date = clock(one["at"]).strftime("%Y-%m-%d")
        signature = AbstractClient._get_tc3_signature(None, None, request, date, settings["service"],
                                                      settings["secret_key"])
        # As AbstractClient._build_req_with_tc3_signature writes it.
        expected = ("TC3-HMAC-SHA256 Credential=%s/%s/%s/tc3_request, SignedHeaders=content-type;host, Signature=%s"
                    % (settings["secret_id"], date, settings["service"], signature))
        return ([header(answer, "authorization"), header(answer, "x-tc-timestamp"), header(answer, "content-type")],
                [expected, str(one["at"]), kind])
    return one, check


def alibaba(dice):
    settings = {"key_id": dice.word(), "key_secret": dice.secret(), "action": dice.word(), "version": "2017-05-25"}
    pairs, path = dice.parameters(is_unique=True), dice.path()
    address = dice.host() + path
    extra = {"x-acs-test": dice.word(), "X-Acs-Test": dice.word()} if dice.random() < 0.3 else {}
    if dice.random() < 0.5:
        extra["Content-Type"] = dice.choice(TYPES)
    one = case(dice, "acs3", settings, settings, method=dice.choice(["GET", "POST", "PUT"]), body=dice.body(),
               url=with_query(address, written(pairs)),
               headers=[f"{name}: {value}" for name, value in extra.items()] + ["Accept: */*"])

    def check(answer):
        own = {"x-acs-action": settings["action"], "x-acs-version": settings["version"],
               "x-acs-date": clock(one["at"]).strftime("%Y-%m-%dT%H:%M:%SZ"), "x-acs-signature-nonce": one["nonce"],
               "x-acs-content-sha256": hashlib.sha256(one["body"]).hexdigest()}
        # The library encodes values and leaves names as they are: they have to come encoded.
        request = types.SimpleNamespace(
            method=one["method"], pathname=path, headers=extra | own | {"host": wire_host(address)},
            query={quote(name, safe=""): value for name, value in pairs})
        expected = Utils.get_authorization(request, "ACS3-HMAC-SHA256", own["x-acs-content-sha256"],
                                           settings["key_id"], settings["key_secret"])
        return ([header(answer, "authorization")] + [header(answer, name) for name in own],
                [expected] + list(own.values()))
    return one, check


def vonage(dice):
    settings, method = {"key": dice.secret()}, dice.choice(["md5", "sha1", "sha256", "sha512"])
    pairs = [pair for pair in dice.parameters(is_unique=True) if pair[0] not in ("timestamp", "sig")]
    is_form, address = dice.random() < 0.5, dice.host() + dice.path()
    kind = ["Content-Type: application/x-www-form-urlencoded"]
    one = case(dice, "sorted-hmac", {"key": "", "hash": method, "parameter": "sig"}, settings,
               method="POST" if is_form else "GET", headers=kind if is_form else [],
               url=address if is_form else with_query(address, written(pairs)),
               body=written(pairs).encode() if is_form else b"")

    def check(answer):
        sent = base64.b64decode(answer["body"]).decode() if is_form else urlsplit(answer["url"]).query
        arrived = dict(parse_qsl(sent, keep_blank_values=True))
        signature = arrived.pop("sig", None)
        auth = Auth(api_key="key", signature_secret=settings["key"], signature_method=method)
        return ([signature, arrived],
                [auth.sign_params(dict(arrived)), dict(pairs) | {"timestamp": str(one["at"])}])
    return one, check


def make_keys():
    """Private keys in both kinds of PEM, with their public ones."""
    for size, kind in ((2048, serialization.PrivateFormat.TraditionalOpenSSL),
                       (2048, serialization.PrivateFormat.PKCS8), (3072, serialization.PrivateFormat.PKCS8)):
        key = rsa.generate_private_key(public_exponent=65537, key_size=size)
        yield (key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode(),
               key.public_key())


def bearer(dice, keys):
    private, public = dice.choice(keys)
    lifetime, claims = dice.randint(1, 86400), {f"claim_{dice.word()}": dice.text(20).replace("{", "") for _ in range(3)}
    claims |= {"sub": "{config.subject}", "acl": {"paths": [{"$literal": '{"/*/calls/**":{}}'}]}}
    settings = {"key": private, "subject": dice.text(20)}
    one = case(dice, "jwt", {"key": "", "claims": claims, "lifetime": f"{lifetime}s"}, settings,
               url=dice.host() + dice.path(), body=dice.body())

    def check(answer):
        token = (header(answer, "authorization") or "").removeprefix("Bearer ")
        unchecked = {f"verify_{name}": False for name in ("exp", "iat", "sub")}
        expected = claims | {"sub": settings["subject"], "acl": {"paths": [{"/*/calls/**": {}}]}, "iat": one["at"],
                             "exp": one["at"] + lifetime, "jti": one["nonce"]}
        return ([jwt.decode(token, public, algorithms=["RS256"], options=unchecked), jwt.get_unverified_header(token)],
                [expected, {"alg": "RS256", "typ": "JWT"}])
    return one, check


def huawei(dice):
    settings, digest = {"username": dice.word(), "password": dice.secret()}, dice.choice(["hex", "raw"])
    one = case(dice, "wsse", settings | {"digest": digest}, settings, url=dice.host() + dice.path(), body=dice.body())

    def check(answer):
        created = clock(one["at"]).strftime("%Y-%m-%dT%H:%M:%SZ")
        found = hashlib.sha256((one["nonce"] + created + settings["password"]).encode())
        value = base64.b64encode(found.hexdigest().encode() if digest == "hex" else found.digest()).decode()
        return ([header(answer, "authorization"), header(answer, "x-wsse")],
                ['WSSE realm="SDP",profile="UsernameToken",type="Appkey"',
                 f'UsernameToken Username="{settings["username"]}",PasswordDigest="{value}",Nonce="{one["nonce"]}",'
                 f'Created="{created}"'])
    return one, check


def generic(dice):
    settings, method = {"key": dice.secret()}, dice.choice(["sha1", "sha256", "sha512"])
    encoding, path, query = dice.choice(["hex", "base64"]), dice.path(), written(dice.parameters())
    fields = dice.sample(["{method}", "{path}", "{query}", "{body}", "{timestamp}", "{nonce}"], dice.randint(1, 6))
    over = dice.choice(["\n", ".", "", "{{é"]).join(fields)
    one = case(dice, "hmac", {"key": "", "hash": method, "over": over, "header": "X-Signature", "encoding": encoding,
                              "value": "t={timestamp},n={nonce},v1={signature}"}, settings,
               url=with_query(dice.host() + path, query), body=dice.body())

    def check(answer):
        values = {"method": b"POST", "path": (path or "/").encode(), "query": query.encode(), "body": one["body"],
                  "timestamp": str(one["at"]).encode(), "nonce": one["nonce"].encode()}
        text = re.sub(rb"\{(\w+)\}|\{\{", lambda m: values[m[1].decode()] if m[1] else b"{", over.encode())
        found = hmac.new(settings["key"].encode(), text, method).digest()
        signature = found.hex() if encoding == "hex" else base64.b64encode(found).decode()
        return [header(answer, "x-signature")], [f"t={one['at']},n={one['nonce']},v1={signature}"]
    return one, check


def ask(command, cases):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cases")
        with open(path, "w", encoding="utf-8") as file:
            for one in cases:
                file.write(json.dumps(one | {"body": base64.b64encode(one["body"]).decode()}) + "\n")
        done = subprocess.run(command, env=os.environ | {"DUNLIN_SIGNING_CASES": path}, capture_output=True, text=True)
        said = f"signing: {len(cases)} requests signed"
        if done.returncode != 0 or said not in done.stdout:
            sys.exit(f"signing_check: the test did not say '{said}':\n{(done.stdout + done.stderr)[-2000:]}")
        with open(f"{path}.answers", encoding="utf-8") as file:
            answers = [json.loads(line) for line in file]
    if len(answers) != len(cases):
        sys.exit(f"signing_check: {len(answers)} answers to {len(cases)} requests")
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="requests of each scheme")
    parser.add_argument("--show", type=int, default=10, help="faults to print")
    options, command = parser.parse_known_args()
    dice, keys = Dice(options.seed), list(make_keys())
    schemes = {"aws-sigv4": aws, "tc3": tencent, "acs3": alibaba, "sorted-hmac": vonage, "wsse": huawei,
               "hmac": generic, "jwt": lambda dice: bearer(dice, keys)}
    made = [(name, *make(dice)) for name, make in schemes.items() for _ in range(options.count)]
    answers = ask(command or COMMAND, [one for _, one, _ in made])
    passed, failed, counts = 0, 0, collections.Counter()
    for (name, one, check), answer in zip(made, answers):
        try:
            ours, theirs = check(answer)
        except jwt.PyJWTError as error:
            ours, theirs = repr(error), "a token that verifies"
        if ours == theirs:
            passed += 1
            counts[name] += 1
        else:
            failed += 1
            if failed <= options.show:
                print(f"  {name}: {one['method']} {one['url']} {one['headers']}\n    ours   {ours}\n    theirs {theirs}")
    print(", ".join(f"{name} {counts[name]} of {options.count}" for name in schemes))
    packages = ("botocore", "tencentcloud-sdk-python-common", "alibabacloud-tea-openapi", "vonage-http-client", "PyJWT")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    print(f"{versions}; seed {options.seed}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
