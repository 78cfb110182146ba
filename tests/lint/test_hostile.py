# SPDX-License-Identifier: Apache-2.0
"""docs/HOSTILE.md: each case once, and each test it names is there; only an open one names none."""
import os
import re

from tree import files, read

CASES = 48


def rows():
    return [[cell.strip() for cell in line.strip("|\n").split("|")] for line in read("docs/HOSTILE.md").split("\n")
            if re.match(r"\| \d", line)]


def test_each_case_stands_once_and_names_a_test():
    assert [int(row[0]) for row in rows()] == list(range(1, CASES + 1))
    assert not [row[0] for row in rows() if len(row) != 4 or not all(row) or (":" in row[2]) == row[3].startswith("open")]


def test_every_test_that_is_named_is_there():
    where = {}
    for path in files("tests", ending=(".c", ".py")):
        where.setdefault(os.path.basename(path), []).append(path)
    named, missing = 0, []
    for number, _, tests, _ in rows():
        for name, test in re.findall(r"`([\w.]+):(\w+)`", tests):
            named += 1
            defined = r"^def %s\(" % test if name.endswith(".py") else r"^static void %s\(void \*\*state\)" % test
            if not any(re.search(defined, read(path), re.M) for path in where.get(name, [])):
                missing.append("case %s: %s:%s" % (number, name, test))
    assert named > CASES
    assert not missing, "\n".join(missing)
