#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Gathers what the parts of "make bench" measured.

    summary.py DIRECTORY BENCH.json

DIRECTORY has PART.json of each part: JSON lines, samples, "skipped" and
"figures" (measure.py). Prints the machine and one table in Markdown, which is
what RESULTS.md holds; BENCH.json gets one object: machine, figures, skipped,
and the samples of each part.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from measure import REACHED, by, cells, lines


def first_line(*command):
    """What a program says of itself, or "" where it is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              check=False)
        return (done.stdout + done.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return ""


def processor():
    """Its name, as the kernel knows it."""
    for line in Path("/proc/cpuinfo").read_text("ascii", "replace").split("\n"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def system():
    """The distribution's name."""
    for line in Path("/etc/os-release").read_text("utf-8").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return "unknown"


def machine():
    """What the figures depend on; nothing that names the host."""
    return {"processors": os.cpu_count(), "processor": processor(),
            "kernel": platform.release(), "system": system(),
            "compiler": first_line(os.environ.get("CC", "cc").split()[-1],
                                   "--version"),
            "strongswan": first_line("swanctl", "--help"),
            "openssl": first_line("openssl", "version")}


def gather(directory):
    """All parts as one object."""
    result = {"machine": machine(), "figures": [], "skipped": [],
              "load": {}, "samples": {}}
    for path in sorted(Path(directory).glob("*.json"),
                       key=lambda path: path.stat().st_mtime):
        rows = lines(path)
        result["samples"][path.stem] = [
            row for row in rows
            if row["table"] not in ("figures", "skipped", "load")]
        result["figures"] += [r for r in rows if r["table"] == "figures"]
        result["skipped"] += [r for r in rows if r["table"] == "skipped"]
        result["load"][path.stem] = [r["load"] for r in rows
                                     if r["table"] == "load"]
    return result


def show(result):
    """The whole run, for people."""
    print("\n| machine | |\n|---|---|")
    for name, value in result["machine"].items():
        print(f"| {name} | {value} |")
    for part, loads in result["load"].items():
        print(f"| load at begin and end of {part} | "
              f"{', '.join(map(str, loads))} |")
    for (part,), group in by(result["figures"], "part").items():
        print(f"\n## {part}\n\n| | median (95 %) | |\n|---|---|---|")
        for row in group:
            print("| " + " | ".join(cells(row)) + " |")
    verdicts = [f["verdict"] for f in result["figures"] if "verdict" in f]
    print(f"\n{verdicts.count(REACHED)} of {len(verdicts)} limits are reached.")
    for skipped in result["skipped"]:
        print(f"\nSKIPPED {skipped['part']}: {skipped['reason']}")


def main(argv):
    """See the head of the file."""
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    result = gather(argv[1])
    show(result)
    with open(argv[2], "w", encoding="ascii") as file:
        json.dump(result, file)
        file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
