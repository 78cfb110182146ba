# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole house share: a house in a folder of its own, started before a file's first test and
stopped after its last. At the end no log may hold a sanitizer's report, and every program must have ended with 0.
The programs under test are those in $TOCSIN_BIN.

    def test_something(house): ...                      one house per file
    with housed(mode="drill", before=change) as house:  a house of a test's own; before(house) runs after prepare()
"""
import contextlib
import glob
import os
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "doubles"))
from house import Failed, House  # noqa: E402
from walk import sample  # noqa: E402,F401  (tests import it from here)

SANITIZERS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "UndefinedBehaviorSanitizer", "runtime error:")


def binaries():
    folder = os.environ.get("TOCSIN_BIN")
    assert folder and os.path.exists(os.path.join(folder, "tocsind")), "TOCSIN_BIN must name the folder of our programs"
    return folder


def sanitizer_lines(text):
    return [line for line in text.splitlines() if any(word in line for word in SANITIZERS)]


class WatchedHouse(House):
    """A house that holds every command of ours to the sanitizers as well."""

    def run(self, *arguments, stdin=None, env=None, check=True):
        done = super().run(*arguments, stdin=stdin, env=env, check=False)
        assert not sanitizer_lines(done.stderr), "%s: %s" % (" ".join(arguments), done.stderr)
        if check and done.returncode != 0:
            raise Failed(done.returncode, done.stderr or done.stdout)
        return done

    def log(self, program):
        with open(self.path("log", program + ".log"), encoding="utf-8", errors="replace") as text:
            return text.read()


def reports(house):
    """{log: lines} of what sanitizers wrote."""
    found = {}
    for path in glob.glob(house.path("log", "*.log")):
        with open(path, encoding="utf-8", errors="replace") as text:
            lines = sanitizer_lines(text.read())
        if lines:
            found[os.path.basename(path)] = lines
    return found


@contextlib.contextmanager
def housed(mode="live", before=None, kind=WatchedHouse):
    """A house that runs, stopped and looked over at the end. Its folder stays when something went wrong."""
    house = kind(tempfile.mkdtemp(prefix="tocsin-e2e-"), binaries(), mode)
    try:
        house.prepare()
        if before:
            before(house)
        house.start()
        yield house
    finally:
        codes = house.stop()
    assert reports(house) == {}, "kept for a look: %s" % house.folder
    bad = {name: code for name, code in codes.items() if code != 0}
    assert bad == {}, "ended badly; kept for a look: %s" % house.folder
    assert codes, "no program of ours ever ran"
    shutil.rmtree(house.folder)


@pytest.fixture(scope="module")
def house():
    with housed() as one:
        yield one
