# SPDX-License-Identifier: Apache-2.0
"""tests/e2e/relays.py as a house of its own: what bench_storm and bench_mqtt push."""
from beside import Few
from relays import RelaySides


class Relays(RelaySides, Few):
    def __init__(self):
        super().__init__(RelaySides.rows, ())

    def begin(self):
        self.prepare()
        self.start()
