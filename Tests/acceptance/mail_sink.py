#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mail_sink.py PORT ROOT USER PASSWORD: an aiosmtpd server that insists on STARTTLS and AUTH; each mail becomes ROOT/mail/N.eml."""
import itertools
import signal
import ssl
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

port, root, user, password = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].encode(), sys.argv[4].encode()
numbers = itertools.count(1)


class Handler:
    async def handle_DATA(self, server, session, envelope):
        head = f"X-Original-To: {envelope.rcpt_tos[0]}\r\nReceived: from sink (using TLS)\r\n".encode()
        (root / "mail" / f"{next(numbers):06}.eml").write_bytes(head + envelope.content)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (user, password)
    return AuthResult(success=known)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(root / "tls/cert.pem", root / "tls/key.pem")
ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())
controller = Controller(
    Handler(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, authenticator=authenticate,
    auth_required=True)
controller.start()
ended.wait()
controller.stop()
