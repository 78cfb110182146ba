# SPDX-License-Identifier: Apache-2.0
"""docs/PRODUCERS.md is what the program says of the corpus today, and argues every difference from the schema."""
import os

import pytest

from producers import ARGUED, LIST, Verdicts, page
from tree import read

needs_corpus = pytest.mark.skipif(not os.path.isfile(LIST), reason="the list of the corpus is not here: " + LIST)


@pytest.fixture(scope="module", name="verdicts")
def all_verdicts():
    return Verdicts()


@needs_corpus
def test_the_page_is_current(verdicts):
    assert page(verdicts) == read("docs/PRODUCERS.md"), "renew it: tests/lint/producers.py > docs/PRODUCERS.md"


@needs_corpus
def test_every_difference_is_argued(verdicts):
    assert not verdicts.missed(), "the schema refuses, we take"
    used = {rule for rules in verdicts.beyond().values() for rule in rules}
    assert used == set(ARGUED), "argued and not there, or there and not argued: %s" % sorted(used ^ set(ARGUED))


def test_every_argument_is_about_a_rule():
    rules = read("cap/cap_rules.def")
    assert not [rule for rule in ARGUED if '"%s"' % rule not in rules]
