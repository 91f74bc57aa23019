# SPDX-License-Identifier: GPL-2.0-or-later
"""
charon.py - what aovpnd sees of charon, without charon: a vici socket
(strongSwan's README.vici) that loads, initiates, lists and terminates, and the
plugin's end of the channel (client/libaovpn/channel.h), which takes what it is
given and tells of each dial as the plugin would. No packet is sent. A
connection whose gateway is GOOD comes up; NPS refuses all others by a TLS alert.
"""
import os
import socket
import struct
import threading
import time

GOOD = "192.0.2.1"
# vici: packets, and the elements of a message.
REQUEST, RESPONSE, REGISTER, UNREGISTER, CONFIRM, EVENT = 0, 1, 3, 4, 5, 7
SECTION, SECTION_END, VALUE, LIST, ITEM, LIST_END = range(1, 7)
# channel.h: messages; observation.h: kinds.
HELLO, POLICY, REGISTERED, OBSERVATION = 1, 3, 4, 6
IKE_STATE, IKE_MESSAGE, TLS_STATE, TLS_ALERT, CHILD_UP = 1, 2, 5, 6, 8
PLUGIN, KIND = 0, 0x7fff


def short(text):
    return struct.pack("!B", len(text)) + text.encode()


def message(values):
    """A dictionary as a message of vici."""
    out = b""
    for key, value in values.items():
        if isinstance(value, dict):
            out += bytes([SECTION]) + short(key) + message(value) + bytes(
                [SECTION_END])
        else:
            out += bytes([VALUE]) + short(key) + struct.pack(
                "!H", len(value)) + value.encode()
    return out


def flat(data):
    """Section names, and values by key, wherever they stand."""
    sections, values, key, at = [], {}, "", 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind in (SECTION, VALUE, LIST):
            size = data[at]
            key, at = data[at + 1:at + 1 + size].decode(), at + 1 + size
            if kind == SECTION:
                sections.append(key)
        if kind in (VALUE, ITEM):
            size, = struct.unpack_from("!H", data, at)
            values.setdefault(key, data[at + 2:at + 2 + size].decode())
            at += 2 + size
    return sections, values


def fields(*pairs):
    """Tag, value: a text, bytes, or (format, number)."""
    out = b""
    for tag, value in pairs:
        if isinstance(value, tuple):
            value = struct.pack("!" + value[0], value[1])
        elif isinstance(value, str):
            value = value.encode()
        out += struct.pack("!HH", tag, len(value)) + value
    return out


class Charon:
    """Both ends, until it is closed."""

    def __init__(self, run):
        self.vici, self.plugin = run + "/charon.vici", run + "/plugin.sock"
        self.gateways, self.up, self.next_id = {}, {}, 1
        self.sequence, self.channel, self.ended = 0, None, False
        self.lock = threading.Lock()
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(self.vici)
        self.server.listen(32)
        for work in (self.serve, self.speak):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self.ended = True
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

    # --- vici

    def serve(self):
        while not self.ended:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.converse, args=(connection,),
                             daemon=True).start()

    def converse(self, connection):
        with connection:
            try:
                while True:
                    head = connection.recv(4, socket.MSG_WAITALL)
                    if len(head) < 4:
                        return
                    data = connection.recv(struct.unpack("!I", head)[0],
                                           socket.MSG_WAITALL)
                    self.answer(connection, data)
            except OSError:
                return

    def answer(self, connection, data):
        name = data[2:2 + data[1]].decode()
        if data[0] in (REGISTER, UNREGISTER):
            self.send(connection, bytes([CONFIRM]))
        elif data[0] == REQUEST:
            sections, values = flat(data[2 + data[1]:])
            command = getattr(self, name.replace("-", "_"), lambda *_: {})
            self.send(connection, bytes([RESPONSE]) + message(
                command(connection, sections, values)))

    @staticmethod
    def send(connection, data):
        connection.sendall(struct.pack("!I", len(data)) + data)

    def load_conn(self, _, sections, values):
        self.gateways[sections[0]] = values.get("remote_addrs")
        return {"success": "yes"}

    def unload_conn(self, _, _sections, values):
        self.gateways.pop(values.get("name"), None)
        return {"success": "yes"}

    def initiate(self, _, _sections, values):
        name = values["ike"]
        if name not in self.gateways:
            return {"success": "no", "errmsg": "CHILD_SA config not found"}
        number, self.next_id = self.next_id, self.next_id + 1
        good = self.gateways[name] == GOOD
        self.dialled(name, number, self.gateways[name], good)
        if good:
            self.up[name] = number
            return {"success": "yes"}
        return {"success": "no", "errmsg": "establishing CHILD_SA failed"}

    def terminate(self, _, _sections, values):
        gone = [name for name, number in self.up.items()
                if name == values.get("ike") or
                str(number) == values.get("ike-id")]
        for name in gone:
            self.observe(name, self.up.pop(name), self.gateways.get(name, GOOD),
                         IKE_STATE, (32, ("I", 5)))
        return {"success": "yes"} if gone else {
            "success": "no", "errmsg": "no matching SAs to terminate found"}

    def list_sas(self, connection, _, values):
        for name, number in list(self.up.items()):
            if values.get("ike", name) == name:
                self.send(connection, bytes([EVENT]) + short("list-sa") +
                          message({name: self.ike_sa(name, number)}))
        return {}

    @staticmethod
    def ike_sa(name, number):
        return {"uniqueid": str(number), "version": "2",
                "state": "ESTABLISHED", "initiator-spi": f"{number:016x}",
                "responder-spi": "1", "rekey-time": "9000",
                "child-sas": {name: {
                    "state": "INSTALLED", "bytes-in": "1", "bytes-out": "1",
                    "packets-in": "1", "packets-out": "1",
                    "rekey-time": "3000"}}}

    # --- the plugin

    def speak(self):
        """Connects until it may, as the plugin does, and again."""
        while not self.ended:
            channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                channel.connect(self.plugin)
                self.listen(channel)
            except OSError:
                pass
            self.channel = None
            channel.close()
            time.sleep(0.05)

    def listen(self, channel):
        self.sequence, self.channel = 0, channel
        self.tell(HELLO, fields((1, b"c" * 16), (2, ("I", os.getpid())),
                                (3, "stand-in"), (4, "5.9.8"),
                                (5, ("Q", 0))))
        while not self.ended:
            data, given, _, _ = socket.recv_fds(channel, 8192, 3)
            for descriptor in given:
                os.close(descriptor)
            if not data:
                return
            if data[5] == POLICY:
                told = self.own_fields(data[16:])
                self.tell(REGISTERED, fields(
                    (1, told[1]), (2, told[2]), (3, ("i", 0)), (4, "")))

    @staticmethod
    def own_fields(data):
        found, at = {}, 0
        while at < len(data):
            tag, size = struct.unpack_from("!HH", data, at)
            found[tag], at = data[at + 4:at + 4 + size], at + 4 + size
        return found

    def tell(self, kind, data):
        with self.lock:
            self.sequence += 1
            if self.channel:
                self.channel.send(b"AOVP" + bytes([1, kind, 0, 0]) +
                                  struct.pack("!II", self.sequence, 0) + data)

    def observe(self, name, number, gateway, kind, *own):
        now = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        remote = socket.inet_aton(gateway) + bytes(12)
        try:
            self.tell(OBSERVATION, fields(
                (KIND, ("I", kind)), (1, ("I", PLUGIN)), (2, ("Q", now)),
                (3, name), (4, ("I", number)), (5, ("Q", number)),
                (6, ("Q", 1)), (7, ("B", socket.AF_INET)), (8, bytes(16)),
                (9, remote), (10, ("H", 4500)), (11, ("H", 4500)), *own))
        except OSError:
            pass

    def dialled(self, name, number, gateway, good):
        """All of a dial, from the first message to the last."""
        def see(kind, *own):
            self.observe(name, number, gateway, kind, *own)

        def ike(incoming, exchange, number, eap=0):
            see(IKE_MESSAGE, (32, ("B", incoming)), (33, ("B", incoming)),
                (34, ("B", exchange)), (35, ("B", eap)),
                (36, ("B", 13 if eap in (1, 2) else 0)), (38, ("I", number)))

        see(IKE_STATE, (32, ("I", 1)))
        for number_in_ike, exchange, eap in ((0, 34, 0), (1, 35, 1)):
            ike(0, exchange, number_in_ike)
            ike(1, exchange, number_in_ike, eap)
        for state in (1, 2):
            see(TLS_STATE, (32, ("I", state)), (33, ("I", 0x303)))
        if not good:
            see(TLS_ALERT, (32, ("B", 0)), (33, ("B", 2)), (34, ("B", 44)))
            ike(1, 35, 3, 4)
            see(IKE_STATE, (32, ("I", 5)))
            return
        for state in (3, 4):
            see(TLS_STATE, (32, ("I", state)), (33, ("I", 0x303)))
        ike(1, 35, 3, 3)
        see(IKE_STATE, (32, ("I", 2)))
        see(CHILD_UP, (32, "10.99.0.10"), (33, "10.99.0.1"),
            (34, "10.0.0.0/8"), (35, "AES"), (36, "AES"),
            (37, "vpn.contoso.test"), (38, "CN=vpn.contoso.test"))
