#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges the samples of tests/bench/tracer and tunnel.

    tracer_report.py SAMPLES RESULTS.json

SAMPLES has a JSON object a line, each with its "table". Prints a table of
figures with the limit of each, where it has one, and whether it is reached;
RESULTS.json gets the samples and then a line a figure: table ("figures"), part,
figure, value, low, high (95 % interval, where it is a median), unit, limit and
verdict. Intervals are those of report.py.
"""

import json
import sys

from report import interval, lines

DROP_NS = 60  # an unrelated packet that is dropped
CALL_RATIO = 1.01  # what cannot be told from this is no cost
TUNNEL_RATIO = 0.97
ATTACH_MS = 150
MEMORY_MIB = 12


def limit(text, reached):
    """A limit of the figure and whether it is reached."""
    return {"limit": text, "verdict": "reached" if reached else "missed"}


def figure(part, name, value, unit, **more):
    """One line of the result."""
    return {"table": "figures", "part": part, "figure": name, "value": value,
            "unit": unit, **more}


def median(part, name, values, unit, judge=None):
    """A figure that is the median of values; judge gets value, low, high."""
    value, low, high = interval(values)
    return figure(part, name, value, unit, low=low, high=high,
                  **(judge(value, low, high) if judge else {}))


def by(samples, *keys):
    """The samples in groups, in the order in which they came."""
    groups = {}
    for sample in samples:
        groups.setdefault(tuple(sample[key] for key in keys),
                          []).append(sample)
    return groups


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
        watching = "interest on" if interest else "interest off"
        for program in sorted({s["program"] for s in group} - {"empty"},
                              reverse=True):
            added = [ours - clock for ours, clock in
                     paired(group, "program", program, "empty", "ns")]
            yield median(
                "drop", f"{packet}, {watching}: {program} adds", added, "ns",
                (lambda value, _low, _high: limit(f"at most {DROP_NS} ns",
                                                  value <= DROP_NS))
                if program == "tracer" else None)
        yield median("drop", f"{packet}, {watching}: clock alone",
                     [s["ns"] for s in group if s["program"] == "empty"], "ns")


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


def no_cost(_value, low, high):
    """Whether a ratio is one; an interval may be too wide to say."""
    text = f"no cost (at most {CALL_RATIO})"
    if high > CALL_RATIO >= low:
        return {"limit": text, "verdict": "undecided"}
    return limit(text, high <= CALL_RATIO)


def calls(samples):
    """Nothing is dialled: the tracer open against none."""
    for (call,), group in by(samples, "call").items():
        yield median("idle tracer", f"{call}: not open",
                     [s["ns"] for s in group if s["way"] == "closed"], "ns")
        yield median("idle tracer", f"{call}: open / not open",
                     [one / other for one, other in
                      paired(group, "way", "open", "closed", "ns")],
                     "", no_cost)


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


def idle(samples):
    """A daemon without a dial."""
    for sample in samples:
        yield figure("idle", f"processor time in {sample['seconds']} s",
                     sample["ticks"], "ticks",
                     **limit("0", sample["ticks"] == 0))
        yield figure("idle", f"wake-ups in {sample['seconds']} s",
                     sample["wakeups"], "")


TABLES = {"drops": drops, "blast": blast, "calls": calls, "tunnel": tunnel,
          "attach": attach, "flood": flood, "daemon": daemon,
          "memory": memory, "loader": loader, "idle": idle}


# --- print --------------------------------------------------------------------

def number(value):
    """Four digits that count, counts whole."""
    if isinstance(value, int):
        return str(value)
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def show(result):
    """One line of the table."""
    text = f"{number(result['value'])} {result['unit']}".rstrip()
    if "low" in result:
        text += f" ({number(result['low'])} to {number(result['high'])})"
    line = f"  {result['figure']:56} {text:34}"
    if "limit" in result:
        line += f" {result['verdict']}: {result['limit']}"
    print(line.rstrip())


def report(samples):
    """Print everything; returns the figures."""
    results = []
    for (table,), group in by(samples, "table").items():
        if table in TABLES:
            results += TABLES[table](group)
    for (part,), group in by(results, "part").items():
        print(f"\n{part}\n")
        for result in group:
            show(result)
    verdicts = [r["verdict"] for r in results if "verdict" in r]
    print(f"\n{verdicts.count('reached')} of {len(verdicts)} limits reached;"
          " in brackets the 95 % interval of a median"
          " (undecided: too wide to tell)")
    for sample in samples:
        if sample["table"] == "skipped":
            print(f"SKIPPED {sample['part']}: {sample['reason']}")
    return results


def main(argv):
    """See the head of the file."""
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    samples = lines(argv[1])
    results = report(samples)
    with open(argv[2], "w", encoding="ascii") as file:
        for line in samples + results:
            file.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
