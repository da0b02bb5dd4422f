#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where numbers and regions lie, against libphonenumber's tables (PyPI phonenumbers) and ISO 3166-2 (PyPI pycountry).

    places_check.py [--seed 1] [--each 12] [--show 40] COMMAND…      such as: places_check.py dunlin policies where

The command reads numbers and regions from lines of its standard input and prints an object a line: `COMMAND --json -`.

1. Zones: for every prefix that the library or numbers.txt has, numbers of that prefix; and every area code of the North
   American plan. Two answers agree if their zones have the same clocks: the same offsets at each hour of 2026 and 2027
   in the system's tzdata. A difference must be one of places_differences.py, which says what ours must be instead, and
   each of those must occur.
2. Regions: the library's example numbers of each country and kind; states and provinces by its geocoding.
3. regions.txt: each code is in ISO 3166-2, each subdivision of a country that it covers is listed.
"""
import argparse
import collections
import datetime
import json
import pathlib
import random
import re
import subprocess
import sys
import zoneinfo

import phonenumbers
import pycountry
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

from places_differences import AREA_DIFFERENCES, DIFFERENCES, OVERLAYS, OWN_CODES, REGION_DIFFERENCES

TABLES = pathlib.Path(__file__).parents[2] / "Sources/DunlinTime/Places"
ZONE_TAB = pathlib.Path("/usr/share/zoneinfo/zone.tab")
HOURS = [datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=n)
         for n in range(2 * 365 * 24)]


class Clocks:
    """A number for each zone: zones of the same clock have the same."""

    def __init__(self):
        self.of_zone, self.numbers, self.country = {}, {}, collections.defaultdict(list)
        for line in ZONE_TAB.read_text().splitlines():
            if not line.startswith("#"):
                code, _, zone, *_ = line.split("\t")
                self.country[code].append(zone)

    def one(self, zone):
        if zone not in self.of_zone:
            rules = zoneinfo.ZoneInfo(zone)
            offsets = tuple(hour.astimezone(rules).utcoffset() for hour in HOURS)
            self.of_zone[zone] = self.numbers.setdefault(offsets, len(self.numbers))
        return self.of_zone[zone]

    def all(self, places):
        """Of zones, and of the countries among them."""
        zones = [zone for place in places for zone in ([place] if "/" in place else self.country[place])]
        return frozenset(map(self.one, zones))


def longest(prefixes, digits):
    return next((digits[:n] for n in range(len(digits), 0, -1) if digits[:n] in prefixes), None)


def own_prefixes():
    code = ""
    for line in (TABLES / "numbers.txt").read_text().splitlines():
        if line.startswith("+"):
            code = line[1:].split(" ")[0]
            yield code
        elif line and not line.startswith("#"):
            yield from (code + digits for digits in line.split(":")[1].split())


def numbers_with(prefix, count, dice):
    length = 11 if prefix[0] == "1" else max(len(prefix) + 3, 12)
    for _ in range(count):
        yield prefix + "".join(dice.choices("0123456789", k=length - len(prefix)))


class Check:
    def __init__(self, command, show):
        self.command, self.show, self.faults = command, show, 0

    def ask(self, places):
        text = "\n".join(places) + "\n"
        done = subprocess.run([*self.command, "--json", "-"], input=text, capture_output=True, text=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        if [a["place"] for a in answers] != places:
            sys.exit(f"places_check: {self.command[0]} answered {len(answers)} of {len(places)}: {done.stderr[:300]}")
        return answers

    def fault(self, text):
        self.faults += 1
        if self.faults <= self.show:
            print("  " + text)


def check_zones(check, clocks, each, dice):
    prefixes = sorted({*TIMEZONE_DATA, *own_prefixes()})
    digits = [number for prefix in prefixes for number in numbers_with(prefix, each, dice)]
    digits += [f"1{area}2345678" for area in range(200, 1000)]
    whole_area = collections.defaultdict(set)
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix[0] == "1" and len(prefix) >= 4:
            whole_area[prefix[:4]] |= set(zones)

    documented = collections.defaultdict(set)
    for n, (listed, expected, _) in enumerate(DIFFERENCES):
        for prefix in listed.split():
            documented[prefix].add((n, clocks.all(expected.split())))
    uses = collections.Counter()
    agreed = 0
    for number, answer in zip(digits, check.ask(["+" + d for d in digits])):
        ours = clocks.all(answer["zones"])
        if number[0] == "1":
            # Numbers move within a rate centre and beyond: the area code counts, not the exchange.
            theirs = clocks.all(whole_area[number[:4]])
        else:
            theirs = clocks.all(TIMEZONE_DATA.get(longest(TIMEZONE_DATA, number), ()))
        entries = [n for end in range(1, len(number)) for n, those in documented.get(number[:end], ()) if those == ours]
        if ours == theirs:
            agreed += 1
        elif number[:4] in OVERLAYS and ours == clocks.all(whole_area[OVERLAYS[number[:4]]]):
            uses[number[:4]] += 1
        elif entries:
            uses[entries[-1]] += 1
        else:
            check.fault(f"+{number}: ours {answer['zones']}, library's"
                        f" {TIMEZONE_DATA.get(longest(TIMEZONE_DATA, number))} ({longest(TIMEZONE_DATA, number)})")
    for unused in [n for n in [*range(len(DIFFERENCES)), *OVERLAYS] if not uses[n]]:
        check.fault(f"documented and not found: {DIFFERENCES[unused] if isinstance(unused, int) else unused}")
    print(f"zones: {len(prefixes)} prefixes and 800 area codes, {len(digits)} numbers: {agreed} agree,"
          f" {sum(uses.values())} differ as documented ({len(uses)} reasons)")


def check_areas(check):
    """Area codes are answered if, and only if, the library has them."""
    known = {prefix[1:4] for prefix in TIMEZONE_DATA if prefix[0] == "1" and len(prefix) >= 4}
    areas = [str(area) for area in range(200, 1000)]
    answers = dict(zip(areas, check.ask([f"+1{area}2345678" for area in areas])))
    for area in areas:
        if bool(answers[area]["zones"]) != (area in known):
            check.fault(f"area code {area}: {answers[area]['regions']}, library: {area in known}")
    names = {s.name: s.code for country in ("US", "CA") for s in pycountry.subdivisions.get(country_code=country)}
    named = 0
    for area in sorted(known):
        texts = [v["en"] for k, v in GEOCODE_DATA.items() if k.startswith("1" + area) and "en" in v]
        found = {f"{country}-{text[-2:]}" for text in texts for country in ("US", "CA") if re.search(", [A-Z]{2}$", text)}
        found |= {names[part] for text in texts for part in re.split("/", text) if part in names}
        found &= set(names.values())
        named += bool(found)
        if not found <= set(answers[area]["regions"]) and AREA_DIFFERENCES.get(area) != answers[area]["regions"]:
            check.fault(f"area code {area}: {answers[area]['regions']}, library: {sorted(found)}")
    print(f"area codes: {len(known)} known, {len(areas) - len(known)} not; state or province of {named} compared")


def check_regions(check):
    numbers = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example:
                text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                numbers.append((region, text))
    for (region, number), answer in zip(numbers, check.ask([number for _, number in numbers])):
        wanted = OWN_CODES.get(region, region)
        if any(wanted in (given, given[:2]) for given in answer["regions"]):
            continue
        if REGION_DIFFERENCES.get(region) == answer["regions"]:
            continue
        check.fault(f"{number}: {answer['regions']}, library: {region}")
    print(f"regions: {len(numbers)} example numbers of {len(phonenumbers.SUPPORTED_REGIONS)} countries")


def check_codes(check, clocks):
    listed = [code for line in (TABLES / "regions.txt").read_text().splitlines()
              if line and not line.startswith("#") for code in line.split(":")[1].split()]
    iso = {s.code for s in pycountry.subdivisions}
    extra = sorted(set(listed) - iso)
    missing = sorted(code for code in iso if code[:2] in {c[:2] for c in listed} and code not in listed
                     and len(clocks.all([code[:2]])) > 1)
    print(f"regions.txt: {len(listed)} codes; not in ISO 3166-2: {' '.join(extra)}; whole country instead:"
          f" {' '.join(missing)}")
    for answer in check.ask(sorted(iso)):
        if not answer["zones"] and answer["place"][:2] not in ("BV", "HM"):
            check.fault(f"no zone for {answer['place']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=12, help="numbers a prefix")
    parser.add_argument("--show", type=int, default=40, help="faults to print")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    check, clocks = Check(options.command, options.show), Clocks()
    check_zones(check, clocks, options.each, random.Random(options.seed))
    check_areas(check)
    check_regions(check)
    check_codes(check, clocks)
    print(f"phonenumbers {phonenumbers.__version__}, seed {options.seed}: {check.faults} undocumented differences")
    sys.exit(check.faults > 0)


if __name__ == "__main__":
    main()
