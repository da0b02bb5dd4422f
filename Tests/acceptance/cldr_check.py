#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares how Dunlin writes values with PyPI's `babel` (CLDR) and `phonenumbers` (libphonenumber).

    cldr_check.py [--dunlin PATH] [--seed 1] [--tries 3000] [--show 6]

Run it with a Python that has both:

    python3 -m venv ENV; ENV/bin/pip install babel==2.18.0 phonenumbers==9.0.43
    ENV/bin/python Tests/acceptance/cldr_check.py

1. Plurals: every language that babel knows, cardinal and ordinal, 0 to 1000, large numbers, 0.0 to 3.9 and more.
2. Amounts, numbers and days in every language of the library with its usual regions, for the eye and for a voice.
3. Phone numbers: the library's examples and random valid numbers of each country in phones.txt.

Foundation's ICU and babel have other versions of CLDR and differ in some habits: DIFFERENCES says where and why. A
difference that is not listed fails, and so does one that is listed and does not occur.
"""
import argparse
import collections
import datetime as dt
import json
import random
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from support import REPOSITORY, Report, find_dunlin

BABEL, PHONENUMBERS = "2.18.0", "9.0.43"
try:
    import babel
    import phonenumbers
    from babel import Locale, dates, localedata, numbers
except ImportError as error:
    packages = f"babel=={BABEL} phonenumbers=={PHONENUMBERS}"
    sys.exit(f"{error}: 'pip install {packages}' in a venv, and run me with its python")

PHONES = REPOSITORY / "Sources/DunlinTemplates/Formats/phones.txt"

LOCALES = """
    en-US en-GB en-IN en-AU en-CA en-ZA es-ES es-MX es-AR es-CO es-CL es-US pt-BR zh-Hans-CN zh-Hans-SG zh-Hant-TW
    zh-Hant-HK ar-EG ar-SA ar-AE ar-MA fr-FR fr-CA fr-BE fr-CH de-DE de-AT de-CH it-IT it-CH ru-RU ru-KZ ja-JP ko-KR
    hi-IN id-ID vi-VN th-TH""".split()
# ISO 4217's minor digits.
CURRENCIES = dict(
    USD=2, EUR=2, GBP=2, BRL=2, MXN=2, CNY=2, TWD=2, INR=2, JPY=0, KRW=0, CLP=0, KWD=3, EGP=2, CHF=2, RUB=2, IDR=2,
    VND=0, THB=2)
AMOUNTS = "0 1 2 5 11 21 100 999 1000 1234 9999 10000 12345 123456 1234567 98765432109 -1 -1234567".split()
FRACTIONS = {0: [""], 2: ["", ".50", ".01"], 3: ["", ".500", ".001"]}
NUMBERS = "0 1 -1 12 999 1000 1234 12345 -123456 1234567 0.5 2.5 -1234.125 12345.678901".split()
DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=n * 5) for n in range(74)] + [dt.date(2028, 2, 29)]
INTEGERS = [*range(1001), *range(1_000, 1_000_001, 99_000), 1_000_000, 2_000_000, 10_000_001, 10**9, 10**12 + 1]
DECIMALS = [f"{i}.{f}" for i in range(4) for f in range(10)]
DECIMALS += "1.00 1.10 0.01 0.11 5.02 10.0 11.0 100.5 1000000.0".split()

NBSP, NARROW = "\u00a0", "\u202f"



def at(kind, locales=".*", channel=".*", value=".*"):
    """A test of questions (locale, channel, type, value)."""
    return lambda question: all(
        re.fullmatch(pattern, part) for pattern, part in zip((locales, channel, kind, value), question))


def sub(pattern, replacement):
    return lambda text: re.sub(pattern, replacement, text)


def arabic(text):
    """With the digits and signs of numbering system `arab`."""
    text = re.sub(r"(?<=\d)[,.](?=\d)", lambda sign: {",": "٬", ".": "٫"}[sign[0]], text)
    text = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    return re.sub("^(\u200f?)-", "\u061c-\\1", text)


SKELETON = "Foundation has ICU build a day from fields (yMMMMd, yMMMMEEEEd), babel takes CLDR's long and full patterns"
VERSION = "Foundation's ICU 76 has data of its own, made from CLDR 46; babel 2.18.0 has CLDR 47"

# What differs between babel's text and ours: name, where, what makes ours of babel's, why. A text may need several.
DIFFERENCES = [
    ("a space between letters and digits", at("money", channel="sms"), sub(r"(?<=[^\W\d_])(?=\d)", NBSP),
     "babel leaves out CLDR's currencySpacing"),
    ("a space behind signs", at("money", "es-(AR|CO)", "sms"), sub(r"(?<=[$€£¥₹])(?=\d)", NBSP),
     VERSION),
    ("1234 without a separator", at("money|number", "es-ES|it-IT"),
     sub(r"(?<![\d.])(\d)\.(\d{3})(?![\d.])", r"\1\2"), "babel leaves out CLDR's minimumGroupingDigits"),
    ("1234 without an apostrophe", at("money|number", "it-CH"), sub(r"(?<![\d’])(\d)’(\d{3})(?![\d’])", r"\1\2"),
     "the same"),
    ("Arabic digits", at("money|number|date", "ar-(EG|SA)", "sms"), arabic,
     "babel keeps ASCII digits in the numbering system arab"),
    ("a mark before the minus", at("money|number", "ar-(AE|MA)", "sms"), sub("-", "\u200e-"),
     "babel leaves out the mark in CLDR's minus sign"),
    ("the symbol in front", at("money", "fr-CH", "sms"), sub(f"^(.*){NBSP}(\\D+)$", f"\\2{NBSP}\\1"), VERSION),
    ("EUR and GBP have a sign", at("money", "es-US", "sms", ".*(EUR|GBP)"),
     lambda text: text.replace("EUR", "€").replace("GBP", "£"), VERSION),
    ("a narrow yen sign", at("money", "ja-JP", "sms", ".*JPY"), sub("￥", "¥"), VERSION),
    ("TWD is 元", at("money", "zh-Hant-.*", "call", ".*TWD"), sub("新台幣", "元"), VERSION),
    ("CNY is CN¥", at("money", "zh-Hans-SG", "sms", ".*CNY"), sub("¥", "CN¥"), VERSION),
    ("no space before the name", at("money", "zh-Hant-.*", "call"), sub(" ", ""), VERSION),
    ("no comma behind the weekday", at("date", "en-AU", "call"), sub(",", ""), SKELETON),
    ("1 instead of 01", at("date", "en-ZA|id-ID"), sub(r"\b0", ""), SKELETON),
    ("a space before the weekday", at("date", "zh-Hans-.*|zh-Hant-HK|ja-JP", "call"), sub("日(?=星|.曜)", "日 "), SKELETON),
    ("a comma before the year", at("date", "ar-(EG|SA|AE)"), sub(r" (?=[\d٠-٩]{4}$)", "، "), SKELETON),
    ("October's name", at("date", "hi-IN"), sub("अक्टूबर", "अक्तूबर"), VERSION),
    ("'ngày' before the day", at("date", "vi-VN"), sub(r"(\d+ tháng)", r"ngày \1"), SKELETON),
    ("no era", at("date", "th-TH"), sub("ค.ศ. ", ""), SKELETON),
]


class Reasons:
    """The listed differences, and how often each was met."""

    def __init__(self):
        self.used = collections.Counter()

    def explain(self, question, theirs, ours):
        """Whether listed differences lead from their text to ours."""
        found = {theirs: ()}
        for name, where, change, _ in DIFFERENCES:
            if where(question):
                for text, names in list(found.items()):
                    found.setdefault(change(text), (*names, name))
        if ours in found:
            self.used.update(found[ours])
        return ours in found


def ask(dunlin, questions):
    """Dunlin's texts for (locale, channel, type, value)."""
    lines = "".join(
        json.dumps(dict(zip(("locale", "channel", "type", "value"), question))) + "\n" for question in questions)
    done = subprocess.run([dunlin, "templates", "values"], input=lines, capture_output=True, text=True, check=True)
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert len(texts) == len(questions), done.stderr
    return texts


def shown(text):
    return "".join(c if c == " " or (c.isprintable() and c != NBSP) else f"{{{ord(c):x}}}" for c in text or "nil")


# Plurals

def check_plurals(report, dunlin, limit):
    questions, theirs = [], []
    names = [name for name in localedata.locale_identifiers() if name != "root"]
    for name in names:
        locale, language = Locale.parse(name), Locale.parse(name.split("_")[0])
        if locale != language and (locale.plural_form.rules, locale.ordinal_form.rules) == (
                language.plural_form.rules, language.ordinal_form.rules):
            continue
        for kind, rule in (("cardinal", locale.plural_form), ("ordinal", locale.ordinal_form)):
            for value in [*map(str, INTEGERS), *(DECIMALS if kind == "cardinal" else [])]:
                questions.append((name.replace("_", "-"), "sms", kind, value))
                theirs.append(rule(Decimal(value)))
    ours = ask(dunlin, questions)
    report.figure("plurals: locales of babel", len(names))
    report.figure("plurals: numbers compared", len(questions))
    report.count("plurals differ", (
        f"{q[0]} {q[2]} {q[3]}: {a}, babel {b}" for q, a, b in zip(questions, ours, theirs) if a != b), limit)


# Amounts, numbers and days

def with_decimals(number, locale, fraction, pattern, currency=None, system="default"):
    """A number by a pattern of CLDR with exactly so many decimals."""
    pattern = numbers.parse_pattern(pattern.pattern)
    pattern.frac_prec = (fraction, fraction)
    return pattern.apply(Decimal(number), locale, currency=currency, currency_digits=False, numbering_system=system)


def without_space_groups(text):
    """Voices get no groups apart from those with a comma or a point: our rule, not CLDR's."""
    return re.sub(f"(?<=\\d)[{NBSP}{NARROW}’'](?=\\d)", "", text)


def plain_spaces(text):
    """Voices get no other spaces: our rule, too."""
    return re.sub(f"[{NBSP}{NARROW}]", " ", text)


def their_money(locale, channel, amount, code):
    digits = CURRENCIES[code]
    if channel != "call":
        return with_decimals(amount, locale, digits, locale.currency_formats["standard"], code)
    value = Decimal(amount)
    fraction = 0 if value == value.to_integral() else digits
    value = value.quantize(Decimal(1).scaleb(-fraction))
    written = with_decimals(value, locale, fraction, locale.decimal_formats[None], system="latn")
    pattern = numbers.get_currency_unit_pattern(code, count=abs(value), locale=locale)
    name = numbers.get_currency_name(code, count=abs(value), locale=locale)
    return pattern.format(without_space_groups(written), name)


def value_questions():
    """Each question with babel's answer."""
    for name in LOCALES:
        locale = Locale.parse(name, sep="-")
        for channel in ("sms", "call"):
            system = "latn" if channel == "call" else locale.default_numbering_system
            for code, digits in CURRENCIES.items():
                for amount in (a + f for a in AMOUNTS for f in FRACTIONS[digits]):
                    yield (name, channel, "money", f"{amount} {code}"), their_money(locale, channel, amount, code)
            for number in NUMBERS:
                text = numbers.format_decimal(
                    Decimal(number), locale=locale, decimal_quantization=False, numbering_system=system)
                yield (name, channel, "number", number), without_space_groups(text) if channel == "call" else text
            for day in DAYS:
                text = dates.format_date(day, "full" if channel == "call" else "long", locale)
                yield (name, channel, "date", day.isoformat()), plain_spaces(text) if channel == "call" else text


def check_values(report, dunlin, reasons, limit):
    pairs = list(value_questions())
    ours = ask(dunlin, [question for question, _ in pairs])
    agree, explained, unlisted = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    for (question, theirs), text in zip(pairs, ours):
        kind = f"{question[2]}, {'spoken' if question[1] == 'call' else 'written'}"
        if theirs == text:
            agree[kind] += 1
        elif reasons.explain(question, theirs, text):
            explained[kind] += 1
        else:
            unlisted[kind].append(f"{question[0]} {question[3]}: '{shown(text)}', babel '{shown(theirs)}'")
    for kind in sorted({*agree, *explained, *unlisted}):
        report.figure(f"{kind}: equal", agree[kind])
        report.figure(f"{kind}: differ as listed", explained[kind])
        report.count(f"{kind}: differ otherwise", unlisted[kind], limit)


# Phone numbers

def valid_numbers(region, tries, dice):
    """Examples of every kind, and random numbers that begin like one of them or anyhow."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    kinds = ("fixed_line mobile toll_free premium_rate shared_cost personal_number voip pager uan voicemail").split()
    descriptions = [d for d in (getattr(metadata, kind) for kind in kinds) if d and d.example_number]
    found = {d.example_number for d in descriptions}
    lengths = sorted({n for d in descriptions for n in d.possible_length if n > 0}) or [9]
    starts = sorted(found)
    for _ in range(tries):
        start = dice.choice(starts)
        start = start[:dice.randrange(len(start))]
        found.add(start + "".join(dice.choices("0123456789", k=max(0, dice.choice(lengths) - len(start)))))
    for national in sorted(found):
        number = f"+{metadata.country_code}{national}"
        if 8 <= len(number) <= 16:
            try:
                parsed = phonenumbers.parse(number, None)
            except phonenumbers.NumberParseException:
                continue
            # What parsing changes (an old mobile digit of Mexico) is another number.
            if phonenumbers.is_valid_number(parsed) and phonenumbers.format_number(parsed, 0) == number:
                yield number, phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def check_phones(report, dunlin, tries, seed, limit):
    dice = random.Random(seed)
    codes = [int(line[1:]) for line in PHONES.read_text().splitlines() if line.startswith("+")]
    pairs = []
    for code in codes:
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
            # Of the islands that share a code a few numbers are enough.
            main = region == phonenumbers.region_code_for_country_code(code) or region == "CA"
            pairs += valid_numbers(region, tries if main else tries // 20, dice)
    ours = ask(dunlin, [("en", "sms", "phone", number) for number, _ in pairs])
    report.figure("phones: calling codes", len(codes))
    report.figure("phones: grouped alike", sum(a == b for a, (_, b) in zip(ours, pairs)))
    pieces = [f"{n}: {b}" for a, (n, b) in zip(ours, pairs) if a != b and a.count(" ") <= 1 and "-" not in a]
    report.figure("phones: left in one piece", f"{len(pieces)} {pieces[:limit]}")
    report.count("phones: grouped differently", (
        f"'{a}', library '{b}'" for a, (_, b) in zip(ours, pairs) if a != b and (a.count(" ") > 1 or "-" in a)), limit)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dunlin", type=Path,
                        help="the binary; default: .build/release/dunlin, else .build/debug/dunlin")
    parser.add_argument("--seed", type=int, default=1, help="of the random phone numbers")
    parser.add_argument("--tries", type=int, default=3000, help="random phone numbers of each country, valid or not")
    parser.add_argument("--show", type=int, default=6, help="differences to show of each kind")
    arguments = parser.parse_args()
    dunlin = find_dunlin(arguments.dunlin)
    report = Report(f"Values against PyPI's babel {babel.__version__} and phonenumbers {phonenumbers.__version__}")
    report.check(f"the libraries are those that the reasons are about, {BABEL} and {PHONENUMBERS}",
                 (babel.__version__, phonenumbers.__version__) == (BABEL, PHONENUMBERS))
    reasons = Reasons()
    check_plurals(report, dunlin, arguments.show)
    check_values(report, dunlin, reasons, arguments.show)
    check_phones(report, dunlin, arguments.tries, arguments.seed, arguments.show)
    for name, _, _, why in DIFFERENCES:
        report.figure(f"difference {name}: {why}", reasons.used[name])
    report.count("differences listed that do not occur", [d[0] for d in DIFFERENCES if not reasons.used[d[0]]])
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
