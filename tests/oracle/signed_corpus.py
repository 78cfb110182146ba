#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every signed file of the shared corpus, judged: a table of what `tocsin validate --trust` says, and why.

    tests/oracle/signed_corpus.py [BIN [CORPUS]]        build/dev/bin, $TOCSIN_SHARED/corpus

What is trusted for the file's sender is the certificate of the producer's valid message (or else of the file itself; where
that is none one may trust, a stranger's key), at the moment the message was sent or the certificate began: so the table shows the
signatures, not whom one should trust. `exclusive` and `inclusive` are without and with
the source's opt-in. Besides: the xmlsec1 command with that certificate, and the oracle. "laid out" is the file without its white
space and stylesheet, for producers who signed it so.
"""
import base64
import datetime
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import signature_oracle as oracle

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def signed_files(corpus):
    found = []
    for path in sorted(glob.glob(os.path.join(corpus, "**", "*"), recursive=True)):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                if re.search(rb"<(\w+:)?SignatureValue", file.read()):
                    found.append(path)
    return found


def certificate(text):
    """Of the message's KeyInfo; None without one that can be read. For this table only, never a reason to believe it."""
    found = re.search(rb"X509Certificate>(.*?)</", text, re.S)
    if not found:
        return None
    body = re.sub(rb"-----[A-Z ]+-----|&#13;|\s", b"", found[1])
    try:
        return b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(base64.b64decode(body, validate=True))
    except ValueError:
        return None


def one_of(name, text, otherwise):
    found = re.search((r"<(?:\w+:)?%s>\s*([^<\s]+)\s*<" % name).encode(), text)
    return found[1].decode() if found else otherwise


def moment(sent):
    """As `--at` takes it; of a message that has no proper one, some day."""
    sent = re.sub(r"\.\d+|Z$", lambda found: "-00:00" if found[0] == "Z" else "", sent)
    return sent if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", sent) else "2020-01-01T00:00:00-00:00"


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def within(sent, pem):
    """`sent`, or the certificate's first moment where that is later: some were made after the message they are tested with."""
    said = subprocess.run(["openssl", "x509", "-noout", "-startdate", "-dateopt", "iso_8601"], input=pem or b"", capture_output=True,
                          check=False).stdout.decode()
    first = said.partition("=")[2].strip().replace(" ", "T").replace("Z", "+00:00")
    if not first or datetime.datetime.fromisoformat(first) <= datetime.datetime.fromisoformat(sent):
        return sent
    return first


class Judge:
    def __init__(self, binaries, folder):
        self.tocsin, self.folder = os.path.join(binaries, "tocsin"), folder
        run("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", self.path("stranger.key"))
        run("openssl", "pkey", "-in", self.path("stranger.key"), "-pubout", "-out", self.path("stranger.pem"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, bytes_):
        with open(self.path(name), "wb") as out:
            out.write(bytes_)
        return self.path(name)

    def ours(self, path, list_, sent, *more):
        done = run(self.tocsin, "validate", "--json", "--lenient", "--trust", list_, "--at", sent, *more, path)
        found = json.loads(done.stdout)
        return found["signature"], found["signature_reason"]

    def judge(self, text, pem):
        """-> {"exclusive": (result, reason), "inclusive": ..., "xmlsec1": bool or None, "oracle": text or None}"""
        file = self.write("message.xml", text)
        sent = within(moment(one_of("sent", text, "")), pem)
        self.write("cert.pem", pem or b"")
        sender = one_of("sender", text, "nobody")
        list_ = self.write("list.trust", ("%s key cert.pem\n" % sender).encode())
        if run(self.tocsin, "validate", "--trust", list_, file).returncode == 78:  # not a key one may trust
            list_ = self.write("list.trust", ("%s key stranger.pem\n" % sender).encode())
        found = {"exclusive": self.ours(file, list_, sent), "inclusive": self.ours(file, list_, sent, "--inclusive"),
                 "xmlsec1": None, "oracle": None}
        if pem:
            found["xmlsec1"] = run("xmlsec1", "--verify", "--pubkey-cert-pem", self.path("cert.pem"), file).returncode == 0
            self.write("pub.pem", run("openssl", "x509", "-in", self.path("cert.pem"), "-noout", "-pubkey").stdout.encode())
            found["oracle"] = oracle.verify(text, self.path("pub.pem"), inclusive=True)
        return found

    def laid_out(self, text):
        self.write("laid.xml", re.sub(rb"<\?xml-stylesheet.*?\?>", b"", text))
        return subprocess.run(["xmllint", "--noblanks", "--nonet", self.path("laid.xml")], capture_output=True, check=False).stdout


def table(binaries, corpus):
    """-> [(file, as sent or laid out, verdicts)]"""
    rows, texts = [], {}
    for path in signed_files(corpus):
        with open(path, "rb") as file:
            texts[path] = file.read()
    valid = {os.path.dirname(path): certificate(text) for path, text in texts.items() if path.endswith("__valid.xml")}
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(binaries, folder)
        for path, text in texts.items():
            pem = valid.get(os.path.dirname(path)) or certificate(text)
            rows.append((os.path.relpath(path, corpus), "as sent", judge.judge(text, pem)))
            if "/signed/" in path:
                rows.append((os.path.relpath(path, corpus), "laid out", judge.judge(judge.laid_out(text), pem)))
    return rows


def show(rows):
    yield "| file | | exclusive | inclusive | why | xmlsec1 | oracle |"
    yield "|---|---|---|---|---|---|---|"
    for name, how, found in rows:
        yield "| %s | %s | %s | %s | %s | %s | %s |" % (
            name, how, found["exclusive"][0], found["inclusive"][0],
            found["inclusive"][1].partition(": ")[2] or found["inclusive"][1],
            {None: "-", True: "OK", False: "FAIL"}[found["xmlsec1"]], found["oracle"] or "-")


if __name__ == "__main__":
    shared = os.environ.get("TOCSIN_SHARED", os.path.join(SOURCE, "..", "shared"))
    given = sys.argv[1:] + [None, None]
    print("\n".join(show(table(given[0] or os.path.join(SOURCE, "build", "dev", "bin"), given[1] or os.path.join(shared, "corpus")))))
