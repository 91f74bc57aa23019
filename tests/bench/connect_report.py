#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges what tests/bench/connect measured.

    connect_report.py SAMPLES PACKETS RESULTS.json

SAMPLES has a JSON object a dial (table "dial": series, rtt, way, pair, begin,
end: CLOCK_REALTIME in seconds) and others; PACKETS is from capture.py.
RESULTS.json gets the samples, each dial with its figures, and the figures.
"""

import sys

from measure import by, figure, lines, median, ratio, save, show, sure_at_most

IKE_SA_INIT, IKE_AUTH = 34, 35
RATIO_LIMIT = 1.05  # upper end of ours/stock, full, on a path without delay


class Broken(Exception):
    """The measurements do not fit together."""


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


def of_path(rtt, series, ways, dials):
    """Figures of one series on one path."""
    part = f"connect, path of {rtt} ms"
    values = {way: sorted((d for d in dials if d["way"] == way),
                          key=lambda dial: dial["pair"]) for way in ways}
    for way, mine in values.items():
        counts = sorted({d["exchanges"] for d in mine})
        name = f"{series} series, {way}"
        yield figure(part, f"{name}: IKE exchanges", counts[0], "",
                     **({"or": counts[1:]} if counts[1:] else {}))
        yield median(part, f"{name}: first request to last response",
                     [d["connect_ms"] for d in mine], "ms")
        yield median(part, f"{name}: end to end",
                     [d["wall_ms"] for d in mine], "ms")
    for name, key in (("first request to last response", "connect_ms"),
                      ("end to end", "wall_ms")):
        judged = (series, key, rtt) == ("full", "connect_ms", 0)
        yield ratio(part, f"{series} series, {'/'.join(ways)}: {name}",
                    *([d[key] for d in values[way]] for way in ways),
                    judge=sure_at_most(RATIO_LIMIT) if judged else None)


def report(samples):
    """All figures."""
    dials = [s for s in samples if s["table"] == "dial"]
    for sample in samples:
        if sample["table"] == "path":
            yield figure(f"connect, path of {sample['rtt']} ms",
                         "a ping takes", sample["ping_ms"], "ms")
    for (rtt, series), group in by(dials, "rtt", "series").items():
        ways = ("ours" if series == "full" else "resumed", "stock")
        yield from of_path(rtt, series, ways, group)


def main(argv):
    """See the head of the file."""
    if len(argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    samples = lines(argv[1])
    try:
        measure([s for s in samples if s["table"] == "dial"], lines(argv[2]))
    except Broken as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    results = list(report(samples))
    show(results)
    save(argv[3], samples + results)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
