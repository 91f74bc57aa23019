#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""server.py - a web server that behaves as badly as its paths say.

  server.py DIRECTORY TLS_CERTIFICATE TLS_KEY PORTS LOG

Serves the files of DIRECTORY below /files/ (to GET and POST), by HTTP and by
HTTPS on two free ports of 127.0.0.1, which it writes into PORTS; each request's
method and path becomes a line of LOG.
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time

DIRECTORY, CERTIFICATE, KEY, PORTS, LOG = sys.argv[1:6]
LOCK = threading.Lock()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"


def content(name):
    with open(os.path.join(DIRECTORY, name), "rb") as file:
        return file.read()


def send_file(sock, name):
    try:
        data = content(name)
    except OSError:
        return send_status(sock, "404")
    sock.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(data) + data)


def send_unsized(sock, name):
    sock.sendall(OK + b"\r\n" + content(name))


def send_lied(sock, name):
    data = content(name)
    sock.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
                 % len(data) + data)


def send_status(sock, code):
    body = b"<!DOCTYPE html><p>no</p>"
    sock.sendall(b"HTTP/1.1 %s Nope\r\nContent-Length: %d\r\n\r\n" % (code.encode(), len(body))
                 + body)


def send_redirect(sock, code, where):
    sock.sendall(b"HTTP/1.1 %s Moved\r\nX-Location: http://0.0.0.0/\r\nlocation:  %s \r\n"
                 b"Content-Length: 0\r\n\r\n" % (code.encode(), where.encode()))


def send_chain(sock, rest):
    left, name = rest.split("/", 1)
    if left == "0":
        send_file(sock, name)
    else:
        send_redirect(sock, "302", "/chain/%d/%s" % (int(left) - 1, name))


def send_slowly(sock, data):
    for i in range(len(data)):
        sock.sendall(data[i:i + 1])
        time.sleep(0.2)


def send_endless(sock, head, piece):
    sock.sendall(head)
    while True:
        sock.sendall(piece)


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def send_short(sock, name):
    data = content(name)
    sock.sendall(OK + b"Content-Length: %d\r\n\r\n" % (len(data) + 100) + data)


BEHAVIOUR = {
    "files": send_file,
    "unsized": send_unsized,
    "lied": send_lied,
    "status": send_status,
    "chain": send_chain,
    "short": send_short,
    "silent": lambda sock, rest: time.sleep(60),
    "half": lambda sock, rest: (time.sleep(0.5), send_file(sock, "good.crl")),
    "drip-header": lambda sock, rest: send_slowly(sock, OK * 20),
    "drip": lambda sock, rest: (sock.sendall(OK + b"Content-Length: 1000\r\n\r\n"),
                                send_slowly(sock, b"0" * 1000)),
    "endless": lambda sock, rest: send_endless(sock, OK + b"\r\n", b"0" * 65536),
    "endless-header": lambda sock, rest: send_endless(sock, OK, b"X-More: and more\r\n" * 100),
    "long-line": lambda sock, rest: send_endless(sock, OK, b"x" * 1000),
    "huge": lambda sock, rest: sock.sendall(OK + b"Content-Length: %s\r\n\r\n" % rest.encode()),
    "garbage": lambda sock, rest: sock.sendall(b"220 mail ready\r\n\r\n"),
    "reset": lambda sock, rest: reset(sock),
    "circle": lambda sock, rest: send_redirect(sock, "302", "/circle/" + {"a": "b"}.get(rest, "a")),
    "relative": lambda sock, rest: (send_file(sock, rest) if rest == "good.crl"
                                    else send_redirect(sock, "302", "good.crl")),
    "redirect": lambda sock, rest: send_redirect(sock, *rest.split("/", 1)),
    "nowhere": lambda sock, rest: sock.sendall(b"HTTP/1.1 302 Moved\r\nContent-Length: 0\r\n\r\n"),
}


def read_request(sock):
    data = b""
    while b"\r\n\r\n" not in data and data[:1] != b"\x16":
        piece = sock.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]):
                body += sock.recv(65536)
    return data


def handle(sock, context):
    try:
        if context:
            sock = context.wrap_socket(sock, server_side=True)
        line = read_request(sock).split(b"\r\n")[0].decode("latin-1")
        if not line[:1].isupper():  # TLS, or nothing
            return send_status(sock, "400")
        with LOCK, open(LOG, "a", encoding="ascii") as log:
            print(line, file=log)
        name, _, rest = line.split(" ")[1].lstrip("/").partition("/")
        BEHAVIOUR.get(name, lambda sock, rest: send_status(sock, "404"))(sock, rest)
        if name != "reset":
            sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the client has had enough
    finally:
        sock.close()


def listen(context):
    sock = socket.create_server(("127.0.0.1", 0), backlog=64)

    def serve():
        while True:
            client = sock.accept()[0]
            threading.Thread(target=handle, args=(client, context), daemon=True).start()

    threading.Thread(target=serve).start()
    return sock.getsockname()[1]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    ports = "%d %d\n" % (listen(None), listen(context))
    with open(PORTS + ".new", "w", encoding="ascii") as file:
        file.write(ports)
    os.rename(PORTS + ".new", PORTS)


main()
