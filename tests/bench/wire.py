#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A wire between two links that takes a while, for kernels without netem.

    wire.py LINK LINK MILLISECONDS

Every frame that one link brings is sent on the other so much later, in order,
with the kernel's own notes of what it left undone (virtio_net_hdr: checksums and
segments). Prints "ready"; ends with SIGTERM. What the wire adds beside is shown
by ping in the part that uses it.
"""

import collections
import select
import socket
import sys
import time

ETH_P_ALL = 0x0003
SOL_PACKET, PACKET_VNET_HDR = 263, 15  # linux/if_packet.h
PACKET_OUTGOING = 4
FRAME_MAX = 1 << 17
BUFFER = 8 << 20


def end(link):
    """A socket on that link."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    sock.bind((link, ETH_P_ALL))
    return sock


def forward(due):
    """Send what is due; returns seconds until the next, None where nothing
    is under way."""
    while due:
        wait = due[0][0] - time.monotonic()
        if wait > 0:
            return wait
        _, to, frame = due.popleft()
        try:
            to.send(frame)
        except OSError:
            pass  # a link that is down: so is a frame on it
    return None


def main(argv):
    """See the head of the file."""
    if len(argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    ends = [end(argv[1]), end(argv[2])]
    other = {ends[0]: ends[1], ends[1]: ends[0]}
    delay = float(argv[3]) / 1000
    due = collections.deque()
    print("ready", flush=True)
    while True:
        for sock in select.select(ends, [], [], forward(due))[0]:
            try:
                frame, address = sock.recvfrom(FRAME_MAX)
            except OSError:
                continue
            if address[2] != PACKET_OUTGOING:
                due.append((time.monotonic() + delay, other[sock], frame))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
