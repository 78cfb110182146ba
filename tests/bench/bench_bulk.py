#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bulk: one blue warning to a million recipients of the directory (ten million with --full or TOCSIN_BENCH_FULL set)
through the `null` channel, which says yes to each of them: what the house itself costs. From
the release on disk to the end of the last block, as recorded.
Beside it the memory of every program, sampled every 20 ms: the largest of them against a limit."""
import os
import sys
import time

from beside import FULL, figure
from bulk import Memory, house_of, send
from arrivals import prepare

AUDIENCE = int(os.environ.get("TOCSIN_BENCH_AUDIENCE", 10000000 if FULL else 1000000))
LIMIT_RATE, LIMIT_MIB = 50000, 64


def main():
    with house_of(AUDIENCE, lambda house: "type: 'null'") as house:
        memory = Memory(house)
        began = time.monotonic()
        ident = prepare(house, "blue", "众")
        drafted, sending = memory.end(), Memory(house)
        print("bulk: %d recipients; submitted and approved in %.1f s" % (AUDIENCE, time.monotonic() - began), file=sys.stderr)
        took = send(house, ident)
        sent = sending.end()
        for name in sorted(sent):
            print("bulk: %s: %.1f MiB before the release, %.1f MiB while sending" % (name, drafted.get(name, 0), sent[name]),
                  file=sys.stderr)
        figure("bulk-null", AUDIENCE / took, LIMIT_RATE, "recipients/s", 1)
        figure("bulk-memory", max(list(sent.values()) + list(drafted.values())), LIMIT_MIB, "MiB", 1)


if __name__ == "__main__":
    main()
