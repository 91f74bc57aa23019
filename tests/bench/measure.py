# SPDX-License-Identifier: GPL-2.0-or-later
"""How the parts of "make bench" measure, what a figure is, and its table.

Ways to do one thing are measured in rounds, each of which begins with another
way, behind rounds that warm up and do not count: so that what else the machine
does falls on all of them.

A figure is an object: table ("figures"), part, figure, value, unit; low and high
where it is the median of several; limit and verdict where an issue names one.
The interval of a median is that of the sign test: two order statistics between
which it lies with at least 95 %, whatever the distribution (exact, so that the
same measurements give the same interval).
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time

PAIRS = int(os.environ.get("BENCH_PAIRS", "40"))
REACHED, MISSED, UNDECIDED = "reaches", "does not reach", "undecided"


# --- measuring ----------------------------------------------------------------

def alternate(ways, rounds, warm=2):
    """Samples of each way ({name: function without arguments}), in rounds."""
    names = list(ways)
    samples = {name: [] for name in names}
    for number in range(-warm, rounds):
        for i in range(len(names)):
            name = names[(number + i) % len(names)]
            value = ways[name]()
            if number >= 0:
                samples[name].append(value)
    return samples


def command_ms(command, statuses=(0,)):
    """Run it; milliseconds from its start to its end. Ends this program where
    the command ends with another status."""
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    took = (time.perf_counter() - begin) * 1000
    if done.returncode not in statuses:
        sys.exit(f"bench: {' '.join(command)}: status {done.returncode}: "
                 f"{done.stderr.decode(errors='replace')[-300:]}")
    return took


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


# --- figures ------------------------------------------------------------------

def limit(text, reached):
    """A limit of a figure and whether it is reached."""
    return {"limit": text, "verdict": REACHED if reached else MISSED}


def at_most(most, unit):
    """A judge of medians."""
    return lambda value, _low, _high: limit(f"at most {most} {unit}".rstrip(),
                                            value <= most)


def sure_at_most(most):
    """A judge by the upper end of the interval, which may be too wide to say."""
    def judge(_value, low, high):
        text = f"upper end at most {most}"
        if low <= most < high:
            return {"limit": text, "verdict": UNDECIDED}
        return limit(text, high <= most)
    return judge


def figure(part, name, value, unit, **more):
    """One line of the result."""
    return {"table": "figures", "part": part, "figure": name, "value": value,
            "unit": unit, **more}


def median(part, name, values, unit, judge=None):
    """A figure that is the median of values; judge gets value, low, high."""
    value, low, high = interval(values)
    # Fewer than six values have no such interval: their range, then.
    if math.isinf(low):
        low, high = min(values), max(values)
    return figure(part, name, value, unit, low=low, high=high,
                  count=len(values),
                  **(judge(value, low, high) if judge else {}))


def ratio(part, name, over, under, judge=None):
    """The median of the ratios of samples of the same rounds."""
    return median(part, name, [a / b for a, b in zip(over, under)], "", judge)


def by(samples, *keys):
    """The samples in groups, in the order in which they came."""
    groups = {}
    for sample in samples:
        groups.setdefault(tuple(sample[key] for key in keys),
                          []).append(sample)
    return groups


# --- results ------------------------------------------------------------------

def lines(path):
    """A file of JSON lines."""
    with open(path, encoding="ascii") as file:
        return [json.loads(line) for line in file]


def number(value):
    """Four digits that count, counts whole."""
    if isinstance(value, int):
        return str(value)
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def cells(result):
    """Name, value with its interval, verdict with the limit: of one figure."""
    text = f"{number(result['value'])} {result['unit']}".rstrip()
    if "low" in result:
        text += f" ({number(result['low'])} to {number(result['high'])})"
    verdict = ""
    if "limit" in result:
        verdict = f"{result['verdict']}: {result['limit']}"
    return result["figure"], text, verdict


def show(results):
    """Print figures, a table a part."""
    for (part,), group in by(results, "part").items():
        print(f"\n{part}\n")
        for result in group:
            name, text, verdict = cells(result)
            print(f"  {name:58} {text:36} {verdict}".rstrip())


def save(path, rows):
    """Write JSON lines: samples first, then figures."""
    with open(path, "w", encoding="ascii") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
