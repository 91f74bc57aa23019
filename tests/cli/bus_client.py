#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of aovpnd's bus that a person would not write: it asks much and
does not read.

    bus_client.py SOCKET dials COUNT    dial profiles that are not there
    bus_client.py SOCKET unread COUNT   the same with a trace open, which is
                                        read only then, to its end
    bus_client.py SOCKET open COUNT     open so many traces

dials prints how many were answered. unread prints one JSON object: what came
of the trace. open prints the answers, one a line: "trace", or the error.
D-Bus as in its specification, peer to peer, sections "Message Format" and
"Authentication Protocol".
"""
import json
import os
import socket
import struct
import sys

PATH, INTERFACE = "/org/aovpn/Manager", "org.aovpn.Manager1"
RETURN, ERROR = 2, 3


def pad(data, to):
    return data + bytes(-len(data) % to)


def string(text):
    return struct.pack("<I", len(text)) + text.encode() + b"\0"


def field(code, kind, value):
    data = bytes([code, 1]) + kind.encode() + b"\0"
    if kind == "g":
        return data + bytes([len(value)]) + value.encode() + b"\0"
    return data + string(value)


class Bus:
    """One connection. Answers come in the order of the calls."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.data, self.fds, self.serial = b"", [], 0
        uid = str(os.getuid()).encode().hex()
        # At once, as sd-bus does it: a server that finds a message behind
        # BEGIN in one read would leave it there until more comes.
        self.socket.sendall(f"\0AUTH EXTERNAL {uid}\r\n"
                            "NEGOTIATE_UNIX_FD\r\nBEGIN\r\n".encode())
        self.expect(b"OK ")
        self.expect(b"AGREE_UNIX_FD")

    def expect(self, answer):
        while b"\r\n" not in self.data:
            self.receive()
        got, self.data = self.data.split(b"\r\n", 1)
        assert got.startswith(answer), got

    def receive(self):
        data, fds, _, _ = socket.recv_fds(self.socket, 65536, 16)
        assert data, "aovpnd hung up"
        self.data += data
        self.fds += fds

    def take(self, size):
        while len(self.data) < size:
            self.receive()
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def call(self, method, *arguments):
        body = fields = b""
        for argument in arguments:
            body = pad(body, 4) + string(argument)
        for one in (field(1, "o", PATH), field(2, "s", INTERFACE),
                    field(3, "s", method),
                    field(8, "g", "s" * len(arguments))):
            fields = pad(fields, 8) + one
        self.serial += 1
        self.socket.sendall(pad(struct.pack(
            "<cBBBIII", b"l", 1, 0, 1, len(body), self.serial,
            len(fields)) + fields, 8) + body)

    def answer(self):
        """The next answer: its type and body. Signals are passed over."""
        while True:
            head = self.take(16)
            order = "<" if head[:1] == b"l" else ">"
            body, _, fields = struct.unpack(order + "III", head[4:])
            self.take(fields + -fields % 8)
            content = self.take(body)
            if head[1] in (RETURN, ERROR):
                return head[1], content

    def open_trace(self):
        self.call("OpenTrace", "", "", "")
        kind, body = self.answer()
        return None if kind == ERROR else self.fds.pop(), body


def dials(bus, count):
    answered = 0
    while answered < count:
        batch = min(50, count - answered)
        for _ in range(batch):
            bus.call("Dial", "no-such-profile")
        for _ in range(batch):
            answered += bus.answer()[0] == RETURN
    return answered


def read_trace(fd):
    with socket.socket(fileno=fd) as trace:
        trace.shutdown(socket.SHUT_WR)
        return [json.loads(line) for line in trace.makefile("rb")]


def unread(bus, count):
    fd, _ = bus.open_trace()
    answered = dials(bus, count)
    lines = read_trace(fd)
    kinds = [line["kind"] for line in lines]
    end = lines[-1]
    print(json.dumps({
        "dials": answered,
        "first": kinds[0],
        "last": kinds[-1],
        "events": kinds.count("local_failure"),
        "shown": end["shown"],
        "unread": end["unread"],
        "told": sum(line["unread"].get("daemon", 0) for line in lines
                    if line["kind"] == "lost"),
    }))


def main():
    bus, what, count = Bus(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if what == "dials":
        print(dials(bus, count))
    elif what == "unread":
        unread(bus, count)
    else:
        for _ in range(count):
            fd, body = bus.open_trace()
            print("trace" if fd is not None
                  else body[4:-1].decode("ascii", "replace"))


if __name__ == "__main__":
    main()
