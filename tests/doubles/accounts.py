#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Accounts of officers and the digits of their authenticators: what ./run signs in with, and what the tests do.

usage: accounts.py FILE    the digits that hold now, of the secret that FILE holds (base32)"""
import base64
import hashlib
import hmac
import json
import struct
import sys
import time

from officers import JSON, wait_for

STEP_SECONDS = 30


def digits(secret, step=None):
    """RFC 6238, once more."""
    step = int(time.time()) // STEP_SECONDS if step is None else step
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def half_minute():
    """The step its digits are counted from, not just before its end: those of the step before count until then, those
    of the step behind count already."""
    wait_for(lambda: time.time() % STEP_SECONDS < 26, 6, "the next half minute")
    return int(time.time()) // STEP_SECONDS


def add_accounts(house, *officers):
    """Before the house starts. -> {officer: one-time code}"""
    done = house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--add-account", ",".join(officers))
    return dict(zip(officers, done.stdout.split()))


def enrol(house, officer, code, password):
    """By an authenticator; its present digits are left to sign in with. -> its secret (base32)"""
    first = json.loads(house.ask(None, "/enrolment", json.dumps({"officer": officer, "enrolment": code, "password": password}),
                                 JSON))
    last = {"officer": officer, "enrolment": code, "code": digits(first["secret"], half_minute() - 1)}
    house.ask(None, "/enrolment/end", json.dumps(last), JSON)
    return first["secret"]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as kept:
        print(digits(kept.readline().strip()))
