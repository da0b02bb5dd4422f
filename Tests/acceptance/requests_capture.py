# SPDX-License-Identifier: Apache-2.0
"""Servers that write down the requests they get, and a way to make vendors' SDKs talk to one of them.

An SDK is left as it is: it believes that it speaks TLS with its vendor. Names lead to the loopback, whatever they are, and the
certificate is one of our own, which it is told to trust.
"""
import datetime
import os
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Capture:
    """Answers each request with the first row whose path its own ends with, and keeps the requests."""

    def __init__(self, context=None):
        self.requests, self.rows = [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer_with(self, rows):
        """`rows`: pairs of a path's end and [status, body, …, headers]; what came before is forgotten."""
        self.requests, self.rows = [], rows


def _handler(capture):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            capture.requests.append({"method": self.command, "target": self.path, "headers": headers, "body": body})
            path = urlsplit(self.path).path
            status, text, headers = next((row for end, row in capture.rows if path.endswith(end)), (500, "{}", {}))
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_):
            pass

    return Handler


def vendor_server(hosts, folder):
    """A Capture that is `hosts`, for this process: their names lead to it, and no name leads anywhere else."""
    authority = _make_certificate(hosts, folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    capture = Capture(context)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE"):
        os.environ[name] = str(authority)
    import certifi
    certifi.where = lambda: str(authority)

    def resolve(host, port, family=0, type=0, *_, **__):
        return [(socket.AF_INET, type or socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    connect = socket.socket.connect

    def connect_here(self, address):
        is_https = isinstance(address, tuple) and address[1] == 443
        return connect(self, ("127.0.0.1", capture.port) if is_https else address)

    socket.getaddrinfo, socket.socket.connect = resolve, connect_here
    return capture


def _make_certificate(hosts, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "requests_check")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256()))
    file = Path(folder) / "vendors.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file
