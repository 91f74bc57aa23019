# SPDX-License-Identifier: GPL-2.0-or-later
"""Revocation check of a client certificate, as NPS does it before it accepts.

Stands in for what NPS asks CryptoAPI (CertVerifyRevocation through
CertGetCertificateChain with CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT):
for every certificate of the chain below the root take the CRL from the
certificate's own CRL distribution point by HTTP. The results are NPS's reasons
(event 6273):

  256  a certificate is listed in its CRL      CRYPT_E_REVOKED
  258  a certificate has no distribution point CRYPT_E_NO_REVOCATION_CHECK
  259  the CRL cannot be had, or is outdated   CRYPT_E_REVOCATION_OFFLINE

Switches, as in HKLM\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\PPP\\EAP\\13,
read from registry.conf (NAME=0|1 lines) at every check, default 0:

  NoRevocationCheck        no check at all
  IgnoreNoRevocationCheck  258 is no failure
  IgnoreRevocationOffline  259 is no failure

The chain: NPS's own store first, then what the client sent. So where the store
holds the issuing CA's certificate without a distribution point, sending the
other one does not help. Unlike Windows it keeps no cache of CRLs, and trust in
the root is not its business (the TLS library has checked that already).

STATE_DIR holds store.pem (CA certificates), registry.conf, events.log.
"""
import datetime
import os
import urllib.parse
import urllib.request

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509.oid import NameOID

FETCH_TIMEOUT = 3  # seconds; Windows waits 15 for a chain
CRL_MAX = 1 << 20  # bytes
DEPTH_MAX = 8
SWITCHES = ("NoRevocationCheck", "IgnoreNoRevocationCheck",
            "IgnoreRevocationOffline")
TEXT = {
    16: "no mapping from the certificate to an account",
    297: "the certificate names no account",
    256: "the certificate is revoked",
    258: "the revocation function was unable to check revocation",
    259: "the revocation server was offline",
}


class Refused(Exception):
    """The certificate is not accepted: NPS's reason and what it is about."""

    def __init__(self, reason, subject, detail):
        super().__init__(f"{TEXT[reason]} ({subject}: {detail})")
        self.reason = reason


def load_pem_all(data):
    """Every certificate of a PEM file, in order."""
    end = b"-----END CERTIFICATE-----\n"
    return [x509.load_pem_x509_certificate(part + end)
            for part in data.replace(b"\r", b"").split(end) if b"BEGIN" in part]


def registry(state_dir):
    """The switches as they stand now."""
    values = dict.fromkeys(SWITCHES, 0)
    try:
        with open(os.path.join(state_dir, "registry.conf"),
                  encoding="utf-8") as file:
            for line in file:
                name, _, value = line.strip().partition("=")
                if name in values:
                    values[name] = int(value)
    except FileNotFoundError:
        pass
    return values


def log_event(state_dir, event, reason, user, text):
    """One line in the shape of NPS's security event."""
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    line = f"{now} event {event} reason {reason} user {user}: {text}"
    line = "".join(c if c.isprintable() else "?" for c in line)
    with open(os.path.join(state_dir, "events.log"), "a",
              encoding="utf-8") as file:
        file.write(line + "\n")


def common_name(cert):
    """The subject's CN, or the whole subject."""
    names = cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return names[0].value if names else cert.subject.rfc4514_string()


def signed_by(cert, issuer):
    """Did issuer's key sign cert?"""
    key = issuer.public_key()
    args = ((ec.ECDSA(cert.signature_hash_algorithm),)
            if isinstance(key, ec.EllipticCurvePublicKey)
            else (padding.PKCS1v15(), cert.signature_hash_algorithm))
    try:
        key.verify(cert.signature, cert.tbs_certificate_bytes, *args)
    except InvalidSignature:
        return False
    return True


def find_issuer(cert, candidates):
    """The first candidate that issued cert, or None."""
    for candidate in candidates:
        if candidate.subject == cert.issuer and signed_by(cert, candidate):
            return candidate
    return None


def build_chain(leaf, store, sent):
    """From leaf up to and with the self-signed root."""
    chain = [leaf]
    while chain[-1].issuer != chain[-1].subject and len(chain) < DEPTH_MAX:
        issuer = find_issuer(chain[-1], store + sent)
        if issuer is None:
            raise Refused(258, common_name(chain[-1]), "issuer not found")
        chain.append(issuer)
    return chain


def distribution_points(cert):
    """The http URLs of the certificate's CDP extension."""
    try:
        points = cert.extensions.get_extension_for_class(
            x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [name.value for point in points for name in point.full_name or []
            if isinstance(name, x509.UniformResourceIdentifier)
            and urllib.parse.urlsplit(name.value).scheme == "http"]


def fetch_crl(url, issuer):
    """A CRL that is usable now. Raises OSError or ValueError if not."""
    with urllib.request.urlopen(url, timeout=FETCH_TIMEOUT) as response:
        crl = x509.load_der_x509_crl(response.read(CRL_MAX))
    if not crl.is_signature_valid(issuer.public_key()):
        raise ValueError("the CRL's signature is wrong")
    if crl.next_update and crl.next_update < datetime.datetime.utcnow():
        raise ValueError(f"the CRL expired at {crl.next_update}")
    return crl


def check_one(cert, issuer, switches):
    """Raises Refused unless cert is known to be good (or it is ignored)."""
    urls = distribution_points(cert)
    if not urls:
        if switches["IgnoreNoRevocationCheck"]:
            return
        raise Refused(258, common_name(cert), "no CRL distribution point")
    problem = None
    for url in urls:
        try:
            crl = fetch_crl(url, issuer)
        except (OSError, ValueError) as error:
            problem = f"{url}: {error}"
            continue
        if crl.get_revoked_certificate_by_serial_number(cert.serial_number):
            raise Refused(256, common_name(cert), f"listed in {url}")
        return
    if not switches["IgnoreRevocationOffline"]:
        raise Refused(259, common_name(cert), problem)


def check(state_dir, leaf, sent):
    """Check leaf; raises Refused. sent: what the client sent besides."""
    switches = registry(state_dir)
    if switches["NoRevocationCheck"]:
        return
    with open(os.path.join(state_dir, "store.pem"), "rb") as file:
        store = load_pem_all(file.read())
    chain = build_chain(leaf, store, sent)
    for cert, issuer in zip(chain, chain[1:]):
        check_one(cert, issuer, switches)
