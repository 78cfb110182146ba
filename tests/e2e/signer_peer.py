# SPDX-License-Identifier: Apache-2.0
"""Whoever has taken tocsind's place: speaks to the signer's socket as publisher/base/frame.h and protocol.h say, with
what the record holds or with anything else. Officers' proofs are made as publisher/base/proof.h says."""
import socket
import sqlite3
import struct
import time

from officers import moment_text, sha256, sign

FRAME_REFUSED, FRAME_SIGN, FRAME_SIGNED, FRAME_KEYS, FRAME_KEY_LIST = 33, 64, 65, 66, 67
FRAME_SIGN_STATUS, FRAME_STATUS_SIGNED, FRAME_POLICY, FRAME_POLICY_TAKEN = 68, 69, 70, 71
FRAME_PREPARE, FRAME_PREPARED = 74, 75
TAG_BYTES = 14
(TAG_MODE, TAG_KIND, TAG_ZH, TAG_EN, TAG_CAP, TAG_MANIFEST, TAG_SIGNATURE, TAG_TEXT, TAG_SENT, TAG_OFFICER,
 TAG_OVERRIDE, TAG_STEP, TAG_TARGET, TAG_ACT, TAG_TIME, TAG_UPSTREAM, TAG_KEY) = (
     16, 20, 21, 22, 24, 25, 26, 28, 34, 35, 36, 37, 38, 39, 40, 41, 42)


def field(tag, value):
    value = struct.pack(">q", value) if isinstance(value, int) else value.encode() if isinstance(value, str) else value
    return struct.pack(">HI", tag, len(value)) + value


def frame(kind, *fields):
    body = struct.pack(">H", kind) + b"".join(fields)
    return struct.pack(">I", len(body)) + body


def read_frame(bytes_):
    """-> (type, [(tag, bytes)])"""
    kind, at, fields = struct.unpack(">H", bytes_[4:6])[0], 6, []
    while at < len(bytes_):
        tag, length = struct.unpack(">HI", bytes_[at:at + 6])
        fields.append((tag, bytes_[at + 6:at + 6 + length]))
        at += 6 + length
    return kind, fields


def exchange(path, request):
    """The answer to these bytes; None when the signer closed instead."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(20)
        line.connect(path)
        line.sendall(request)
        answer = b""
        while len(answer) < 4 or len(answer) < 4 + struct.unpack(">I", answer[:4])[0]:
            chunk = line.recv(65536)
            if not chunk:
                return None
            answer += chunk
    return read_frame(answer)


def override_text(manifest, reason):
    """What an override is signed over, as publisher/base/proof.h says."""
    return "tocsin-override 1\nmanifest %s\nreason %s\n" % (sha256(manifest), reason)


class Proof:
    def __init__(self, act, officer, key, manifest, moment=None, said_act=None):
        """Signed by the key file; said_act: what is claimed to have been signed."""
        self.officer, self.time = officer, int(moment or time.time())
        self.json = sign(act, officer, key, manifest, self.time)
        self.json["act"] = said_act or act
        self.act, self.signature = self.json["act"], self.json["signature"]

    def fields(self):
        return b"".join((field(TAG_ACT, self.act), field(TAG_OFFICER, self.officer), field(TAG_TIME, self.time * 1000),
                         field(TAG_SIGNATURE, self.signature)))


def heartbeat(house, policy, chain="whole"):
    """A form as publisher/base/status.h has it: of now, saying what you like. -> None when signed, else the sentence"""
    text = "tocsin-status 1\nform heartbeat\nnode demo\nmode live\ntime %s\nhead 1\nhash %s\nchain %s\nactive %s\n" \
        "policy %s\nsequence 0\n" % (moment_text(time.time()), sha256("h"), chain, sha256(""), policy)
    kind, fields = exchange(house.path("run", "signer.sock"), frame(FRAME_SIGN_STATUS, field(TAG_TEXT, text)))
    assert kind in (FRAME_STATUS_SIGNED, FRAME_REFUSED), kind
    return None if kind == FRAME_STATUS_SIGNED else dict(fields)[TAG_EN].decode() + "\n" + dict(fields)[TAG_ZH].decode()


class Request:
    """What tocsind would ask for this bulletin, as its record has it; change what you like, then ask()."""

    def __init__(self, house, ident, officer="met-lead"):
        self.house = house
        record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
        try:
            row = int(ident[1:])
            self.cap, self.manifest = record.execute(
                "SELECT cap, manifest FROM bulletin_body WHERE bulletin = ?", (row,)).fetchone()
            self.texts = record.execute(
                "SELECT target, body FROM bulletin_text WHERE bulletin = ? ORDER BY position", (row,)).fetchall()
        finally:
            record.close()
        self.sent = int(time.time()) * 1000
        self.officer, self.override = officer, ""
        self.steps = []  # (text, Proof)
        self.proofs, self.originals, self.upstream = [], [], b""

    def proof(self, act, officer, key=None, **more):
        key = key or self.house.path("officers", officer + ".key")
        self.proofs.append(Proof(act, officer, key, self.manifest, **more))
        return self

    def line(self, key, value):
        """Another value in the manifest."""
        lines = self.manifest.splitlines()
        found = [n for n, line in enumerate(lines) if line.split(" ", 1)[0] == key]
        assert found and lines[found[0]] != "%s %s" % (key, value), key
        lines[found[0]] = "%s %s" % (key, value)
        self.manifest = "\n".join(lines) + "\n"
        return self

    def bytes(self, kind=FRAME_SIGN):
        return frame(kind, field(TAG_MANIFEST, self.manifest), field(TAG_CAP, self.cap),
                     field(TAG_SENT, self.sent), field(TAG_OFFICER, self.officer),
                     field(TAG_OVERRIDE, self.override),
                     *(field(TAG_STEP, text) + field(TAG_OFFICER, proof.officer) + field(TAG_TIME, proof.time * 1000) +
                       field(TAG_SIGNATURE, proof.signature) for text, proof in self.steps),
                     *(field(TAG_TARGET, target) + field(TAG_TEXT, text) for target, text in self.texts),
                     *(proof.fields() for proof in self.proofs),
                     *(field(TAG_MANIFEST, m) + field(TAG_SIGNATURE, s) + field(TAG_CAP, c)
                       for m, s, c in self.originals), field(TAG_UPSTREAM, self.upstream))

    def prepare(self):
        """Has it looked through before its release. -> None, or both sentences"""
        kind, fields = exchange(self.house.path("run", "signer.sock"), self.bytes(FRAME_PREPARE))
        fields = dict(fields)
        assert kind in (FRAME_PREPARED, FRAME_REFUSED), kind
        return None if kind == FRAME_PREPARED else fields[TAG_EN].decode() + "\n" + fields[TAG_ZH].decode()

    def ask(self):
        """-> (True, signed CAP) or (False, both sentences)"""
        kind, fields = exchange(self.house.path("run", "signer.sock"), self.bytes())
        fields = dict(fields)
        if kind == FRAME_SIGNED:
            return True, fields[TAG_CAP].decode()
        assert kind == FRAME_REFUSED, kind
        return False, fields[TAG_EN].decode() + "\n" + fields[TAG_ZH].decode()
