# SPDX-License-Identifier: GPL-2.0-or-later
"""What the lab's own NPS stand-ins share: RADIUS (RFC 2865, RFC 3579) and the
server's half of EAP-TLS (RFC 5216, RFC 9190).

Session is one EAP conversation; a server subclasses it and hands the class to
serve(). One thread, one datagram at a time. For the lab only.
"""
import argparse
import hashlib
import hmac
import os
import socket
import struct
import time

from OpenSSL import SSL, crypto

import revocation

ACCESS_REQUEST, ACCESS_ACCEPT, ACCESS_REJECT, ACCESS_CHALLENGE = 1, 2, 3, 11
STATE, EAP_MESSAGE, MESSAGE_AUTHENTICATOR = 24, 79, 80
MS_VENDOR, MS_MPPE_SEND_KEY, MS_MPPE_RECV_KEY = 311, 16, 17
EAP_REQUEST, EAP_SUCCESS, EAP_FAILURE = 1, 3, 4
IDENTITY, NAK, EAP_TLS = 1, 3, 13
LENGTH_FLAG, MORE_FLAG, START_FLAG = 0x80, 0x40, 0x20
TLS1_2, TLS1_3 = 0x0303, 0x0304
SESSIONS_MAX = 64


def log(*words):
    """A line for the lab's log."""
    print("%.3f" % time.time(), *words, flush=True)


class Session:
    """One EAP conversation; step() takes a response, gives the next packet."""

    def __init__(self, settings, context):
        self.settings = settings
        self.tls = SSL.Connection(context, None)
        self.tls.set_accept_state()
        self.tls.set_app_data(self)
        self.user = "?"
        self.fragment_size = settings.fragment  # TLS bytes in one packet
        self.identifier = 0
        self.received = b""
        self.pending = b""
        self.pending_first = 0  # total length, to be said in the first one
        self.handshake = "running"

    def request(self, body):
        """EAP-Request with a new identifier, wrapped as a challenge."""
        self.identifier = (self.identifier + 1) & 0xff
        return ACCESS_CHALLENGE, struct.pack(
            "!BBH", EAP_REQUEST, self.identifier, 4 + len(body)) + body

    def finish(self, code):
        """EAP-Success or EAP-Failure answers the last response."""
        radius = ACCESS_ACCEPT if code == EAP_SUCCESS else ACCESS_REJECT
        return radius, struct.pack("!BBH", code, self.identifier, 4)

    def step(self, eap):
        """Handle one EAP response."""
        _, self.identifier, _ = struct.unpack("!BBH", eap[:4])
        kind = eap[4] if len(eap) > 4 else 0
        if kind == IDENTITY:
            self.user = eap[5:].decode("utf-8", "replace")
            return self.begin()
        if kind == EAP_TLS and len(eap) >= 6:
            return self.step_tls(eap[5], eap[6:])
        return self.other_type(kind)

    def begin(self):
        """The identity is known: the first method packet."""
        return self.request(bytes([EAP_TLS, START_FLAG]))

    def other_type(self, _kind):
        """The client answers by another type than EAP-TLS."""
        return self.finish(EAP_FAILURE)

    def step_tls(self, flags, data):
        """RFC 5216 2.1.5: fragments, acknowledgements, then the handshake."""
        if flags & LENGTH_FLAG:
            data = data[4:]
        self.received += data
        if flags & MORE_FLAG:
            return self.request(bytes([EAP_TLS, 0]))
        if self.pending:
            return self.request(self.fragment())
        if self.handshake == "failed":
            return self.finish(EAP_FAILURE)
        if self.handshake == "done":
            return self.conclude()
        return self.drive()

    def drive(self):
        """Feed the TLS library and send what it has to say."""
        records = self.advance()
        if records:
            return self.send(records)
        # A resumed handshake of TLS 1.2 ends with the client's Finished.
        return (self.conclude() if self.handshake == "done"
                else self.finish(EAP_FAILURE))

    def advance(self):
        """Feed the TLS library; its next flight, or empty."""
        if self.received:
            self.tls.bio_write(self.received)
            self.received = b""
        try:
            self.tls.do_handshake()
            self.handshake = "done"
            log("handshake done", self.tls.get_protocol_version_name())
            self.handshake_done()
        except SSL.WantReadError:
            pass
        except SSL.Error as error:
            self.handshake = "failed"
            log("TLS error", error)
        try:
            return self.to_send(self.tls.bio_read(1 << 20))
        except SSL.WantReadError:
            return b""

    def handshake_done(self):
        """TLS is complete: the success indication of RFC 9190 2.5."""
        if self.tls.get_protocol_version() == TLS1_3:
            self.tls.send(b"\0")

    def to_send(self, records):
        """A flight on its way out."""
        return records

    def send(self, records):
        """Begin to send a flight."""
        self.pending = records
        self.pending_first = len(records)
        return self.request(self.fragment())

    def fragment(self):
        """The next EAP-TLS body out of what is pending."""
        size = self.fragment_size
        part, self.pending = self.pending[:size], self.pending[size:]
        flags = MORE_FLAG if self.pending else 0
        head = b""
        if self.pending_first:
            flags |= LENGTH_FLAG
            head = struct.pack("!I", self.pending_first)
            self.pending_first = 0
        return bytes([EAP_TLS, flags]) + head + part

    def conclude(self):
        """Both Finished are through: the last word."""
        return self.finish(EAP_SUCCESS)

    def verify(self, _cert, _error, _depth, good):
        """OpenSSL's verdict on a certificate of the client's chain."""
        return good

    def keys(self):
        """Attributes of an Access-Accept beside EAP: (kind, key), hidden."""
        msk = self.msk()
        return [(MS_MPPE_RECV_KEY, msk[:32]), (MS_MPPE_SEND_KEY, msk[32:])]

    def msk(self):
        """The master session key: RFC 5216 2.3, RFC 9190 2.3."""
        if self.tls.get_protocol_version() == TLS1_3:
            return self.tls.export_keying_material(
                b"EXPORTER_EAP_TLS_Key_Material", 128, b"\x0d")[:64]
        return self.tls.export_keying_material(
            b"client EAP encryption", 128)[:64]


def attribute(kind, value):
    """One RADIUS attribute."""
    return bytes([kind, 2 + len(value)]) + value


def parse(packet):
    """(identifier, authenticator, {type: joined value}) or ValueError."""
    if len(packet) < 20:
        raise ValueError("short packet")
    code, identifier, length = struct.unpack("!BBH", packet[:4])
    if code != ACCESS_REQUEST or not 20 <= length <= len(packet):
        raise ValueError("no Access-Request")
    values, at = {}, 20
    while at + 2 <= length:
        kind, size = packet[at], packet[at + 1]
        if size < 2 or at + size > length:
            raise ValueError("bad attribute")
        values[kind] = values.get(kind, b"") + packet[at + 2:at + size]
        at += size
    return identifier, packet[4:20], values


def mppe_key(secret, authenticator, kind, key):
    """RFC 2548 2.4.2: a session key, salted and hidden."""
    salt = os.urandom(2)
    salt = bytes([salt[0] | 0x80, salt[1]])
    plain = bytes([len(key)]) + key
    plain += bytes(-len(plain) % 16)
    hidden, previous = b"", authenticator + salt
    for at in range(0, len(plain), 16):
        pad = hashlib.md5(secret + previous).digest()
        previous = bytes(a ^ b for a, b in zip(plain[at:at + 16], pad))
        hidden += previous
    return attribute(26, struct.pack("!I", MS_VENDOR) +
                     attribute(kind, salt + hidden))


def build(secret, code, identifier, authenticator, attributes):
    """A signed answer: RFC 3579 3.2 and RFC 2865 3."""
    attributes += attribute(MESSAGE_AUTHENTICATOR, bytes(16))
    head = struct.pack("!BBH", code, identifier, 20 + len(attributes))
    mac = hmac.new(secret, head + authenticator + attributes, "md5").digest()
    attributes = attributes[:-16] + mac
    return head + hashlib.md5(head + authenticator + attributes +
                              secret).digest() + attributes


class Server:
    """The RADIUS side: sessions by State, answers kept for duplicates."""

    def __init__(self, settings, make_session):
        self.settings = settings
        self.secret = settings.secret.encode()
        self.make_session = make_session
        self.sessions = {}
        self.answers = {}

    def session(self, state):
        """The session of this State attribute, or a new one."""
        if state not in self.sessions:
            while len(self.sessions) >= SESSIONS_MAX:
                del self.sessions[next(iter(self.sessions))]
            state = os.urandom(16)
            self.sessions[state] = self.make_session()
        return state, self.sessions[state]

    def answer(self, packet, source):
        """The answer to one datagram, None for none; the same one to a
        duplicate."""
        identifier, authenticator, values = parse(packet)
        key = (source, identifier, authenticator)
        if key in self.answers:
            return self.answers[key]
        if len(values.get(EAP_MESSAGE, b"")) < 5:
            raise ValueError("no EAP message")
        state, session = self.session(values.get(STATE))
        code, eap = session.step(values[EAP_MESSAGE])
        reply = None
        if code is not None:
            reply = build(self.secret, code, identifier, authenticator,
                          self.attributes(code, eap, state, session,
                                          authenticator))
        if len(self.answers) > SESSIONS_MAX * 16:
            self.answers.clear()
        self.answers[key] = reply
        return reply

    def attributes(self, code, eap, state, session, authenticator):
        """What an answer carries beside its signature."""
        out = b"".join(attribute(EAP_MESSAGE, eap[at:at + 253])
                       for at in range(0, len(eap), 253))
        if code == ACCESS_CHALLENGE:
            out += attribute(STATE, state)
        if code == ACCESS_ACCEPT:
            for kind, key in session.keys():
                out += mppe_key(self.secret, authenticator, kind, key)
        return out

    def serve(self):
        """Until killed."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((self.settings.bind, 1812))
        log("Ready to process requests")
        while True:
            packet, source = listener.recvfrom(8192)
            try:
                reply = self.answer(packet, source)
            except ValueError as error:
                log("ignored:", error)
                continue
            if reply:
                listener.sendto(reply, source)


def tls_context(settings, tls_max):
    """What the server offers, up to "1.2" or "1.3", and whom it trusts."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(TLS1_2)
    context.set_max_proto_version(TLS1_3 if tls_max == "1.3"
                                  else TLS1_2)
    context.use_certificate_chain_file(settings.chain)
    context.use_privatekey_file(settings.key)
    context.load_verify_locations(settings.state + "/store.pem")
    # No tickets: the commitment byte must be the only thing after TLS 1.3, and
    # with the client's certificate inside they would take several packets.
    context.set_options(SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    with open(settings.state + "/store.pem", "rb") as file:
        context.set_client_ca_list(
            [crypto.X509.from_cryptography(cert).get_subject()
             for cert in revocation.load_pem_all(file.read())])
    context.set_verify(
        SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
        lambda tls, cert, error, depth, good:
        tls.get_app_data().verify(cert, error, depth, good))
    return context


def options(description):
    """A parser with the options that all servers have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--bind", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--chain", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--state", required=True,
                        help="directory of store.pem, registry.conf")
    parser.add_argument("--tls-max", choices=("1.2", "1.3"), default="1.2")
    parser.add_argument("--fragment", type=int, default=1024)
    return parser
