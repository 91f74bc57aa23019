#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What NPS asks about a client certificate whose TLS handshake is sound:
revocation (revocation.py), then the account (mapping.py). FreeRADIUS calls this
for its tls { verify { client = } } hook.

usage: verify.py STATE_DIR LEAF.pem [SENT.pem...]
  Exit status 0: accepted, 1: refused (the event is logged), 2: broken.
"""
import sys

import mapping
import revocation


def main(argv):
    """Check the first certificate of the files."""
    if len(argv) < 3:
        print("usage: verify.py STATE_DIR LEAF.pem [SENT.pem...]",
              file=sys.stderr)
        return 2
    certs = []
    for path in argv[2:]:
        with open(path, "rb") as file:
            certs += revocation.load_pem_all(file.read())
    try:
        revocation.check(argv[1], certs[0], certs[1:])
        mapping.check(argv[1], certs[0])
    except revocation.Refused as error:
        revocation.log_event(argv[1], 6273, error.reason,
                             revocation.common_name(certs[0]), error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
