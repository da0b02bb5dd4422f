#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Segment counts of SMS, against independent implementations from PyPI: smsutil, smpplib and gsmcodecs.

    segments_check.py [--seed 1] [--texts 10000] [--show 20] COMMAND…   such as: dunlin templates segments

The command reads JSON strings from lines of its standard input and prints an object a line.

1. smsutil (splits texts as phones do): encoding, units and segments of every text.
2. smpplib (cuts the encoded text in equal pieces, through escape and surrogate pairs too, which its source calls a
   fault): the same number of segments wherever no pair stands on a border; where one does, as many as smsutil.
3. gsmcodecs (the national tables of 3GPP TS 23.038): the best of every combination of tables, cut here by hand.

Decomposed letters go out composed: the packages get Unicode's NFC. A difference must be one of those below, which say
what ours must be instead, and each of them must occur.
"""
import argparse
import collections
import importlib.metadata
import itertools
import json
import random
import subprocess
import sys
import unicodedata

import smpplib.consts
import smpplib.gsm
import smsutil
from gsmcodecs.charmaps import GSMCHARMAPS

BASIC = [chr(GSMCHARMAPS[0]["locking"]["decode"][code]) for code in range(128) if code != 0x1b]
EXTENDED = list("\f^{}\\[~]|€")
UCS2 = list("áíóúçÇ’“”—…ąęłşğıİ`\t\u00a0您好的款项到期支付感谢مرحباприветनमस्ते")
EMOJI = list("😀🎉👍🏽👩\u200d👧🇩🇪") + ["👨\u200d👩\u200d👧\u200d👦"]
DECOMPOSED = ["e\u0301", "n\u0303", "a\u0308", "o\u0302", "c\u0327", "i\u0301"]
BORDERS = [0, 1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 200, 201, 305, 306, 307, 458, 459,
           460]
NATIONAL = {
    "tr": "Ödemeniz için teşekkürler, ışık €",
    "es": "Él pagó más: camión, ¡sí!",
    "pt": "Não é só; pagamentos à vista, ções",
    "bn": "আপনার ঋণের কিস্তি ১২",
    "gu": "તમારી ચુકવણી બાકી ૧૨",
    "hi": "आपका भुगतान बाकी है ०१२",
    "kn": "ನಿಮ್ಮ ಪಾವತಿ ಬಾಕಿ ೧೨",
    "ml": "നിങ്ങളുടെ പണം ൧൨",
    "or": "ଆପଣଙ୍କ ଦେୟ ୧୨",
    "pa": "ਤੁਹਾਡੀ ਅਦਾਇਗੀ ੧੨",
    "ta": "உங்கள் கட்டணம் ௧௨",
    "te": "మీ చెల్లింపు ౧౨",
    "ur": "آپ کی ادائیگی ۱۲",
}
TAGS = dict(enumerate(NATIONAL, start=1))

# What we hold otherwise than a package, and why.
DIFFERENCES = {
    "empty": "smsutil: no text is one message in UCS-2; it is none",
    "escape": "smsutil: U+001B is of the alphabet; it is the escape itself, and what follows would be read wrongly",
    "pair": "smpplib: pairs are cut in two at a border, which can spare a segment and spoils the character",
    "grave": "smpplib: ` is § of the alphabet and § is not; TS 23.038 has § at 5F and no ` at all",
    "feed": "smpplib: the extension table has no form feed; TS 23.038 has it at 0A",
}


class Check:
    def __init__(self, show):
        self.show, self.passed, self.failed, self.seen = show, 0, 0, collections.Counter()

    def equal(self, what, text, ours, theirs, difference=None, expected=None):
        """Ours are theirs; or the difference has a name and ours are as expected."""
        if difference and ours == expected:
            self.seen[difference] += theirs != expected
            self.passed += 1
        elif not difference and ours == theirs:
            self.passed += 1
        else:
            self.failed += 1
            if self.failed <= self.show:
                print(f"  {what}: ours {ours}, theirs {theirs}, expected {expected or theirs}:"
                      f" {json.dumps(text)[:300]}")


def ask(command, texts):
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(command, input=lines, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(texts):
        sys.exit(f"segments_check: {command[0]} answered {len(answers)} of {len(texts)}: {done.stderr[:300]}")
    return answers


def random_texts(count, dice):
    """Half of them of a length near a border, every fourth with pairs there, half of those filled to the border."""
    mixes = [BASIC, BASIC + EXTENDED * 3, EXTENDED, BASIC + UCS2, UCS2, BASIC + EMOJI, EMOJI + UCS2, BASIC + DECOMPOSED,
             EXTENDED + UCS2 + EMOJI]
    fixed = ["", "\x1b", "a\x1bb", "`", "§", "\r\n", "\n", "€", "😀", "\u0000"]
    yield from fixed
    for number in range(count - len(fixed)):
        mix = mixes[number % len(mixes)]
        length = dice.choice(BORDERS) + dice.randint(-2, 2) if number % 2 else dice.randint(0, 700)
        text = dice.choices(mix, k=max(length, 0))
        if number % 4 == 3:
            plain = dice.choice([["a"], ["a"], ["中"]])
            text = plain * max(length, 0)
            for border in (67, 134, 153, 160, 306, 459):
                place = border - 1 + dice.randint(-1, 1)
                if place < len(text) and dice.random() < 0.7:
                    text[place] = "€" if plain == ["a"] else "😀"
                    if dice.random() < 0.5:
                        text.pop()
        yield "".join(text)


def smsutil_count(text):
    result = smsutil.split(text)
    is_gsm = result.encoding == "gsm0338"
    return {"encoding": "gsm7" if is_gsm else "ucs2", "units": result.total_bytes // (1 if is_gsm else 2),
            "segments": len(result.parts)}


def smpplib_count(text):
    parts, encoding, _ = smpplib.gsm.make_parts(text)
    is_gsm = encoding == smpplib.consts.SMPP_ENCODING_DEFAULT
    headers = 6 * len(parts) if len(parts) > 1 else 0
    return {"encoding": "gsm7" if is_gsm else "ucs2", "units": (sum(map(len, parts)) - headers) // (1 if is_gsm else 2),
            "segments": len(parts)}


def pair_on_border(text, encoding):
    """Whether equal pieces would cut a pair."""
    if encoding == "gsm7":
        costs, part, single = [2 if c in EXTENDED else 1 for c in text], 153, 160
    else:
        costs, part, single = [len(c.encode("utf-16-be")) // 2 for c in text], 67, 70
    starts = itertools.accumulate(costs, initial=0)
    return sum(costs) > single and any(cost == 2 and (at + 1) % part == 0 for at, cost in zip(starts, costs))


def check_plain(check, texts, answers):
    for text, answer in zip(texts, answers):
        text = unicodedata.normalize("NFC", text)
        room = answer.pop("units_left")
        one = smsutil_count(text)
        ucs2 = {"encoding": "ucs2", "units": len(text.encode("utf-16-be")) // 2}
        if text == "":
            check.equal("smsutil", text, answer, one, "empty", {"encoding": "gsm7", "units": 0, "segments": 0})
            continue
        if "\x1b" in text:
            expected = ucs2 | {"segments": len(smsutil.unicode_split(text).parts)}
            check.equal("smsutil", text, answer, one, "escape", expected)
            continue
        check.equal("smsutil", text, answer, one)
        # Room: as many plain characters, and not one more, leave the number of segments as it is.
        full = smsutil_count(text + "x" * room)["segments"], smsutil_count(text + "x" * (room + 1))["segments"]
        check.equal("room", text, (one["segments"], one["segments"] + 1), full)
        two = smpplib_count(text)
        if "`" in text or "§" in text:
            check.equal("smpplib", text, answer, two, "grave", one)
        elif "\f" in text:
            check.equal("smpplib", text, answer, two, "feed", one)
        elif pair_on_border(text, answer["encoding"]):
            check.equal("smpplib", text, answer, two, "pair", one)
        else:
            check.equal("smpplib", text, answer, two)


def corrected_tables():
    """The characters of gsmcodecs' tables, but for two cells that its tables and others' have not in common."""
    locking, single = {}, {}
    for number, kinds in GSMCHARMAPS.items():
        for kind, tables in (("locking", locking), ("singleShift", single)):
            if kind in kinds:
                tables[number] = {chr(c) for code, c in kinds[kind]["decode"].items() if code != 0x1b}
    for number in range(4, 14):
        # 2C is the comma in ofono's and Android's tables; with an apostrophe, which 09 of the single shift table is, no
        # text in these languages could have a comma.
        locking[number] = locking[number] - {"'"} | {","}
    return locking, single


def best_national(text, locking, single, plain):
    best = plain["segments"], 0, 0
    for (one, ones), (two, twos) in itertools.product(locking.items(), single.items()):
        tables = (one > 0) + (two > 0)
        if tables == 0 or not all(c in ones or c in twos for c in text):
            continue
        costs = [1 if c in ones else 2 for c in text]
        units, filled, parts = sum(costs), 0, 1
        if units > (140 - 1 - 3 * tables) * 8 // 7:
            room = (140 - 1 - 3 * tables - 5) * 8 // 7
            for cost in costs:
                parts, filled = (parts, filled + cost) if filled + cost <= room else (parts + 1, cost)
        if parts < plain["segments"]:
            best = min(best, (parts, tables, units))
    return best


def check_national(check, command, count, dice):
    texts = []
    for number in range(count):
        alphabet = NATIONAL[TAGS[number % len(TAGS) + 1]]
        if number % 5 == 0:
            alphabet += NATIONAL[dice.choice(list(NATIONAL))]
        alphabet += dice.choice(["", "", ".,;?!12", "abcXYZ", "€[]", "'"])
        text = "".join(dice.choices(alphabet, k=dice.choice([*BORDERS, 145, 149, 150, 155, 156])))
        texts.append(unicodedata.normalize("NFC", text))
    locking, single = corrected_tables()
    used = collections.Counter()
    for text, answer in zip(texts, ask([*command, "--national"], texts)):
        ours, plan = answer, answer["national"]
        names = [plan.get("locking_shift"), plan.get("single_shift")]
        tables = sum(name is not None for name in names)
        used[tables] += 1
        best = best_national(text, locking, single, ours)
        check.equal("gsmcodecs", text, (plan["segments"], tables, plan["units"] if tables else 0), best)
    print(f"national: {len(texts)} texts in {len(NATIONAL)} languages; {used[1]} best with one table, {used[2]} with two")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--show", type=int, default=20, help="faults to print")
    options, command = parser.parse_known_args()
    if not command:
        parser.error("which command counts?")
    check, dice = Check(options.show), random.Random(options.seed)
    texts = list(random_texts(options.texts, dice))
    check_plain(check, texts, ask(command, texts))
    check_national(check, command, max(options.texts // 5, 100), dice)
    print(f"plain: {len(texts)} texts")
    for name, reason in DIFFERENCES.items():
        print(f"differs {check.seen[name]} times: {reason}")
        check.failed += check.seen[name] == 0
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("smsutil", "smpplib", "gsmcodecs"))
    print(f"{versions}; seed {options.seed}")
    print(f"{check.passed} passed, {check.failed} failed")
    sys.exit(check.failed > 0)


if __name__ == "__main__":
    main()
