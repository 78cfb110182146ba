# SPDX-License-Identifier: Apache-2.0
"""Memory runs out in a whole house, of one program after another (RLIMIT_DATA: what it has, and a little). Whoever gets none
refuses with a sentence or ends, as a kill would end it, and says so; what was answered is there, and goes out.

Programs built with sanitizers cannot bear such a limit: this needs the release build, or others' ($TOCSIN_PLAIN_BIN)."""
import contextlib
import os
import resource

import pytest

from arrivals import prepare, record, warning
from conftest import Failed, housed
from house import TARGETS, wait_for
from talk import hand_in
from walk import SOURCE

PLAIN = os.environ.get("TOCSIN_PLAIN_BIN") or os.path.join(SOURCE, "build", "release", "bin")
ROOMS = (0, 64 << 10, 512 << 10)  # bytes beyond what it has


@pytest.fixture(name="house", scope="module")
def plain_house():
    if not os.path.exists(os.path.join(PLAIN, "tocsind")):
        pytest.skip("no programs without sanitizers: cmake --preset release && cmake --build build/release")
    before = os.environ.get("TOCSIN_BIN")
    os.environ["TOCSIN_BIN"] = PLAIN
    try:
        with housed() as house:
            yield house
    finally:
        if before:
            os.environ["TOCSIN_BIN"] = before


def data_of(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmData"))


@contextlib.contextmanager
def hardly_any_memory(program, room):
    process = program.process
    before = resource.prlimit(process.pid, resource.RLIMIT_DATA)
    resource.prlimit(process.pid, resource.RLIMIT_DATA, (data_of(process.pid) + room, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it may have ended
            resource.prlimit(process.pid, resource.RLIMIT_DATA, before)


def anew(house, program):
    """It has hardly asked for any yet."""
    starts, welcomes = program.starts, house.log(program.name).count("event=welcome")
    program.kill()
    wait_for(lambda: program.starts > starts, 20, program.name)
    if program.name == "signer":
        wait_for(house.signer_listens, 20, "the signer")
    elif program.name == "tocsind":
        wait_for(house.healthy, 30, "tocsind")
    elif program.name.startswith("source-"):
        number = drop(house, warning("blue", "来源又在%d" % starts))
        wait_for(lambda: taken_in(house, number), 20, program.name)
    else:
        wait_for(lambda: house.log(program.name).count("event=welcome") > welcomes, 20, program.name)


def tried(act, *arguments):
    """What it answered, or None when it could not."""
    with contextlib.suppress(OSError, ValueError, AssertionError, Failed):
        return act(*arguments)
    return None


def large(words):
    """As a message may be, so that there is something to ask memory for."""
    return warning("blue", words).replace("</alert>", "<!-- %s --></alert>" % ("x" * 200000))


def hand_in_large(house, words):
    answer = hand_in(house, "met-draft", large(words))
    return answer.json["id"] if answer.status in (200, 201) else None


def drop(house, cap):
    """Where the source looks. -> its number"""
    number = cap.split("<identifier>")[1].split("</identifier>")[0]
    house.write("coming.xml", cap)
    os.rename(house.path("coming.xml"), house.path("incoming", number + ".xml"))
    return number


def taken_in(house, number):
    return record(house, "SELECT count(*) FROM identity WHERE identifier = ?", number)[0][0]


def test_a_source_that_gets_none_loses_nothing(house):
    """What lies in its folder is handed in once, by itself or by the one that comes after it."""
    program, dropped, ended = house.programs["source-met-feed"], [], 0
    for room in ROOMS:
        anew(house, program)
        starts = program.starts
        with hardly_any_memory(program, room):
            dropped += [drop(house, large("来源无内存%d %d" % (room, n))) for n in range(3)]
            wait_for(lambda before=starts: program.starts > before or all(taken_in(house, one) for one in dropped), 20, "an end, or all")
        wait_for(lambda: all(taken_in(house, one) for one in dropped), 30, "all that lay there")
        ended += program.starts - starts
    said = house.log(program.name).count("out of memory")
    print("source-met-feed: %d messages, ended %d times, %d times said so" % (len(dropped), ended, said))
    assert ended <= said, "it ended without a word"
    assert [taken_in(house, one) for one in dropped] == [1] * len(dropped)


@pytest.mark.parametrize("name", ["tocsind", "signer", "channel-mqtt-all", "channel-website-all", "channel-sms-routine",
                                  "channel-webhook-routine"])
def test_whoever_gets_none_loses_nothing(house, name):
    program = house.programs[name]
    drafted, released, ended = [], [], 0
    for room in ROOMS:
        ready = prepare(house, "blue", "%s %d" % (name, room))
        anew(house, program)
        starts = program.starts
        with hardly_any_memory(program, room):
            drafted += filter(None, [tried(hand_in_large, house, "无内存%d" % n) for n in range(4)])
            if tried(house.release, "met", ready) is not None:
                released.append(ready)
            drafted += filter(None, [tried(hand_in_large, house, "仍无内存%d" % n) for n in range(2)])
        wait_for(house.healthy, 30, "tocsind")
        if ready not in released:  # refused, or it went and the answer was lost
            wait_for(lambda one=ready: tried(house.release, "met", one) is not None
                     or house.status(one)["state"] == "released", 30, "the release")
            released.append(ready)
        house.wait_delivered(ready, TARGETS, 60)
        ended += program.starts - starts
    for ident in drafted:
        assert house.status(ident)["state"] == "draft"
    said = house.log(name).count("out of memory")
    print("%s: %d drafts and %d releases answered, ended %d times, %d times said so" % (
        name, len(drafted), len(released), ended, said))
    assert ended <= said, "it ended without a word"
    assert "whole" in house.tocsin("emb-audit-1", "audit", "verify").stdout
