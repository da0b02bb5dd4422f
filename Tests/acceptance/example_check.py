#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the example configuration with every commented line of it as the daemon would, and the sample file as `import` would.

    example_check.py [--dunlin PATH] [--keep]
"""
import argparse
import os
import re
import sys

from support import REPOSITORY, Report, Workspace, add_common_arguments

EXAMPLE = REPOSITORY / "deploy/etc/dunlin/dunlin.yaml"


def local(text, space):
    """The example with the paths of this checkout and this workspace."""
    for installed, here in {
        "/usr/share/dunlin/templates, /etc/dunlin/templates": REPOSITORY / "templates",
        "/var/lib/dunlin": space.path, "/etc/dunlin/ca.pem": space.path / "ca.pem",
        "/etc/dunlin/policies": REPOSITORY / "deploy/etc/dunlin/policies", "127.0.0.1:8025": "127.0.0.1:0",
    }.items():
        text = text.replace(installed, str(here))
    return text


def uncommented(text):
    """With the settings that stand in comments; the http gateway needs a definition, which is the user's own."""
    text = re.sub(r"^( *)# ((?:ca_file|username|password|unsubscribe|sms-kannel):)", r"\1\2", text, flags=re.MULTILINE)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    arguments = parser.parse_args()
    report = Report("The example configuration and the sample file")
    with Workspace(arguments, "example") as space:
        credentials = space.path / "credentials"
        credentials.mkdir()
        for name in ("twilio", "mail", "kannel"):
            (credentials / name).write_text("a-secret\n")
        (space.path / "ca.pem").write_text("")
        os.environ["CREDENTIALS_DIRECTORY"] = str(credentials)
        text = local(EXAMPLE.read_text(), space)
        for what, content in (("as it stands", text), ("with its commented settings", uncommented(text))):
            space.config.write_text(content)
            done = space.run("gateways", "check", check=False)
            report.check(f"gateways check, {what}", done.returncode == 0, done.stderr.strip())
        space.config.write_text(text)
        for command in (("policies", "check"), ("templates", "check")):
            done = space.run(*command, check=False)
            report.check(" ".join(command), done.returncode == 0, (done.stderr or done.stdout).strip()[-200:])
        sample = REPOSITORY / "deploy/sample/reminders.ndjson"
        count = len(sample.read_text(encoding="utf-8").splitlines())
        for wanted in (f"{count} rows read: {count} imported, 0", f"{count} rows read: 0 imported, {count}"):
            done = space.run("import", sample, "--rejects", space.path / "rejects.ndjson", check=False)
            report.check(f"import: {wanted} …", done.stdout.startswith(wanted), (done.stdout + done.stderr).strip()[-300:])
        misspelt = text.replace("unknown: assume-sent", "unknwon: assume-sent")
        space.config.write_text(misspelt)
        done = space.run("status", check=False)
        line = misspelt[: misspelt.index("unknwon")].count("\n") + 1
        report.check("a misspelt key: exit 2, file, line and a suggestion",
                     done.returncode == 2 and f"dunlin.yaml:{line}" in done.stderr and "'unknown'" in done.stderr,
                     done.stderr.strip())
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
