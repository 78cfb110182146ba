# SPDX-License-Identifier: Apache-2.0
"""The right to review and sign bound to the duty roster (sign_by_roster: yes): who is off duty is told so when they
approve, and asked about again at the release, by tocsind and by the signer from its own policy; a cancel asks nobody."""
import functools
import json

import pytest

from conftest import housed
from house import Failed
from signer_peer import Proof, Request
from talk import warning
from test_20_people import denied, post_proof, says, unsent
from test_22_workflow import bend, changed

ROSTER = """\
sign_by_roster: yes
roster:
  - {unit: tj-met, officer: met-review, steps: [review], deputy: met-lead}
  - {unit: tj-met, officer: met-sign-1, steps: [sign]}
  - {unit: tj-met, officer: met-sign-2, steps: [sign], until: 2026-01-02}
"""
MET_SIGNS = "{unit: tj-met, officer: met-sign-1, steps: [sign]}"
HOUSED = functools.partial(housed, before=lambda house: bend(house, "relays:\n", ROSTER + "relays:\n"))


def test_those_on_duty_sign(house):
    ident = house.walk("met", warning())
    house.wait_delivered(ident)
    why = json.loads(house.tocsin("met-lead", "why", ident, "--json").stdout)["decisions"][-1]
    times = {a["act"]: a["time"] for a in house.status(ident)["approvals"]}
    assert why["permit"] and why["facts"]["review_times"] == [times["review"]]
    assert why["facts"]["sign_times"] == [times["sign"]]


def test_so_do_their_deputies(house):
    ident = house.submit("met-draft", warning())
    house.tocsin("met-lead", "approve", ident, "--as", "review")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.release("met", ident)
    house.wait_delivered(ident)


def test_who_is_off_duty_is_told_at_once(house):
    ident = house.submit("met-draft", warning())
    says(denied(house, "met-sign-2", "approve", ident, "--as", "sign"),
         "condition 5, sign-off: met-sign-2 was not on the roster of tj-met to sign at 20", "(on duty then: met-sign-1)",
         "let somebody on duty sign it", "条件5 审签：met-sign-2 于 20", "不在 tj-met 的签发值班表（roster）上，当时在班：met-sign-1",
         "请由当班人员签发")
    # Of another step: the deputy of the one who reviews does not sign.
    says(denied(house, "met-lead", "approve", ident, "--as", "sign"), "met-lead was not on the roster of tj-met to sign")
    assert unsent(house, ident)["approvals"] == []
    other = house.submit("emb-draft", warning(replace={"11B03": "12D03", "<event>暴雨</event>": "<event>危险化学品事故</event>"}))
    says(denied(house, "emb-review", "approve", other, "--as", "review"),
         "emb-review was not on the roster of tj-emb to review", "on duty then: nobody", "当时在班：无人")


def test_a_proof_of_another_hour_is_none(house):
    """One cannot have signed while one stood on it: the moment is in the proof, and not far from now."""
    ident = house.submit("met-draft", warning())
    key = house.path("officers", "met-sign-2.key")
    early = Proof("sign", "met-sign-2", key, Request(house, ident).manifest, moment=1767000000)  # 2025-12-29
    answer = post_proof(house, "met-sign-2", ident, early)
    assert answer.status == 400 and "10 minutes" in answer.body.decode(), answer.body


def test_the_signer_asks_by_its_own_roster(house):
    ident = house.submit("met-draft", warning())
    done, text = Request(house, ident).proof("review", "met-review").proof("sign", "met-sign-2").ask()
    assert not done
    says(text, "condition 5", "met-sign-2 was not on the roster of tj-met to sign", "不在 tj-met 的签发值班表")
    done, text = Request(house, ident).proof("review", "met-review").proof("sign", "met-sign-1").ask()
    assert done, text


def test_asked_again_at_the_release(house):
    """Somebody's turn is taken out of the roster after they signed: refused with what to do, and done so."""
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    with changed(house, MET_SIGNS, MET_SIGNS.replace("sign-1", "sign-2")):
        says(denied(house, "met-lead", "release", ident), "condition 5", "met-sign-1 was not on the roster of tj-met to sign at",
             "on duty then: met-sign-2", "returned and approved anew", "条件5", "退回后重新审签")
        unsent(house, ident)
        house.tocsin("met-review", "return", ident, "--reason", "由当班人员重新审签")
        house.tocsin("met-draft", "submit", ident)
        house.tocsin("met-review", "approve", ident, "--as", "review")
        house.tocsin("met-sign-2", "approve", ident, "--as", "sign")
        house.release("met", ident)
        house.wait_delivered(ident)


def test_a_cancel_needs_nobody_on_duty(house):
    """What is in force is lifted by whoever may publish, though nobody of the unit stands on the roster."""
    stands = house.walk("met", warning())
    house.wait_delivered(stands)
    with changed(house, ROSTER, ROSTER.replace("tj-met", "tj-emb").replace("met-", "emb-")):
        ident = house.submit("met-draft", warning())
        for officer, act in (("met-review", "review"), ("met-sign-1", "sign"), ("met-lead", "sign")):
            says(denied(house, officer, "approve", ident, "--as", act), "nobody", "无人")
        lift = house.tocsin("met-lead", "cancel", stands, "--reason", "雨停").stdout.split()[0]
        house.wait_delivered(lift)
    assert house.status(stands)["state"] == "cancelled"


@pytest.mark.parametrize("roster", ("", "roster: [{unit: tj-met, officer: met-review, steps: [review, sign]}]\n",
                                    "roster: [{unit: tj-met, officer: met-sign-1, steps: [release]}]\n"))
def test_a_roster_that_lets_nobody_sign(house, roster):
    with pytest.raises(Failed) as no:
        house.change("policy", house.policy().replace(ROSTER, "sign_by_roster: yes\n" + roster))
    says(no.value.text, "sign_by_roster is yes, but no row of the roster gives the step sign", "谁也不能签发")
