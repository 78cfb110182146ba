# SPDX-License-Identifier: Apache-2.0
"""The house stopped by kill -9 in the middle of its work, its record as the version before wrote it, and started again: what
waited for a signature is signed and leaves, what was half out goes on, and the chain holds. And the way back is refused."""
import contextlib
import sqlite3
import signal

import pytest

from arrivals import record, release, warning
from conftest import housed
from house import wait_for

# What each version of the schema added, taken away again: newest first. Every new version adds its line.
BACK = {17: ["DROP TABLE lease", "DELETE FROM counter WHERE name = 'row lease'"],
        16: ["DROP TABLE pause"],
        15: ["ALTER TABLE audience DROP COLUMN blocks"],
        14: ["DROP TABLE shift_proof", "DROP TABLE shift", "DELETE FROM counter WHERE name = 'shift'"],
        13: ["ALTER TABLE delivery DROP COLUMN doubts"],
        12: ["DROP INDEX bulletin_sequence", "DROP INDEX bulletin_hazard",
             "CREATE INDEX bulletin_hazard ON bulletin (hazard, created)"],
        11: ["DROP TABLE hold", "DELETE FROM counter WHERE name LIKE 'row %'"]}
NEWEST = max(BACK)


@pytest.fixture(scope="module")
def house():
    with housed() as one:
        yield one


def change(house, *statements):
    with contextlib.closing(sqlite3.connect(house.path("state", "record.db"))) as db:
        for sql in statements:
            db.execute(sql)
        db.commit()


def test_the_version_before_goes_on(house):
    waiting = house.submit("met-draft", warning("orange", "待签发"))
    house.tocsin("met-review", "approve", waiting, "--as", "review")
    half = house.submit("met-draft", warning("orange", "发到一半"))
    house.approve("met", half, 1)
    house.fault("webhook", "held", -1)
    number, _ = release(house, half)
    wait_for(lambda: house.deliveries(half)["webhook"]["state"] == "sending", 10, "half of it out")
    house.programs["tocsind"].stop(how=signal.SIGKILL)
    assert record(house, "SELECT version FROM schema_version") == [(NEWEST,)], "BACK wants a line for the new version"
    for version in sorted(BACK, reverse=True):
        change(house, *BACK[version])
    change(house, "UPDATE schema_version SET version = %d" % (min(BACK) - 1))
    house.fault("webhook", "held", 0)
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
    assert record(house, "SELECT version FROM schema_version") == [(NEWEST,)]
    house.wait_delivered(half)
    assert sum(number in entry["text"] for entry in house.arrived("webhook")) == 1
    house.tocsin("met-sign-1", "approve", waiting, "--as", "sign")
    release(house, waiting)
    house.wait_delivered(waiting)
    assert "whole" in house.tocsin("emb-audit-1", "audit", "verify").stdout


def test_an_older_program_refuses_a_newer_record(house):
    """Said by number, and the file is not touched."""
    assert house.programs["tocsind"].stop() == 0
    change(house, "UPDATE schema_version SET version = version + 1")
    done = house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), check=False)
    assert done.returncode == 69 and "newer program (version %d" % (NEWEST + 1) in done.stderr and "升级程序" in done.stderr
    assert record(house, "SELECT version FROM schema_version") == [(NEWEST + 1,)]
    change(house, "UPDATE schema_version SET version = version - 1")
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
