#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A rough path: all IPv4 packets between client and gateway go through here.

    rough.py DELAY JITTER LOSS DUPLICATE

Each is delayed by DELAY to DELAY + JITTER milliseconds, so that jitter also
changes their order; each LOSS-th is lost and each DUPLICATE-th comes twice (0:
none). Runs in the router's network namespace on a TUN device of its own, as not
every kernel has netem.
"""
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

DEVICE = "rough0"
TABLE = "77"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000


def device():
    """The TUN device, and the routes through it of both directions."""
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", DEVICE.encode(),
                                            IFF_TUN | IFF_NO_PI))
    for command in (f"ip link set {DEVICE} up mtu 1500",
                    f"sysctl -qw net.ipv4.conf.{DEVICE}.rp_filter=0",
                    "sysctl -qw net.ipv4.conf.all.rp_filter=0",
                    f"ip route add default dev {DEVICE} table {TABLE}",
                    f"ip rule add iif r0 to 198.51.100.0/24 lookup {TABLE}",
                    f"ip rule add iif r1 to 192.0.2.0/24 lookup {TABLE}"):
        subprocess.check_call(command.split())
    return tun


def main():
    """Take packets in, and give them back when it is their time."""
    delay, jitter, loss, duplicate = (int(word) for word in sys.argv[1:5])
    random.seed(1)  # no run is an unlucky one
    tun, waiting, count = device(), [], 0
    print("ready", flush=True)
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        if select.select([tun], [], [], pause)[0]:
            packet = os.read(tun, 65536)
            count += 1
            copies = 2 if duplicate and count % duplicate == 0 else 1
            if loss and count % loss == 0:
                copies = 0
            for copy in range(copies):
                late = (delay + random.randint(0, jitter)) / 1000
                heapq.heappush(waiting, (time.monotonic() + late,
                                         2 * count + copy, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            os.write(tun, heapq.heappop(waiting)[2])


if __name__ == "__main__":
    main()
