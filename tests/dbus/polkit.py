#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for polkit and a person who does not answer: it takes questions and
leaves them open. Prints "ask" and "cancel", a line a call.
"""
import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.PolicyKit1"
INTERFACE = NAME + ".Authority"


class Authority(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, "/org/freedesktop/PolicyKit1/Authority")
        self.open = {}

    @dbus.service.method(INTERFACE, in_signature="(sa{sv})sa{ss}us",
                         out_signature="(bba{ss})",
                         async_callbacks=("answer", "fail"))
    def CheckAuthorization(self, subject, action, details, flags, number,
                           answer, fail):
        self.open[number] = answer
        print("ask", flush=True)

    @dbus.service.method(INTERFACE, in_signature="s")
    def CancelCheckAuthorization(self, number):
        del self.open[number]
        print("cancel", flush=True)


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SystemBus()
    authority = Authority(bus)
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    GLib.MainLoop().run()
    del authority, name


main()
