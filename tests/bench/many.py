#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes many of something, for "make bench" to see how it grows.

    many.py roots COUNT FILE ROOT.pem      CA certificates, ROOT.pem the last
    many.py profiles COUNT CONFIG VENDOR   profiles, each with a drop-in in VENDOR
    many.py events COUNT STATE             copies of a dial's records, with
                                           as many recordings as are kept
"""

import datetime
import json
import sys
import uuid
from pathlib import Path

RECORDINGS_MAX = 64  # what aovpnd keeps

PROFILE = """[Connection]
Server=vpn{0}.contoso.com
[Gateway]
TrustedRoots=/etc/roots.pem
[Credential]
Certificate=/etc/user.p12
[Network]
Routes=10.0.0.0/8
"""


def certificate(name, key):
    """A self-signed CA certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.utcnow()
    return x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(),
        now - datetime.timedelta(1), now + datetime.timedelta(3650)
    ).add_extension(x509.BasicConstraints(True, None), True).sign(
        key, hashes.SHA256())


def roots(count, path, root):
    """Others have one key together: it takes long to make one."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding
    key = ec.generate_private_key(ec.SECP256R1())
    with open(path, "wb") as file:
        for i in range(int(count) - 1):
            file.write(certificate(f"CA {i}", key).public_bytes(Encoding.PEM))
        file.write(Path(root).read_bytes())


def profiles(count, config, vendor):
    """Of the shortest kind that is whole; they replace those of another count."""
    for i in range(int(count)):
        Path(config, "profiles").mkdir(parents=True, exist_ok=True)
        Path(config, "profiles", f"p{i}.conf").write_text(
            PROFILE.format(i), "ascii")
        drop_in = Path(vendor, "profiles", f"p{i}.conf.d")
        drop_in.mkdir(parents=True, exist_ok=True)
        (drop_in / "vendor.conf").write_text("[IKE]\nDPDDelay=60\n", "ascii")


def events(count, state):
    """Three records a dial, as one that connects leaves them."""
    log, attempts = Path(state, "events.jsonl"), Path(state, "attempts")
    records = [json.loads(line) for line in
               log.read_text("utf-8").splitlines()]
    last = next(r["attempt_id"] for r in records
                if (attempts / f"{r['attempt_id']}.json").exists())
    dial = [r for r in records if r["attempt_id"] == last]
    recording = json.loads((attempts / f"{last}.json").read_text("utf-8"))
    with open(log, "w", encoding="utf-8") as file:
        for i in range(int(count)):
            name = str(uuid.UUID(int=uuid.UUID(last).int ^ i))
            record = dict(dial[i % len(dial)], attempt_id=name)
            file.write(json.dumps(record) + "\n")
            if i < RECORDINGS_MAX:
                recording["attempt_id"] = name
                (attempts / f"{name}.json").write_text(
                    json.dumps(recording), "utf-8")
    print(last)


def main(argv):
    """See the head of the file."""
    makers = {"roots": roots, "profiles": profiles, "events": events}
    if len(argv) < 4 or argv[1] not in makers:
        print(__doc__, file=sys.stderr)
        return 2
    makers[argv[1]](*argv[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
