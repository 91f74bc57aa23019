#!/usr/bin/python3
"""The second kind of NPS stand-in: delivers the TLS alert to the client.

A RADIUS server (RFC 2865, RFC 3579) that speaks EAP-TLS (RFC 5216, RFC 9190)
and, where it refuses the client's certificate, sends the TLS alert in an
EAP-Request and waits for the answer before EAP-Failure, as RFC 5216 2.1.3 asks
for. With --resume it resumes TLS sessions that it remembers, and then asks about
revocation after the handshake (RFC 9190 5.7). FreeRADIUS 3.2.1 and hostapd 2.10 do not. Which of them Windows NPS
resembles is not known here, so the lab has both.

Alerts: what OpenSSL sends for its own verdicts: unknown_ca 48,
certificate_expired 45, unsupported_certificate 43 (no clientAuth). For the
verdicts of revocation.py: certificate_revoked 44 for reason 256 and
access_denied 49 for 258 and 259, the alert that Windows' EAP-TLS client is
known to send for validation failures. OpenSSL has no way to choose 49, so the
alert record, which TLS 1.2 still sends in the clear here, is rewritten. In TLS
1.3 alerts are encrypted: there all three are certificate_unknown 46.

One thread, one datagram at a time. For the lab only.
"""
import argparse
import hashlib
import hmac
import os
import socket
import struct
import sys
import time

from OpenSSL import SSL, crypto

import revocation

ACCESS_REQUEST, ACCESS_ACCEPT, ACCESS_REJECT, ACCESS_CHALLENGE = 1, 2, 3, 11
USER_NAME, STATE, EAP_MESSAGE, MESSAGE_AUTHENTICATOR = 1, 24, 79, 80
MS_VENDOR, MS_MPPE_SEND_KEY, MS_MPPE_RECV_KEY = 311, 16, 17
EAP_REQUEST, EAP_SUCCESS, EAP_FAILURE = 1, 3, 4
IDENTITY, NAK, EAP_TLS, PEAP, MSCHAPV2 = 1, 3, 13, 25, 26
OFFERS = {"tls": EAP_TLS, "peap": PEAP, "mschapv2": MSCHAPV2}
LENGTH_FLAG, MORE_FLAG, START_FLAG = 0x80, 0x40, 0x20
TLS1_2, TLS1_3 = 0x0303, 0x0304
ALERT_RECORD, ALERT_REVOKED, ALERT_ACCESS_DENIED = 0x15, 44, 49
SESSIONS_MAX = 64
OP_NO_EXTENDED_MASTER_SECRET = 1  # of OpenSSL 3; pyOpenSSL has no name for it
# OpenSSL's X509_V_ERR -> NPS reason; what is not listed is 265 (chain).
REASONS = {9: 268, 10: 268, 26: 267, 23: 256}


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
        self.identifier = 0
        self.received = b""
        self.pending = b""
        self.pending_first = 0  # total length, to be said in the first one
        self.handshake = "running"
        self.alert = None  # description to be sent instead of OpenSSL's
        self.chain = {}    # depth -> certificate, while verifying

    def request(self, body):
        """EAP-Request with a new identifier, wrapped as a challenge."""
        self.identifier = (self.identifier + 1) & 0xff
        return ACCESS_CHALLENGE, struct.pack(
            "!BBH", EAP_REQUEST, self.identifier, 4 + len(body)) + body

    def finish(self, code):
        """EAP-Success or EAP-Failure answers the last response."""
        radius = ACCESS_ACCEPT if code == EAP_SUCCESS else ACCESS_REJECT
        return radius, struct.pack("!BBH", code, self.identifier, 4)

    def refuse(self, reason, text):
        """Log NPS's event and end the conversation."""
        revocation.log_event(self.settings.state, 6273, reason, self.user,
                             text)
        return self.finish(EAP_FAILURE)

    def step(self, eap):
        """Handle one EAP response."""
        _, self.identifier, _ = struct.unpack("!BBH", eap[:4])
        kind = eap[4] if len(eap) > 4 else 0
        if kind == IDENTITY:
            return self.begin(eap[5:])
        if kind == NAK:
            return self.refuse(22, "the client refuses the EAP type offered")
        if kind != EAP_TLS or len(eap) < 6:
            return self.finish(EAP_FAILURE)
        return self.step_tls(eap[5], eap[6:])

    def begin(self, identity):
        """The identity is known: policy, or the first method packet."""
        self.user = identity.decode("utf-8", "replace")
        if self.settings.reject == "identity":
            return self.refuse(self.settings.reject_reason,
                               "no network policy matched")
        offer = OFFERS[self.settings.offer]
        if offer == MSCHAPV2:
            challenge = bytes([1, 1]) + struct.pack("!HB", 21 + 3, 16)
            return self.request(bytes([offer]) + challenge +
                                os.urandom(16) + b"nps")
        return self.request(bytes([offer, START_FLAG]))

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
        if self.received:
            self.tls.bio_write(self.received)
            self.received = b""
        try:
            self.tls.do_handshake()
            self.handshake = "done"
            log("handshake done", self.tls.get_protocol_version_name())
            if self.tls.get_protocol_version() == TLS1_3:
                self.tls.send(b"\0")  # RFC 9190 2.1.1, commitment
        except SSL.WantReadError:
            pass
        except SSL.Error as error:
            self.handshake = "failed"
            log("TLS error", error)
        try:
            self.pending = self.rewrite_alert(self.tls.bio_read(1 << 16))
        except SSL.WantReadError:
            # A resumed handshake of TLS 1.2 ends with the client's Finished.
            return (self.conclude() if self.handshake == "done"
                    else self.finish(EAP_FAILURE))
        self.pending_first = len(self.pending)
        return self.request(self.fragment())

    def rewrite_alert(self, records):
        """Put our description in an alert that is still in the clear."""
        if (self.handshake == "failed" and self.alert and
                self.tls.get_protocol_version() == TLS1_2 and
                len(records) == 7 and records[0] == ALERT_RECORD):
            records = records[:6] + bytes([self.alert])
        if self.handshake == "failed":
            log("sending alert record", records.hex())
        return records

    def fragment(self):
        """The next EAP-TLS body out of what is pending."""
        size = self.settings.fragment
        part, self.pending = self.pending[:size], self.pending[size:]
        flags = MORE_FLAG if self.pending else 0
        head = b""
        if self.pending_first:
            flags |= LENGTH_FLAG
            head = struct.pack("!I", self.pending_first)
            self.pending_first = 0
        return bytes([EAP_TLS, flags]) + head + part

    def conclude(self):
        """Both Finished are through: the last word is the policy's."""
        if not self.chain:  # OpenSSL verified nothing: it resumed a session
            log("resumed a session")
            try:
                leaf = self.tls.get_peer_certificate().to_cryptography()
                revocation.check(self.settings.state, leaf, [])
            except revocation.Refused as refused:
                return self.refuse(refused.reason, refused)
        if self.settings.reject == "after-tls":
            return self.refuse(self.settings.reject_reason,
                               "refused after authentication")
        revocation.log_event(self.settings.state, 6272, 0, self.user,
                             "access granted")
        return self.finish(EAP_SUCCESS)

    def verify(self, cert, error, depth, good):
        """OpenSSL's verdict, and for the leaf of a good chain our own."""
        self.chain[depth] = cert.to_cryptography()
        if not good:
            text = f"OpenSSL error {error} at depth {depth}"
            revocation.log_event(self.settings.state, 6273,
                                 REASONS.get(error, 265), self.user, text)
            return False
        if depth > 0:
            return True
        try:
            revocation.check(self.settings.state, self.chain[0],
                             list(self.chain.values()))
        except revocation.Refused as refused:
            self.alert = (ALERT_REVOKED if refused.reason == 256
                          else ALERT_ACCESS_DENIED)
            revocation.log_event(self.settings.state, 6273, refused.reason,
                                 self.user, refused)
            return False
        return True

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

    def __init__(self, settings):
        self.settings = settings
        self.secret = settings.secret.encode()
        self.context = tls_context(settings)
        self.sessions = {}
        self.answers = {}

    def session(self, state):
        """The session of this State attribute, or a new one."""
        if state not in self.sessions:
            while len(self.sessions) >= SESSIONS_MAX:
                del self.sessions[next(iter(self.sessions))]
            state = os.urandom(16)
            self.sessions[state] = Session(self.settings, self.context)
        return state, self.sessions[state]

    def answer(self, packet, source):
        """The answer to one datagram; the same one to a duplicate."""
        identifier, authenticator, values = parse(packet)
        key = (source, identifier, authenticator)
        if key in self.answers:
            return self.answers[key]
        if len(values.get(EAP_MESSAGE, b"")) < 5:
            raise ValueError("no EAP message")
        state, session = self.session(values.get(STATE))
        code, eap = session.step(values[EAP_MESSAGE])
        out = b"".join(attribute(EAP_MESSAGE, eap[at:at + 253])
                       for at in range(0, len(eap), 253))
        if code == ACCESS_CHALLENGE:
            out += attribute(STATE, state)
        if code == ACCESS_ACCEPT:
            msk = session.msk()
            out += mppe_key(self.secret, authenticator, MS_MPPE_RECV_KEY,
                            msk[:32])
            out += mppe_key(self.secret, authenticator, MS_MPPE_SEND_KEY,
                            msk[32:])
        if len(self.answers) > SESSIONS_MAX * 16:
            self.answers.clear()
        reply = build(self.secret, code, identifier, authenticator, out)
        self.answers[key] = reply
        return reply

    def serve(self):
        """Until killed."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((self.settings.bind, 1812))
        log("Ready to process requests")
        while True:
            packet, source = listener.recvfrom(8192)
            try:
                listener.sendto(self.answer(packet, source), source)
            except ValueError as error:
                log("ignored:", error)


def tls_context(settings):
    """What the server offers and whom it trusts."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(TLS1_2)
    context.set_max_proto_version(TLS1_3 if settings.tls_max == "1.3"
                                  else TLS1_2)
    context.use_certificate_chain_file(settings.chain)
    context.use_privatekey_file(settings.key)
    context.load_verify_locations(settings.state + "/store.pem")
    # Sessions are kept here, by a short id, or not at all: tickets that hold
    # the client's certificate would take several packets.
    context.set_options(SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_SERVER
                                   if settings.resume == "yes"
                                   else SSL.SESS_CACHE_OFF)
    context.set_session_id(b"nps")
    if settings.ems == "no":
        context.set_options(OP_NO_EXTENDED_MASTER_SECRET)
    with open(settings.state + "/store.pem", "rb") as file:
        context.set_client_ca_list(
            [crypto.X509.from_cryptography(cert).get_subject()
             for cert in revocation.load_pem_all(file.read())])
    context.set_verify(
        SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
        lambda tls, cert, error, depth, good:
        tls.get_app_data().verify(cert, error, depth, good))
    return context


def main():
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bind", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--chain", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--state", required=True,
                        help="directory of store.pem, registry.conf")
    parser.add_argument("--tls-max", choices=("1.2", "1.3"), default="1.2")
    parser.add_argument("--resume", choices=("no", "yes"), default="no")
    parser.add_argument("--ems", choices=("no", "yes"), default="yes")
    parser.add_argument("--fragment", type=int, default=1024)
    parser.add_argument("--offer", choices=sorted(OFFERS), default="tls")
    parser.add_argument("--reject", default="none",
                        choices=("none", "identity", "after-tls"))
    parser.add_argument("--reject-reason", type=int, default=48)
    Server(parser.parse_args()).serve()


if __name__ == "__main__":
    sys.exit(main())
