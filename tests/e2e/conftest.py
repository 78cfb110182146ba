# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole house share: a house in a folder of its own, started before a file's first test and
stopped after its last. At the end no log may hold a sanitizer's report, and every program must have ended with 0.
The programs under test are those in $TOCSIN_BIN.

    def test_something(house): ...                      one house per file, which HOUSED = functools.partial(housed, ...) furnishes
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

# Where files run side by side, those of more than half a minute begin, the longest first.
LONGEST = ("test_11_signatures", "test_60_desk", "test_63_desk_everybody", "test_66_desk_shift", "test_64_desk_admin",
           "test_50_recovers", "test_55_kills", "test_41_settle", "test_13_feeds_fetched", "test_42_lines", "test_43_scarce",
           "test_20_people", "test_47_backup", "test_28_roster", "test_62_desk_write", "test_23_changes", "test_45_hostile_http",
           "test_64_desk_times", "test_65_map")
SANITIZERS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "UndefinedBehaviorSanitizer", "runtime error:")


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: holds the house to a second or two; ./check runs it by itself")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_terminal_summary(terminalreporter):
    """Into $TOCSIN_LOOK_AGAIN: which tests failed, one a line, where a busy machine may be to blame for all of them. A house that
    would not start or stop well, and a sanitizer's report, never are."""
    path = os.environ.get("TOCSIN_LOOK_AGAIN")
    failed, errors = (terminalreporter.stats.get(name, []) for name in ("failed", "error"))
    if path and not errors and not any(sanitizer_lines(report.longreprtext) for report in failed):
        with open(path, "w", encoding="utf-8") as look_again:
            look_again.writelines(report.nodeid + "\n" for report in failed)


def binaries():
    folder = os.environ.get("TOCSIN_BIN")
    assert folder and os.path.exists(os.path.join(folder, "tocsind")), "TOCSIN_BIN must name the folder of our programs"
    return folder


def sanitizer_lines(text):
    return [line for line in text.splitlines() if any(word in line for word in SANITIZERS)]


MADE = {}  # what was made for an earlier house of this process


class WatchedHouse(House):
    """A house that holds every command of ours to the sanitizers as well. Keys and tokens are made once for all houses
    with the same officers, by our commands as ever: forty of them, before every file, were half of what a file took."""

    def as_before(self, like, folders, make):
        """What make() gave, and left in these folders, when it was asked for the like of this first."""
        if like not in MADE:
            given = make()
            MADE[like] = tempfile.TemporaryDirectory(prefix="tocsin-e2e-made-"), given
            for name in folders:
                shutil.copytree(self.path(name), os.path.join(MADE[like][0].name, name))
        kept, given = MADE[like]
        for name in folders:
            shutil.copytree(os.path.join(kept.name, name), self.path(name), dirs_exist_ok=True)
        return given

    def make_keys(self):
        like = "keys", self.mode, *self.units, *self.officers()
        return self.as_before(like, ("keys", "officers"), super().make_keys)

    def make_tokens(self):
        def made():
            super(WatchedHouse, self).make_tokens()
            return self.tokens
        with open(self.path("authority.yaml"), encoding="utf-8") as policy:
            like = "tokens", self.mode, policy.read()
        self.tokens = dict(self.as_before(like, ("state", "officers"), made))

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
        house.raise_limits()
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
def house(request):
    """An ordinary one, or what the file calls HOUSED."""
    with getattr(request.module, "HOUSED", housed)() as one:
        yield one


@pytest.fixture(scope="module")
def lead(house):
    """In a house of desk.py's: a browser with the bureau's head signed in."""
    from desk import desk_of
    with desk_of(house, "met-lead") as one:
        yield one
