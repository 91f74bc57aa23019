#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges the samples of tests/bench/tracer and tunnel.

    tracer_report.py SAMPLES RESULTS.json

SAMPLES has a JSON object a line, each with its "table". Prints a table of
figures; RESULTS.json gets the samples and the figures (measure.py).
"""

import sys

from measure import (at_most, by, figure, limit, lines, median, save, show,
                     sure_at_most)

DROP_NS = 60  # an unrelated packet that is dropped
MATCHING = "IKE"  # a packet that the tracer looks for
CALL_RATIO = 1.01  # what cannot be told from this is no cost
TUNNEL_RATIO = 0.97
ATTACH_MS = 150
MEMORY_MIB = 12


def paired(samples, key, one, other, value):
    """Pairs of values: of the way one, and of the way other."""
    pairs = {}
    for sample in samples:
        pairs.setdefault(sample["pair" if "pair" in sample else "round"],
                         {})[sample[key]] = sample[value]
    return [(pair[one], pair[other]) for pair in pairs.values()]


# --- one function a table of samples -----------------------------------------

def drops(samples):
    """The kernel's statistics, net of their clock."""
    for (packet, interest), group in by(samples, "packet", "interest").items():
        if packet == MATCHING:
            yield from matching(group)
            continue
        watching = "interest on" if interest else "interest off"
        for program in sorted({s["program"] for s in group} - {"empty"},
                              reverse=True):
            added = [ours - clock for ours, clock in
                     paired(group, "program", program, "empty", "ns")]
            yield median(
                "drop", f"{packet}, {watching}: {program} adds", added, "ns",
                at_most(DROP_NS, "ns") if program == "tracer" else None)
        yield median("drop", f"{packet}, {watching}: clock alone",
                     [s["ns"] for s in group if s["program"] == "empty"], "ns")


def matching(samples):
    """A packet that the tracer reports: where bpftrace counts, it writes an
    event with all that it reads of the packet."""
    for program in sorted({s["program"] for s in samples} - {"empty"},
                          reverse=True):
        yield median("drop", f"IKE message, reported: {program} adds",
                     [ours - clock for ours, clock in
                      paired(samples, "program", program, "empty", "ns")],
                     "ns")


def blast(samples):
    """What a sender notices, with each tool and without any."""
    yield median("drop, sender's time", "without a tool",
                 [s["ns"] for s in samples if s["way"] == "off"], "ns")
    for way in sorted({s["way"] for s in samples} - {"off"}):
        pairs = paired(samples, "way", way, "off", "ns")
        yield median("drop, sender's time", f"{way} adds",
                     [one - off for one, off in pairs], "ns")
        yield median("drop, sender's time", f"{way} / without",
                     [one / off for one, off in pairs], "")


def calls(samples):
    """Nothing is dialled: the tracer open against none."""
    for (call,), group in by(samples, "call").items():
        yield median("idle tracer", f"{call}: not open",
                     [s["ns"] for s in group if s["way"] == "closed"], "ns")
        yield median("idle tracer", f"{call}: open / not open",
                     [one / other for one, other in
                      paired(group, "way", "open", "closed", "ns")],
                     "", sure_at_most(CALL_RATIO))


def fast(_value, low, _high):
    """Whether a tunnel is as fast as without the tracer."""
    return limit(f"lower end at least {TUNNEL_RATIO}", low >= TUNNEL_RATIO)


def tunnel(samples):
    """Throughput of kernel ESP."""
    yield median("tunnel", "without the tracer",
                 [s["bytes_per_second"] * 8e-6 for s in samples
                  if s["way"] == "off"], "Mbit/s")
    for way, name, judge in (
            ("on", "tracer open, tunnel up / without", fast),
            ("dial", "hooks of a dial, too / without", fast),
            ("same cgroup", "hooks see each packet, too / without", None)):
        yield median("tunnel", name,
                     [one / other for one, other in
                      paired(samples, "way", way, "off", "bytes_per_second")],
                     "", judge)


def attach(samples):
    """From the request to the loader until all sees."""
    rounds = paired(samples, "step", "open", "dial", "ms")
    for name, values in (
            ("tracer ready", [first for first, _ in rounds]),
            ("hooks of a dial attached", [second for _, second in rounds]),
            ("both, one after the other", [sum(pair) for pair in rounds])):
        yield median("attach", name, values, "ms",
                     lambda value, _low, _high: limit(
                         f"under {ATTACH_MS} ms", value < ATTACH_MS))
    yield median("attach", "hooks of a dial detached",
                 [s["ms"] for s in samples if s["step"] == "detach"], "ms")


def accounts(name, sample, limited):
    """Is every event of a flood in the books?"""
    told = sample["delivered"] + sample["suppressed"]
    read = sample.get("read", sample["delivered"])
    sound = sample["lost"] == 0 and read == sample["delivered"]
    yield figure("flood", f"{name}: sent", sample["sent"], "events")
    yield figure("flood", f"{name}: rate", sample["per_second"], "events/s",
                 **limit(f"{sample['asked']} asked for, less 1 %",
                         sample["per_second"] >= 0.99 * sample["asked"]))
    yield figure("flood", f"{name}: delivered", sample["delivered"], "events",
                 **({} if limited else limit(
                     "each", sound and sample["delivered"] == sample["sent"])))
    yield figure("flood", f"{name}: delivered + suppressed", told, "events",
                 **limit("exactly those sent, none lost",
                         sound and told == sample["sent"]))
    yield figure("flood", f"{name}: lost", sample["lost"], "events")


def flood(samples):
    """The tracer's own reader."""
    for sample in samples:
        name = f"limiter {sample['limiter']}"
        yield from accounts(name, sample, sample["limiter"] == "on")
        yield figure("flood", f"{name}: reader's processor time",
                     sample["reader_cpu_s"], "s")


def daemon(samples):
    """aovpnd under the same flood, while a dial is open."""
    for sample in samples:
        yield from accounts("aovpnd", sample, True)
        yield figure("flood", "aovpnd: processor time", sample["cpu_s"], "s")


def memory(samples):
    """aovpnd's, with the tracer; the loader has ended."""
    for sample in samples:
        mib = sample["pss_kib"] / 1024
        maps = sample["map_bytes"] / 1048576
        name = f"aovpnd, {sample['when']}"
        yield figure("memory", f"{name}: Pss without the ring", mib, "MiB",
                     **limit(f"at most {MEMORY_MIB} MiB", mib <= MEMORY_MIB))
        yield figure("memory", f"{name}: the same if nothing were shared",
                     sample["rss_kib"] / 1024, "MiB")
        yield figure("memory", f"{name}: Pss and maps in the kernel",
                     mib + maps, "MiB",
                     **limit(f"at most {MEMORY_MIB} MiB",
                             mib + maps <= MEMORY_MIB))


def loader(samples):
    """While it runs, which is some milliseconds a dial."""
    for sample in samples:
        yield figure("memory", "loader: peak resident, while it runs",
                     sample["peak_rss_kib"] / 1024, "MiB")


TABLES = {"drops": drops, "blast": blast, "calls": calls, "tunnel": tunnel,
          "attach": attach, "flood": flood, "daemon": daemon,
          "memory": memory, "loader": loader}


def report(samples):
    """All figures."""
    results = []
    for (table,), group in by(samples, "table").items():
        if table in TABLES:
            results += TABLES[table](group)
    return results


def main(argv):
    """See the head of the file."""
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    samples = lines(argv[1])
    results = report(samples)
    show(results)
    save(argv[2], samples + results)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
