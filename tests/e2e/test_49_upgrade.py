# SPDX-License-Identifier: Apache-2.0
"""The house stopped by kill -9 in the middle of its work, its record as the version before wrote it, and started again: what
waited for a signature is signed and leaves, what was half out goes on, and the chain holds. And the way back is refused.
Then two tocsinds on one record: the older one, which does not know, sends nothing more and ends."""
import concurrent.futures
import contextlib
import os
import re
import signal
import sqlite3
import subprocess

from arrivals import DOUBLES, prepare, record, release, warning
from house import OPENER, wait_for
from ports import free_port

# What each version of the schema added, taken away again: newest first. Every new version adds its line.
BACK = {18: ["DROP TABLE reported"],
        17: ["DROP TABLE lease", "DELETE FROM counter WHERE name = 'row lease'"],
        16: ["DROP TABLE pause"],
        15: ["ALTER TABLE audience DROP COLUMN blocks"],
        14: ["DROP TABLE shift_proof", "DROP TABLE shift", "DELETE FROM counter WHERE name = 'shift'"],
        13: ["ALTER TABLE delivery DROP COLUMN doubts"],
        12: ["DROP INDEX bulletin_sequence", "DROP INDEX bulletin_hazard",
             "CREATE INDEX bulletin_hazard ON bulletin (hazard, created)"],
        11: ["DROP TABLE hold", "DELETE FROM counter WHERE name LIKE 'row %'"]}
NEWEST = max(BACK)


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


EX_FENCED = 76


def tokens(house):
    return dict(record(house, "SELECT name, token FROM lease"))


def answers(base):
    try:
        return OPENER.open(base + "/healthz", timeout=2).status == 200
    except OSError:
        return False


def stands_still(house, process):
    """Stopped, and not in the middle of a write: whoever stands still with the file's lock keeps everybody out."""
    process.send_signal(signal.SIGSTOP)
    db = sqlite3.connect(house.path("state", "record.db"), timeout=0.2, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
        return True
    except sqlite3.OperationalError:
        process.send_signal(signal.SIGCONT)
        return False
    finally:
        db.close()


@contextlib.contextmanager
def another_tocsind(house):
    """On the same record, with ports and a socket of its own, as after a hand that took the lock's file away."""
    ports = {name: free_port() for name in ("api", "callback", "metrics")}
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        settings = text.read().replace("agents.sock", "agents-2.sock").replace("node: demo", "node: other")
    for name, port in ports.items():
        settings = re.sub(r"\b%d\b" % house.ports[name], str(port), settings)
    os.unlink(house.path("state", "lock"))
    with open(house.path("log", "tocsind-2.log"), "ab") as log:
        process = subprocess.Popen([house.binary("tocsind"), "--config", house.write("tocsin-2.yaml", settings, 0o644)],
                                   stdout=log, stderr=log)
    try:
        wait_for(lambda: process.poll() is not None or answers("http://127.0.0.1:%d" % ports["api"]), 30, "the other tocsind")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_who_was_overtaken_while_it_stood_still_sends_nothing(house):
    """It wakes up with a release of red at its door: without its leases nothing of it is recorded, nothing leaves, and it ends
    with an exit code that systemd does not answer with another start."""
    ident = prepare(house, "red", "停顿")
    program = house.programs["tocsind"]
    with program.lock:
        program.wanted = False
        old = program.process
    before = tokens(house)
    assert set(before) >= {"house dispatch", "house duties", "house heartbeat", "mqtt", "sms"}
    wait_for(lambda: stands_still(house, old), 10, "between two writes")
    with another_tocsind(house) as other, concurrent.futures.ThreadPoolExecutor() as pool:
        assert {name: token - before[name] for name, token in tokens(house).items()} == {name: 1 for name in before}
        wanted = pool.submit(house.release, "met", ident)
        old.send_signal(signal.SIGCONT)
        assert old.wait(20) == EX_FENCED
        assert wanted.exception() is not None
        assert record(house, "SELECT state FROM bulletin WHERE row = ?", ident[1:]) == [("approved",)]
        assert not any("停顿" in entry["text"] for far in DOUBLES for entry in house.arrived(far))
        assert other.poll() is None
    assert other.returncode == 0
    with open(house.path("log", "tocsind.log"), encoding="utf-8") as text:
        said = [line for line in text if "event=fenced" in line]
    assert len(said) == 1 and "taken over by other, pid %d" % other.pid in said[0] and "已由 other, pid" in said[0], said
    program.start()
    wait_for(house.healthy, 30, "tocsind")
    number, _ = release(house, ident)
    house.wait_delivered(ident)
    assert sum(number in entry["text"] for entry in house.arrived("webhook")) == 1
    metrics = house.fetch("/metrics", "http://127.0.0.1:%d" % house.ports["metrics"])
    assert 'tocsin_lease_token{lease="mqtt"} %d' % (before["mqtt"] + 2) in metrics
