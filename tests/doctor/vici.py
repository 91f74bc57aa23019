#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Listens on a socket as charon's vici does, and answers anything with the same
bytes; then, with "end", it closes the connection.

usage: vici.py PATH HEX [end]
"""
import os
import socket
import sys


def main(argv):
    """Serve for ever."""
    if os.path.exists(argv[1]):
        os.unlink(argv[1])
    held = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(argv[1])
        server.listen()
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            connection.recv(64)
            connection.sendall(bytes.fromhex(argv[2]))
            if len(argv) > 3:
                connection.close()
            else:
                held.append(connection)


if __name__ == "__main__":
    main(sys.argv)
