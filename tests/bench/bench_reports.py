#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The phone network's reports of a list that went out: AUDIENCE calls on CONNECTIONS kept connections, each answered when its report is
on disk. How many a second, against the LIMIT, and what processor time of tocsind's one costs; then how long the
release of a red takes, from the call to its answer, while the same reports come again and again, against the same alone.

Kannel has 512 such calls open at most (smsbox's max-pending-requests)."""
import multiprocessing
import statistics
import time

from beside import cpu_seconds, figure, houses, say as tell
from arrivals import elsewhere, prepare, record, warning
from bulk import house_of, send
from ports import free_port
from sendsms import SendSms
import reports

AUDIENCE, CONNECTIONS, LIMIT, REDS = 20000, 512, 10000, 10


def flood(urls, ending):
    while not ending.is_set():
        reports.say(urls, CONNECTIONS)


def release(house, ident):
    """-> ms until the answer"""
    began = time.monotonic()
    house.release("met", ident)
    return (time.monotonic() - began) * 1000


def red(house, words):
    ident = house.submit("met-draft", elsewhere(warning("red", words)))
    house.approve("met", ident, 2)
    return ident


def reds(house, urls):
    """-> (ms each while reports come, ms each alone), by turns"""
    beside, alone = [], []
    for n in range(REDS):
        idents = [red(house, "急%d" % (2 * n + k)) for k in range(2)]
        alone.append(release(house, idents[0]))
        ending = multiprocessing.Event()
        other = multiprocessing.Process(target=flood, args=(urls, ending))
        other.start()
        houses.wait_for(lambda: reports.say(urls[:1])[0], 10, "an answer")
        beside.append(release(house, idents[1]))
        ending.set()
        other.join()
    return beside, alone


def main():
    port = free_port()
    gateway = SendSms(port)
    with house_of(AUDIENCE, lambda house: "options: {url: 'http://127.0.0.1:%d/cgi-bin/sendsms', username: a, password: %s}"
                  % (port, house.path("secrets", "sms")), few=1) as house:
        ident = prepare(house, "blue", "众")
        send(house, ident)
        callbacks = [callback for _, _, _, callback in gateway.messages]
        pid = house.programs["tocsind"].process.pid
        before = cpu_seconds(pid)
        answers, took = reports.say([one.replace("%d", "1") for one in callbacks], CONNECTIONS)
        if answers != {200: AUDIENCE}:
            raise RuntimeError("answers: %s" % answers)
        lines = record(house, "SELECT count(*) FROM audit WHERE what = 'report'")[0][0]
        tell("%d reports: %.2f s, %.0f us of tocsind each, %d records of the chain"
             % (AUDIENCE, took, (cpu_seconds(pid) - before) / AUDIENCE * 1e6, lines))
        figure("reports", AUDIENCE / took, LIMIT, "reports/s", 1)
        beside, alone = reds(house, [one.replace("%d", "2") for one in callbacks[:2000]])
        tell("a red's release beside them, ms: %s; alone: %s" % (" ".join("%.0f" % t for t in beside), " ".join("%.0f" % t for t in alone)))
        figure("reports-red", statistics.median(beside), statistics.median(alone), "ms", REDS)
    gateway.stop()


if __name__ == "__main__":
    main()
