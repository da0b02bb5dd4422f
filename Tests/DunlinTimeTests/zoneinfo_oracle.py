# SPDX-License-Identifier: Apache-2.0
"""What Python's zoneinfo says about every time zone file of a directory, as rows for ZoneOracleTests.swift.

usage: zoneinfo_oracle.py DIRECTORY > rows

Python 3.9 or later, standard library only; the files are opened here, so that no other copy of tzdata can be taken.

Output: for each set of equal files the names, joined by spaces, and three tables, each preceded by its length in bytes;
the tables are made of 64-bit integers in the machine's byte order:
  instants  (UTC seconds, offset in seconds): the second before, at and after each change, and a sample
  changes   (UTC seconds): where the offset changes, 1970 to 2037
  locals    (local seconds, UTC seconds): around each gap and fold, the first of two (fold=0)
"""
import array, datetime, io, os, random, struct, sys, zoneinfo

EPOCH = datetime.datetime(1970, 1, 1)
SECOND = datetime.timedelta(seconds=1)
DAY = 86400
LATER_YEARS = (2038, 2040, 2077, 2086, 2087, 2088, 2099, 2100, 2101, 2200, 2299, 2300, 2368, 2369, 2370, 2371, 2399, 2400)


def start_of(year):
    return int((datetime.datetime(year, 1, 1) - EPOCH).total_seconds())


FIRST, LAST = start_of(1970), start_of(2038)


def offset(zone, time):
    """The offset at a UTC time, both in seconds."""
    delta = datetime.datetime.fromtimestamp(time, zone).utcoffset()
    return delta.days * DAY + delta.seconds


def to_utc(zone, local):
    """The first UTC time of a local time, both in seconds."""
    delta = (EPOCH + local * SECOND).replace(tzinfo=zone).utcoffset()
    return local - delta.days * DAY - delta.seconds


def listed_times(data):
    """The times in the last data block of a TZif file: a change and its reverse may lie closer together than the search
    below looks, and times at which nothing changes are worth asking for, too."""
    width, code, start = 4, "l", 0
    if data[4] >= ord("2"):
        isut, isstd, leap, time, kind, char = struct.unpack(">6l", data[20:44])
        width, code, start = 8, "q", 44 + time * 5 + kind * 6 + char + leap * 8 + isstd + isut
    count = struct.unpack(">l", data[start + 32:start + 36])[0]
    return struct.unpack(f">{count}{code}", data[start + 44:start + 44 + count * width])


def search(zone, begin, end, step=14 * DAY):
    """The changes of a period, found without reading the file: by halving each step whose ends differ."""
    found, before = [], offset(zone, begin)
    for high in range(begin + step, end + step, step):
        after = offset(zone, high)
        if after != before:
            low, top = high - step, high
            while top - low > 1:
                middle = (low + top) // 2
                if offset(zone, middle) == before:
                    low = middle
                else:
                    top = middle
            found.append(top)
        before = after
    return found


def rows(data):
    zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(data))
    listed = listed_times(data)
    times = {t for t in listed if FIRST < t < LAST} | set(search(zone, FIRST, LAST))
    changes = sorted(t for t in times if t < LAST and offset(zone, t - 1) != offset(zone, t))
    for year in LATER_YEARS:
        times.update(search(zone, start_of(year), start_of(year + 1)))
    asked = {t + d for t in times for d in (-1, 0, 1)}
    asked.update(random.Random(2400).choices(range(FIRST, start_of(2401)), k=200))
    instants, local = array.array("q"), array.array("q")
    for t in sorted(asked):
        instants.extend((t, offset(zone, t)))
    if listed and offset(zone, listed[-1] - 1) == offset(zone, listed[-1]):
        # For local times zoneinfo takes the footer's word for the hours before the last listed time, too.
        times.discard(listed[-1])
    for t in sorted(times):
        before, after = t + offset(zone, t - 1), t + offset(zone, t)
        low, high = min(before, after), max(before, after)
        for wall in {low - 1, low, (low + high) // 2, high - 1, high, high + 1}:
            local.extend((wall, to_utc(zone, wall)))
    return instants, array.array("q", changes), local


def files(directory):
    for folder, folders, names in os.walk(directory):
        if folder == directory:
            folders[:] = [f for f in folders if f not in ("posix", "right", "SystemV")]
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                data = file.read()
            if data[:4] == b"TZif":
                yield os.path.relpath(path, directory), data


def main(directory):
    names_of = {}
    for name, data in files(directory):
        names_of.setdefault(data, []).append(name)
    for data, names in names_of.items():
        for table in (" ".join(sorted(names)).encode(), *(rows.tobytes() for rows in rows(data))):
            sys.stdout.buffer.write(struct.pack("=q", len(table)) + table)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
