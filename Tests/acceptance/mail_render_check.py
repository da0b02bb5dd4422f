#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends mails of the message library through the daemon into a real mail server and looks at them as recipients do.

    mail_render_check.py [--dunlin PATH] [--keep] [--templates DIR]… [--locales en-US,ar,…] [--shots DIR]

Python's `email` reads each mail: no defect, both parts, the headers. Chromium, where it is installed, lays out the HTML at
320, 360, 600 and 1200 pixels, light and dark: nothing to scroll sideways, contrast of 4.5 to 1, no request to anywhere.
--shots keeps what it painted at 360 and 1200. Without Chromium that half is left out, and the report says so.
"""
import argparse
import json
import re
import sys
from email import message_from_bytes, policy
from pathlib import Path

from browser import Browser, find_chromium
from peer_mail import start_mail_server
from support import REPOSITORY, Report, Workspace, add_common_arguments, make_row, open_cities, wait_until

LINK = "https://pay.example/r/7Qx2?" + "long=" + "x" * 90
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40
# A name that HTML, headers and Markdown could stumble over.
HOSTILE = "<b>Ann</b> \"Q\" *O'Neil* & =?UTF-8?Q?x?="
# What the page says about itself: its width, words with too little contrast, elements wider than the column.
LAYOUT = """(() => {
  const scroll = document.scrollingElement.scrollWidth;
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parts(color).slice(0, 3).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if ((parts(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255,255,255)";
  };
  const faint = [], wide = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || !element.offsetParent) continue;
    const [a, b] = [luminance(style.color), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(element.tagName + " " + ratio.toFixed(2));
    if (element.getBoundingClientRect().width > 600) wide.push(element.tagName);
  }
  const button = document.querySelector("a.press")?.getBoundingClientRect();
  return JSON.stringify({scroll, faint, wide, button: button ? button.height : null,
    direction: getComputedStyle(document.querySelector("td.card")).direction,
    ground: ground(document.querySelector("td.card")), requests: performance.getEntriesByType("resource").length});
})()"""


def send(space, server, locales, templates):
    """One mail of each message in each locale. Returns the mails by message and locale."""
    attachments = space.path / "attachments"
    attachments.mkdir()
    (attachments / "账单 November.pdf").write_bytes(PDF)
    space.configure(
        {"mail": {"adapter": "smtp", "base_url": f"smtp://localhost:{server.port}", "from": "Harbor Credit <care@example.com>",
                  "starttls": "required", "username": "dunlin", "password": space.secret(),
                  "unsubscribe": "https://care.example.com/unsubscribe?t={token}"}},
        {"email": ["mail"]}, ca_file=str(server.ca_file), attachments=str(attachments), templates=[str(t) for t in templates])
    listed = json.loads(space.run("templates", "list", "--json").stdout)
    examples = {m["name"]: {v["name"]: v["example"] for v in m["variables"]} for m in listed}
    own = {"pay_link": LINK, "contact_phone": "+16175550100", "statement": "账单 November.pdf"}
    zone = open_cities(9, 19)[0]
    rows = []
    for message in examples:
        for locale in locales:
            row = make_row(f"{message}.{locale}", zone=zone, email=f"{message}.{locale}@example.com".lower(), channels=("email",),
                           message=message, locale=locale, name=HOSTILE)
            row["vars"] = examples[message] | {name: own[name] for name in examples[message].keys() & own}
            rows.append(row)
    space.import_rows(rows)
    space.serve_ready()
    space.wait_idle(60)
    wait_until(30, f"{len(rows)} mails arrive", lambda: len(server.files()) >= len(rows))
    mails = {}
    for file in server.files():
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        message, locale = mail["To"].addresses[0].username.split(".")
        mails[message, locale] = mail
    linked = {m["name"] for m in listed for v in m["variables"] if v["name"] == "pay_link" and "email" in v["channels"]}
    return mails, linked


def read(mails, linked, report):
    """What Python's `email` says about each mail."""
    def faults(mail):
        yield from (repr(defect) for part in mail.walk() for defect in part.defects)
        yield from (f"{name}: {defect!r}" for part in mail.walk() for name, value in part.items() for defect in value.defects)

    everything = list(mails.items())
    report.figure("mails read", len(everything))
    report.count("with a defect", [f"{key}: {fault}" for key, mail in everything for fault in faults(mail)])
    kinds = lambda mail: [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    report.count("without text and HTML, in this order", [k for k, m in everything if kinds(m)[:2] != ["text/plain", "text/html"]])
    report.count("not in UTF-8", [k for k, m in everything if any(
        part.get_content_charset() != "utf-8" for part in (m.get_body(("plain",)), m.get_body(("html",))))])
    texts = {key: [mail["Subject"], mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()]
             for key, mail in everything}
    report.count("with a raw tag or a broken character", [k for k, t in texts.items() if re.search(r"\{\{|\}\}|\ufffd|\0", "".join(t))])
    report.count("subject not in the title", [k for k, t in texts.items() if f"<title>{escape(t[0])}</title>" not in t[2]])
    named = [k for k, t in texts.items() if "Ann" in t[1]]
    report.check("the hostile name stands in mails", bool(named), len(named))
    report.count("and not as it is", [k for k in named if HOSTILE not in texts[k][1] or escape(HOSTILE) not in texts[k][2]])
    report.count("link missing in text or HTML", [
        k for k, t in texts.items() if k[0] in linked and (LINK not in t[1] or escape(LINK) not in t[2])])
    report.count("HTML above 102,000 bytes", [k for k, t in texts.items() if len(t[2].encode()) > 102_000])
    report.figure("largest HTML", f"{max(len(t[2].encode()) for t in texts.values())} bytes")
    report.count("without one-click unsubscription (RFC 8058)", [k for k, m in everything if not (
        re.fullmatch(r"<https://care\.example\.com/unsubscribe\?t=[a-z0-9-]{16,40}>", str(m["List-Unsubscribe"]))
        and m["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")])
    files = {key: [(part.get_filename(), part.get_content_type(), part.get_content()) for part in mail.iter_attachments()
                   if part.is_attachment()] for key, mail in everything}
    attached = [k for k, f in files.items() if f]
    report.figure("mails with a file", len(attached))
    report.count("with another file than was given", [k for k in attached if files[k] != [("账单 November.pdf", "application/pdf", PDF)]])
    return texts


def look(texts, report, shots, space):
    """What Chromium makes of each HTML part."""
    chromium = find_chromium()
    if not chromium:
        report.figure("NOT CHECKED: layout", "chromium is not installed (apt-get install chromium)")
        return
    page = space.path / "mail.html"
    found = []
    with Browser(chromium, space.path / "chromium") as browser:
        for (message, locale), (_, _, html) in texts.items():
            page.write_text(html, encoding="utf-8")
            for width in (320, 360, 600, 1200):
                for scheme in ("light", "dark"):
                    browser.show(page.as_uri(), width, 800, scheme)
                    facts = json.loads(browser.evaluate(LAYOUT))
                    found.append((f"{message} {locale} {width} {scheme}", facts, scheme, 'dir="rtl"' in html))
                    if shots and width in (360, 1200):
                        (shots / f"{message}.{locale}.{width}.{scheme}.png").write_bytes(browser.screenshot())
    report.figure("pages laid out", len(found))
    report.count("to scroll sideways", [name for name, facts, *_ in found if facts["scroll"] > int(name.split()[2])])
    report.count("wider than 600 pixels", [f"{name}: {facts['wide']}" for name, facts, *_ in found if facts["wide"]])
    report.count("with faint words", [f"{name}: {facts['faint']}" for name, facts, *_ in found if facts["faint"]])
    report.count("with something loaded", [name for name, facts, *_ in found if facts["requests"]])
    report.count("with a button too low for a thumb (44 pixels)",
                 [name for name, facts, *_ in found if facts["button"] is not None and facts["button"] < 44])
    report.check("buttons seen", any(facts["button"] for _, facts, *_ in found))
    report.count("in the wrong direction", [name for name, facts, _, rtl in found if facts["direction"] != ("rtl" if rtl else "ltr")])
    report.count("not dark where asked for, or the other way round",
                 [name for name, facts, scheme, _ in found if (facts["ground"] == "rgb(255, 255, 255)") != (scheme == "light")])


def escape(text):
    for sign, entity in ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"):
        text = text.replace(sign, entity)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    parser.add_argument("--templates", type=Path, action="append", help="folders of messages; default: the library")
    parser.add_argument("--locales", default="en-US,es-MX,zh-CN,zh-TW", help="the recipients' locales")
    parser.add_argument("--shots", type=Path, help="keep screenshots in this folder")
    arguments = parser.parse_args()
    templates = [folder.resolve() for folder in arguments.templates or [REPOSITORY / "templates"]]
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    report = Report("Mails as their recipients see them")
    with Workspace(arguments, "mails") as space:
        server = start_mail_server(space, "dunlin", "acceptance-secret")
        mails, linked = send(space, server, arguments.locales.split(","), templates)
        look(read(mails, linked, report), report, arguments.shots, space)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
