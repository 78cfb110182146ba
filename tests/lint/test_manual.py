# SPDX-License-Identifier: Apache-2.0
"""Documents that say what the programs say: settings, options, routes, man pages, units."""
import json
import os
import re
import shutil
import subprocess

import pytest

from tree import BINARIES, SOURCE, files, read


def output(program, *arguments):
    return subprocess.run([os.path.join(BINARIES, program), *arguments], capture_output=True, text=True,
                          check=True).stdout


def test_settings_are_in_the_manual():
    printed = output("tocsind", "--manual")
    assert printed.count(".TP") > 20
    assert printed in read("docs/man/tocsin.yaml.5")


def test_channel_options_are_in_the_manual():
    printed = output("tocsin-channel", "--manual")
    assert printed.count(".TP") > 30
    assert printed in read("docs/man/tocsin-channel.8")


def test_source_options_are_in_the_manual():
    printed = output("tocsin-source", "--manual")
    assert printed.count(".TP") > 10
    assert printed in read("docs/man/tocsin-source.8")


def test_rules_are_in_the_manual():
    printed = output("tocsin", "validate", "--rules")
    assert printed.count("\n| `") >= 60
    assert printed in read("docs/CAP.md")


def test_rules_said_while_reading_are_in_the_table():
    known = {json.loads(line)["rule"] for line in output("tocsin", "validate", "--rules", "--json").splitlines()}
    said = set(re.findall(r'"((?:xml|schema|area\.polygon|area\.circle)\.[a-z]+)"',
                          "".join(read(path) for path in files("cap", ending=(".c",)))))
    said -= {"xml.memory"}  # nothing the message could have done
    assert len(said) > 15 and said <= known, sorted(said - known)


def test_liberties_of_reading_are_in_the_document():
    said = set(re.findall(r'"((?:read|convert|plain)\.[a-z.]{3,})"',
                          "".join(read(path) for path in files("cap", "publisher/phrases", "publisher/mapping", ending=(".c",)))))
    described = set(re.findall(r"`((?:read|convert|plain)\.[a-z.]+)`", read("docs/CAP.md").split("## Rules")[0]))
    assert len(said) > 20 and said == described, sorted(said ^ described)


ROUTE = re.compile(r'\{"(GET|POST|PUT|DELETE)", "(/[^"]*)",\s*(NULL|"[\w ]+"),\s*([^,]+),\s*\w+\}')


def test_every_route_is_in_openapi():
    """With the scope and the duties it asks for."""
    text = "".join(read(path) for path in files("publisher", ending=(".c",)) if "/api" in path)
    routes = {(method, path): (scope.strip('"'), {word.lower() for word in re.findall(r"ROUTE_(ADMIN|ACCOUNTS|AUDIT)", how)})
              for method, path, scope, how in ROUTE.findall(text)}
    assert len(routes) > 10 and len(routes) == len(re.findall(r'\{"(?:GET|POST|PUT|DELETE)", "/', text))
    import yaml
    paths = yaml.safe_load(read("docs/openapi.yaml"))["paths"]
    described = {(method.upper(), re.sub(r"\{[^}]*\}", "{}", path)): (one.get("x-scope", "NULL"), set(one.get("x-duties", [])))
                 for path, item in paths.items() for method, one in item.items()
                 if method in ("get", "post", "put", "delete")}
    assert routes == described


def test_every_route_has_its_row_among_the_roles():
    """docs/ROLES.md; whether the row is right, tests/e2e/test_67_roles.py tries."""
    import yaml
    paths = yaml.safe_load(read("docs/openapi.yaml"))["paths"]
    described = sorted("%s %s" % (method.upper(), path) for path, item in paths.items() for method in item
                       if method in ("get", "post", "put", "delete"))
    assert described == sorted(re.findall(r"^\| `((?:GET|POST|PUT|DELETE) /\S+)` \|", read("docs/ROLES.md"), re.M))


@pytest.mark.parametrize("page", files("docs/man", ending=tuple(".%d" % n for n in range(1, 9))))
def test_man_pages_are_clean(page):
    done = subprocess.run(["groff", "-man", "-ww", "-Kutf8", "-Tutf8", "-z", os.path.join(SOURCE, page)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_every_program_has_a_man_page():
    pages = {os.path.basename(page) for page in files("docs/man", ending=("",))}
    assert {"tocsind.8", "tocsin.1", "tocsin-signer.8", "tocsin-channel.8", "tocsin-source.8", "tocsin.yaml.5"} <= pages


def test_units_are_understood_by_systemd():
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    units = files("systemd", ending=(".service", ".timer"))
    assert len(units) >= 4
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                           *[os.path.join(SOURCE, unit) for unit in units]], capture_output=True, text=True, check=False)
    # The programs themselves are not installed where this runs.
    said = [line for line in done.stderr.split("\n")
            if line and "is not executable" not in line and "Failed to load environment" not in line]
    assert not said, "\n".join(said)


def test_pictures_are_small_and_shown():
    """At most 150 KB each (tests/doubles/smaller_png.py), and each stands in some document."""
    texts = read("README.md") + "".join(read(path) for path in files("docs", ending=(".md",)))
    pictures = sorted(os.listdir(os.path.join(SOURCE, "docs", "images")))
    assert pictures
    for name in pictures:
        assert os.path.getsize(os.path.join(SOURCE, "docs", "images", name)) <= 150000, name
        assert "images/" + name in texts, name
