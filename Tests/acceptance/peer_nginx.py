# SPDX-License-Identifier: Apache-2.0
"""nginx as a fast Kannel: takes everything and writes a line for each request as it answers: time, number, status."""
import shutil
from urllib.parse import unquote_plus

from support import Failed, accepts_connections, free_port, wait_until

CONFIGURATION = """\
daemon off; master_process off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/nginx-error.log;
events {{ worker_connections 4096; }}
http {{
  log_format record '$msec $arg_to $status';
  access_log {root}/requests.txt record;
  keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096; default_type text/plain;
    location /cgi-bin/sendsms {{ return 202 "0: Accepted for delivery"; }}
  }}
}}
"""


class Nginx:
    def __init__(self, space):
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if not program:
            raise Failed("nginx is missing: apt-get install nginx-light")
        self.port = free_port()
        self.record = space.path / "requests.txt"
        file = space.path / "nginx.conf"
        file.write_text(CONFIGURATION.format(root=space.path, port=self.port))
        space.start("nginx", [program, "-c", file, "-p", space.path, "-e", space.path / "nginx-error.log"])
        wait_until(10, "nginx listens", lambda: accepts_connections(self.port))
        self.requests = []
        self.reader = open(self.record, "rb")
        self.rest = b""

    def update(self):
        """All requests so far, in order: (seconds since 1970, number)."""
        *lines, self.rest = (self.rest + self.reader.read()).split(b"\n")
        for line in lines:
            time, number, _ = line.split(b" ")
            self.requests.append((float(time), unquote_plus(number.decode())))
        return self.requests
