# SPDX-License-Identifier: GPL-2.0-or-later
"""Strong mapping of a certificate to an account, as a domain controller does it
for NPS since KB5014754 is enforced: the account is found by the UPN (or, for a
computer, the DNS name) of the SAN, and the certificate must carry that
account's SID, in the extension 1.3.6.1.4.1.311.25.2 or in a SAN URI
tag:microsoft.com,2022-09-14:sid:.

  297  the certificate names no account
  16   no SID (KDC event 39), or another account's (event 41)

Accounts are the lines NAME=SID of STATE_DIR/accounts; without that file every
certificate maps. Stands in for the whole domain: the mappings of
altSecurityIdentities, event 40 (certificates older than the account) and the
compatibility mode of before February 2025 are left out.
"""
import os
import re

from cryptography import x509

from revocation import Refused, common_name

UPN = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
SID_EXTENSION = x509.ObjectIdentifier("1.3.6.1.4.1.311.25.2")
SID_URI = "tag:microsoft.com,2022-09-14:sid:"


def accounts(state_dir):
    """NAME -> SID, or None where nothing is mapped."""
    try:
        with open(os.path.join(state_dir, "accounts"),
                  encoding="utf-8") as file:
            return dict(line.strip().split("=", 1) for line in file)
    except FileNotFoundError:
        return None


def alternative_names(cert):
    """The SAN, or an empty list."""
    try:
        return list(cert.extensions.get_extension_for_class(
            x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        return []


def account_name(names):
    """The UPN (UTF8String, short form), else the DNS name, else None."""
    for name in names:
        if isinstance(name, x509.OtherName) and name.type_id == UPN:
            return name.value[2:].decode("utf-8")
    for name in names:
        if isinstance(name, x509.DNSName):
            return name.value
    return None


def sids(cert, names):
    """Every SID that the certificate carries where it counts."""
    found = {name.value[len(SID_URI):] for name in names
             if isinstance(name, x509.UniformResourceIdentifier)
             and name.value.startswith(SID_URI)}
    for extension in cert.extensions:
        if extension.oid == SID_EXTENSION:
            match = re.search(rb"S-1-[0-9-]+", extension.value.value)
            if match:
                found.add(match[0].decode("ascii"))
    return found


def check(state_dir, cert):
    """Raises Refused unless cert maps strongly to an account."""
    known = accounts(state_dir)
    if known is None:
        return
    names = alternative_names(cert)
    name = account_name(names)
    if name is None:
        raise Refused(297, common_name(cert), "neither UPN nor DNS name")
    carried = sids(cert, names)
    if not carried:
        raise Refused(16, name, "no SID in the certificate")
    if carried != {known.get(name)}:
        raise Refused(16, name, f"the account's SID is {known.get(name)}, "
                      f"not {', '.join(sorted(carried))}")
