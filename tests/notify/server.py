#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for a desktop's notification server (Desktop Notifications
Specification 1.2): it takes notifications on the session's bus, keeps them, and
says what it got. Unproven by it: what a real one draws.

    server.py CAPABILITY...

Prints a JSON object a line: {"call": "Notify", "id", "replaces", "summary",
"body"}, {"call": "CloseNotification", "id"}. org.aovpn.Test.Dismiss(u id) closes
one as a person does.
"""
import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
DISMISSED, CLOSED = 2, 3


def say(**what):
    print(json.dumps(what), flush=True)


class Server(dbus.service.Object):
    def __init__(self, bus, capabilities):
        super().__init__(bus, PATH)
        self.capabilities, self.ids, self.last = capabilities, set(), 0

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return dbus.Array(self.capabilities, signature="s")

    @dbus.service.method(NAME, in_signature="susssasa{sv}i",
                         out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints,
               timeout):
        if replaces in self.ids:
            number = int(replaces)
        else:
            self.last += 1
            number = self.last
        self.ids.add(number)
        say(call="Notify", id=number, replaces=int(replaces),
            summary=summary, body=body)
        return dbus.UInt32(number)

    @dbus.service.method(NAME, in_signature="u")
    def CloseNotification(self, number):
        say(call="CloseNotification", id=int(number))
        self.ids.discard(int(number))
        self.NotificationClosed(number, dbus.UInt32(CLOSED))

    @dbus.service.method("org.aovpn.Test", in_signature="u")
    def Dismiss(self, number):
        self.ids.discard(int(number))
        self.NotificationClosed(number, dbus.UInt32(DISMISSED))

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    server = Server(bus, sys.argv[1:])
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    GLib.MainLoop().run()
    del server, name


main()
