#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Notes the time and the IKE header of each IKE packet on a link.

    capture.py INTERFACE FILE

Times are the kernel's own, taken as the packet passes the link (SO_TIMESTAMPNS
of packet(7)), so that neither program under test has a part in its own figure.
One JSON object a packet: time (seconds), out (sent by this host), spi (the
initiator's), exchange, response, id (RFC 7296 3.1), length (of UDP's data).
IPv4 only. Prints "ready" when it listens; ends with SIGTERM.
"""

import json
import socket
import struct
import sys

ETH_P_ALL, ETH_P_IP = 0x0003, 0x0800
SO_TIMESTAMPNS = 35  # asm-generic/socket.h
PACKET_OUTGOING = 4  # linux/if_packet.h
PORT_IKE, PORT_NAT = 500, 4500
NON_ESP = b"\0\0\0\0"  # RFC 3948 2.2
IKE = struct.Struct("!8s8sBBBBII")
RESPONSE = 0x20
BUFFER = 8 << 20  # bytes; the kernel drops what does not fit


def udp_payload(packet):
    """What UDP carries on the ports of IKE, without the non-ESP marker."""
    head = (packet[0] & 15) * 4
    fragment = struct.unpack_from("!H", packet, 6)[0] & 0x1fff
    if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_UDP or fragment:
        return None
    source, target = struct.unpack_from("!HH", packet, head)
    data = packet[head + 8:]
    if PORT_NAT in (source, target):
        return data[4:] if data[:4] == NON_ESP else None
    return data if PORT_IKE in (source, target) else None


def describe(packet, time, out):
    """The packet as one line of JSON, or None if it is not IKE."""
    try:
        data = udp_payload(packet)
        if data is None:
            return None
        spi, _, _, _, exchange, flags, number, _ = IKE.unpack_from(data)
    except (struct.error, IndexError):
        return None
    return json.dumps({"time": time, "out": out, "spi": spi.hex(),
                       "exchange": exchange, "id": number,
                       "response": bool(flags & RESPONSE),
                       "length": len(data)})


def arrival(ancillary):
    """The kernel's time of a packet, in seconds."""
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("@ll", data)
            return seconds + nanoseconds / 1e9
    raise OSError("no time stamp came with a packet")


def main(argv):
    """See the head of the file."""
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                         socket.htons(ETH_P_ALL))
    link.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    link.bind((argv[1], ETH_P_ALL))
    with open(argv[2], "w", buffering=1, encoding="ascii") as file:
        print("ready", flush=True)
        while True:
            packet, ancillary, _, address = link.recvmsg(65536, 64)
            if address[1] != ETH_P_IP:
                continue
            line = describe(packet, arrival(ancillary),
                            address[2] == PACKET_OUTGOING)
            if line:
                file.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv))
