#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The second kind of NPS stand-in: delivers the TLS alert to the client.

A server on eap_radius.py that, where it refuses the client's certificate, sends
the TLS alert in an EAP-Request and waits for the answer before EAP-Failure, as
RFC 5216 2.1.3 asks for. FreeRADIUS 3.2.1 and hostapd 2.10 do not. Which of them
Windows NPS resembles is not known here, so the lab has both.

With --resume it resumes TLS sessions that it remembers, by a short id, and then
asks about revocation after the handshake (RFC 9190 5.7). With --staple it
staples that OCSP response (RFC 6066 8).

Alerts: what OpenSSL sends for its own verdicts: unknown_ca 48,
certificate_expired 45, unsupported_certificate 43 (no clientAuth). For the
verdicts of revocation.py: certificate_revoked 44 for reason 256 and
access_denied 49 for 258 and 259, the alert that Windows' EAP-TLS client is
known to send for validation failures. OpenSSL has no way to choose 49, so the
alert record, which TLS 1.2 still sends in the clear here, is rewritten. In TLS
1.3 alerts are encrypted: there all three are certificate_unknown 46.
"""
import os
import struct
import sys
import time

from OpenSSL import SSL

import eap_radius
import mapping
import revocation
from eap_radius import (EAP_FAILURE, EAP_SUCCESS, EAP_TLS, NAK, START_FLAG,
                        TLS1_2, log)

PEAP, MSCHAPV2 = 25, 26
OFFERS = {"tls": EAP_TLS, "peap": PEAP, "mschapv2": MSCHAPV2}
ALERT_RECORD, ALERT_REVOKED, ALERT_ACCESS_DENIED = 0x15, 44, 49
OP_NO_EXTENDED_MASTER_SECRET = 1  # of OpenSSL 3; pyOpenSSL has no name for it
# OpenSSL's X509_V_ERR -> NPS reason; what is not listed is 265 (chain).
REASONS = {9: 268, 10: 268, 26: 267, 23: 256}


class Session(eap_radius.Session):
    """One EAP conversation of an NPS with policies."""

    def __init__(self, settings, context):
        super().__init__(settings, context)
        self.alert = None  # description to be sent instead of OpenSSL's
        self.chain = {}    # depth -> certificate, while verifying

    def refuse(self, reason, text):
        """Log NPS's event and end the conversation."""
        time.sleep(self.settings.delay)
        revocation.log_event(self.settings.state, 6273, reason, self.user,
                             text)
        return self.finish(EAP_FAILURE)

    def other_type(self, kind):
        if kind == NAK:
            return self.refuse(22, "the client refuses the EAP type offered")
        return self.finish(EAP_FAILURE)

    def begin(self):
        """The identity is known: policy, or the first method packet."""
        if self.settings.reject == "identity":
            return self.refuse(self.settings.reject_reason,
                               "no network policy matched")
        offer = OFFERS[self.settings.offer]
        if offer == MSCHAPV2:
            challenge = bytes([1, 1]) + struct.pack("!HB", 21 + 3, 16)
            return self.request(bytes([offer]) + challenge +
                                os.urandom(16) + b"nps")
        return self.request(bytes([offer, START_FLAG]))

    def to_send(self, records):
        """Put our description in an alert that is still in the clear."""
        if (self.handshake == "failed" and self.alert and
                self.tls.get_protocol_version() == TLS1_2 and
                len(records) == 7 and records[0] == ALERT_RECORD):
            records = records[:6] + bytes([self.alert])
        if self.handshake == "failed":
            log("sending alert record", records.hex())
        return records

    def unmapped(self, step, leaf):
        """Log a leaf that maps to no account, if now is the time to look."""
        if self.settings.mapping != step:
            return None
        try:
            mapping.check(self.settings.state, leaf)
        except revocation.Refused as refused:
            return refused
        return None

    def conclude(self):
        """Both Finished are through: the last word is the policy's."""
        if not self.chain:  # OpenSSL verified nothing: it resumed a session
            log("resumed a session")
            try:
                leaf = self.tls.get_peer_certificate().to_cryptography()
                revocation.check(self.settings.state, leaf, [])
            except revocation.Refused as refused:
                return self.refuse(refused.reason, refused)
        refused = self.unmapped("account", self.chain[0]) if self.chain else None
        if refused:
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
            refused = self.unmapped("certificate", self.chain[0])
            if refused:
                raise refused
        except revocation.Refused as refused:
            self.alert = (ALERT_REVOKED if refused.reason == 256
                          else ALERT_ACCESS_DENIED)
            revocation.log_event(self.settings.state, 6273, refused.reason,
                                 self.user, refused)
            return False
        return True


def tls_context(settings):
    """The common one with what this server's options say."""
    context = eap_radius.tls_context(settings, settings.tls_max)
    if settings.resume == "yes":
        context.set_session_cache_mode(SSL.SESS_CACHE_SERVER)
        context.set_session_id(b"nps")
    if settings.ems == "no":
        context.set_options(OP_NO_EXTENDED_MASTER_SECRET)
    if settings.staple:
        with open(settings.staple, "rb") as file:
            response = file.read()
        context.set_ocsp_server_callback(lambda tls, data: response)
    return context


def main():
    """Read the options and serve."""
    parser = eap_radius.options(__doc__.splitlines()[0])
    parser.add_argument("--resume", choices=("no", "yes"), default="no")
    parser.add_argument("--ems", choices=("no", "yes"), default="yes")
    parser.add_argument("--staple", default="", help="DER file")
    parser.add_argument("--offer", choices=sorted(OFFERS), default="tls")
    parser.add_argument("--reject", default="none",
                        choices=("none", "identity", "after-tls"))
    parser.add_argument("--mapping", default="certificate",
                        choices=("certificate", "account"))
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--reject-reason", type=int, default=48)
    settings = parser.parse_args()
    context = tls_context(settings)
    eap_radius.Server(settings, lambda: Session(settings, context)).serve()


if __name__ == "__main__":
    sys.exit(main())
