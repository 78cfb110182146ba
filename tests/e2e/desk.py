# SPDX-License-Identifier: Apache-2.0
"""What the tests of the operators' desk share: a whole house whose officers have accounts and passkeys, and browsers with
those passkeys in them. $TOCSIN_SHOTS names a folder for pictures of the pages; unset, none are taken."""
import contextlib
import json
import os
import re

import pytest

import browser as browser_module
from accounts import add_accounts
from authenticator import Authenticator
from conftest import WatchedHouse, housed
from house import POLICY, POSTS
from talk import call

RP, JSON = "localhost", "application/json"
PASSWORD = "a quiet night over the gulf"
DESKS = ["met-" + post for post in POSTS]

needs_browser = pytest.mark.skipif(not browser_module.is_here(), reason="chromium, chromium-driver or python3-selenium is not here")


class DeskHouse(WatchedHouse):
    """Every officer of the weather bureau has a passkey, beside the key file."""
    desks = DESKS
    rules = POLICY + "passkeys: {{rp: %s, origins: [\"http://localhost:{port}\"]}}\n" % RP

    def make_policy(self, officer_lines):
        self.rules = self.rules.replace("{port}", str(self.ports["api"]))
        super().make_policy(officer_lines)

    def make_keys(self):
        lines = super().make_keys().split("\n")
        self.passkeys = {officer: Authenticator(self.path("officers", officer + ".passkey")) for officer in self.desks}
        for n, line in enumerate(lines):
            officer = re.search("id: ([^,]+),", line).group(1)
            if officer in self.passkeys:
                lines[n] = line.replace("\"]}", "\", \"%s\"]}" % self.passkeys[officer].line)
        return "\n".join(lines)

    @property
    def desk(self):
        return "http://localhost:%d" % self.ports["api"]


def open_accounts(house):
    """Before the house starts: codes; they are used by enrol()."""
    house.secret("people")
    with open(house.path("tocsin.yaml"), "a", encoding="utf-8") as settings:
        settings.write("people_secret: %s\npassword_memory: 19456\npassword_passes: 2\n" % house.path("secrets", "people"))
    house.codes = add_accounts(house, *house.desks)


def enrol(house, officer):
    """By passkey, once."""
    code = house.codes.pop(officer, None)
    if code:
        body = {"officer": officer, "enrolment": code, "password": PASSWORD, "second_factor": "passkey"}
        done = call(house, None, "POST", "/api/v1/enrolment", json.dumps(body), JSON)
        assert done.status == 200, done.body


@contextlib.contextmanager
def desk_house(mode="live", before=None, kind=DeskHouse):
    def all_before(house):
        open_accounts(house)
        if before:
            before(house)
    with housed(mode=mode, kind=kind, before=all_before) as one:
        yield one


@contextlib.contextmanager
def desk_of(house, officer):
    """A browser with this officer signed in."""
    enrol(house, officer)
    with browser_module.browsing(house.desk, os.environ.get("TOCSIN_SHOTS")) as one:
        one.hold(house.passkeys[officer], RP)
        one.sign_in(officer, PASSWORD)
        yield one
