# SPDX-License-Identifier: Apache-2.0
"""/metrics as a scraper reads it: every line of it by the text format's own rules, histograms that add up, counters that
never fall, figures that are those of the record; and promtool, where it is installed."""
import re
import shutil
import subprocess
import urllib.error

import pytest

from arrivals import prepare, record, release
from house import TARGETS, wait_for

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|\+Inf|-Inf|NaN)" % (NAME, LABEL, LABEL))
TYPES = {"gauge": ("",), "counter": ("",), "histogram": ("_bucket", "_sum", "_count")}


def text(house):
    return house.fetch("/metrics", "http://127.0.0.1:%d" % house.ports["metrics"])


def parse(exposition):
    """-> {name: {labels: value}}; whatever the format forbids fails."""
    assert exposition.endswith("\n")
    families, found, current = {}, {}, None
    for line in exposition.split("\n")[:-1]:
        head = re.fullmatch(r"# (HELP|TYPE) (%s) (.+)" % NAME, line)
        if head:
            kind, name, rest = head.groups()
            if kind == "HELP":
                assert name not in families, "%s has two heads" % name
                families[name], current = None, name
            else:
                assert name == current and families[name] is None and rest in TYPES, line
                families[name] = rest
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, "no sample: %r" % line
        name, labels = sample.group(1), tuple(re.findall(LABEL, sample.group(2) or ""))
        assert any(name == current + end for end in TYPES[families[current]]), "%s under the head of %s" % (name, current)
        assert len({key for key, _ in labels}) == len(labels), line
        values = found.setdefault(name, {})
        assert frozenset(labels) not in values, "twice: " + line
        values[frozenset(labels)] = float(sample.group(len(sample.groups())))
        assert families[current] != "counter" or (current.endswith("_total") and values[frozenset(labels)] >= 0)
    for name, kind in families.items():
        if kind == "histogram":
            add_up(found, name)
    return found


def add_up(found, name):
    series = {}
    for labels, value in found[name + "_bucket"].items():
        rest = frozenset(item for item in labels if item[0] != "le")
        series.setdefault(rest, []).append((float(dict(labels)["le"].replace("+Inf", "inf")), value))
    for rest, buckets in series.items():
        values = [value for _, value in sorted(buckets)]
        assert values == sorted(values) and sorted(buckets)[-1][0] == float("inf")
        assert values[-1] == found[name + "_count"][rest] and rest in found[name + "_sum"]


def value(found, name, **labels):
    return found[name][frozenset(labels.items())]


def test_every_line_is_of_the_format(house):
    def all_here():
        found = parse(text(house))
        return {dict(labels)["target"] for labels in found.get("tocsin_agent_connected", ())} == set(TARGETS) and found
    found = wait_for(all_here, 10, "every channel")
    assert value(found, "tocsin_held") == 0 and value(found, "process_resident_memory_bytes") > 1 << 20
    assert value(found, "tocsin_deliveries_waiting", target="sms", lane="urgent", level="red") == 0


def test_the_figures_are_those_of_the_record(house):
    before = parse(text(house))
    ident = prepare(house, "red", "指标")
    house.fault("wecom", "http500", 1)
    release(house, ident)
    house.wait_delivered(ident)

    def counted():
        now = parse(text(house))
        ended = sum(value(now, "tocsin_deliveries_ended_total", target=far, state="delivered") for far in TARGETS)
        return ended == record(house, "SELECT count(*) FROM delivery WHERE state = 'delivered'")[0][0] and now
    now = wait_for(counted, 5, "a second's turn")
    for name in ("tocsin_attempts_total", "tocsin_deliveries_ended_total", "tocsin_first_byte_seconds_count"):
        assert all(now[name][labels] >= old for labels, old in before[name].items()), name
    failed = [labels for labels in now["tocsin_attempts_total"] if dict(labels)["target"] == "wecom"
              and dict(labels)["verdict"] in ("deferred", "unknown")]
    assert sum(now["tocsin_attempts_total"][labels] for labels in failed) >= 1
    assert value(now, "tocsin_first_byte_seconds_count", level="red") == len(TARGETS)
    assert value(now, "tocsin_bulletins_in_force") == 1
    assert "delays=" in house.log("channel-wecom-urgent") and "/-/" not in house.log("channel-wecom-urgent")


def test_nothing_else_is_there(house):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        house.fetch("/api/v1/bulletins", "http://127.0.0.1:%d" % house.ports["metrics"])
    with pytest.raises(urllib.error.HTTPError, match="404"):
        house.fetch("/metrics", house.url)


def test_promtool_takes_it(house):
    if not shutil.which("promtool"):
        pytest.skip("promtool is not installed (tests/install bench): only our own reading was tried")
    done = subprocess.run(["promtool", "check", "metrics"], input=text(house), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
