#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A DNS server that answers queries for vpn.contoso.test in its own way.

    resolver.py WAY [ADDRESS]

servfail, refused, formerr, nxdomain: with that RCODE (RFC 1035 4.1.1). empty: the
name is there, without an address. truncated: TC is set, and nobody listens on
TCP. strange: the answer has another id. loop: a CNAME that leads to itself.
dangling: a CNAME that leads to no name. alias: one that leads to the gateway.
slow: right, after 0.6 s. aaaa-servfail, aaaa-silent: right for A, not for AAAA.
address: ADDRESS. All other names of the lab are answered rightly.
"""
import socket
import struct
import sys
import threading
import time

A, CNAME, AAAA = 1, 5, 28
RCODES = {"formerr": 1, "servfail": 2, "nxdomain": 3, "refused": 5}
RIGHT = {"pki.contoso.test": "203.0.113.20"}
GATEWAY = "198.51.100.10"
TRUNCATED = 0x0200


def question(query):
    """Name and type that are asked for, and where the question ends."""
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += query[at] + 1
    kind, = struct.unpack("!H", query[at + 1:at + 3])
    return ".".join(labels).lower(), kind, at + 5


def encoded(name):
    """A name as labels."""
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".")) + b"\0"


def record(name, kind, data):
    """A resource record."""
    return encoded(name) + struct.pack("!HHIH", kind, 1, 0, len(data)) + data


def addresses(name, kind, address):
    """The records of the name, if the address is of the kind asked for."""
    if ":" in address:
        data, own = socket.inet_pton(socket.AF_INET6, address), AAAA
    else:
        data, own = socket.inet_aton(address), A
    return [record(name, kind, data)] if kind == own else []


def reply(query, rcode=0, answers=(), flags=0):
    """The response to a query."""
    end = question(query)[2]
    return (query[:2] + struct.pack("!HHHHH", 0x8180 | rcode | flags, 1,
                                    len(answers), 0, 0) +
            query[12:end] + b"".join(answers))


def gateway(query, way, address):
    """The response for the gateway's name."""
    name, kind, _ = question(query)
    right = reply(query, 0, addresses(name, kind, address))
    if way == "slow":
        time.sleep(0.6)
    elif way == "strange":
        right = bytes([query[0] ^ 0xff]) + right[1:]
    elif way == "empty":
        right = reply(query)
    elif way == "truncated":
        right = reply(query, flags=TRUNCATED)
    elif way == "loop":
        right = reply(query, 0, [record(name, CNAME, encoded(name))])
    elif way == "dangling":
        right = reply(query, RCODES["nxdomain"],
                      [record(name, CNAME, encoded("gone.contoso.test"))])
    elif way == "alias":
        other = "gateway.contoso.test"
        right = reply(query, 0, [record(name, CNAME, encoded(other))] +
                      addresses(other, kind, address))
    elif way == "aaaa-silent" and kind == AAAA:
        right = None
    elif way == "aaaa-servfail" and kind == AAAA:
        right = reply(query, RCODES["servfail"])
    return right


def answer(query, way, address):
    """The response to any query, or None."""
    name, kind, _ = question(query)
    if name in RIGHT:
        return reply(query, 0, addresses(name, kind, RIGHT[name]))
    if name != "vpn.contoso.test":
        return reply(query, RCODES["nxdomain"])
    if way in RCODES:
        return reply(query, RCODES[way])
    return gateway(query, way, address)


def serve(server, query, peer, way, address):
    """One query."""
    response = answer(query, way, address)
    if response:
        server.sendto(response, peer)


def main():
    """Answer until the end; a slow answer holds up no other."""
    way = sys.argv[1]
    address = sys.argv[2] if len(sys.argv) > 2 else GATEWAY
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", 53))
    print("ready", flush=True)
    while True:
        query, peer = server.recvfrom(4096)
        threading.Thread(target=serve, daemon=True,
                         args=(server, query, peer, way, address)).start()


if __name__ == "__main__":
    main()
