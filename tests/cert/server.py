#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Serves what a CA publishes, on a free port of 127.0.0.1.

server.py DIR PORTFILE: files below DIR by GET; an OCSP responder by POST to
/ocsp, whose answers openssl makes from DIR/../ocsp.index. Writes the port into
PORTFILE and a line for each request onto stdout.
"""
import http.server
import os
import subprocess
import sys
import tempfile


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        print(self.command, self.path, flush=True)

    def do_POST(self):
        request = self.rfile.read(int(self.headers["Content-Length"]))
        with tempfile.TemporaryDirectory() as work:
            ask, answer = work + "/ask", work + "/answer"
            with open(ask, "wb") as file:
                file.write(request)
            pki = os.path.dirname(self.directory)
            subprocess.run(
                ["openssl", "ocsp", "-index", pki + "/ocsp.index",
                 "-CA", pki + "/certs/issuing.pem",
                 "-rsigner", pki + "/certs/issuing.pem",
                 "-rkey", pki + "/keys/issuing.key", "-ndays", "1",
                 "-reqin", ask, "-respout", answer],
                check=True, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            with open(answer, "rb") as file:
                body = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/ocsp-response")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    directory, port_file = os.path.abspath(sys.argv[1]), sys.argv[2]
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0),
        lambda *a: Handler(*a, directory=directory))
    with open(port_file + ".new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    server.serve_forever()


main()
