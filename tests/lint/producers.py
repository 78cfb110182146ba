#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/PRODUCERS.md: what `tocsin validate` says of the corpus, a line for each producer, and where it and the schema
differ.

tests/lint/producers.py > docs/PRODUCERS.md      renews it; test_producers.py fails when that changes anything
"""
import collections
import csv
import json
import os
import subprocess
import sys

from tree import BINARIES, SOURCE

CORPUS = os.path.join(os.environ.get("TOCSIN_SHARED", os.path.join(SOURCE, os.pardir, "shared")), "corpus")
LIST = os.path.join(CORPUS, "MANIFEST.tsv")

# Why we refuse by this rule what the schema takes.
ARGUED = {
    "addresses.missing": "The standard makes `addresses` required when the scope is Private; a schema cannot say so. Without it "
                         "nobody knows whom the message is for.",
    "area.desc.empty": "`areaDesc` is the one text about where that everybody is shown. The schema takes an empty one.",
    "area.polygon.closed": "The standard: the last point equals the first. To the schema a polygon is any text. Closing the ring "
                           "for the sender would be a guess (decision 69).",
    "area.polygon.crossing": "An edge runs through another: inside and outside change places, and readers colour it in "
                             "differently.",
    "area.polygon.form": "What stands there are not pairs of decimal numbers. To the schema a polygon is any text.",
    "area.polygon.points": "The standard: four points at least. Two or three enclose nothing.",
    "area.polygon.range": "WGS 84 has no longitude past 180. Leniently it is shown and counts for nothing.",
    "event.empty": "The kind of event is required, and an empty text names none.",
    "eventCode.empty": "A code needs a name and a value; an empty one is matched by no receiver.",
    "expires.sent": "It had ended before it was sent, so every reader drops it unread.",
    "references.form": "The standard: sender,identifier,sent. Anything else finds no message.",
    "references.missing": "The standard: Update, Cancel, Ack and Error name the message they act on. Without, a withdrawal withdraws "
                          "nothing.",
    "restriction.missing": "The standard makes `restriction` required when the scope is Restricted.",
    "schema.time": "CAP 1.1's schema takes any xs:dateTime, so one without offset too. That is no moment: readers in two zones "
                   "see two.",
}

HEAD = """\
# What producers send / 各发布方的报文

What `tocsin validate` says of {documents} documents of {producers} producers (the corpus's list, `MANIFEST.tsv`, names each file's
source and licence). *Valid*: read strictly, without an error by a rule of the standard. *Lenient*: so with `--lenient --zone +08:00`,
each liberty noted. *Refused*: in neither way. *By the schema*: what the official schema of its version takes (of wrappers and JSON
it has nothing to say: –). A document may be refused by several rules, and takes several liberties. The rules are those of
[CAP](CAP.md). Many documents are made to be wrong: tests of validators, templates without a sender.

This page is printed by `tests/lint/producers.py`; a test fails when it is not what the program says.

| producer | kind | documents | by the schema | valid | lenient | refused | liberties | refused by |
|---|---|--:|--:|--:|--:|--:|---|---|
"""

DIFFER = """
## Where the schema and we differ / 与官方架构不一致之处

The schema refuses and we take: {missed}.

The schema takes and we refuse, {refused} documents, each by a rule that a schema cannot express:

| rule | documents | the rule, and why it stands |
|---|--:|---|
"""


def manifest():
    with open(LIST, encoding="utf-8") as text:
        return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))


def validate(rows, *how):
    """File of the list -> what `tocsin validate` says of it."""
    paths = {os.path.join(CORPUS, row["file"]): row["file"] for row in rows}
    done = subprocess.run([os.path.join(BINARIES, "tocsin"), "validate", "--json", *how, *paths], capture_output=True,
                          text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [finding["file"] for finding in found] == list(paths), done.stderr[-2000:]
    return {paths[finding["file"]]: finding for finding in found}


def of_level(finding, level):
    return sorted({problem["rule"] for problem in finding["problems"] if problem["level"] == level})


class Verdicts:
    """Of every document of the list, strictly and leniently."""

    def __init__(self):
        self.rows = manifest()
        self.strict = validate(self.rows)
        self.lenient = validate(self.rows, "--lenient", "--zone", "+08:00")

    def word(self, row):
        if self.strict[row["file"]]["valid"]:
            return "valid"
        return "lenient" if self.lenient[row["file"]]["valid"] else "refused"

    def missed(self):
        """What the schema refuses and we take."""
        return [row["file"] for row in self.rows if row["xsd_valid"] == "no" and self.word(row) == "valid"]

    def beyond(self):
        """File -> the rules by which we refuse what the schema takes."""
        return {row["file"]: of_level(self.strict[row["file"]], "error") for row in self.rows
                if row["xsd_valid"] == "yes" and self.word(row) != "valid"}


def counted(counts):
    return ", ".join("`%s` %d" % pair for pair in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def line_of(producer, rows, verdicts):
    words = collections.Counter(verdicts.word(row) for row in rows)
    liberties, rules = collections.Counter(), collections.Counter()
    for row in rows:
        finding = verdicts.lenient[row["file"]]
        if verdicts.word(row) == "lenient":
            liberties.update(of_level(finding, "note"))
        elif verdicts.word(row) == "refused":
            rules.update(of_level(finding, "error"))
    judged = [row["xsd_valid"] for row in rows if row["xsd_valid"]]
    schema = "%d of %d" % (judged.count("yes"), len(judged)) if judged else "–"
    return "| %s | %s | %d | %s | %d | %d | %d | %s | %s |" % (
        producer, ", ".join(sorted({row["kind"] for row in rows})), len(rows), schema, words["valid"], words["lenient"],
        words["refused"], counted(liberties), counted(rules))


def page(verdicts):
    by_producer = collections.defaultdict(list)
    for row in verdicts.rows:
        by_producer[row["producer"]].append(row)
    text = HEAD.format(documents=len(verdicts.rows), producers=len(by_producer))
    text += "".join(line_of(name, by_producer[name], verdicts) + "\n" for name in sorted(by_producer))
    beyond, missed = verdicts.beyond(), verdicts.missed()
    text += DIFFER.format(missed=", ".join("`%s`" % file for file in missed) or "none", refused=len(beyond))
    by_rule = collections.defaultdict(list)
    for file, rules in sorted(beyond.items()):
        for rule in rules:
            by_rule[rule].append(file)
    for rule in sorted(by_rule):
        text += "| `%s` | %d | %s |\n" % (rule, len(by_rule[rule]), ARGUED.get(rule, "**not argued**"))
    text += "\nThe documents / 报文：\n\n"
    for rule in sorted(by_rule):
        text += "- `%s`: %s\n" % (rule, ", ".join("`%s`" % file for file in by_rule[rule]))
    return text


if __name__ == "__main__":
    sys.stdout.write(page(Verdicts()))
