#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""suites.py - walks a public suite of certification paths, has each case judged
by validate, and holds the verdicts against what the suite expects and against
the list of known divergences beside this file.

Usage: suites.py pkits DIR | limbo FILE     (run sets VALIDATE)
Prints a line a divergence and "N passed, N failed, N skipped".

A divergence that is not listed, is listed with another verdict, or is listed and
none any more, has failed.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# PKITS's certificates and CRLs are valid then: 2020-01-01.
PKITS_TIME = 1577836800
# policy=N of pkits.cases is NIST-test-policy-N.
NIST_TEST_POLICY = "2.16.840.1.101.3.2.1.48."
# The parts of x509-limbo that are about RFC 5280; the rest is about the web.
LIMBO_PARTS = ("rfc5280::", "crl::", "pathlen::", "cve::", "invalid::")

# Why a path is rejected, in the words of pkits.cases: X509_V_ERR_* of OpenSSL.
REASONS = {
    "chain": (2, 18, 19, 20, 21),
    "signature": (4, 7),
    "time": (9, 10, 13, 14),
    "ca": (24, 32, 79),
    "path-length": (25,),
    "names": (47, 48, 49, 50, 51, 52, 53),
    "policy": (42, 43),
    "critical": (34,),
    "revoked": (23,),
    # no CRL that could be used, for whatever reason
    "crl": (3, 5, 8, 11, 12, 15, 16, 33, 35, 36, 44, 54),
}

# expected: "valid", "invalid" or one of REASONS. arguments: those of validate.
Case = collections.namedtuple("Case", "id expected arguments")
# verdict: "accept", or the number of the error, or "malformed". why: for people.
Known = collections.namedtuple("Known", "verdict why")


def rows(name):
    """The lines of a table in this folder, without comments."""
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n")


def divergences(name):
    """The known divergences of a suite, by case."""
    known = {}
    for row in rows(name):
        case, verdict, why = re.split(r"\s*\t\s*", row, maxsplit=2)
        known[case] = Known(verdict, why)
    return known


def judge(arguments):
    """What validate says: verdict and the whole line."""
    answer = subprocess.run(
        [os.environ["VALIDATE"], *arguments], capture_output=True, text=True,
        timeout=60)
    words = answer.stdout.split()
    if answer.returncode != 0 or not words:
        return None, answer.stderr.strip() or f"status {answer.returncode}"
    verdict = "accept" if words[0] == "accept" else words[1]
    return verdict, answer.stdout.strip()


def as_expected(expected, verdict):
    """Is this verdict what the suite expects?"""
    if expected == "valid" or verdict == "accept":
        return expected == "valid" and verdict == "accept"
    return expected == "invalid" or (
        verdict.isdigit() and int(verdict) in REASONS[expected])


class Tally:
    """Counts, and prints what is worth a line."""

    def __init__(self, known):
        self.known = known
        self.passed = self.failed = self.skipped = 0
        # what must be rejected and is, what is valid and is taken for it
        self.wanted, self.got = collections.Counter(), collections.Counter()

    def fail(self, case, what):
        self.failed += 1
        print(f"FAIL {case}: {what}")

    def skip(self, case, why):
        self.skipped += 1
        print(f"SKIP {case}: {why}")

    def take(self, case, verdict, line):
        """Count one case's verdict."""
        known = self.known.pop(case.id, None)
        if verdict is None:
            self.fail(case.id, f"no verdict: {line}")
            return
        kind = "valid" if case.expected == "valid" else "invalid"
        self.wanted[kind] += 1
        self.got[kind] += (kind == "valid") == (verdict == "accept")
        wants = f"wants {case.expected}, we say {line}"
        if as_expected(case.expected, verdict):
            if known:
                self.fail(case.id, f"listed as divergence, but is none: {wants}")
            else:
                self.passed += 1
        elif known and known.verdict == verdict:
            self.passed += 1
            print(f"ok   {case.id} {wants}: {known.why}")
        else:
            self.fail(case.id, wants + (
                f", listed as {known.verdict}" if known else ""))

    def end(self, name):
        for case in self.known:
            self.fail(case, "listed as divergence, but is no case")
        print(f"{name}: {self.got['invalid']} of {self.wanted['invalid']} that "
              f"must be rejected are, {self.got['valid']} of "
              f"{self.wanted['valid']} valid ones are accepted")
        print(f"{self.passed} passed, {self.failed} failed, "
              f"{self.skipped} skipped")
        return 1 if self.failed or not self.passed else 0


# --- NIST PKITS --------------------------------------------------------------


def pkits_arguments(root, leaf, settings):
    """validate's arguments for a row of pkits.cases."""
    arguments = [
        "--time", str(PKITS_TIME),
        "--roots", f"{root}/certs/TrustAnchorRootCertificate.crt",
        "--crls", f"{root}/crls"]
    for name in os.listdir(f"{root}/certs"):
        if name.endswith(".crt") and not name.endswith("EE.crt"):
            arguments += ["--certs", f"{root}/certs/{name}"]
    for setting in settings:
        if setting.startswith("policy="):
            for policy in setting[len("policy="):].split(","):
                arguments += ["--policy", NIST_TEST_POLICY + policy]
        else:
            arguments.append("--" + setting)
    return arguments + [f"{root}/certs/{leaf}.crt"]


def pkits_cases(root):
    """Each row with revocation required; and, where a CRL is not what it is
    rejected for, without, as a soft profile would have it."""
    for row in rows("pkits.cases"):
        number, leaf, expected, *settings = row.split()
        arguments = pkits_arguments(root, leaf, settings)
        yield Case(number, expected, ["--hard", *arguments])
        if expected != "crl":
            yield Case(number + "/soft", expected, arguments)


def pkits_missing(root, tally):
    """End entities of the suite that no row is about."""
    named = {row.split()[1] for row in rows("pkits.cases")}
    for name in sorted(os.listdir(f"{root}/certs")):
        leaf = re.fullmatch(r"(.*EE)\.crt", name)
        if leaf and leaf[1] not in named:
            tally.fail(leaf[1], "not in pkits.cases")


def pkits(root):
    tally = Tally(divergences("pkits.divergences"))
    pkits_missing(root, tally)
    for case in pkits_cases(root):
        tally.take(case, *judge(case.arguments))
    return tally.end("PKITS")


# --- x509-limbo --------------------------------------------------------------


def limbo_unfit(case):
    """Why a case asks for what we do not do, or None."""
    if case["validation_kind"] != "SERVER":
        return "is about a client's certificate, and we verify servers"
    return None


def limbo_arguments(case, folder):
    """validate's arguments for a case, whose parts become files."""
    arguments = []
    parts = (("roots", case["trusted_certs"]),
             ("certs", case["untrusted_intermediates"]),
             ("crls", case["crls"]))
    for option, texts in parts:
        for number, text in enumerate(texts):
            path = f"{folder}/{option}{number}.pem"
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            arguments += ["--" + option, path]
    if case["validation_time"]:
        seconds = subprocess.run(
            ["date", "-d", case["validation_time"], "+%s"],
            capture_output=True, text=True, check=True).stdout.strip()
        arguments += ["--time", seconds]
    if case["max_chain_depth"] is not None:
        arguments += ["--depth", str(case["max_chain_depth"])]
    if case["crls"]:
        arguments.append("--hard")
    name = case["expected_peer_name"]
    arguments += ["--name", name["value"] if name else ""]
    leaf = f"{folder}/leaf.pem"
    with open(leaf, "w", encoding="utf-8") as file:
        file.write(case["peer_certificate"])
    return arguments + [leaf]


def limbo(path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)["testcases"]
    tally = Tally(divergences("limbo.divergences"))
    for case in cases:
        if not case["id"].startswith(LIMBO_PARTS):
            continue
        unfit = limbo_unfit(case)
        if unfit:
            tally.skip(case["id"], unfit)
            continue
        expected = "valid" if case["expected_result"] == "SUCCESS" else "invalid"
        with tempfile.TemporaryDirectory(prefix="aovpn-limbo.") as folder:
            arguments = limbo_arguments(case, folder)
            tally.take(Case(case["id"], expected, arguments), *judge(arguments))
    return tally.end("x509-limbo")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("pkits", "limbo"):
        sys.exit("usage: suites.py pkits DIR | limbo FILE")
    sys.exit({"pkits": pkits, "limbo": limbo}[sys.argv[1]](sys.argv[2]))
