#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers IKE_SA_INIT requests on UDP 500 of an address as no charon does.

usage: answer.py ADDRESS PLAY
  cookie   asks for a cookie, and with the right one refuses: NO_PROPOSAL_CHOSEN
  broken   answers whose lengths are wrong, each in another way
  foreign  sound answers of other exchanges: another SPI
  invalid  INVALID_SYNTAX to everything
  strict   INVALID_SYNTAX where the key's group is not of the first proposal, as
           a gateway might read RFC 7296 3.4; else NO_PROPOSAL_CHOSEN
  escape   takes nothing, and has vendor IDs with escapes of a terminal
"""
import os
import socket
import struct
import sys

HEADER = struct.Struct("!8s8sBBBBII")  # RFC 7296 3.1
NOTIFY, COOKIE, NO_PROPOSAL, SYNTAX = 41, 16390, 14, 7


def notify(kind, data=b"", following=0):
    return struct.pack("!BBHBBH", following, 0, 8 + len(data), 0, 0, kind) + data


def message(spi, body, first=NOTIFY, length=None):
    total = HEADER.size + len(body) if length is None else length
    return HEADER.pack(spi, bytes(8), first, 0x20, 34, 0x20, 0, total) + body


def cookie(request, spi, _count):
    wanted = notify(COOKIE, b"a cookie")[1:]
    if request[HEADER.size + 1:HEADER.size + 1 + len(wanted)] == wanted:
        return message(spi, notify(NO_PROPOSAL))
    return message(spi, notify(COOKIE, b"a cookie"))


def broken(_request, spi, count):
    return [message(spi, notify(NO_PROPOSAL), length=1 << 31),
            message(spi, notify(NO_PROPOSAL)[:-1]),
            message(spi, b"\0\0\xff\xff" + bytes(4)),
            message(spi, b"", first=33),
            message(spi, b"\0\0\0\x08\0\0\0\x04", first=33)][count % 5]


def foreign(_request, _spi, _count):
    return message(os.urandom(8), notify(NO_PROPOSAL))


def invalid(_request, spi, _count):
    return message(spi, notify(SYNTAX))


def groups(request):
    """The groups of the first proposal, and that of the key."""
    at, kind, found, key = HEADER.size, request[16], [], 0
    while kind and at + 4 <= len(request):
        following, _, size = struct.unpack_from("!BBH", request, at)
        if kind == 33:
            place, count = at + 12, request[at + 11]
            for _ in range(count):
                _, _, step, sort, _, number = struct.unpack_from(
                    "!BBHBBH", request, place)
                found += [number] if sort == 4 else []
                place += step
        elif kind == 34:
            key = struct.unpack_from("!H", request, at + 4)[0]
        kind, at = following, at + size
    return found, key


def strict(request, spi, _count):
    found, key = groups(request)
    return message(spi, notify(NO_PROPOSAL if key in found else SYNTAX))


def escape(_request, spi, _count):
    vendor = b"\x1b]0;owned\x07\x1b[31m"
    return message(spi, struct.pack("!BBH", 43, 0, 8) + struct.pack(
        "!BBH", 0, 0, NO_PROPOSAL) + struct.pack(
            "!BBH", 0, 0, 4 + len(vendor)) + vendor)


def main(argv):
    """Serve for ever."""
    play = globals()[argv[2]]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((argv[1], 500))
        print("ready", flush=True)
        count = 0
        while True:
            request, peer = server.recvfrom(65535)
            if len(request) >= HEADER.size:
                server.sendto(play(request, request[:8], count), peer)
                count += 1


if __name__ == "__main__":
    main(sys.argv)
