# SPDX-License-Identifier: Apache-2.0
"""Flipped bytes in the record's file. In what work rests on: no start, a sentence with what to do, and the file left as it
is. In what is old: publishing goes on, the log and /healthz say it, and no backup is made of it."""
import contextlib
import glob
import os
import shutil
import sqlite3

import pytest

from arrivals import warning
from house import wait_for
from talk import call

DAMAGED = 65
PAGE = 4096


@pytest.fixture(scope="module")
def good(house):
    """Two warnings that arrived, then a copy of the file, tocsind stopped. Afterwards it is there again."""
    for words in ("甲", "乙"):
        house.wait_delivered(house.walk("met", warning("orange", words)))
    house.programs["tocsind"].stop()
    path = house.path("state", "record.db")
    assert not os.path.exists(path + "-wal"), "an orderly stop leaves one file"
    shutil.copy(path, house.path("good.db"))
    yield house.path("good.db")
    house.programs["tocsind"].stop()
    put_back(house)
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")


def put_back(house):
    for path in glob.glob(house.path("state", "record.db*")):
        os.remove(path)
    shutil.copy(house.path("good.db"), house.path("state", "record.db"))


def root_of(house, name):
    with contextlib.closing(sqlite3.connect(house.path("good.db"))) as record:
        return record.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]


def spoil(house, name):
    """The first bytes of the page where this table or index begins."""
    put_back(house)
    with open(house.path("state", "record.db"), "r+b") as file:
        file.seek((root_of(house, name) - 1) * PAGE)
        bytes_there = file.read(64)
        file.seek(-64, os.SEEK_CUR)
        file.write(bytes(byte ^ 0x5a for byte in bytes_there))
    with open(house.path("state", "record.db"), "rb") as file:
        return file.read()


@pytest.mark.parametrize("name", ["bulletin", "delivery_live", "approval", "counter", "audit_head", "bulletin_state",
                                  "policy_version", "sqlite_schema"])
def test_what_work_rests_on_keeps_it_from_starting(house, good, name):
    if name == "sqlite_schema":
        put_back(house)
        with open(house.path("state", "record.db"), "r+b") as file:
            file.write(b"no record at all")
        with open(house.path("state", "record.db"), "rb") as file:
            left = file.read()
    else:
        left = spoil(house, name)
    done = house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), check=False)
    assert done.returncode == DAMAGED, (name, done.returncode, done.stderr)
    assert "is damaged" in done.stderr and "已损坏" in done.stderr and "restore" in done.stderr, done.stderr
    with open(house.path("state", "record.db"), "rb") as file:
        assert file.read() == left, "nothing is mended or moved in passing"


def test_what_is_old_does_not_stop_publishing(house, good):
    spoil(house, "late_reason")
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
    wait_for(lambda: call(house, None, "GET", "/healthz").json["status"] == "record-damaged", 60, "the long look")
    assert "event=record-damaged" in house.log("tocsind") and "late_reason" in house.log("tocsind")
    house.wait_delivered(house.walk("met", warning("orange", "损坏之后")))
    done = house.run(house.binary("tocsin"), "backup", "--config", house.path("tocsin.yaml"), house.path("backups"), check=False)
    assert done.returncode == DAMAGED and "is damaged" in done.stderr, done.stderr
    assert not [name for name in os.listdir(house.path("backups"))], "no backup of a damaged record"
    assert house.programs["tocsind"].stop() == 0
