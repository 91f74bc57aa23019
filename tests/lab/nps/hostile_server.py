#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The third kind of NPS stand-in: breaks the rules of EAP and TLS.

A server on eap_radius.py that plays what the file "play" in its state directory
names, read anew for each conversation: honest up to one moment, then something
else. PLAYS lists them by name. "honest" is a server that keeps the rules.
"""
import os
import struct
import sys
from dataclasses import dataclass
from typing import Any, Callable, Optional

from OpenSSL import SSL, crypto

import eap_radius
from eap_radius import (ACCESS_CHALLENGE, EAP_FAILURE, EAP_REQUEST,
                        EAP_SUCCESS, EAP_TLS, IDENTITY, LENGTH_FLAG,
                        MORE_FLAG, START_FLAG, log)

NOTIFICATION, MD5, PEAP, MSCHAPV2, EXPANDED = 2, 4, 25, 26, 254
RESERVED_FLAGS = 0x1f
CCS, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
WARNING, FATAL = 1, 2
CERTIFICATE_MESSAGE = 11

Action = Callable[["Session"], tuple]


@dataclass
class Play:
    """What is done when. at: the moment, none if the play is in the rest.

    start        instead of EAP-TLS Start
    hello        ClientHello is complete: instead of our first flight
    fragment     instead of the second fragment of our flight
    ack          instead of acknowledging the client's first fragment
    certificate  the client's certificate is there: instead of our Finished
    success      instead of EAP-Success
    """
    at: Optional[str] = None
    do: Optional[Action] = None
    then: tuple = ()                   # answers to the next responses
    forever: Optional[Action] = None   # to all others; else EAP-Failure
    resume: bool = False               # be honest again afterwards
    tls: str = "1.2"
    fragment: Optional[int] = None
    chain: int = 0                     # bytes of certificates too many
    keys: str = "right"                # "none", "wrong"
    flags: int = 0                     # set in each EAP-TLS packet
    identifier: Optional[int] = None   # of each request
    refuse: bool = False               # the client's certificate


class Session(eap_radius.Session):
    """One conversation, played."""

    def __init__(self, settings, contexts):
        with open(settings.state + "/play", encoding="ascii") as file:
            name = file.read().strip()
        self.play: Any = PLAYS[name]
        log("play", name)
        super().__init__(settings, contexts.of(self.play))
        self.fragment_size = self.play.fragment or settings.fragment
        self.played = self.over = False
        self.hello = False
        self.then = list(self.play.then)

    def request(self, body):
        if body[:1] == bytes([EAP_TLS]) and len(body) > 1:
            body = bytes([EAP_TLS, body[1] | self.play.flags]) + body[2:]
        code, packet = super().request(body)
        if self.play.identifier is not None:
            packet = packet[:1] + bytes([self.play.identifier]) + packet[2:]
        return code, packet

    def step(self, eap):
        if self.over:
            self.identifier = eap[1]
            return self.next()
        if self.played and self.play.resume and eap[4] != IDENTITY:
            self.identifier, self.played = eap[1], False
            self.play = PLAYS["honest"]
            return self.drive() if self.received else self.begin()
        return super().step(eap)

    def next(self):
        """What follows the moment of the play."""
        if self.pending:
            return self.request(self.fragment())
        if self.then:
            return self.then.pop(0)(self)
        return (self.play.forever or failure)(self)

    def moment(self, name, honest):
        """Play if the moment has come, else be honest."""
        if self.play.at != name or self.played:
            return honest()
        log("at", name)
        self.played = True
        self.over = not self.play.resume
        return self.play.do(self)

    def begin(self):
        return self.moment("start", super().begin)

    def step_tls(self, flags, data):
        honest = super().step_tls
        if flags & MORE_FLAG and self.play.at == "ack":
            return self.moment("ack", lambda: honest(flags, data))
        if self.pending and self.play.at == "fragment":
            return self.moment("fragment", lambda: honest(flags, data))
        return honest(flags, data)

    def drive(self):
        name, self.hello = "certificate" if self.hello else "hello", True
        return self.moment(name, super().drive)

    def conclude(self):
        return self.moment("success", super().conclude)

    def verify(self, _cert, _error, _depth, good):
        return good and not self.play.refuse

    def keys(self):
        if self.play.keys == "none":
            return []
        return super().keys()

    def msk(self):
        try:
            if self.play.keys == "right":
                return super().msk()
        except SSL.Error:
            pass
        return os.urandom(64)


# --- what can be done at a moment ---------------------------------------------


def tls(flags, data=b""):
    """An EAP-TLS packet with these flags, just so."""
    return lambda s: s.request(bytes([EAP_TLS, flags]) + data)


def announce(length, flags, data):
    """An EAP-TLS packet that announces a length."""
    return tls(flags | LENGTH_FLAG, struct.pack("!I", length) + data)


def eap(kind, data=b""):
    """An EAP-Request of another type."""
    return lambda s: s.request(bytes([kind]) + data)


def packet(code, body, length=None):
    """An EAP packet with any code and length field, in a challenge."""
    def act(s):
        size = 4 + len(body) if length is None else length
        return ACCESS_CHALLENGE, struct.pack(
            "!BBH", code, (s.identifier + 1) & 0xff, size) + body
    return act


def failure(s):
    """EAP-Failure with Access-Reject."""
    return s.finish(EAP_FAILURE)


def success(s):
    """EAP-Success with Access-Accept."""
    return s.finish(EAP_SUCCESS)


def success_in_challenge(s):
    """EAP-Success where only a request may be."""
    return ACCESS_CHALLENGE, s.finish(EAP_SUCCESS)[1]


def finish_and_succeed(s):
    """Take the client's last flight, then EAP-Success without our own."""
    s.advance()
    return s.finish(EAP_SUCCESS)


def silence(_session):
    """No answer."""
    return None, b""


def record(kind, body, version=0x0303, length=None):
    """A TLS record."""
    size = len(body) if length is None else length
    return struct.pack("!BHH", kind, version, size) + body


def send(data):
    """A flight that OpenSSL did not make."""
    return lambda s: s.send(data)


def alert(level, description):
    """An alert in the clear."""
    return send(record(ALERT, bytes([level, description])))


def mangle(change):
    """OpenSSL's flight, changed."""
    return lambda s: s.send(change(s.advance()))


def split(records):
    """Records of a flight, each whole."""
    out, at = [], 0
    while at + 5 <= len(records):
        size = 5 + struct.unpack("!H", records[at + 3:at + 5])[0]
        out.append(records[at:at + size])
        at += size
    return out


def server_hello_only(records):
    """Its first record."""
    return split(records)[0]


def with_byte(at, value):
    """A change of one byte, counted from the end where negative."""
    def change(records):
        out = bytearray(records)
        out[at] = value(out[at]) if callable(value) else value
        return bytes(out)
    return change


def flip(byte):
    """The other bits."""
    return byte ^ 0xff


def broken_certificate(records):
    """The first certificate's DER begins with a wrong tag."""
    parts = split(records)
    for number, part in enumerate(parts):
        if part[5] == CERTIFICATE_MESSAGE:
            # record 5, handshake 4, list 3, certificate 3
            parts[number] = with_byte(15, 0x31)(part)
    return b"".join(parts)


def long_list(records):
    """The list of certificates claims more than there is."""
    parts = split(records)
    for number, part in enumerate(parts):
        if part[5] == CERTIFICATE_MESSAGE:
            parts[number] = with_byte(10, 0xff)(part)
    return b"".join(parts)


def say(data):
    """Application data after the handshake (TLS 1.3 or 1.2)."""
    def act(s):
        s.handshake_done = lambda: None
        flight = s.advance()
        s.tls.send(data)
        return s.send(flight + s.tls.bio_read(1 << 16))
    return act


def close(s):
    """OpenSSL's own close_notify."""
    flight = s.advance()
    s.tls.shutdown()
    return s.send(flight + s.tls.bio_read(1 << 16))


REQUEST_FLAGS = bytes([EAP_TLS, 0])
JUNK = bytes((7 * n * n + 13) & 0xff for n in range(1400))

PLAYS = {
    "honest": Play(),
    "honest-13": Play(tls="1.3"),
    # --- packets and fragments (RFC 5216 2.1.5, 3) ---
    "no-type": Play("start", packet(EAP_REQUEST, b"")),
    "no-type-later": Play("hello", packet(EAP_REQUEST, b"")),
    "no-flags": Play("start", eap(EAP_TLS)),
    "no-flags-later": Play("hello", eap(EAP_TLS)),
    "length-cut": Play("hello", tls(LENGTH_FLAG, b"\0\0")),
    "length-small": Play("hello", announce(10, 0, JUNK[:100])),
    "length-large": Play("hello", announce(200, 0, JUNK[:100])),
    "length-zero": Play("hello", announce(0, 0, JUNK[:100])),
    "length-small-more": Play("hello", announce(10, MORE_FLAG, JUNK[:100])),
    "length-changes": Play("hello", announce(2000, MORE_FLAG, JUNK[:1000]),
                           (announce(2001, 0, JUNK[:1000]),)),
    "length-late": Play("hello", tls(MORE_FLAG, JUNK[:1000]),
                        (announce(2000, 0, JUNK[:1000]),)),
    "length-64k": Play("hello", announce(65537, MORE_FLAG, JUNK)),
    "length-4g": Play("hello", announce(0xffffffff, MORE_FLAG, JUNK)),
    "fragments-endless": Play("hello", tls(MORE_FLAG, JUNK * 2),
                              forever=tls(MORE_FLAG, JUNK * 2)),
    "fragments-tiny": Play("hello", tls(MORE_FLAG, b"\x16"),
                           forever=tls(MORE_FLAG, b"\x16")),
    "fragments-empty": Play("hello", tls(MORE_FLAG),
                            forever=tls(MORE_FLAG)),
    "acks-endless": Play("hello", tls(0), forever=tls(0)),
    "after-failure": Play("hello", announce(10, 0, JUNK), forever=tls(0)),
    "ack-more": Play("ack", tls(MORE_FLAG)),
    "ack-length": Play("ack", announce(0, 0, b"")),
    "ack-data": Play("ack", tls(0, JUNK[:50])),
    "reserved-flags": Play(flags=RESERVED_FLAGS),
    "start-missing": Play("start", tls(0)),
    "start-data": Play("start", tls(START_FLAG, JUNK[:50])),
    "start-more": Play("start", tls(START_FLAG | MORE_FLAG)),
    "start-twice": Play("hello", tls(START_FLAG)),
    "start-late": Play("certificate", tls(START_FLAG)),
    "start-between": Play("fragment", tls(START_FLAG)),
    # --- EAP (RFC 3748) ---
    "md5": Play("hello", eap(MD5, b"\x10" + bytes(16))),
    "mschapv2": Play("hello", eap(MSCHAPV2, b"\1\1\0\x18\x10" + bytes(19))),
    "peap": Play("hello", eap(PEAP, bytes([START_FLAG]))),
    "peap-late": Play("certificate", eap(PEAP, bytes([START_FLAG]))),
    "expanded-tls": Play("hello", eap(EXPANDED, struct.pack("!II", 0, 13))),
    "expanded-vendor": Play("hello", eap(EXPANDED,
                                         b"\0\1\x37" + bytes(40))),
    "expanded-cut": Play("hello", eap(EXPANDED, b"\0\0")),
    "identity-again": Play("hello", eap(IDENTITY), resume=True),
    "identity-last": Play("hello", eap(IDENTITY)),
    "identity-late": Play("certificate", eap(IDENTITY), resume=True),
    "notification": Play("hello", eap(NOTIFICATION, b"hello"), resume=True),
    "notification-first": Play("start", eap(NOTIFICATION, b"hello"),
                               resume=True),
    "notifications-endless": Play("hello", eap(NOTIFICATION, b"hello"),
                                  forever=eap(NOTIFICATION, b"hello")),
    "code-response": Play("hello", packet(2, REQUEST_FLAGS)),
    "code-zero": Play("hello", packet(0, REQUEST_FLAGS)),
    "code-initiate": Play("hello", packet(5, REQUEST_FLAGS)),
    "eap-length-small": Play("hello", packet(EAP_REQUEST, REQUEST_FLAGS, 5)),
    "eap-length-large": Play("hello",
                             packet(EAP_REQUEST, REQUEST_FLAGS, 60)),
    "same-identifier": Play(identifier=77),
    "success-first": Play("start", success_in_challenge),
    "success-hello": Play("hello", success),
    "success-challenge": Play("hello", success_in_challenge),
    "success-fragment": Play("fragment", success),
    "success-certificate": Play("certificate", success),
    "success-unconfirmed": Play("certificate", finish_and_succeed,
                                tls="1.3"),
    "failure-start": Play("start", failure),
    "failure-hello": Play("hello", failure),
    "failure-fragment": Play("fragment", failure),
    "failure-ack": Play("ack", failure),
    "failure-certificate": Play("certificate", failure),
    "failure-success": Play("success", failure),
    "keys-none": Play(keys="none"),
    "keys-wrong": Play(keys="wrong"),
    "silence": Play("hello", silence, forever=silence),
    # --- TLS (RFC 5246, RFC 8446) ---
    "garbage": Play("hello", send(JUNK)),
    "zeros": Play("hello", send(bytes(2000))),
    "http": Play("hello", send(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    "record-kind": Play("hello", send(record(99, JUNK[:100]))),
    "record-huge": Play("hello", send(record(HANDSHAKE, JUNK, length=65535))),
    "record-empty": Play("hello", send(record(HANDSHAKE, b"") * 100)),
    "record-cut": Play("hello", mangle(lambda r: r[:-20]), forever=tls(0)),
    "data-early": Play("hello", send(record(DATA, b"\0"))),
    "ccs-early": Play("hello", send(record(CCS, b"\1"))),
    "hello-again": Play("hello",
                        mangle(lambda r: server_hello_only(r) + r)),
    "hello-cut": Play("hello", mangle(with_byte(8, 0xf0))),
    "hello-version": Play("hello", mangle(with_byte(10, 0x01))),
    "hello-cipher": Play("hello", mangle(lambda r: with_byte(
        44 + r[43], 0x7a)(r))),
    "certificate-der": Play("hello", mangle(broken_certificate)),
    "certificate-list": Play("hello", mangle(long_list)),
    "finished-wrong": Play("certificate", mangle(with_byte(-1, flip))),
    "finished-missing": Play("certificate", mangle(server_hello_only),
                             forever=tls(0)),
    "garbage-late": Play("certificate", send(JUNK)),
    "hello-13-wrong": Play("hello", mangle(with_byte(-1, flip)), tls="1.3"),
    "data-13": Play("certificate", say(b"hello"), tls="1.3"),
    "data-13-long": Play("certificate", say(JUNK), tls="1.3"),
    "data-13-twice": Play("certificate", say(b"\0\0"), tls="1.3"),
    "data-12": Play("certificate", say(b"hello")),
    "hello-requests": Play("certificate", mangle(
        lambda r: record(HANDSHAKE, bytes(4)) * 50 + r), (success,)),
    "chain-60k": Play(chain=58000, fragment=3000),
    "chain-70k": Play(chain=70000, fragment=3000),
    # --- alerts ---
    "alert-40": Play("hello", alert(FATAL, 40)),
    "alert-70": Play("hello", alert(FATAL, 70)),
    "alert-80": Play("hello", alert(FATAL, 80)),
    "alert-255": Play("hello", alert(FATAL, 255)),
    "alert-level": Play("hello", alert(9, 40)),
    "alert-cut": Play("hello", send(record(ALERT, b"\2"))),
    "alert-long": Play("hello", send(record(ALERT, b"\2\x28" + JUNK))),
    "alert-warning": Play("hello", alert(WARNING, 40)),
    "alert-warnings": Play("hello", send(
        record(ALERT, bytes([WARNING, 41])) * 50)),
    "close-hello": Play("hello", alert(WARNING, 0)),
    "alert-after-hello": Play("hello", mangle(server_hello_only),
                              (alert(FATAL, 40),)),
    "close-after-hello": Play("hello", mangle(server_hello_only),
                              (alert(WARNING, 0),)),
    "alert-certificate": Play("certificate", alert(FATAL, 46)),
    "alert-revoked": Play("certificate", alert(FATAL, 44)),
    "alert-warns-revoked": Play("certificate", alert(WARNING, 44)),
    "alert-internal": Play("certificate", alert(FATAL, 80)),
    "close-certificate": Play("certificate", alert(WARNING, 0)),
    "close-finished": Play("certificate", close, (success,)),
    "alert-13": Play(tls="1.3", refuse=True),
    "alert-13-plain": Play("certificate", alert(FATAL, 46), tls="1.3"),
}


class Contexts:
    """TLS contexts, made where a play first wants one."""

    def __init__(self, settings):
        self.settings = settings
        self.made = {}

    def of(self, play):
        """The context of a play."""
        key = play.tls, play.chain
        if key not in self.made:
            context = eap_radius.tls_context(self.settings, play.tls)
            if play.chain:
                context.use_certificate_chain_file(self.chain(play.chain))
            self.made[key] = context
        return self.made[key]

    def chain(self, size):
        """A file of the server's chain and as many bytes of certificates that
        belong to nothing."""
        path = f"{self.settings.state}/chain-{size}.pem"
        with open(self.settings.chain, "rb") as file:
            chain = file.read()
        with open(self.settings.state + "/store.pem", "rb") as file:
            cert = crypto.load_certificate(crypto.FILETYPE_PEM, file.read())
        each = 3 + len(crypto.dump_certificate(crypto.FILETYPE_ASN1, cert))
        with open(path, "wb") as file:
            file.write(chain + size // each * crypto.dump_certificate(
                crypto.FILETYPE_PEM, cert))
        return path


def main():
    """Read the options and serve."""
    settings = eap_radius.options(__doc__.splitlines()[0]).parse_args()
    contexts = Contexts(settings)
    eap_radius.Server(settings, lambda: Session(settings, contexts)).serve()


if __name__ == "__main__":
    sys.exit(main())
