#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
sweep.py - runs a program again and again, each time with another one of its
allocations or system calls failing (wrap.c), until a run in which none fails.
Whatever fails, a program must end in time, by itself, with one of its exit
statuses; without a report of a sanitizer (leaks, too); with a word of what is
wrong where its status says so; and what it writes must be there as before or
as after, whole, with nothing beside it.

usage: sweep.py BUILD DIR FIXTURES [--every N] [--each] [--kind KIND]
                [NAME...]

BUILD is the build with sanitizers, DIR is empty. --every N: only each N-th
failure behind the first, for a glance; of OpenSSL's allocations, of which a
command makes a hundred thousand, and of whole dials it is always less than each,
unless --each.
Prints a line a sweep and "N passed, N failed, N skipped".
"""
import argparse
import collections
import errno
import functools
import http.server
import json
import multiprocessing.pool
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from charon import GOOD, Charon

SANITIZER = 99  # the exit status of what a sanitizer found
PATIENCE = 15  # seconds
WORKERS = 2
BATCH = 16
# What a program says of a call that has failed.
TROUBLES = [os.strerror(number) for number in (
    errno.ENOMEM, errno.EIO, errno.EMFILE, errno.ENOSPC, errno.EPERM,
    errno.ENOBUFS, errno.ECONNREFUSED, errno.EROFS)] + [
        "out of memory", "cannot tell whether", "slot=0"]
KINDS = ("memory", "call")
WRITES = KINDS + ("disk",)
KEPT = ("etc", "out", "state", "cache", "run")  # of a place
PASSING = ("run/lock",)
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z")

Run = collections.namedtuple("Run", "hit status text files problem")


class Place:
    """A directory of its own for one run: config, state, runtime, output."""

    def __init__(self, root, files):
        self.root = pathlib.Path(root)
        shutil.rmtree(self.root, ignore_errors=True)
        for name in ("etc/profiles", "usr/profiles", "run", "state", "cache",
                     "out"):
            (self.root / name).mkdir(parents=True)
        for name, text in files.items():
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_text(text.replace("@", str(self.root)))

    def environment(self):
        root = str(self.root)
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": root,
            "AOVPN_RUNTIME_DIR": root + "/run", "AOVPN_CONFIG_DIR": root + "/etc",
            "AOVPN_VENDOR_DIR": root + "/usr", "AOVPN_STATE_DIR": root + "/state",
            "AOVPN_CACHE_DIR": root + "/cache",
            "AOVPN_VICI": f"unix://{root}/no-charon.vici",
            "AOVPN_LOADER": root + "/no-loader",
        }

    def files(self):
        """What a program has written, but its sockets."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            top = name.split("/")[0]
            if not path.is_file() or top not in KEPT or name in PASSING:
                continue
            found[name] = path.read_text(errors="replace").replace(
                str(self.root), "@")
            if top == "cache":  # binary, and when it was written is in it
                found[name] = f"{path.stat().st_size} bytes"
        return found


def faulty(environment, program, kind, at, report):
    """The environment in which the at-th call of that kind fails."""
    log = "handle_segv=1:exitcode=%d" % SANITIZER
    # OpenSSL 3.0 itself loses memory where it gets none.
    leaks = ":detect_leaks=%d" % (kind != "crypto")
    return environment | {
        "FAULT_PROGRAM": program, "FAULT_KIND": kind, "FAULT_AT": str(at),
        "FAULT_REPORT": str(report), "ASAN_OPTIONS": log + leaks,
        "UBSAN_OPTIONS": "halt_on_error=1:" + log,
        "LSAN_OPTIONS": "exitcode=%d" % SANITIZER,
    }


def ending(status, text):
    """What is wrong with how it ended, or None."""
    if "Sanitizer" in text or "runtime error:" in text or status == SANITIZER:
        return "a sanitizer's report"
    if status < 0:
        return "killed by " + signal.Signals(-status).name
    return None


class Command:
    """A command of aovpn that runs to its end."""

    program = "aovpn"
    # Of so many failures one is tried, where it is not each.
    strides = {"crypto": 499}
    tells_of_disk = True

    def __init__(self, name, *words, files=None, kinds=KINDS, stdin="",
                 statuses=(0, 1, 2, 3)):
        self.name, self.words, self.kinds = name, words, kinds
        self.given, self.stdin, self.statuses = files or {}, stdin, statuses

    def command(self, build, root):
        return [f"{build}/faults/{self.program}"] + [
            word.replace("@", str(root)) for word in self.words]

    def play(self, build, place, environment):
        """status, text"""
        done = subprocess.run(
            self.command(build, place.root), env=environment, text=True,
            input=self.stdin, stdout=subprocess.PIPE, errors="replace",
            stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
        return done.returncode, done.stdout

    def judge(self, run, clean, given):
        """What is wrong with this run, or None."""
        wrong = ending(run.status, run.text)
        if wrong:
            return wrong
        if run.status not in self.statuses:
            return f"exit status {run.status}"
        if run.status != 0 and not run.text.strip():
            return f"exit status {run.status} without a word"
        if run.status == 0 and not self.told(run, clean):
            return "leaves something out, and does not say so"
        return self.judge_files(run, clean, given)

    @staticmethod
    def told(run, clean):
        """Is all there, or is what is wrong with the rest told?"""
        said = " ".join(run.text.split())  # lines may be broken anywhere
        return run.text == clean.text or any(
            trouble in said for trouble in TROUBLES)

    @staticmethod
    def judge_files(run, clean, given):
        name = (run.hit or "").split(" ")[0]
        for path, text in run.files.items():
            if text in (given.get(path), clean.files.get(path),
                        clean.files.get("out/between")):
                continue
            if path not in clean.files and name.startswith("unlink"):
                continue  # what could not be removed
            return f"{path} is neither as before nor as after"
        for path in given:
            if path not in run.files and path in clean.files:
                return f"{path} is gone"
        done = {path: text for path, text in run.files.items()
                if path in clean.files or not name.startswith("unlink")}
        if run.status == 0 and done != clean.files:
            return "says that it is done, and is not"
        return None


class Caching(Command):
    """aovpn that has fetched by a helper whose calls do not fail, and keeps what
    came, if it can."""

    tells_of_disk = False

    def play(self, build, place, environment):
        place.root.chmod(0o755)
        environment["AOVPN_FETCH"] = os.path.dirname(build) + "/aovpn-fetch"
        return super().play(build, place, environment)


class Helper(Command):
    """A helper, asked by a client of the tests."""

    def __init__(self, name, program, *words, variable, **more):
        super().__init__(name, *words, **more)
        self.program, self.variable = program, variable

    def command(self, build, root):
        return [word.replace("@BUILD", os.path.dirname(build)).replace(
            "@", str(root)) for word in self.words]

    def play(self, build, place, environment):
        # A helper is given nothing of the environment.
        script = place.root / "helper"
        script.write_text("#!/bin/sh\nexport " + " ".join(
            f"{name}='{value}'" for name, value in environment.items()
            if name.startswith(("FAULT_", "ASAN_", "LSAN_", "UBSAN_"))) +
            f"\nexec {build}/faults/{self.program}\n")
        script.chmod(0o755)
        place.root.chmod(0o755)
        environment[self.variable] = str(script)
        return super().play(build, place, environment)


class Fetcher(Helper):
    """Its seccomp filter stops LeakSanitizer, and each answer tells times."""

    def play(self, build, place, environment):
        environment["ASAN_OPTIONS"] += ":detect_leaks=0"
        return super().play(build, place, environment)

    @staticmethod
    def told(run, clean):
        wanted = re.search("state=ok status=\\w+", clean.text).group()
        return wanted in run.text or re.search(
            "state=(?!ok).*text='[^']", run.text) is not None


class Daemon(Command):
    """aovpnd: it starts, answers, dials what is not there, and ends."""

    program = "aovpnd"
    under = ()  # a command that becomes aovpnd

    def play(self, build, place, environment):
        plain = {name: value for name, value in environment.items()
                 if not name.startswith("FAULT_")}
        log = place.root / "log"
        with open(log, "w", encoding="utf-8") as out:
            daemon = subprocess.Popen([*self.under, f"{build}/faults/aovpnd"],
                                      env=environment, stdout=out, stderr=out)
        try:
            said = self.converse(build, daemon, plain)
            daemon.send_signal(signal.SIGTERM)
            status = daemon.wait(PATIENCE)
        finally:
            daemon.kill()
            daemon.wait()
        text = log.read_text(errors="replace") + said
        return status, text

    def converse(self, build, daemon, environment):
        until = time.monotonic() + PATIENCE
        while daemon.poll() is None and time.monotonic() < until:
            if self.ask(build, environment, "status", "--json")[0] == 0:
                break
            time.sleep(0.05)
        else:
            return "" if daemon.poll() is not None else "WRONG: no status\n"
        self.ask(build, environment, "dial", "nosuch")
        self.ask(build, environment, "events", "--json")
        self.ask(build, environment, "events", "--record", "0")
        if daemon.poll() is None:
            code, text = self.ask(build, environment, "status", "--json")
            if code != 0 and daemon.poll() is None:
                code, text = self.ask(build, environment, "status", "--json")
            if code != 0 and daemon.poll() is None:
                return "WRONG: " + text
        return ""

    @staticmethod
    def ask(build, environment, *words):
        plain = os.path.dirname(build)
        done = subprocess.run([f"{plain}/aovpn", *words], env=environment,
                              stdout=subprocess.PIPE, errors="replace",
                              stderr=subprocess.STDOUT, text=True,
                              timeout=PATIENCE, check=False)
        return done.returncode, done.stdout

    @staticmethod
    def told(run, clean):
        return True  # it logs, as each run does

    def judge_files(self, run, clean, given):
        if "WRONG" in run.text:
            return run.text[run.text.index("WRONG"):]
        for path, text in run.files.items():
            for line in text.splitlines():
                if not self.whole(path, line):
                    return f"{path} has half a line: {line[:60]!r}"
        return None

    @staticmethod
    def whole(path, line):
        if not path.endswith((".json", ".jsonl")):
            return True
        try:
            json.loads(line)
        except ValueError:
            return False
        return True


class Dial(Daemon):
    """aovpnd that dials: calls fail from the first dial on. charon.py stands in
    for charon, and nothing for the kernel's sources."""

    under = ("unshare", "-n", "sh", "-c", 'ip link set lo up; exec "$0"')
    strides = {"memory": 37, "crypto": 997}
    ends = {"good": 0, "bad": 855}

    def play(self, build, place, environment):
        run = str(place.root / "run")
        # It reads by our recv, and loses what it has where that fails.
        known = place.root / "known-leaks"
        known.write_text("leak:libvici.so\n")
        environment["LSAN_OPTIONS"] += f":print_suppressions=0:suppressions={known}"
        environment["AOVPN_VICI"] = f"unix://{run}/charon.vici"
        environment["FAULT_GATE"] = f"{place.root}/gate"
        charon = Charon(run)
        try:
            return super().play(build, place, environment)
        finally:
            charon.close()

    def converse(self, build, daemon, environment):
        until = time.monotonic() + PATIENCE
        while daemon.poll() is None and time.monotonic() < until:
            status = self.ask(build, environment, "status", "--json")
            if '"plugin":{"state":"live"' in status[1].replace(" ", ""):
                break
            time.sleep(0.05)
        else:
            return "WRONG: no plugin " + status[1]
        pathlib.Path(environment["HOME"], "gate").touch()
        return self.dials(build, daemon, environment)

    def dials(self, build, daemon, environment):
        """Each name twice, in turn: a call fails once, so one dial of them may
        end otherwise, and says why."""
        said, wrong = "", []
        for name, code in list(self.ends.items()) * 2:
            got, text, status = self.dial(build, environment, name)
            if got != code:
                wrong.append((name, got))
            if code != 0 and status == 0:
                said += f"WRONG: {name} seems to be connected: {text}\n"
            if not text.strip():
                said += f"WRONG: the dial of {name} ends without a word\n"
            self.ask(build, environment, "hangup", name)
        if daemon.poll() is not None:
            return said + f"WRONG: aovpnd has ended, {daemon.returncode}\n"
        if len(wrong) > 1:
            said += f"WRONG: dials end with {wrong}\n"
        return said

    def dial(self, build, environment, name):
        """Its code, what it said, its exit status."""
        status, text = self.ask(build, environment, "dial", name, "--json")
        codes = re.findall(r'"ras_code": ?(-?\d+)', text)
        return (int(codes[-1]) if codes else None), text, status


class Loader(Dial):
    """aovpn-loader, asked by an aovpnd that dials."""

    program = "aovpn-loader"
    strides = {}

    def play(self, build, place, environment):
        # What it has attached it keeps, on purpose, until it ends.
        environment["ASAN_OPTIONS"] += ":detect_leaks=0"
        script = place.root / "loader"
        log = f":log_path={place.root}/out/sanitizer"
        script.write_text("#!/bin/sh\nexport " + " ".join(
            f"{name}='{value}{log if 'SAN_' in name else ''}'"
            for name, value in environment.items()
            if name.startswith(("FAULT_", "ASAN_", "LSAN_", "UBSAN_"))) +
            f"\nexec {build}/faults/{self.program}\n")
        script.chmod(0o755)
        environment["AOVPN_LOADER"] = str(script)
        status, text = super().play(build, place, environment)
        for report in (place.root / "out").glob("sanitizer*"):
            text += report.read_text()
        return status, text


def once(case, kind, at, build, directory):
    """One run, at a place of this thread's own."""
    own = f"{directory}/{threading.get_ident()}"
    place = Place(own, case.given)
    report = pathlib.Path(own + ".report")
    report.unlink(missing_ok=True)
    environment = faulty(place.environment(), case.program, kind, at, report)
    try:
        status, text = case.play(build, place, environment)
        problem = None
    except subprocess.TimeoutExpired as error:
        status, text = -1, ""
        problem = "hangs: " + " ".join(error.cmd)
    # A case of several processes has several: what could not be removed explains
    # most.
    hits = report.read_text().splitlines() if report.exists() else []
    hits.sort(key=lambda hit: not hit.startswith("unlink"))
    return Run(hits[0] if hits else "", status,
               TIME.sub("TIME", text.replace(own, "@")), place.files(), problem)


def where(build, program, hit):
    """FUNCTION at FILE:LINE of the call that failed."""
    name, offset = hit.split(" ")
    found = subprocess.run(
        ["addr2line", "-sfe", f"{build}/faults/{program}", offset],
        stdout=subprocess.PIPE, text=True, check=False).stdout.split()
    return " ".join([name, "in"] + found)


def sweep(case, kind, settings, pool):
    """Every failure of one kind: how many, and what was wrong."""
    clean = once(case, kind, 0, settings.build, settings.directory)
    given = Place(settings.directory + "/given", case.given).files()
    wrong = []
    if case.judge(clean, clean, given):
        wrong.append("nothing")
        print(f"    fails by itself: {clean.status} {clean.text[:settings.text]}")
    number, begin, every = 0, 1, 1
    while True:
        tries = range(begin, begin + BATCH * every, every)
        runs = pool.map(lambda at: once(case, kind, at, settings.build,
                                        settings.directory), tries)
        for run in runs:
            if not run.hit:
                continue
            number += 1
            problem = run.problem or case.judge(run, clean, given)
            if kind == "disk" and case.tells_of_disk and not problem and \
                    os.strerror(errno.ENOSPC) not in run.text:
                problem = "does not say that the disk is full"
            if problem:
                wrong.append(where(settings.build, case.program, run.hit))
                print(f"    {wrong[-1]}: {problem}: "
                      f"{run.text[:settings.text]}", flush=True)
        if not all(run.hit for run in runs):
            return number, wrong
        begin += BATCH * every
        every = settings.every if settings.each else \
            max(settings.every, case.strides.get(kind, 1))


def seed(build, target, beginning=""):
    """The largest of the seeds of a fuzz target."""
    found = sorted(pathlib.Path(os.path.dirname(build), "fuzz/seeds",
                                target).glob(beginning + "*"),
                   key=lambda path: path.stat().st_size)
    return found[-1].read_text()


def profile(fixtures, server="vpn.contoso.test"):
    return (f"[Connection]\nServer={server}\n[Gateway]\n"
            f"TrustedRoots={fixtures}/root.crt\n[Credential]\n"
            f"Certificate={fixtures}/user.crt\nPrivateKey={fixtures}/user.key\n")


def store(fixtures):
    """A connection with a store, and a certificate with its key for it."""
    new = "".join(pathlib.Path(fixtures, name).read_text()
                  for name in ("user.crt", "user.key"))
    return {"out/new.pem": new, "etc/store/.here": "",
            "etc/profiles/corp.conf": profile(fixtures).split(
                "Certificate=")[0] + "CertificateDirectory=@/etc/store\n"}


def cases(build, fixtures, port, www):
    corp = {"etc/profiles/corp.conf": profile(fixtures),
            "etc/profiles/corp.conf.d/10-here.conf":
            "[Tunnel]\nMode=force\n"}
    dialled = {f"etc/profiles/{name}.conf": profile(fixtures, server)
               for name, server in (("good", GOOD), ("bad", "192.0.2.2"))}
    attempt = {"out/attempt.json": seed(build, "attempt_json")}
    return [
        Command("explain a code", "explain", "853"),
        Command("explain a cause as JSON", "explain", "--json",
                "client-cert-revoked"),
        Command("profile check", "profile", "check", "corp", files=corp),
        Command("profile list as JSON", "profile", "list", "--json",
                files=corp),
        Command("profile show", "profile", "show", "corp", files=corp),
        Command("profile add", "profile", "add", "work", "--server",
                "vpn.contoso.test", "--gateway-trusted-roots",
                f"{fixtures}/root.crt", "--credential-certificate",
                f"{fixtures}/user.crt", "--credential-private-key",
                f"{fixtures}/user.key", files=corp, kinds=WRITES),
        Command("profile remove", "profile", "remove", "corp", files=corp),
        Command("diagnose", "diagnose", "@/out/attempt.json", files=attempt),
        Command("diagnose as JSON", "diagnose", "--json",
                "@/out/attempt.json", files=attempt),
        Command("cert check", "cert", "check", f"{fixtures}/user.crt",
                "--offline", kinds=KINDS + ("crypto",)),
        Command("cert check as JSON", "cert", "check", "--json",
                f"{fixtures}/user.crt", "--offline"),
        Caching("cert check, with a CRL", "cert", "check", f"{www}/chain.pem",
                kinds=WRITES + ("crypto",)),
        Command("cert import", "cert", "import", "@/out/new.pem",
                files=store(fixtures), kinds=WRITES),
        Command("cert list", "cert", "list", files=corp),
        Command("status without a daemon", "status", "--json"),
        Command("events without a daemon", "events"),
        Command("doctor", "doctor", "--json"),
        Helper("aovpn-network sets and removes", "aovpn-network", "unshare",
               "-n", "sh", "-c",
               "ip link set lo up; @BUILD/tests/network_ask @/run apply "
               "name=corp force=1 addresses=10.99.0.10 excluded=203.0.113.0/24 "
               "&& cp @/run/network/corp @/out/between "
               "&& @BUILD/tests/network_ask @/run list "
               "&& @BUILD/tests/network_ask @/run remove name=corp",
               variable="AOVPN_NETWORK", kinds=WRITES),
        Fetcher("aovpn-fetch of a CRL", "aovpn-fetch",
                "@BUILD/tests/fetch_client", "--timeout", "3000", "crl",
               f"http://127.0.0.1:{port}/ca.crl", f"{www}/user.pem",
               f"{www}/ca.pem", variable="AOVPN_FETCH",
                kinds=KINDS + ("crypto",)),
        Daemon("aovpnd starts, answers, ends", files=corp, statuses=(0, 1),
               kinds=WRITES),
        Dial("aovpnd dials", files=dialled, kinds=WRITES + ("crypto",)),
        Loader("aovpn-loader while aovpnd dials", files=dialled),
    ]


def make_pki(directory, port):
    """A CA, one certificate and the CA's CRL, on which it is."""
    pathlib.Path(directory, "cdp").write_text(
        f"crlDistributionPoints=URI:http://127.0.0.1:{port}/ca.crl\n")
    for words in ("req -x509 -newkey rsa:2048 -nodes -subj /CN=CA -days 2 "
                  "-keyout ca.key -out ca.pem",
                  "req -newkey rsa:2048 -nodes -subj /CN=user -keyout user.key "
                  "-out user.csr",
                  "x509 -req -in user.csr -CA ca.pem -CAkey ca.key "
                  "-set_serial 7 -days 1 -extfile cdp -out user.pem"):
        subprocess.run(["openssl", *words.split()], cwd=directory, check=True,
                       stderr=subprocess.DEVNULL)
    subprocess.run(["tests/fetch/make_crl.py", directory + "/ca.crl",
                    directory + "/ca.pem", directory + "/ca.key", "revoke=7"],
                   check=True)
    pathlib.Path(directory, "chain.pem").write_text("".join(
        pathlib.Path(directory, name).read_text()
        for name in ("user.pem", "ca.pem")))


def serve(directory):
    """A web server on 127.0.0.1 of this directory: its port."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler,
                                directory=directory)
    handler.func.log_message = lambda *_: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=os.path.realpath)
    parser.add_argument("directory", type=os.path.realpath)
    parser.add_argument("fixtures", type=os.path.realpath)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--kind", choices=WRITES + ("crypto",))
    parser.add_argument("--text", type=int, default=400)
    parser.add_argument("names", nargs="*")
    return parser.parse_intermixed_args()


def main():
    settings = arguments()
    os.makedirs(settings.directory + "/www", exist_ok=True)
    port = serve(settings.directory + "/www")
    make_pki(settings.directory + "/www", port)
    passed = failed = 0
    pool = multiprocessing.pool.ThreadPool(WORKERS)
    for case in cases(settings.build, settings.fixtures, port,
                      settings.directory + "/www"):
        if settings.names and not any(name in case.name
                                      for name in settings.names):
            continue
        for kind in [settings.kind] if settings.kind else case.kinds:
            begin = time.monotonic()
            number, wrong = sweep(case, kind, settings, pool)
            print(f"{'FAIL' if wrong else 'ok  '} {case.name}, {kind}: "
                  f"{number} failed, one at a time "
                  f"({time.monotonic() - begin:.0f} s)", flush=True)
            passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
