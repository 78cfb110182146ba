# SPDX-License-Identifier: Apache-2.0
"""The disk is full; descriptors are used up, of each of our programs in turn. Nothing that was answered is lost, what cannot
be done is said, and it is done once there is room again."""
import contextlib
import errno
import os
import resource
import shutil
import subprocess

import pytest

from arrivals import prepare, release, warning
from conftest import Failed, WatchedHouse, housed
from house import TARGETS, wait_for
from talk import call, hand_in

ROOM = "24m"


class SmallDisk(WatchedHouse):
    """tocsind's state on a disk of its own."""

    def mount_state(self):
        kept = self.path("state-before")
        shutil.move(self.path("state"), kept)
        os.mkdir(self.path("state"), 0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%s,mode=700" % ROOM, "none", self.path("state")], check=True)
        shutil.copytree(kept, self.path("state"), dirs_exist_ok=True)
        shutil.rmtree(kept)

    def stop(self):
        codes = super().stop()
        subprocess.run(["umount", self.path("state")], check=False)
        return codes


def may_mount():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def full(folder, name="filler"):
    filler = os.path.join(folder, name)
    with open(filler, "wb", buffering=0) as out:
        for size in (1 << 20, 4096):
            with contextlib.suppress(OSError):
                while True:
                    out.write(bytes(size))
    try:
        yield
    finally:
        os.remove(filler)


def try_to_hand_in(house, words, level="blue", seconds=30):
    """-> the id of what was answered as taken in, or None"""
    try:
        answer = hand_in(house, "met-draft", warning(level, words), seconds=seconds)
    except (OSError, ValueError, AssertionError):
        return None
    return answer.json["id"] if answer.status in (200, 201) else None


@pytest.fixture(name="small", scope="module")
def small_house():
    if not may_mount():
        pytest.skip("nothing may be mounted here")
    with housed(before=SmallDisk.mount_state, kind=SmallDisk) as house:
        yield house


def hand_in_until_refused(house, words):
    """-> the ids of what was taken in"""
    accepted = []
    for n in range(300):
        one = try_to_hand_in(house, "%s%d" % (words, n))
        if not one:
            return accepted
        accepted.append(one)
    raise AssertionError("the disk was not full")


def test_a_full_disk_lets_cancels_and_red_out(small):
    before = prepare(small, "orange", "满盘之前")
    number = release(small, before)[0]
    small.wait_delivered(before)
    starts = small.programs["tocsind"].starts
    with full(small.path("state")):
        accepted = hand_in_until_refused(small, "满盘")
        refused = hand_in(small, "met-draft", warning("blue", "满盘"))
        assert refused.status == 503 and "only red and cancels" in refused.detail, refused.detail
        assert call(small, None, "GET", "/healthz").json["status"] == "disk-nearly-full"
        small.tocsin("met-lead", "cancel", before, "--reason", "满盘时解除")
        small.wait_delivered("b%d" % (int(before[1:]) + 1))
        assert number not in small.fetch("/active.json")
        red = prepare(small, "red", "满盘时的红色")
        release(small, red)
        small.wait_delivered(red)
    assert "event=disk-nearly-full" in small.log("tocsind") and "record-failed" not in small.log("tocsind")
    assert small.programs["tocsind"].starts == starts
    accepted.append(try_to_hand_in(small, "又有空间"))
    assert accepted[-1]
    for ident in accepted:
        assert small.status(ident)["state"] == "draft"
    wait_for(lambda: os.path.exists(small.path("state", "reserve")), 10, "the reserve again")
    print("%d taken in before the first refusal" % (len(accepted) - 1))


def test_an_import_leaves_what_red_needs(small):
    """Record and directory lie on one disk: who is imported must not take the room that is kept there."""
    small.write("many.csv", "number,division\n" + "".join("137%08d,120116\n" % n for n in range(150000)))
    done = small.run(small.binary("tocsin"), "recipients", "import", small.path("many.csv"), "--config", small.path("tocsin.yaml"),
                     check=False)
    assert done.returncode != 0 and "what red and cancels need" in done.stderr, done.stderr
    assert os.path.exists(small.path("state", "reserve"))
    assert call(small, "met-draft", "GET", "/api/v1/recipients").json["directories"] == []


def test_a_disk_with_no_byte_left_loses_nothing(small):
    before = prepare(small, "orange", "一字节不剩之前")
    release(small, before)
    with full(small.path("state")):
        accepted = hand_in_until_refused(small, "将满")
        with full(small.path("state"), "more"):  # the reserve, too
            for n in range(300):
                ident = try_to_hand_in(small, "红%d" % n, "red")
                if not ident:
                    break
                accepted.append(ident)
            wait_for(lambda: "event=record-failed" in small.log("tocsind"), 10, "the sentence")
            assert "disk is full" in small.log("tocsind")
    wait_for(small.healthy, 30, "tocsind again")
    small.wait_delivered(before, TARGETS, 60)
    for ident in accepted:
        assert small.status(ident)["state"] == "draft"
    after = prepare(small, "orange", "满盘之后")
    release(small, after)
    small.wait_delivered(after, TARGETS, 60)
    assert "whole" in small.tocsin("emb-audit-1", "audit", "verify").stdout


@contextlib.contextmanager
def no_more_descriptors(program):
    pid = program.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    highest = max(int(name) for name in os.listdir("/proc/%d/fd" % pid))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (highest + 1, before[1]))
    holes = highest + 1 - len(os.listdir("/proc/%d/fd" % pid))
    print("%s: %d descriptors left" % (program.name, holes))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it may have ended and been started again
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def test_tocsind_without_descriptors(house):
    before = prepare(house, "blue", "描述符")
    starts = house.programs["tocsind"].starts
    with no_more_descriptors(house.programs["tocsind"]):
        # Nobody is let in, so nobody is answered: what is waited for is only that it bears it.
        accepted = [one for one in (try_to_hand_in(house, "用尽%d" % n, seconds=3) for n in range(3)) if one]
    wait_for(house.healthy, 30, "tocsind")
    accepted.append(try_to_hand_in(house, "又有了"))
    assert accepted[-1]
    for ident in accepted:
        assert house.status(ident)["state"] == "draft"
    release(house, before)
    house.wait_delivered(before)
    assert "Too many open files" in house.log("tocsind"), "it had enough of them"
    assert "record-failed" not in house.log("tocsind")
    assert house.programs["tocsind"].starts == starts


def rests(program):
    """No call is open at it: one that ends leaves its descriptor to the next."""
    with open("/proc/net/unix", encoding="ascii", errors="replace") as table:
        connected = {"socket:[%s]" % line.split()[6] for line in list(table)[1:] if line.split()[5] == "03"}
    fds = "/proc/%d/fd" % program.process.pid
    try:
        return not any(os.readlink(os.path.join(fds, name)) in connected for name in os.listdir(fds))
    except FileNotFoundError:  # closed while we looked
        return False


def test_the_signer_without_descriptors(house):
    ident = prepare(house, "blue", "签名进程")
    wait_for(lambda: rests(house.programs["signer"]), 30, "the signer at rest")
    with no_more_descriptors(house.programs["signer"]):
        with pytest.raises(Failed) as refusal:
            house.release("met", ident)
        print(refusal.value.text)
        assert "签名" in refusal.value.text and "signer" in refusal.value.text
        assert house.status(ident)["state"] == "approved"

    def goes():
        with contextlib.suppress(Failed):
            house.release("met", ident)
            return True
    wait_for(goes, 30, "the release")
    house.wait_delivered(ident)


def test_a_channel_without_descriptors(house):
    ident = prepare(house, "blue", "渠道进程")
    program = house.programs["channel-webhook-routine"]
    welcomes = house.log(program.name).count("event=welcome")
    program.kill()  # with no connection to its far side that it could use again
    wait_for(lambda: house.log(program.name).count("event=welcome") > welcomes, 20, "the channel in its place")
    with no_more_descriptors(program):
        number, _ = release(house, ident)
        house.wait_delivered(ident, [far for far in TARGETS if far != "webhook"])

        def waits():
            found = house.deliveries(ident)["webhook"]
            return found["state"] == "waiting" and found["reason"]
        print(wait_for(waits, 20, "one that waits, and why"))
    house.wait_delivered(ident, TARGETS, 60)
    assert sum(number in entry["text"] for entry in house.arrived("webhook")) == 1


def test_a_source_without_descriptors(house):
    path = house.path("incoming", "scarce.xml")
    with no_more_descriptors(house.programs["source-met-feed"]):
        with open(path + ".part", "w", encoding="utf-8") as out:
            out.write(warning("blue", "来源进程"))
        os.rename(path + ".part", path)
        wait_for(lambda: os.strerror(errno.EMFILE) in house.log("source-met-feed"), 10, "the sentence")
        assert os.path.exists(path)
    wait_for(lambda: not os.path.exists(path), 30, "the file taken in")
