#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
leaves_core.py - starts a command with no limit on cores, waits until the file FILE
is there, kills it by SIGSEGV and prints whether the kernel wrote a core: "yes" or
"no". The core itself, if any, is left in the current directory.

  leaves_core.py FILE COMMAND [ARGUMENT...]
"""
import os
import resource
import signal
import subprocess
import sys
import time


def unlimited():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


process = subprocess.Popen(sys.argv[2:], preexec_fn=unlimited)
until = time.monotonic() + 10
while not os.path.exists(sys.argv[1]) and time.monotonic() < until:
    time.sleep(0.05)
os.kill(process.pid, signal.SIGSEGV)
status = os.waitpid(process.pid, 0)[1]
process.returncode = status
if not os.WIFSIGNALED(status):
    sys.exit(f"it ended by itself: {status}")
print("yes" if os.WCOREDUMP(status) else "no")
