#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges what tests/bench/cli measured.

    cli_report.py SAMPLES RESULTS.json

SAMPLES has a JSON object a line: of commands.py (set is "SET" or "SET COUNT"),
and of aovpnd as it started with so many of something (table "daemon").
"""

import sys

from measure import (at_most, by, figure, lines, median, ratio, save, show,
                     sure_at_most)

# Set and way: what an issue says.
LIMITS = {("start", "aovpn status"): at_most(15, "ms"),
          ("profiles 500", "aovpn profile list"): at_most(100, "ms")}
CERT_RATIO = 2.0  # upper end of aovpn cert check / openssl verify


def values(samples, name):
    """The times of one way."""
    return [s["ms"] for s in samples if s["way"] == name]


def part_of(name):
    """What grows has a table of its own."""
    return f"growth: {name.split()[0]}" if " " in name else f"cli: {name}"


def commands(samples):
    """Each set: its ways, and how they compare."""
    for (name,), group in by(samples, "set").items():
        behind = f", {name.split()[1]}" if " " in name else ""
        for (way,), mine in by(group, "way").items():
            yield median(part_of(name), way + behind, [s["ms"] for s in mine],
                         "ms", LIMITS.get((name, way)))
        ours, theirs = (values(group, way) for way in
                        ("aovpn cert check", "openssl verify"))
        if ours and theirs:
            yield ratio(part_of(name),
                        f"aovpn cert check / openssl verify{behind}",
                        ours, theirs,
                        sure_at_most(CERT_RATIO) if name == "cert" else None)


def daemon(samples):
    """One start each."""
    for sample in samples:
        name, count = sample["set"].split()
        part = f"growth: {name}"
        yield figure(part, f"aovpnd answers after its start, {count}",
                     sample["ready_ms"], "ms")
        yield figure(part, f"aovpnd's memory, resident, {count}",
                     sample["rss_kib"] / 1024, "MiB")


def main(argv):
    """See the head of the file."""
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    samples = lines(argv[1])
    results = [*commands([s for s in samples if s["table"] == "command"]),
               *daemon([s for s in samples if s["table"] == "daemon"])]
    show(results)
    save(argv[2], samples + results)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
