#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a check of a certificate costs, beside openssl verify.

    cert.py PROGRAM PKI RESULTS.json

PROGRAM is aovpn, PKI a directory of tests/lab/lib/pki.sh. Offline checks of a
chain of three certificates, interleaved with "openssl verify" of the same chain;
BENCH_PAIRS (40) pairs count. Prints the figures with their limit and "reached" or
"missed"; judges nothing: exit status 0 where all was measured, 1 where not.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time

from report import interval

PAIRS = int(os.environ.get("BENCH_PAIRS", "40"))
RATIO_LIMIT = 2.0


def commands(program, pki):
    """Both ways to check one chain, by name."""
    root, issuing, leaf = (f"{pki}/certs/{name}.pem"
                           for name in ("root", "issuing", "user1"))
    return {"aovpn": [program, "cert", "check", "--offline", leaf,
                      "--chain", issuing, "--root", root],
            "openssl": ["openssl", "verify", "-CAfile", root,
                        "-untrusted", issuing, leaf]}


def run(command, statuses):
    """Run it; milliseconds. Another exit status than these ends all."""
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    took = (time.perf_counter() - begin) * 1000
    if done.returncode not in statuses:
        sys.exit(f"bench: {' '.join(command)}: status {done.returncode}")
    return took


def alternate(ways):
    """Samples of both, in pairs; each pair begins with the other one."""
    # Offline and without a cache nobody can tell of revocation: status 3.
    statuses = {"aovpn": (3,), "openssl": (0,)}
    samples = {name: [] for name in ways}
    for pair in range(-2, PAIRS):
        for name in sorted(ways, reverse=pair % 2 == 0):
            took = run(ways[name], statuses[name])
            if pair >= 0:
                samples[name].append(took)
    return samples


def verdict(value, limit):
    """A figure against its limit."""
    return "reached" if value <= limit else "missed"


def main(argv):
    """See the head of the file."""
    if len(argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    samples = alternate(commands(argv[1], argv[2]))
    ratios = [a / b for a, b in zip(samples["aovpn"], samples["openssl"])]
    ratio, low, high = interval(ratios)
    print(f"\noffline check of a chain of three, {PAIRS} pairs\n")
    for name, values in samples.items():
        print(f"  {name:8} {statistics.median(values):8.2f} ms")
    print(f"  aovpn/openssl: {ratio:.2f}  (95 %: {low:.2f} to {high:.2f}), "
          f"limit {RATIO_LIMIT:.1f}: {verdict(high, RATIO_LIMIT)}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  memory of the larger of the two: {peak:.1f} MiB")
    with open(argv[3], "w", encoding="ascii") as file:
        json.dump({"table": "cert", "pairs": PAIRS, "samples": samples,
                   "ratio": ratio, "low": low, "high": high}, file)
        file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
