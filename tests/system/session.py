#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command in a session of logind's, as a display manager would begin it
(org.freedesktop.login1(5), CreateSession; pam_systemd(8) makes the same call).

    session.py USER SEAT COMMAND...

SEAT "" is for one who is not at this machine. Ends with the command's status.
"""
import os
import pwd
import subprocess
import sys

import dbus


def main():
    user, seat, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    entry = pwd.getpwnam(user)
    login = dbus.Interface(
        dbus.SystemBus().get_object("org.freedesktop.login1",
                                    "/org/freedesktop/login1"),
        "org.freedesktop.login1.Manager")
    answer = login.CreateSession(
        entry.pw_uid, os.getpid(), "test", "x11" if seat else "tty", "user",
        "", seat, dbus.UInt32(0), "", ":0" if seat else "", not seat, "", "",
        dbus.Array([], signature="(sv)"),
        signature="uusssssussbssa(sv)")
    # The session lasts as long as this is open.
    fd = answer[3].take()
    if seat:
        login.ActivateSession(answer[0])

    def become():
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)

    status = subprocess.call(command, preexec_fn=become)
    os.close(fd)
    return status


sys.exit(main())
