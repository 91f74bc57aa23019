#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for aovpnd on the system bus, to say what no gateway can be brought
to at will. tests/notify/run plays the real one, too.

    daemon.py

Its org.aovpn.Test at /test has Outcome(s name, i code, s cause, s message): a
connection comes to that, and Set(s name, s state, b always_on): it is in that
state. Names are of letters and digits.
"""
import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

TEST = "org.aovpn.Test"
CONNECTION = "org.aovpn.Connection1"
CONNECTIONS = "/org/aovpn/connection"


class Connection(dbus.service.Object):
    def __init__(self, bus, name):
        self.path = CONNECTIONS + "/" + name
        super().__init__(bus, self.path)
        self.state, self.always_on = "disconnected", False
        self.code, self.cause = 0, ""

    def properties(self):
        return {"State": self.state, "AlwaysOn": self.always_on,
                "LastCode": dbus.Int32(self.code), "LastCause": self.cause,
                "Since": ""}

    @dbus.service.method("org.freedesktop.DBus.Properties",
                         in_signature="ss", out_signature="v")
    def Get(self, interface, key):
        return self.properties()[key]

    @dbus.service.signal(CONNECTION, signature="iss")
    def Outcome(self, code, cause, message):
        pass


class Manager(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, CONNECTIONS)
        self.bus, self.connections = bus, {}

    def get(self, name):
        if name not in self.connections:
            self.connections[name] = Connection(self.bus, name)
        return self.connections[name]

    @dbus.service.method("org.freedesktop.DBus.ObjectManager",
                         out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self):
        return {one.path: {CONNECTION: one.properties()}
                for one in self.connections.values()}


class Test(dbus.service.Object):
    def __init__(self, bus, manager):
        super().__init__(bus, "/test")
        self.manager = manager

    @dbus.service.method(TEST, in_signature="siss")
    def Outcome(self, name, code, cause, message):
        one = self.manager.get(name)
        one.code, one.cause = code, cause
        one.Outcome(code, cause, message)

    @dbus.service.method(TEST, in_signature="ssb")
    def Set(self, name, state, always_on):
        one = self.manager.get(name)
        one.state, one.always_on = state, always_on


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SystemBus()
    test = Test(bus, Manager(bus))
    name = dbus.service.BusName("org.aovpn", bus, do_not_queue=True)
    GLib.MainLoop().run()
    del test, name


main()
