# SPDX-License-Identifier: Apache-2.0
"""What officers do, straight over the API: a program started for each step of each scene would cost more than all that
is tested. What `tocsin` makes of the same steps is tested where a test calls house.tocsin. Proofs are made by openssl,
as publisher/base/proof.h says.

A House is Officers: it has .url, .tokens {officer: token} and .path()."""
import base64
import datetime
import hashlib
import json
import subprocess
import time
import urllib.error
import urllib.request

CHINA = datetime.timezone(datetime.timedelta(hours=8))
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
JSON = "application/json"
# What `tocsin` ends with after such an answer (publisher/base/err.c).
CODES = {400: 65, 401: 77, 403: 77, 404: 66, 409: 65, 413: 65, 429: 75, 503: 75}


class Failed(Exception):
    """A command or a call of ours was told no: .code as `tocsin` ends, .text with both sentences."""

    def __init__(self, code, text):
        super().__init__("exit %d: %s" % (code, text.strip()))
        self.code, self.text = code, text


def wait_for(condition, seconds, what):
    """Waits for a condition, not for time; what it gives at last is returned."""
    until, pause = time.monotonic() + seconds, 0.01
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise TimeoutError("%s: not within %g s" % (what() if callable(what) else what, seconds))
        time.sleep(pause)
        pause = min(pause * 1.3, 0.1)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def moment_text(seconds):
    """As every form, step and proof says a moment."""
    return datetime.datetime.fromtimestamp(int(seconds), CHINA).isoformat()


def sign(act, officer, key, manifest, moment=None):
    """The officer's proof over this manifest, by the key file. -> JSON"""
    when = moment_text(moment or time.time())
    text = "tocsin-proof 1\nact %s\nofficer %s\ntime %s\nmanifest %s\n" % (act, officer, when, sha256(manifest))
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), capture_output=True,
                          check=True)
    return {"act": act, "officer": officer, "time": when, "manifest": sha256(manifest),
            "signature": base64.b64encode(done.stdout).decode()}


def refusal(answer):
    """A problem document as what `tocsin` would have said and ended with."""
    with answer:
        text = answer.read().decode()
    try:
        said = json.loads(text)
        text = "%s / %s" % (said["detail_zh"], said["detail"])
    except (ValueError, KeyError):
        pass
    return Failed(CODES.get(answer.code, 70), text)


def kind_of(text):
    first = text.lstrip("\ufeff \t\r\n")[:1]
    return {"<": "application/cap+xml", "{": JSON}.get(first, "text/plain; charset=utf-8")


class Officers:
    def ask(self, officer, path, body=None, kind=None, method=None):
        """officer: None, nobody. -> the answer's text. Failed: refused, or nobody there (69)."""
        headers = {**({"Authorization": "Bearer " + self.tokens[officer]} if officer else {}),
                   **({"Content-Type": kind} if kind else {})}
        data = body.encode() if isinstance(body, str) else body
        request = urllib.request.Request(self.url + "/api/v1" + path, data, headers, method=method)
        try:
            with OPENER.open(request, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as answer:
            raise refusal(answer) from None
        except OSError as nobody:
            raise Failed(69, "%s: %s" % (self.url, nobody)) from None

    def submit(self, officer, text):
        """-> short id"""
        head = json.loads(self.ask(officer, "/bulletins", text, kind_of(text)))
        if head["state"] == "draft":  # else the same was handed in before
            self.ask(officer, "/bulletins/%s/submit" % head["id"], b"")
        return head["id"]

    def approve_as(self, officer, ident, act):
        manifest = self.ask(officer, "/bulletins/%s/manifest" % ident)
        proof = sign(act, officer, self.path("officers", officer + ".key"), manifest)
        self.ask(officer, "/bulletins/%s/approvals" % ident, json.dumps(proof), JSON)

    def approve(self, unit, ident, signs=1):
        self.approve_as(unit + "-review", ident, "review")
        for n in range(1, signs + 1):
            self.approve_as("%s-sign-%d" % (unit, n), ident, "sign")

    def release(self, unit, ident):
        self.ask(unit + "-lead", "/bulletins/%s/release" % ident, b"")

    def walk(self, unit, text, signs=1):
        """Draft, review, sign-off, release. -> short id"""
        ident = self.submit(unit + "-draft", text)
        self.approve(unit, ident, signs)
        self.release(unit, ident)
        return ident

    def status(self, ident, officer="met-lead"):
        return json.loads(self.ask(officer, "/bulletins/" + ident))

    def policy(self):
        """The document in force."""
        return json.loads(self.ask("emb-admin-1", "/policy"))["text"]

    def deliveries(self, ident):
        return {d["target"]: d for d in self.status(ident)["deliveries"]}

    def wait_delivered(self, ident, targets, seconds=30):
        def there():
            found = self.deliveries(ident)
            return all(found.get(t, {}).get("state") == "delivered" for t in targets) and found

        def still_out():
            found = self.deliveries(ident)
            late = [found.get(t, t) for t in targets if found.get(t, {}).get("state") != "delivered"]
            return "%s delivered; still out: %s" % (ident, late)
        return wait_for(there, seconds, still_out)
