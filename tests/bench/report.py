#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the tables of "make bench" out of its raw measurements.

    report.py DIALS PACKETS BENCH.json

DIALS has a JSON object a dial (table, way, pair, begin, end: CLOCK_REALTIME in
seconds), PACKETS is from capture.py. Prints tables; BENCH.json gets one line a
dial and one line a comparison.

The interval of a median is that of the sign test: two order statistics between
which it lies with at least 95 %, whatever the distribution (exact, so that the
same measurements give the same interval).
"""

import json
import math
import statistics
import sys

IKE_SA_INIT, IKE_AUTH = 34, 35
TARGET = 1.05  # upper end of ours/stock


class Broken(Exception):
    """The measurements do not fit together."""


def lines(path):
    """A file of JSON lines."""
    with open(path, encoding="ascii") as file:
        return [json.loads(line) for line in file]


def ike_sas(packets):
    """SPI: its packets of IKE_SA_INIT and IKE_AUTH, in order."""
    sas = {}
    for packet in packets:
        if packet["exchange"] in (IKE_SA_INIT, IKE_AUTH):
            sas.setdefault(packet["spi"], []).append(packet)
    return sas


def connect(packets):
    """Figures of one IKE_SA: from the first request to the last response."""
    answered = {p["id"] for p in packets if p["response"]}
    asked = {p["id"] for p in packets if not p["response"]}
    last = packets[-1]
    if (answered != asked or answered != set(range(len(answered))) or
            not packets[0]["out"] or last["out"] or
            last["exchange"] != IKE_AUTH):
        raise Broken(f"IKE_SA {last['spi']} was not captured whole")
    return {"connect_ms": (last["time"] - packets[0]["time"]) * 1000,
            "exchanges": len(answered),
            "bytes": sum(p["length"] for p in packets)}


def measure(dials, packets):
    """Give each dial the figures of the one IKE_SA that began during it."""
    sas = ike_sas(packets).values()
    for dial in dials:
        mine = [sa for sa in sas
                if dial["begin"] <= sa[0]["time"] <= dial["end"]]
        if len(mine) != 1:
            raise Broken(f"{len(mine)} IKE_SAs began during {dial}")
        dial.update(connect(mine[0]))
        dial["wall_ms"] = (dial["end"] - dial["begin"]) * 1000


def interval(values):
    """The median of values and its 95 % interval by order statistics."""
    values, count = sorted(values), len(values)
    tail, rank = 0, 0
    while True:
        tail += math.comb(count, rank) / 2 ** count
        if tail > 0.025:
            break
        rank += 1
    if rank == 0:
        return statistics.median(values), -math.inf, math.inf
    return statistics.median(values), values[rank - 1], values[count - rank]


def compare(dials, table, figure, ways):
    """ways[0] against ways[1], by pairs."""
    pairs = {}
    for dial in dials:
        if dial["table"] == table:
            pairs.setdefault(dial["pair"], {})[dial["way"]] = dial[figure]
    ratios = [p[ways[0]] / p[ways[1]] for p in pairs.values()]
    ratio, low, high = interval(ratios)
    return {"table": table, "figure": figure, "pairs": len(pairs),
            "ways": {way: statistics.median(p[way] for p in pairs.values())
                     for way in ways},
            "ratio": ratio, "low": low, "high": high}


def exchanges(dials, table, way):
    """All numbers of exchanges that occurred, as text."""
    return "/".join(str(n) for n in sorted(
        {d["exchanges"] for d in dials
         if (d["table"], d["way"]) == (table, way)}))


def show(title, result, dials):
    """One table for people."""
    print(f"\n{title}, {result['pairs']} pairs\n")
    for way, median in result["ways"].items():
        count = exchanges(dials, result["table"], way)
        print(f"  {way:8} {median:8.2f} ms  {count} IKE exchanges")
    first, second = result["ways"]
    print(f"  {first}/{second}: {result['ratio']:.3f}"
          f"  (95 %: {result['low']:.3f} to {result['high']:.3f})")


def report(dials):
    """Print everything; returns the comparisons."""
    results = []
    for table, ways in (("full", ("ours", "stock")),
                        ("resumed", ("resumed", "stock"))):
        if not any(d["table"] == table for d in dials):
            continue
        for figure, title in (
                ("connect_ms", "connect: first IKE_SA_INIT request to last "
                 "IKE_AUTH response"),
                ("wall_ms", "end to end: `aovpn dial` against "
                 "`swanctl --initiate`")):
            results.append(compare(dials, table, figure, ways))
            show(f"{table} {title}", results[-1], dials)
    high = results[0]["high"]
    print(f"\ntarget, full connect's ratio at most {TARGET} at its upper end: "
          f"{'met' if high <= TARGET else 'NOT met'} ({high:.3f})")
    return results


def main(argv):
    """See the head of the file."""
    if len(argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    dials = lines(argv[1])
    try:
        measure(dials, lines(argv[2]))
    except Broken as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    results = report(dials)
    with open(argv[3], "w", encoding="ascii") as file:
        for line in dials + results:
            file.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
