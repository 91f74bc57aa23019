#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""dns_server.py - a DNS server that behaves as badly as the first label of the
name says that it is asked for (RFC 1035).

  dns_server.py ADDRESS READY

Listens on UDP and TCP port 53 of ADDRESS, and then makes the file READY.
"""
import socket
import struct
import sys
import threading

A, CNAME, AAAA = 1, 5, 28
IPV4 = {"good": ["198.51.100.10"], "alias-end": ["198.51.100.20"],
        "many": [f"198.51.100.{i}" for i in range(1, 41)],
        "huge": [f"10.1.{i // 250}.{1 + i % 250}" for i in range(3000)]}
IPV6 = {"good": ["2001:db8:2::10"], "v6only": ["2001:db8:2::20"]}


def encode(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def record(owner, kind, data):
    return owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def addresses(name, kind):
    """Records of the name, with a pointer to the question as their owner."""
    if kind == A:
        data = [socket.inet_aton(a) for a in IPV4.get(name, [])]
    elif kind == AAAA:
        data = [socket.inet_pton(socket.AF_INET6, a) for a in IPV6.get(name, [])]
    else:
        data = []
    return [record(b"\xc0\x0c", kind, one) for one in data]


def alias(labels, target, kind):
    """A CNAME and what it leads to."""
    owner = encode([target] + labels[1:])
    rest = [record(owner, kind, socket.inet_aton(a))
            for a in IPV4.get(target.decode("latin-1"), []) if kind == A]
    return [record(b"\xc0\x0c", CNAME, owner)] + rest


def packet(number, question, answers, code=0, bits=0, count=None):
    return struct.pack("!HHHHHH", number, 0x8180 | bits | code, 1,
                       len(answers) if count is None else count, 0, 0) \
        + question + b"".join(answers)


def reply(query, by_tcp):
    """What to send, None: nothing."""
    number, end, labels = struct.unpack_from("!H", query)[0], 12, []
    while query[end]:
        labels.append(query[end + 1:end + 1 + query[end]])
        end += 1 + query[end]
    question = query[12:end + 5]
    kind = struct.unpack_from("!H", query, end + 1)[0]
    name = labels[0].decode("latin-1")
    good = [record(b"\xc0\x0c", A, b"\xc6\x33\x64\x0a")]
    if name == "silent":
        return None
    if name in ("absent", "servfail", "refused"):
        code = {"absent": 3, "servfail": 2, "refused": 5}[name]
        return packet(number, question, [], code)
    if name == "alias":
        return packet(number, question, alias(labels, b"alias-end", kind))
    if name == "loop":
        return packet(number, question, alias(labels, b"loop", kind))
    if name == "control":
        return packet(number, question, alias(labels, b"\x1b[31m\n", kind))
    if name == "garbage":
        return query[:2] + b"\xff" * 200
    if name == "short":
        return query[:5]
    if name == "cut":
        return packet(number, question, good, count=5)
    if name == "number":
        return packet(number ^ 1, question, good)
    if name == "other":
        return packet(number, encode([b"elsewhere", b"test"]) + question[-4:], good)
    if name == "badlen":
        return packet(number, question, [record(b"\xc0\x0c", A, b"\xc6\x33\x64")])
    if name == "pointer":  # which points at itself
        return packet(number, question,
                      [record(bytes([0xc0, 12 + len(question)]), A, b"\xc6\x33\x64\x0a")])
    if name == "huge" and not by_tcp:
        return packet(number, question, [], bits=0x0200)
    return packet(number, question, addresses(name, kind))


def serve_udp(server):
    while True:
        query, peer = server.recvfrom(65535)
        answer = reply(query, False)
        if answer is not None:
            server.sendto(answer, peer)


def serve_tcp(server):
    while True:
        peer, _ = server.accept()
        with peer:
            while len(size := peer.recv(2, socket.MSG_WAITALL)) == 2:
                query = peer.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL)
                answer = reply(query, True)
                if answer is not None:
                    peer.sendall(struct.pack("!H", len(answer)) + answer)


def main(address, ready):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((address, 53))
    tcp = socket.create_server((address, 53))
    threading.Thread(target=serve_tcp, args=(tcp,), daemon=True).start()
    with open(ready, "w", encoding="ascii"):
        pass
    serve_udp(udp)


if __name__ == "__main__":
    main(*sys.argv[1:])
