#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a long past costs. Two houses on this machine, one with an all but empty record (what fills a list), one with PAST
warnings that are over in it (heads, texts, approvals, steps, seven deliveries each, an audit chain that holds; words, which
nobody reads, cut short), and in turns a warning goes through each: from the first word to the signature, its release, from
there to the last yes of the far sides that answer at once, and what its people look at. Then a start: PENDING deliveries of
a thousand warnings in force, on top of that past, until the house answers, against the two seconds it may take.

TOCSIN_PAST and TOCSIN_PENDING set other sizes."""
import hashlib
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time

from beside import FULL, figure
from arrivals import record, warning
from house import House, TARGETS, wait_for
from talk import call

PAST = int(os.environ.get("TOCSIN_PAST", "1000000" if FULL else "100000"))
PENDING = int(os.environ.get("TOCSIN_PENDING", "100000" if FULL else "20000"))
PAIRS, STARTS, IN_FORCE, START_LIMIT = 15, 5, 1000, 2.0
A_PAGE = 300  # lists show 200: both sides fill one
DAY = 86400000
PROMPT = ("mqtt", "website", "webhook", "weibo", "wecom")  # not those that queue on their side
# Tables by bulletin, with the column that names it, and whether they have a number of their own.
TABLES = {"bulletin_body": "bulletin", "bulletin_text": "bulletin", "audience": "bulletin", "approval": "bulletin",
          "delivery": "bulletin", "screening": "bulletin", "receipt": "bulletin", "step": "bulletin"}
NUMBERED = ("approval", "delivery", "step")


def columns(db, table):
    return [row[1] for row in db.execute("PRAGMA table_info(%s)" % table)]


def insert(db, table, row, change, first, count):
    """`count` copies of the rows of bulletin `row`, for bulletins first, first + 1, ...; change: {column: SQL}."""
    names = columns(db, table)
    key = TABLES.get(table, "row")
    words = {key: "n.i", **change}
    if table in NUMBERED:
        words["id"] = "NULL"
    taken = ", ".join(words.get(name, "t." + name) for name in names)
    db.execute("WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n LIMIT ?) INSERT INTO %s SELECT %s FROM n, %s t"
               " WHERE t.%s = ? ORDER BY n.i" % (table, taken, table, key), (first, count, row))


def add_chain(db, count):
    """As many records at the end of the audit chain, of a past release each."""
    seq, previous = db.execute("SELECT seq, hash FROM audit_head").fetchone()
    at, rows = int(time.time() * 1000), []
    for n in range(count):
        seq += 1
        fields = (previous, str(seq), str(at), "released", "b%d" % (1000 + n), '{"past":true}')
        previous = hashlib.sha256(b"".join(b"%d:%s" % (len(f), f) for f in (x.encode() for x in fields))).hexdigest()
        rows.append((seq, at, *fields[3:], previous))
        if len(rows) == 10000 or n + 1 == count:
            db.executemany("INSERT INTO audit (seq, at, what, ref, body, hash) VALUES (?,?,?,?,?,?)", rows)
            rows.clear()
    db.execute("UPDATE audit_head SET seq = ?, hash = ?", (seq, previous))


def open_record(house):
    db = sqlite3.connect(house.path("state", "record.db"), isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "cache_size=-400000", "foreign_keys=OFF"):
        db.execute("PRAGMA " + pragma)
    return db


def add_past(house, row, count, first=1000):
    """The record of a house that is stopped gets `count` warnings like this one, over the last ten years."""
    db = open_record(house)
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    db.execute("BEGIN")
    for name, _ in indexes:
        db.execute("DROP INDEX " + name)
    ago = "t.%%s - %d - (n.i %%%% 3650) * %d" % (2 * DAY, DAY)
    moments = {name: ago % name for name in ("created", "submitted", "approved", "released", "sent", "expires")}
    insert(db, "bulletin", row, {"state": "'expired'", "identifier": "'past-' || n.i", "chain": "'past-' || n.i",
                                 "sequence": "0", "release_order": "n.i - 1000000000", **moments}, first, count)
    for table in TABLES:
        insert(db, table, row, {
            "bulletin_body": {"cap": "substr(t.cap, 1, 500)", "signed_cap": "substr(t.signed_cap, 1, 500)",
                              "manifest": "substr(t.manifest, 1, 500)", "filled_manifest": "''"},
            "bulletin_text": {"body": "substr(t.body, 1, 50)", "filled": "substr(t.filled, 1, 50)"},
            "delivery": {"chain": "'past-' || n.i", "updated": ago % "updated", "expires": ago % "expires",
                         "release_order": "n.i - 1000000000",
                         "far_id": "CASE t.far_id WHEN '' THEN '' ELSE t.far_id || n.i END"},
        }.get(table, {}), first, count)
    add_chain(db, count)
    for _, sql in indexes:
        db.execute(sql)
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


def add_pending(house, row, count):
    """A thousand warnings in force, each with as many blocks of short messages that wait."""
    db = open_record(house)
    blocks = count // IN_FORCE
    first = db.execute("SELECT MAX(row) + 1 FROM bulletin").fetchone()[0]
    far = int(time.time() * 1000) + DAY
    db.execute("BEGIN")
    insert(db, "bulletin", row, {"state": "'released'", "identifier": "t.identifier || '-' || n.i", "chain": "'now-' || n.i",
                                 "expires": str(far), "release_order": "t.release_order + n.i"}, first, IN_FORCE)
    for table in ("bulletin_body", "bulletin_text", "audience", "approval", "screening", "receipt"):
        insert(db, table, row, {}, first, IN_FORCE)
    names = columns(db, "delivery")
    words = {"id": "NULL", "bulletin": "n.i", "block": "b.i", "state": "'waiting'", "chain": "'now-' || n.i", "began": "0",
             "attempt": "0", "due": "0", "expires": str(far), "far_id": "''", "proof": "''", "done": "NULL"}
    db.execute("WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n LIMIT ?),"
               " b(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM b LIMIT ?) INSERT INTO delivery SELECT %s FROM n, b, delivery t"
               " WHERE t.bulletin = ? AND t.target = 'sms' ORDER BY n.i, b.i"
               % ", ".join(words.get(name, "t." + name) for name in names), (first, IN_FORCE, blocks, row))
    assert db.execute("SELECT COUNT(*) FROM delivery WHERE state = 'waiting'").fetchone()[0] == blocks * IN_FORCE
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


def began(name):
    house = House(tempfile.mkdtemp(prefix="tocsin-bench-%s-" % name), os.environ["TOCSIN_BIN"])
    house.prepare()
    house.raise_limits()
    house.start()
    ident = house.walk("met", warning("orange", "样本"))
    house.wait_delivered(ident)
    return house, int(ident[1:])


def ended(house):
    house.stop()
    shutil.rmtree(house.folder, ignore_errors=True)


def restarted(house, act):
    daemon = house.programs["tocsind"]
    assert daemon.stop() == 0
    began_at = time.monotonic()
    act()
    print("past: the record is %d MB, made in %.0f s" % (os.path.getsize(house.path("state", "record.db")) >> 20,
                                                        time.monotonic() - began_at), file=sys.stderr)
    daemon.start()
    wait_for(house.healthy, 120, "tocsind")


def timed(act, *arguments):
    began_at = time.monotonic()
    given = act(*arguments)
    return (time.monotonic() - began_at) * 1000, given


def prompt_yes(house, ident, called):
    """ms from the call to the last yes of PROMPT, as the record has it."""
    house.wait_delivered(ident, TARGETS, 60)
    rows = record(house, "SELECT accepted FROM delivery WHERE bulletin = ? AND target IN (%s)"
                  % ",".join("'%s'" % far for far in PROMPT), int(ident[1:]))
    assert len(rows) == len(PROMPT)
    return max(accepted for accepted, in rows) - called


LOOKS = ("/api/v1/bulletins", "/api/v1/bulletins?state=draft", "/api/v1/due", "/api/v1/report/morning", "/api/v1/audit/head",
         "/api/v1/intake", "/api/v1/incidents")


def looked(house, path):
    """ms, the median of five: what takes a millisecond is easily disturbed."""
    took = []
    for _ in range(5):
        ms, answer = timed(call, house, "met-lead", "GET", path)
        assert answer.status == 200, (path, answer.body)
        took.append(ms)
    return statistics.median(took)


def one(house, n):
    """-> {what: ms}"""
    found = {}
    found["past-submit"], ident = timed(house.submit, "met-draft", warning("orange", "第%d次" % n))
    found["past-approve"], _ = timed(house.approve, "met", ident, 1)
    called = time.time() * 1000
    found["past-release"], answer = timed(call, house, "met-lead", "POST", "/api/v1/bulletins/%s/release" % ident)
    assert answer.status == 200, answer.body
    found["past-yes"] = prompt_yes(house, ident, called)
    for path in LOOKS:
        found["past-look " + path] = looked(house, path)
    return found


def latencies(old, new):
    took = {"old": [], "new": []}
    for n in range(PAIRS + 2):
        for name, house in (("old", old), ("new", new)) if n % 2 else (("new", new), ("old", old)):
            took[name].append(one(house, n))
    for what in took["old"][0]:
        ours, against = ([each[what] for each in took[side][2:]] for side in ("old", "new"))
        print("%s: %s | %s ms" % (what, " ".join("%.1f" % t for t in ours), " ".join("%.1f" % t for t in against)),
              file=sys.stderr)
        figure(what, statistics.median(ours), statistics.median(against), "ms", PAIRS)


def start_seconds(house):
    """Stopped, started, and until it answers. -> (s, s of processor time it took for that)"""
    daemon = house.programs["tocsind"]
    daemon.stop()
    start = time.monotonic()
    daemon.start()
    wait_for(house.healthy, 120, "tocsind")
    took = time.monotonic() - start
    with open("/proc/%d/stat" % daemon.process.pid, encoding="utf-8") as text:
        fields = text.read().rsplit(")", 1)[1].split()
    return took, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def starts(house, row):
    for name, program in house.programs.items():
        if name.startswith("channel-"):
            program.stop()
    restarted(house, lambda: add_pending(house, row, PENDING))
    took = [start_seconds(house) for _ in range(STARTS)]
    print("past-start: %s s; of a processor %s s" % tuple(" ".join("%.2f" % one[i] for one in took) for i in (0, 1)),
          file=sys.stderr)
    figure("past-start", statistics.median(seconds for seconds, _ in took), START_LIMIT, "s", STARTS)


def main():
    old, row = began("old")
    new, new_row = began("new")
    try:
        restarted(new, lambda: add_past(new, new_row, A_PAGE))
        restarted(old, lambda: add_past(old, row, PAST))
        latencies(old, new)
        ended(new)
        starts(old, row)
    finally:
        ended(old)
        ended(new)


if __name__ == "__main__":
    main()
