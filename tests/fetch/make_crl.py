#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""make_crl.py - writes a CRL (RFC 5280 5.1) with what openssl ca would not make.

  make_crl.py OUT ISSUER.pem ISSUER.key [OPTION...]

  entries=N        so many entries of serial numbers that nobody has
  revoke=SERIAL    (hexadecimal) one more, for keyCompromise; may be repeated
  reason=N         of these
  entry=HEX        an extension of theirs, in DER
  ext=HEX          an extension of the list, in DER; may be repeated
  point=URL        the distribution point that it is the list of
  this=S next=S    dates, seconds from now; next=none: without
  digest=NAME      of the signature: sha256, sha1, md5
  tail=HEX         bytes behind the CRL
  spoil=1          one bit of the signature is wrong
  size=BYTES       entries until it is about so large
"""
import subprocess
import sys
import time

SIGNATURES = {"sha256": 11, "sha1": 5, "md5": 4}  # last arc of 1.2.840.113549.1.1


def tlv(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def utc(seconds):
    moment = time.gmtime(time.time() + int(seconds))
    return tlv(23, time.strftime("%y%m%d%H%M%SZ", moment).encode())


def inside(data):
    """The first element of data: where its content begins, and where it ends."""
    if data[1] < 128:
        return 2, 2 + data[1]
    size = data[1] & 0x7f
    return 2 + size, 2 + size + int.from_bytes(data[2:2 + size], "big")


def subject(certificate):
    """The subject of a certificate in DER: the sixth element of its TBS."""
    rest = certificate[inside(certificate)[0]:]
    rest = rest[inside(rest)[0]:]
    for _ in range(5):
        rest = rest[inside(rest)[1]:]
    return rest[:inside(rest)[1]]


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def entry(serial, date, reason=None, more=b""):
    extensions = more
    if reason is not None:
        extensions += tlv(48, bytes.fromhex("0603551d15"), tlv(4, tlv(10, bytes([reason]))))
    return tlv(48, integer(serial), date, tlv(48, extensions) if extensions else b"")


def entries(options):
    date = utc(-3600)
    reason, more = options.get("reason", ["1"])[0], options.get("entry", [""])[0]
    count = int(options.get("entries", ["0"])[0])
    if "size" in options:
        count = int(options["size"][0]) // len(entry(1 << 127, date))
    fill = [entry((1 << 127) + i, date) for i in range(count)]
    return b"".join(fill) + b"".join(
        entry(int(serial, 16), date, int(reason), bytes.fromhex(more))
        for serial in options.get("revoke", []))


def extensions(options):
    number = tlv(48, bytes.fromhex("0603551d14"), tlv(4, integer(0x1234)))
    for url in options.get("point", []):
        name = tlv(0xa0, tlv(0xa0, tlv(0x86, url.encode())))
        number += tlv(48, bytes.fromhex("0603551d1c0101ff"), tlv(4, tlv(48, name)))
    return number + b"".join(bytes.fromhex(e) for e in options.get("ext", []))


def main():
    out, certificate, key = sys.argv[1:4]
    options = {}
    for word in sys.argv[4:]:
        name, _, value = word.partition("=")
        options.setdefault(name, []).append(value)
    digest = options.get("digest", ["sha256"])[0]
    algorithm = tlv(48, bytes.fromhex("06092a864886f70d0101") + bytes([SIGNATURES[digest]]),
                    b"\x05\x00")
    following = options.get("next", ["86400"])[0]
    listed = entries(options)
    tbs = tlv(48, integer(1), algorithm,
              subject(openssl("x509", "-in", certificate, "-outform", "DER")),
              utc(options.get("this", ["-60"])[0]),
              b"" if following == "none" else utc(following),
              tlv(48, listed) if listed else b"",
              tlv(0xa0, tlv(48, extensions(options))))
    signature = bytearray(openssl("dgst", "-" + digest, "-sign", key, data=tbs))
    if "spoil" in options:
        signature[-1] ^= 1
    with open(out, "wb") as file:
        file.write(tlv(48, tbs, algorithm, tlv(3, b"\0", bytes(signature))))
        file.write(bytes.fromhex(options.get("tail", [""])[0]))


main()
