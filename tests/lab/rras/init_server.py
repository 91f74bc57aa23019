#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers each IKE_SA_INIT with one notify and nothing else, as a gateway does
that is flooded (COOKIE, RFC 7296 2.6) or insists on another group
(INVALID_KE_PAYLOAD, RFC 7296 1.2). strongSwan never does so for ever.

usage: init_server.py ADDRESS TYPE [HEX]
  TYPE is the notify's number, HEX its data.
"""
import socket
import struct
import sys

HEADER = struct.Struct("!8s8sBBBBII")  # RFC 7296 3.1
IKE_SA_INIT, NOTIFY, VERSION, RESPONSE = 34, 41, 0x20, 0x20


def answer(request, kind, data):
    """The response to an IKE_SA_INIT request, or None for anything else."""
    if len(request) < HEADER.size:
        return None
    spi, _, _, _, exchange, flags, message_id, _ = HEADER.unpack_from(request)
    if exchange != IKE_SA_INIT or flags & RESPONSE:
        return None
    notify = struct.pack("!BBHBBH", 0, 0, 8 + len(data), 0, 0, kind) + data
    return HEADER.pack(spi, bytes(8), NOTIFY, VERSION, IKE_SA_INIT, RESPONSE,
                       message_id, HEADER.size + len(notify)) + notify


def main(argv):
    """Serve for ever."""
    kind, data = int(argv[2]), bytes.fromhex(argv[3] if len(argv) > 3 else "")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((argv[1], 500))
        print("ready", flush=True)
        while True:
            request, peer = server.recvfrom(65535)
            response = answer(request, kind, data)
            if response:
                server.sendto(response, peer)


if __name__ == "__main__":
    main(sys.argv)
