# SPDX-License-Identifier: Apache-2.0
"""An authenticator as a browser has one (WebAuthn, ES256), on a key file and the openssl command. Everything it says can
be bent, so that it can also be one that lies."""
import base64
import hashlib
import json
import os
import struct
import subprocess

PRESENT, VERIFIED, MAY_BACK_UP, BACKED_UP, ATTESTED, EXTENSIONS = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


def url64(bytes_):
    return base64.urlsafe_b64encode(bytes_).rstrip(b"=").decode()


def openssl(*arguments, stdin=None):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout


def cbor_head(major, value):
    return bytes([major << 5 | value]) if value < 24 else \
        bytes([major << 5 | 24, value]) if value < 256 else struct.pack(">BH", major << 5 | 25, value)


def cbor(value):
    if isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, int):
        return cbor_head(0, value) if value >= 0 else cbor_head(1, -1 - value)
    if isinstance(value, bytes):
        return cbor_head(2, len(value)) + value
    if isinstance(value, str):
        return cbor_head(3, len(value)) + value.encode()
    return cbor_head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


class Authenticator:
    def __init__(self, path, curve="prime256v1"):
        self.path, self.credential, self.count = path, os.urandom(16), 0
        openssl("ecparam", "-name", curve, "-genkey", "-noout", "-out", path)
        self.spki = openssl("ec", "-in", path, "-pubout", "-outform", "DER")

    @property
    def line(self):
        """As it stands in the policy."""
        return "passkey:%s:%s" % (url64(self.credential), base64.b64encode(self.spki).decode())

    def pkcs8(self):
        """The private key, for a browser's virtual authenticator."""
        return openssl("pkcs8", "-topk8", "-nocrypt", "-in", self.path, "-outform", "DER")

    def client(self, type_, challenge, origin, **more):
        return json.dumps({"type": type_, "challenge": challenge, "origin": origin, "crossOrigin": False, **more},
                          separators=(",", ":")).encode()

    def data(self, rp, flags, more=b""):
        self.count += 1
        return hashlib.sha256(rp.encode()).digest() + struct.pack(">BI", flags, self.count) + more

    def cose(self):
        return {1: 2, 3: -7, -1: 1, -2: self.spki[-64:-32], -3: self.spki[-32:]}

    def register(self, public_key, origin, flags=PRESENT | VERIFIED | ATTESTED, fmt="none", cose=None, tail=b""):
        """What navigator.credentials.create() gives: clientDataJSON and attestationObject in base64url."""
        more = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor(cose or self.cose()) + tail
        return {"clientDataJSON": url64(self.client("webauthn.create", public_key["challenge"], origin)),
                "attestationObject": url64(cbor({"fmt": fmt, "attStmt": {},
                                                 "authData": self.data(public_key["rp"]["id"], flags, more)}))}

    def sign(self, challenge, rp, origin, flags=PRESENT | VERIFIED, type_="webauthn.get", client=None, data=None, **more):
        """A proof's signature by navigator.credentials.get()."""
        client = client or self.client(type_, challenge, origin, **more)
        data = data or self.data(rp, flags)
        signature = openssl("dgst", "-sha256", "-sign", self.path, stdin=data + hashlib.sha256(client).digest())
        return "passkey:" + ".".join(base64.b64encode(part).decode() for part in (data, client, signature))


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def high_s(signature):
    """The other of the two signatures that are as good as each other."""
    head, last = signature.rsplit(".", 1)
    der = base64.b64decode(last)
    r_len = der[3]
    r, s = der[4:4 + r_len], int.from_bytes(der[6 + r_len:], "big")
    number = (ORDER - s).to_bytes(33, "big").lstrip(b"\0")
    number = (b"\0" if number[0] & 0x80 else b"") + number
    body = b"\x02" + bytes([len(r)]) + r + b"\x02" + bytes([len(number)]) + number
    return head + "." + base64.b64encode(b"\x30" + bytes([len(body)]) + body).decode()
