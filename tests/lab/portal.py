#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A captive portal's web server.

Whatever page is asked for, it redirects to its own sign-in page, as networks do
until their users have signed in (RFC 8910 tells of better ways).
"""
from http.server import BaseHTTPRequestHandler, HTTPServer

HOST = "signin.portal.test"
PAGE = b"<!DOCTYPE html><html><body>Please sign in.</body></html>"


class Portal(BaseHTTPRequestHandler):
    """Answers every request."""

    def do_GET(self):
        """The page for its own host, a redirect to it for all others."""
        if self.headers.get("Host") == HOST:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)
            return
        self.send_response(302)
        self.send_header("Location", f"http://{HOST}/")
        self.send_header("Content-Length", "0")
        self.end_headers()


def main():
    """Serve for ever."""
    server = HTTPServer(("", 80), Portal)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
