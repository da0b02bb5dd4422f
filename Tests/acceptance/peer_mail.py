# SPDX-License-Identifier: Apache-2.0
"""A real mail server that insists on STARTTLS and AUTH and delivers into a folder: Postfix with a configuration of its own.

Postfix needs root. Where it is missing or we are nobody, aiosmtpd (python3-aiosmtpd) takes its place. Nothing below /etc
is touched.
"""
import base64
import os
import pwd
import shutil
import subprocess
import sys
import threading
import socketserver

from support import REPOSITORY, Failed, accepts_connections, free_port, wait_until

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
notify_classes =
biff = no
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {root}/auth.sock
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_received_header = yes
smtpd_tls_cert_file = {root}/tls/cert.pem
smtpd_tls_key_file = {root}/tls/key.pem
virtual_mailbox_domains = example.com
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
"""
MASTER_CF = """\
127.0.0.1:{port} inet n - n - - smtpd
tlsmgr unix - - n 1000? 1 tlsmgr
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def make_certificates(folder):
    """A certificate authority of our own (ca.pem) and a certificate for localhost by it (cert.pem, key.pem)."""
    folder.mkdir()

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Dunlin acceptance CA",
            "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "request.pem")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "cert.pem")


class Postfix:
    name = "Postfix"

    @staticmethod
    def is_possible():
        return os.geteuid() == 0 and bool(shutil.which("postfix", path="/usr/sbin:/usr/bin"))

    def __init__(self, space, username, password):
        self.root, self.port = space.path / "mailserver", free_port()
        nobody = pwd.getpwnam("nobody")
        for folder in ("", "conf", "queue", "data", "mail"):
            (self.root / folder).mkdir()
        shutil.chown(self.root / "data", "postfix")
        os.chown(self.root / "mail", nobody.pw_uid, nobody.pw_gid)
        make_certificates(self.root / "tls")
        serve_dovecot_auth(self.root / "auth.sock", username, password)
        self.conf = self.root / "conf"
        (self.conf / "main.cf").write_text(MAIN_CF.format(root=self.root, uid=nobody.pw_uid, gid=nobody.pw_gid))
        (self.conf / "master.cf").write_text(MASTER_CF.format(port=self.port))
        self.lay_out_queue()
        # In the foreground (-d) it is our child and stops with us.
        space.start("postfix-master", ["/usr/lib/postfix/sbin/master", "-c", self.conf, "-d"],
                    env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        wait_until(15, "Postfix listens", lambda: accepts_connections(self.port))

    def lay_out_queue(self):
        done = subprocess.run(["/usr/sbin/postfix", "-c", self.conf, "check"], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"postfix check: {done.stderr}")

    @property
    def ca_file(self):
        return self.root / "tls/ca.pem"

    def files(self):
        """Every mail that was delivered."""
        return sorted((self.root / "mail/box/new").glob("*"))


class Aiosmtpd:
    name = "aiosmtpd"

    def __init__(self, space, username, password):
        self.root = space.path / "mailserver"
        self.root.mkdir()
        (self.root / "mail").mkdir()
        make_certificates(self.root / "tls")
        python = next((p for p in (sys.executable, "/usr/bin/python3") if has_aiosmtpd(p)), None)
        if not python:
            raise Failed("neither Postfix (as root) nor aiosmtpd is here: apt-get install python3-aiosmtpd")
        script = REPOSITORY / "Tests/acceptance/mail_sink.py"
        self.port = free_port()
        space.start("mail_sink", [python, script, self.port, self.root, username, password])
        wait_until(10, "aiosmtpd listens", lambda: accepts_connections(self.port))

    @property
    def ca_file(self):
        return self.root / "tls/ca.pem"

    def files(self):
        return sorted((self.root / "mail").glob("*.eml"))


def has_aiosmtpd(python):
    return subprocess.run([python, "-c", "import aiosmtpd"], capture_output=True).returncode == 0


def start_mail_server(space, username, password):
    kind = Postfix if Postfix.is_possible() else Aiosmtpd
    return kind(space, username, password)


def serve_dovecot_auth(path, username, password):
    """The server side of Dovecot's authentication protocol for one user, on a thread: Postfix asks it about AUTH PLAIN."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, *fields):
            self.wfile.write(("\t".join(fields) + "\n").encode())

        def handle(self):
            for line in ("VERSION\t1\t1", "MECH\tPLAIN\tplaintext", f"SPID\t{os.getpid()}", "CUID\t1",
                         "COOKIE\t" + "0" * 32, "DONE"):
                self.say(line)
            for line in self.rfile:
                fields = line.decode().rstrip("\n").split("\t")
                secret = next((f[5:] for f in fields if f.startswith("resp=")), None)
                if fields[0] == "CONT":
                    secret = fields[2]
                elif fields[0] != "AUTH":
                    continue
                if secret is None:
                    self.say("CONT", fields[1], "")
                    continue
                _, name, word = base64.b64decode(secret).decode().split("\0")
                self.say("OK" if (name, word) == (username, password) else "FAIL", fields[1], f"user={name}")

    server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
    server.daemon_threads = True
    os.chmod(path, 0o666)
    threading.Thread(target=server.serve_forever, daemon=True).start()
