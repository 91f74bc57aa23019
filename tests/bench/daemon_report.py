#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges what tests/bench/daemon measured.

    daemon_report.py SAMPLES PACKETS RESULTS.json

SAMPLES has a JSON object a line, each with its "table"; PACKETS is from
capture.py.
"""

import sys

from measure import (at_most, by, figure, limit, lines, median, save,
                     show)

RECORD_MEDIAN_MS, RECORD_WORST_MS = 50, 250
NETWORK_MS = 2000
MEMORY_MIB = 12
# Less than one thousandth of one processor is shown as 0.0 % by all that show it.
IDLE_PERCENT = 0.05
WAYS = {"lab": "connected", "refused": "refused by NPS",
        "untrusted": "gateway refused by us"}


def record(samples, packets):
    """The last packet that came in before the record was written."""
    arrivals = [p["time"] for p in packets if not p["out"]]
    for (way,), group in by(samples, "way").items():
        seen = [(s["written"] - max(t for t in arrivals
                                    if s["begin"] < t < s["written"])) * 1000
                for s in group]
        name = WAYS[way]
        yield median("record", f"{name}: last packet to record", seen, "ms",
                     at_most(RECORD_MEDIAN_MS, "ms"))
        yield figure("record", f"{name}: worst of {len(seen)}", max(seen), "ms",
                     **limit(f"at most {RECORD_WORST_MS} ms",
                             max(seen) <= RECORD_WORST_MS))
        said = [s["said_ms"] for s in group if s["said_ms"] is not None]
        if said:
            yield median("record", f"{name}: as the record itself says", said,
                         "ms")


def idle(samples, _packets):
    """A daemon that has nothing to do."""
    for sample in samples:
        percent = sample["cpu_ms"] / sample["seconds"] / 10
        name = f"{sample['when']}, {sample['seconds']} s"
        yield figure("idle", f"{name}: processor time", sample["cpu_ms"], "ms")
        yield figure("idle", f"{name}: share of one processor", percent, "%",
                     **limit(f"0 % (below {IDLE_PERCENT} %)",
                             percent < IDLE_PERCENT))
        yield figure("idle", f"{name}: wake-ups", sample["wakeups"], "")


def memory(samples, _packets):
    """Resident, and what is its own share of that."""
    for sample in samples:
        who, mode = sample["who"].split(", ")
        if who == "charon":
            who += " with our plugin" if mode == "both" else " without it"
        elif mode == "stock":
            who += " without plugin"
        pss = sample["pss_kib"] / 1024
        name = f"{who}, {sample['when']}"
        yield figure("memory of processes", f"{name}: resident",
                     sample["rss_kib"] / 1024, "MiB")
        yield figure("memory of processes", f"{name}: proportional", pss,
                     "MiB",
                     **(limit(f"at most {MEMORY_MIB} MiB", pss <= MEMORY_MIB)
                        if who.startswith("aovpnd") else {}))


def network(samples, _packets):
    """From the link's return to the tunnel."""
    values = [s["ms"] for s in samples]
    yield median("redial", "network's return to tunnel up", values, "ms",
                 at_most(NETWORK_MS, "ms"))
    yield figure("redial", f"worst of {len(values)}", max(values), "ms",
                 **limit(f"at most {NETWORK_MS} ms",
                         max(values) <= NETWORK_MS))


def observe(samples, _packets):
    """At a rate, as the plugin sends; and as fast as they are read."""
    for (asked,), group in by(samples, "asked").items():
        name = f"at {asked} a second" if asked else "as fast as they are read"
        count = sum(s["count"] for s in group)
        dropped = sum(s["dropped"] for s in group)
        yield figure("observations", f"{name}: dropped of {count}", dropped, "")
        yield median("observations", f"{name}: read",
                     [s["per_second"] for s in group], "a second")
        yield median("observations", f"{name}: processor time of each",
                     [s["cpu_ns"] / s["count"] / 1000 for s in group], "us")


def tunnel(samples, _packets):
    """Throughput of the lab's own tunnel."""
    part = "tunnel of the lab"
    rates = {way: [s["bytes_per_second"] * 8e-6 for s in group]
             for (way,), group in by(samples, "way").items()}
    for way, name in (("off", "no tracer"), ("on", "tracer, tunnel up"),
                      ("dial", "tracer and hooks of a dial on charon")):
        yield median(part, name, rates[way], "Mbit/s")
        if way != "off":
            yield median(part, f"{name} / no tracer",
                         [a / b for a, b in zip(rates[way], rates["off"])], "")


def command(samples, _packets):
    """Of commands.py, where others have many IKE_SAs beside our tunnel."""
    for (name, way), group in by(samples, "set", "way").items():
        yield median("growth: IKE_SAs of others", f"{way}, {name}",
                     [s["ms"] for s in group], "ms")


TABLES = {"command": command, "record": record, "idle": idle, "network": network,
          "observe": observe, "tunnel": tunnel, "memory": memory}


def main(argv):
    """See the head of the file."""
    if len(argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    samples, packets = lines(argv[1]), lines(argv[2])
    results = [row for (table,), group in by(samples, "table").items()
               if table in TABLES for row in TABLES[table](group, packets)]
    show(results)
    save(argv[3], samples + results)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
