# SPDX-License-Identifier: Apache-2.0
"""docs/DECISIONS.md: numbered one by one, so that `decision 18` elsewhere means one thing, and means something."""
import re

from tree import files, read

NUMBERS = [int(number) for number in re.findall(r"^## (\d+)\. ", read("docs/DECISIONS.md"), re.M)]


def test_they_are_numbered_one_by_one():
    wrong = [(number, index) for index, number in enumerate(NUMBERS, 1) if number != index]
    assert not wrong, "docs/DECISIONS.md: ## %d. is to be ## %d." % wrong[0]


def test_those_that_are_named_are_there():
    named = [(path, int(number)) for path in files("docs", ending=(".md",)) for number in re.findall(r"\bdecision (\d+)", read(path))]
    assert len(named) > 10
    assert not [each for each in named if each[1] not in NUMBERS]
