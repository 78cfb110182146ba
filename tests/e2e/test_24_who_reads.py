# SPDX-License-Identifier: Apache-2.0
"""What the scope `read` does not open: officers' numbers of another unit, the audit chain, a case, accounts and proposed
changes. Whoever is refused is told which duty it takes."""
import functools
import hashlib
import json

import pytest

from conftest import housed
from talk import add_token, call, warning

NUMBERS = {"met-review": "13900000011", "met-lead": "13900000012", "emb-lead": "13900000013", "emb-review": "13900000014"}
IN_A_COMMENT = "13900000015"
ROSTER = """\
# 值班室总机 %s
roster:
  - {unit: tj-met, officer: met-review, steps: [review], phone: "%s", deputy: met-lead, deputy_phone: "%s"}
  - {unit: tj-emb, officer: emb-lead, steps: [report], phone: "%s"}
  - {unit: tj-emb, officer: emb-review, steps: [review], phone: "%s"}
""" % (IN_A_COMMENT, *NUMBERS.values())
ADMINISTRATORS = ("emb-admin-1", "emb-accounts-1", "emb-audit-1")


def before(house):
    with open(house.path("authority.yaml"), "a", encoding="utf-8") as policy:
        policy.write(ROSTER)
    add_token(house, "machine", "", "read")
    add_token(house, "too-much", "met-lead", "read,admin")


HOUSED = functools.partial(housed, before=before)


@pytest.fixture(scope="module")
def released(house):
    return house.walk("met", warning())


def shown(answer):
    return {officer for officer, number in NUMBERS.items() if number in answer.json["text"]}


# --- the policy --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_administrators_read_the_document_itself(house, who):
    answer = call(house, who, "GET", "/api/v1/policy")
    assert answer.status == 200 and answer.json["whole"] is True and "note" not in answer.json
    assert shown(answer) == set(NUMBERS) and IN_A_COMMENT in answer.json["text"]
    assert hashlib.sha256(answer.json["text"].encode()).hexdigest() == answer.json["version"]


@pytest.mark.parametrize("who, sees", [
    ("met-draft", {"met-review", "met-lead"}), ("met-lead", {"met-review", "met-lead"}), ("too-much", {"met-review", "met-lead"}),
    ("emb-sign-1", {"emb-lead", "emb-review"}), ("machine", set())])
def test_others_read_the_rules_and_their_own_units_numbers(house, who, sees):
    answer = call(house, who, "GET", "/api/v1/policy")
    assert answer.status == 200 and answer.json["whole"] is False
    assert shown(answer) == sees and IN_A_COMMENT not in answer.json["text"]
    assert "of that unit" in answer.json["note"] and "本单位" in answer.json["note_zh"]
    house.write("shown.yaml", answer.json["text"])
    checked = house.run(house.binary("tocsin"), "decide", "--policy", house.path("shown.yaml"), "--check").stdout
    assert checked.split()[0] != answer.json["version"], "another digest"
    for word in ("气象法 第二十二条", "met-sign-2", "unless_unit"):
        assert word in answer.json["text"]


# --- the audit chain, cases --------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", ["met-lead", "emb-lead", "too-much", "machine", "emb-admin-1", "emb-accounts-1"])
def test_the_chain_and_cases_are_for_auditors(house, released, who):
    for path in ("/api/v1/audit", "/api/v1/audit?ref=" + released, "/api/v1/bulletins/%s/case" % released):
        no = call(house, who, "GET", path)
        assert no.status == 403 and "the duty audit" in no.detail and "审计管理" in no.detail, no.body
    # That it is whole, and where it ends, everybody may hold against what they kept.
    for path in ("/api/v1/audit/head", "/api/v1/audit/verify"):
        assert call(house, who, "GET", path).status == 200
    # Why a bulletin of theirs was permitted, officers read where they always did.
    assert call(house, who, "GET", "/api/v1/bulletins/%s/why" % released).status == 200


def test_the_command_line_says_so(house, released):
    for words in (("audit", "verify"), ("audit", "show"), ("audit", "export", house.path("chain.jsonl")),
                  ("case", "export", released, house.path("no-case.json"))):
        no = house.tocsin("met-lead", *words, check=False)
        assert no.returncode == 77 and "the duty audit" in no.stderr and "审计管理" in no.stderr, no.stderr
    assert "whole" in house.tocsin("emb-audit-1", "audit", "verify").stdout


def test_a_case_leaves_the_house_without_numbers(house, released):
    answer = call(house, "emb-audit-2", "GET", "/api/v1/bulletins/%s/case" % released)
    assert answer.status == 200
    text = answer.body.decode()
    assert not any(number in text for number in (*NUMBERS.values(), IN_A_COMMENT))
    house.write("case.json", text)
    house.run(house.binary("tocsin"), "case", "verify", house.path("case.json"), "--alert-key", house.path("keys", "alert.pub"))
    assert answer.json["policy_version"] == call(house, "met-lead", "GET", "/api/v1/policy").json["version"]


# --- what administrators have ------------------------------------------------------------------------------------

def test_changes_are_for_administrators(house):
    """A proposed policy stands in them whole. The scope alone does not do."""
    ident = house.tocsin("emb-admin-1", "change", "propose", "policy", "-",
                         stdin=house.policy() + "# by one\n").stdout.split()[0]
    for path in ("/api/v1/changes", "/api/v1/changes/" + ident):
        for who in ADMINISTRATORS:
            assert call(house, who, "GET", path).status == 200
        no = call(house, "too-much", "GET", path)
        assert no.status == 403 and "admin or accounts or audit" in no.detail and "安全管理或系统管理或审计管理" in no.detail
        assert "scope admin" in call(house, "met-lead", "GET", path).detail
    house.tocsin("emb-admin-2", "change", "withdraw", ident, "--reason", "试用")


def test_accounts_and_tokens_are_for_who_keeps_them(house):
    for path, member in (("/api/v1/accounts", "accounts"), ("/api/v1/tokens", "tokens")):
        assert member in call(house, "emb-accounts-1", "GET", path).json
        for who in ("emb-admin-1", "emb-audit-1", "too-much"):
            no = call(house, who, "GET", path)
            assert no.status == 403 and "the duty accounts" in no.detail and "系统管理" in no.detail
    no = call(house, "emb-admin-1", "DELETE", "/api/v1/accounts/met-lead/sessions")
    assert no.status == 403
    listed = {row["name"]: row for row in call(house, "emb-accounts-1", "GET", "/api/v1/tokens").json["tokens"]}
    assert listed["machine"]["holds"] and listed["machine"]["scopes"] == "read" and json.dumps(listed).count("digest") == 0
