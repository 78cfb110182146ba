# SPDX-License-Identifier: Apache-2.0
"""The drill: a backup while bulletins are released, more released behind it, kill -9, the folder lost, the backup
restored. It starts held and nothing leaves; only who may publish ends that; then what was pending goes on by the rules
(a key: once more; none: urgent again, the rest UNKNOWN), no number is given twice, and `audit verify` names the cut."""
import collections
import os
import re
import shutil
import signal
import subprocess
import threading
import time

import pytest

from arrivals import prepare, record, release, warning
from conftest import Failed
from house import wait_for
from talk import call

CONFLICT, CONFIG, BUSY = 65, 78, 75
WAITING_FAR = ("weibo", "webhook")  # one without a key, one with


def on_machine(house, *arguments, check=True):
    return house.run(house.binary("tocsin"), *arguments, check=check)


def backup(house):
    made = on_machine(house, "backup", "--config", house.path("tocsin.yaml"), house.path("backups")).stdout.strip()
    assert re.fullmatch(re.escape(house.path("backups")) + r"/tocsin-\d{14}", made), made
    return made


def restore(house, made, check=True):
    return on_machine(house, "restore", "--config", house.path("tocsin.yaml"), made, check=check)


def lose_the_machine(house):
    """kill -9, and the state folder is gone."""
    daemon = house.programs["tocsind"]
    daemon.stop(how=signal.SIGKILL)
    lost = house.path("state-lost-%d" % time.monotonic_ns())
    os.rename(house.path("state"), lost)
    return lost


def health(house):
    return call(house, None, "GET", "/healthz").json["status"]


def copies(house, far, number):
    return sum(number in entry["text"] for entry in house.arrived(far))


class Load(threading.Thread):
    """Releases one after another until it is told to stop."""

    def __init__(self, house):
        super().__init__(daemon=True)
        self.house, self.ending, self.numbers, self.trouble = house, threading.Event(), [], None

    def run(self):
        try:
            while not self.ending.is_set():
                self.numbers.append(release(self.house, prepare(self.house, "blue", "负载%d" % len(self.numbers)))[0])
        except (Failed, OSError) as trouble:
            self.trouble = trouble

    def end(self):
        self.ending.set()
        self.join()
        assert self.trouble is None, self.trouble


def test_a_backup_is_whole_and_private(house):
    load = Load(house)
    load.start()
    wait_for(lambda: load.numbers, 30, "a release under way")
    made = backup(house)
    load.end()
    names = {"record.db", "audit.key", "tocsin.yaml", "authority.yaml", "about", "SHA256SUMS"}
    assert set(os.listdir(made)) == names
    assert os.stat(made).st_mode & 0o777 == 0o700 == os.stat(house.path("backups")).st_mode & 0o777
    assert {os.stat(os.path.join(made, name)).st_mode & 0o777 for name in names} == {0o600}
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=made, check=True)
    with open(os.path.join(made, "about"), encoding="utf-8") as text:
        about = text.read()
    assert about.startswith("tocsin-backup 1\nat ") and "\nnode demo\nmode live\n" in about and "seen" in about
    house.wait_delivered(house.walk("met", warning("blue", "备份之后")))


def test_others_may_not_look_and_one_at_a_time(house):
    os.makedirs(house.path("open"), mode=0o755)
    done = on_machine(house, "backup", "--config", house.path("tocsin.yaml"), house.path("open"), check=False)
    assert done.returncode == CONFIG and "0700" in done.stderr and os.listdir(house.path("open")) == []


def named(house):
    return sorted(name for name in os.listdir(house.path("backups")) if not name.startswith("."))


def test_killed_in_the_middle_of_a_backup(house):
    """What has no name yet is no backup, and the next one clears it away; what has one is whole."""
    before, unnamed = named(house), 0
    for wait in (0.02, 0.05, 0.1, 0.15):
        making = subprocess.Popen([house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--backup",
                                   house.path("backups")], stdout=subprocess.DEVNULL)
        time.sleep(wait)
        making.kill()
        making.wait()
        unnamed += len(os.listdir(house.path("backups"))) - len(named(house))
    print("%d killed with half a backup, %d after it had its name" % (unnamed, len(named(house)) - len(before)))
    backup(house)
    assert len(named(house)) > len(before) and not [n for n in os.listdir(house.path("backups")) if n.startswith(".")]
    for name in named(house):
        subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=house.path("backups", name), check=True)


def test_the_oldest_go_when_a_new_one_stands(house):
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        settings = text.read()
    house.write("few.yaml", "backups: %s\nbackups_keep: 2\n" % house.path("few") + settings, 0o644)
    made = []
    for _ in range(3):
        made.append(on_machine(house, "backup", "--config", house.path("few.yaml")).stdout.strip())
    assert sorted(os.listdir(house.path("few"))) == [os.path.basename(path) for path in made[1:]]


# --- the drill --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drill(house):
    """Two that wait at WAITING_FAR in the backup and left since; one released since. -> {name: value}"""
    for far in WAITING_FAR:
        for lane in ("urgent", "routine"):
            house.programs["channel-%s-%s" % (far, lane)].stop()
    waiting = {colour: prepare(house, colour, "备份时待发%s" % colour) for colour in ("orange", "blue")}
    numbers = {colour: release(house, ident)[0] for colour, ident in waiting.items()}
    others = [far for far in ("mqtt", "website", "sms", "wechat", "wecom")]
    for ident in waiting.values():
        house.wait_delivered(ident, others)
    made = backup(house)
    for far in WAITING_FAR:
        for lane in ("urgent", "routine"):
            house.programs["channel-%s-%s" % (far, lane)].start()
    for ident in waiting.values():
        house.wait_delivered(ident)
    since = prepare(house, "yellow", "备份之后发布")
    number = release(house, since)[0]
    house.wait_delivered(since)
    given = [row[0] for row in record(house, "SELECT row FROM bulletin")]
    heads = house.path("after.txt")

    def head_of_now():
        house.run(house.binary("tocsin"), "listen", "--port", str(house.ports["mqtt"]), "--heartbeat", "--count", "1",
                  "--seconds", "20", "--status-key", house.path("keys", "status.pub"), "--keep", heads)
        with open(heads, encoding="utf-8") as text:
            return max(map(int, re.findall(r"\nhead (\d+)\n", text.read())))
    known = record(house, "SELECT MAX(seq) FROM audit")[0][0]
    wait_for(lambda: head_of_now() >= known, 30, "a head of now outside")
    calls = {far: len(house.arrived(far)) for far in ("weibo", "wechat", "wecom", "webhook")}
    lost = lose_the_machine(house)
    return {"waiting": waiting, "numbers": numbers, "made": made, "since": number, "given": given, "heads": heads,
            "calls": calls, "lost": lost}


def test_only_a_whole_backup_is_restored(house, drill, tmp_path):
    spoilt = str(tmp_path / "spoilt")
    shutil.copytree(drill["made"], spoilt)
    with open(os.path.join(spoilt, "record.db"), "r+b") as file:
        file.seek(20000)
        file.write(b"\xa5")
    done = restore(house, spoilt, check=False)
    assert done.returncode != 0 and "damaged" in done.stderr and "已损坏" in done.stderr
    os.remove(os.path.join(spoilt, "SHA256SUMS"))
    assert restore(house, spoilt, check=False).returncode != 0
    assert not os.path.exists(house.path("state", "record.db"))


def test_killed_in_the_middle_of_a_restore(house, drill):
    """Whenever it dies: the folder holds no record that anybody would run on, and once more makes it whole."""
    broken_off = 0
    for n in range(60):  # of a quick machine's few milliseconds most tries hit none
        shutil.rmtree(house.path("state"), ignore_errors=True)
        making = subprocess.Popen([house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--restore", drill["made"]],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(house.path("state", "restoring")) and making.poll() is None:
            pass  # it ends by itself at the latest
        time.sleep(0.001 * n)
        making.kill()
        making.wait()
        if os.path.exists(house.path("state", "restoring")):
            broken_off += 1
            done = house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), check=False)
            assert done.returncode == CONFIG and "restore was broken off" in done.stderr, done.stderr
        if broken_off == 6:
            break
    assert broken_off == 6
    shutil.rmtree(house.path("state"), ignore_errors=True)
    os.makedirs(house.path("state"), mode=0o700)
    said = restore(house, drill["made"]).stdout
    assert "held" in said and "扣住" in said
    assert sorted(os.listdir(house.path("state"))) == ["audit.key", "lock", "record.db"]
    done = restore(house, drill["made"], check=False)
    assert done.returncode == CONFLICT and "is there" in done.stderr


def test_it_starts_held_and_nothing_leaves(house, drill):
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
    assert health(house) == "held"
    shown = house.tocsin("met-lead", "hold").stdout
    assert "held" in shown and "扣住" in shown and re.search(r"[1-9]\d* 项投递未了", shown), shown
    ident = prepare(house, "orange", "扣住时拟制")  # people may work
    with pytest.raises(Failed, match="held, nothing leaves"):
        house.release("met", ident)
    with pytest.raises(Failed, match="held, nothing leaves"):
        house.tocsin("met-lead", "cancel", drill["waiting"]["blue"], "--reason", "试解除")
    time.sleep(3)  # long enough for every channel to come back, if it could
    assert not os.path.exists(house.path("run", "agents.sock")) or "event=agent-hello" not in house.log("tocsind").split("event=held")[-1]
    assert {far: len(house.arrived(far)) for far in drill["calls"]} == drill["calls"]
    assert drill["since"] in house.fetch("/active.json"), "the site still shows what the record does not know"


def test_who_may_publish_ends_it_and_nobody_else(house, drill):
    for officer in ("met-review", "emb-admin-1"):
        done = house.tocsin(officer, "hold", "end", "--sent", "unknown", "--reason", "试", check=False)
        assert done.returncode != 0, officer
    with pytest.raises(Failed, match="unknown or nothing"):
        house.tocsin("met-lead", "hold", "end", "--sent", "maybe", "--reason", "试")
    assert health(house) == "held"
    house.tocsin("met-lead", "hold", "end", "--sent", "unknown", "--reason", "已与对端核对")
    wait_for(lambda: health(house) == "ok", 20, "the hold's end")
    told = record(house, "SELECT permit, officer FROM decision WHERE asked = 'hold' ORDER BY id")
    assert told == [(0, "met-review"), (1, "met-lead")]
    assert record(house, "SELECT COUNT(*) FROM audit WHERE what = 'hold-ended'") == [(1,)]
    done = house.tocsin("met-lead", "hold", "end", "--sent", "unknown", "--reason", "又", check=False)
    assert done.returncode == CONFLICT


def test_what_was_pending_goes_on_by_the_rules(house, drill):
    """All of it had arrived in truth: a key drops the repeat, urgent ones are repeated where there is none."""
    def settled():
        found = {colour: house.deliveries(ident) for colour, ident in drill["waiting"].items()}
        return all(d["state"] in ("delivered", "unknown") for one in found.values() for d in one.values()) and found
    found = wait_for(settled, 60, "all of it settled")
    assert found["blue"]["webhook"]["state"] == found["orange"]["webhook"]["state"] == "delivered"
    assert found["blue"]["weibo"]["state"] == "unknown" and "reason" in found["blue"]["weibo"]
    for number in drill["numbers"].values():
        assert copies(house, "webhook", number) == 1
    assert copies(house, "weibo", drill["numbers"]["blue"]) == 1, "parked for an operator, not repeated"
    seen = collections.Counter(found[colour][far]["state"] for colour in found for far in found[colour])
    print("restored: %s" % dict(seen))


def test_no_number_is_given_twice(house, drill):
    ident = prepare(house, "orange", "恢复之后")
    number = release(house, ident)[0]
    house.wait_delivered(ident)
    assert int(ident[1:]) > 1000000 > max(drill["given"])
    assert copies(house, "webhook", number) == 1, "a new key for a new message"
    assert number not in drill["numbers"].values() and number != drill["since"]
    assert record(house, "SELECT MIN(id) FROM delivery WHERE bulletin = ?", int(ident[1:]))[0][0] > 1000000000
    wait_for(lambda: number in house.fetch("/active.json") and drill["since"] not in house.fetch("/active.json"), 20,
             "the site follows the record again")


def test_the_audit_chain_says_where_it_was_cut(house, drill):
    assert "whole" in house.tocsin("emb-audit-1", "audit", "verify").stdout
    key = house.path("keys", "status.pub")
    done = house.tocsin("emb-audit-1", "audit", "verify", "--head", drill["heads"], "--status-key", key, check=False)
    assert done.returncode == CONFLICT and "restored from the backup of" in done.stderr and "恢复" in done.stderr, done.stderr
    with open(drill["heads"], encoding="utf-8") as text:
        first = text.read()
    cut = int(re.search(r"audit record (\d+)", done.stderr).group(1))
    assert cut < max(map(int, re.findall(r"\nhead (\d+)\n", first)))
    export = house.path("cut.jsonl")
    house.tocsin("emb-audit-1", "audit", "export", export)
    done = house.tocsin("emb-audit-1", "audit", "verify", "--file", export, "--head", drill["heads"], "--status-key", key,
                        check=False)
    assert done.returncode == CONFLICT and "restored from the backup of" in done.stderr


def test_the_hold_does_not_come_back(house):
    starts = house.programs["tocsind"].starts
    house.programs["tocsind"].kill()
    wait_for(lambda: house.programs["tocsind"].starts > starts and house.healthy(), 20, "tocsind")
    assert health(house) == "ok"
    ident = prepare(house, "blue", "再启动之后")
    release(house, ident)
    house.wait_delivered(ident)


def test_an_officer_who_knows_that_nothing_left(house):
    """Stopped, copied, restored at once: what waits goes on as it was, and arrives once."""
    for lane in ("urgent", "routine"):
        house.programs["channel-weibo-" + lane].stop()
    ident = prepare(house, "blue", "停机后备份")
    number = release(house, ident)[0]
    house.wait_delivered(ident, [far for far in ("mqtt", "website", "sms", "wechat", "wecom", "webhook")])
    assert house.programs["tocsind"].stop() == 0
    made = backup(house)
    lose_the_machine(house)
    restore(house, made)
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
    assert health(house) == "held"
    house.tocsin("met-lead", "hold", "end", "--sent", "nothing", "--reason", "停机期间未发")
    for lane in ("urgent", "routine"):
        house.programs["channel-weibo-" + lane].start()
    house.wait_delivered(ident)
    assert copies(house, "weibo", number) == 1

