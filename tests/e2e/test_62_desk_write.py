# SPDX-License-Identifier: Apache-2.0
"""Writing at the desk: what the words would become while they are written, a draft as a form and back, and that neither a
reload nor a colleague costs anybody what they typed."""
import datetime
import json
import re
import sqlite3

import pytest

from desk import desk_house, desk_of, needs_browser
from officers import CHINA, wait_for
from talk import call, warning

JSON = "application/json"


@pytest.fixture(scope="module")
def house():
    with desk_house() as one:
        yield one


def moment(hours=0):
    return (datetime.datetime.now(CHINA).replace(microsecond=0) + datetime.timedelta(hours=hours)).isoformat()


def report(**changes):
    words = {"kind": "warning", "level": "orange", "hazard": "暴雨", "where": ["120116", "120110"], "when": moment(), "expires": moment(6),
             "what": "预计未来3小时降雨量将达50毫米以上。", "instruction": "请停止户外作业。", "contact": "天津市气象台 12121", **changes}
    return {name: value for name, value in words.items() if value is not None}


def preview(house, body, who="met-draft"):
    answer = call(house, who, "POST", "/api/v1/preview", json.dumps(body), JSON)
    assert answer.status == 200, answer.body
    return answer.json


def rows(house):
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    try:
        return [record.execute("SELECT count(*) FROM " + table).fetchone()[0]
                for table in ("intake", "bulletin", "decision", "audit", "taken_identifier")
                if record.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]]
    finally:
        record.close()


# --- what it would become ----------------------------------------------------------------------------------------

def test_a_preview_is_what_will_be_and_keeps_nothing(house):
    before = rows(house)
    body = report()
    seen = preview(house, body)
    assert rows(house) == before, "nothing of it is kept"
    assert [one for one in seen["problems"] if one["level"] == "error"] == []
    assert seen["bulletin"]["authority"]["permit"] is True and seen["bulletin"]["unit_name"] == "天津市气象台"
    ident = house.submit("met-draft", json.dumps(body))
    made = house.status(ident)

    def without_number(texts):
        return {one["target"]: (re.sub(r"\d{14}_\d{14}_\d", "NUMBER", one["text"]), one.get("recipients")) for one in texts}
    assert without_number(seen["bulletin"]["texts"]) == without_number(made["texts"])
    assert seen["bulletin"]["headline"] == made["headline"] and seen["bulletin"]["words"] == made["words"]


def test_a_preview_says_all_that_is_wrong(house):
    seen = preview(house, {"kind": "warning", "hazard": "没有这种", "where": ["999999"], "what": "x"})
    paths = {one["path"] for one in seen["problems"]}
    assert {"hazard", "where[1]", "when"} <= paths and seen["bulletin"] is None
    # Not the unit's to publish: said before anybody has signed anything.
    seen = preview(house, report(), "emb-draft")
    assert seen["bulletin"]["authority"]["permit"] is False
    assert any("气象法" in reason["zh"] for reason in seen["bulletin"]["authority"]["reasons"])
    seen = preview(house, report(what="联系人13812345678，预计有暴雨。"))
    hit = next(one for one in seen["bulletin"]["hits"] if one["rule"] == "screen.mobile")
    words = {one["path"]: one["text"] for one in seen["bulletin"]["words"]}
    assert words[hit["path"]][hit["start"]:hit["start"] + hit["length"]] == "13812345678"
    assert call(house, None, "POST", "/api/v1/preview", "{}", JSON).status == 401


def test_what_there_is_to_choose_from(house):
    catalog = call(house, "met-draft", "GET", "/api/v1/catalog").json
    assert {"code": "11B03", "zh": "暴雨", "en": "Rainstorm"} in catalog["hazards"]
    assert next(one for one in catalog["divisions"] if one["code"] == "120116")["zh"] == "滨海新区"
    assert [one["name"] for one in catalog["targets"]] == ["mqtt", "website", "sms", "weibo", "wechat", "wecom", "webhook"]
    assert "password" not in json.dumps(catalog)


# --- a draft as a form -------------------------------------------------------------------------------------------

def test_a_form_and_back_is_the_same_draft(house):
    ident = json.loads(house.ask("met-draft", "/bulletins", json.dumps(report(targets=["mqtt", "sms"], incident="i-1")), JSON))["id"]
    before = house.ask("met-draft", "/bulletins/%s/cap" % ident)
    form = json.loads(house.ask("met-draft", "/bulletins/%s/form" % ident))
    house.ask("met-draft", "/bulletins/%s?version=%d" % (ident, form["version"]), json.dumps(form["form"]), JSON, "PUT")
    assert house.ask("met-draft", "/bulletins/%s/cap" % ident) == before


def test_what_a_form_cannot_say_is_not_lost_in_it(house):
    polygon = re.search("<polygon>.*</polygon>", warning()).group(0)
    second = re.search("<info>.*</info>", warning(), re.S).group(0).replace("zh-CN", "en-US")
    more = "<parameter><valueName>depth</valueName><value>3</value></parameter>"
    for replace, word in (({}, "drawn area"), ({"</info>": "</info>" + second}, "several languages"),
                          ({polygon: "", "</contact>": "</contact>" + more}, "other parameters")):
        ident = json.loads(house.ask("met-draft", "/bulletins", warning(replace=replace), "application/cap+xml"))["id"]
        no = call(house, "met-draft", "GET", "/api/v1/bulletins/%s/form" % ident)
        assert no.status == 409 and word in no.detail and "会丢失" in no.detail, no.body


# --- at the desk -------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def draft(house):
    with desk_of(house, "met-draft") as one:
        yield one


@needs_browser
def test_from_a_template_to_submitted(house, draft):
    """Write, template, two districts, submit: five actions."""
    from selenium.webdriver.support.ui import Select
    draft.press(".pages a", "拟制")
    Select(draft.see("#template")).select_by_visible_text("暴雨 橙色")
    draft.press(".f-where .box", "滨海新区")
    draft.press(".f-where .box", "东丽区")
    draft.see(".side .authority.yes", "气象法")
    draft.see(".side .texts", "短信")
    draft.shot("compose-1280x720")
    draft.size("1920x1080")
    draft.shot("compose-1920x1080")
    draft.size("1280x720")
    draft.press(".compose button.main", "提交审核")
    draft.see(".state", "待审签")
    ident = draft.see(".head .top").text.split()[-1]
    made = house.status(ident)
    assert made["level"] == "orange" and made["areas"] == ["120110", "120116"] and made["drafter"] == "met-draft"
    assert draft.complaints() == []


@needs_browser
def test_problems_stand_at_their_fields(house, draft):
    draft.go("#/compose")
    draft.type("#f-hazard", "暴风骤雨")
    draft.see(".f-hazard .problems", "不是事件编码")
    draft.see(".f-where .problems", "缺少")
    draft.press(".compose .quiet", "放弃")


@needs_browser
def test_what_is_brought_into_view_is_not_under_the_header(house, draft):
    under = """return [...document.querySelectorAll('main input, main button')].filter((one) => {
                 one.scrollIntoView();
                 return one.checkVisibility() && one.getBoundingClientRect().top < document.querySelector('header').offsetHeight;
               }).map((one) => one.outerHTML)"""
    draft.go("#/compose")
    draft.see(".f-where .box", "静海区")
    for size in ("1280x720", "phone"):  # a header of one line, and of several
        draft.size(size)
        wait_for(lambda: draft.driver.execute_script(under) == [], 5, lambda: str(draft.driver.execute_script(under)))
    draft.size("1280x720")


@needs_browser
def test_a_reload_costs_nothing(house, draft):
    draft.go("#/compose")
    draft.type("#f-what", "写到一半的话")
    draft.press(".f-where .box", "静海区")
    draft.driver.refresh()
    draft.see(".said", "已恢复")
    assert draft.see("#f-what").get_attribute("value") == "写到一半的话"
    assert draft.driver.execute_script("return [...document.querySelectorAll('.f-where input:checked')].map((one) => one.value)") == ["120118"]
    draft.press(".compose .quiet", "放弃")
    draft.go("#/compose")
    assert draft.see("#f-what").get_attribute("value") == ""


@needs_browser
def test_two_at_one_draft_do_not_overwrite_each_other(house, draft):
    ident = json.loads(house.ask("met-draft", "/bulletins", json.dumps(report()), JSON))["id"]
    draft.go("#/compose/" + ident)
    draft.type("#f-what", "先打开的人写的")
    version = house.status(ident)["version"]
    house.ask("met-lead", "/bulletins/%s?version=%d" % (ident, version), json.dumps(report(what="后打开却先存的人写的")), JSON, "PUT")
    draft.press(".compose .row button", "存为草稿")
    draft.see(".compose .said", "已被他人修改")
    assert draft.see("#f-what").get_attribute("value") == "先打开的人写的", "what was typed is still there"
    assert "后打开却先存的人写的" in house.ask("met-draft", "/bulletins/%s/cap" % ident)


@needs_browser
def test_the_server_goes_while_somebody_writes(house, draft):
    draft.go("#/compose")
    draft.type("#f-what", "服务器中断前写的话")
    house.programs["tocsind"].stop()
    draft.see(".lost")
    draft.press(".compose .row button", "存为草稿")
    draft.see(".compose .said", "没有应答")
    assert draft.see("#f-what").get_attribute("value") == "服务器中断前写的话"
    house.programs["tocsind"].start()
    draft.gone(".lost", 20)
    assert draft.see("#f-what").get_attribute("value") == "服务器中断前写的话"
