# SPDX-License-Identifier: Apache-2.0
"""Writing at the desk: what the words would become while they are written, a draft as a form and back, and that neither a
reload nor a colleague costs anybody what they typed."""
import datetime
import json
import os
import re
import sqlite3
import xml.etree.ElementTree as ET

import pytest

from desk import desk_house, desk_of, needs_browser
from officers import CHINA, wait_for
from talk import call, warning

JSON = "application/json"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
SCHEMA = os.path.join(os.environ.get("TOCSIN_SHARED", ""), "corpus", "schema", "CAP-v1.2.xsd")


@pytest.fixture(scope="module")
def house():
    def counted(house):
        house.write("people.csv", "code,people,source\n120110,100000,普查样本 2020\n120116,200000,普查样本 2020\n")
        with open(house.path("tocsin.yaml"), "a", encoding="utf-8") as settings:
            settings.write("population: %s\n" % house.path("people.csv"))
        text = open(house.path("tocsin.yaml"), encoding="utf-8").read()
        house.write("tocsin.yaml", text.replace("signature: 【天津应急】", "signature: 【天津应急】\n    part_price: 0.045"))
    with desk_house(before=counted) as one:
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


def test_a_preview_counts_as_each_far_side_does(house):
    seen = preview(house, report(what="预计未来3小时降雨量将达50毫米以上。" * 8))["bulletin"]
    texts = {one["target"]: one for one in seen["texts"]}
    filled = re.sub(r"\{sent\}", "2026年11月24日08时00分", texts["sms"]["text"])
    fit = texts["sms"]["fit"]
    assert (fit["unit"], fit["used"], fit["limit"]) == ("units16", len(filled), 670) and fit["parts"] == -(-len(filled) // 67)
    assert texts["sms"]["yuan"] == "%.2f" % (int(fit["parts"] * texts["sms"]["recipients"] * 4.5) / 100)
    assert texts["weibo"]["fit"]["limit"] == 140 and texts["weibo"]["fit"]["used"] <= 140 and texts["weibo"]["fit"]["shortened"]
    assert texts["wecom"]["fit"]["unit"] == "bytes" and texts["wecom"]["fit"]["limit"] == 4096 and "yuan" not in texts["wecom"]
    assert "<alert" in seen["cap"] and "120110000000" in seen["cap"]
    plain = {one["language"]: one for one in seen["plain"]}
    assert set(plain) == {"zh-CN", "en"} and "Binhai New Area" in plain["en"]["text"] and "滨海新区" in plain["zh-CN"]["text"]
    assert any(note["rule"] == "plain.unapproved" for note in plain["en"]["notes"]), "nobody has approved the sentences yet"


def test_a_preview_says_all_that_is_wrong(house):
    seen = preview(house, {"kind": "warning", "hazard": "没有这种", "where": ["999999"], "what": "x"})
    paths = {one["path"] for one in seen["problems"]}
    assert {"hazard", "where[1]", "when"} <= paths and seen["bulletin"] is None
    seen = preview(house, report(where=["120119"]))  # and what to do about it, where nobody there has a telephone that we know
    assert any("没有接收人：在“通道”（targets）中去掉它再提交" in one["message_zh"] for one in seen["problems"]), seen["problems"]
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


def infos(cap):
    """language -> the texts of its elements, areas' codes among them."""
    found = {}
    for info in ET.fromstring(cap).iter(CAP + "info"):
        found[info.findtext(CAP + "language")] = {**{one.tag[len(CAP):]: one.text for one in info},
                                                  "codes": [one.text for one in info.iterfind(".//%sgeocode/%svalue" % (CAP, CAP))],
                                                  "names": [one.text for one in info.iter(CAP + "areaDesc")]}
    return found


def both_languages(cap):
    """Chinese with the plain paragraph first, and the same event in English."""
    said = infos(cap)
    assert list(said) == ["zh-CN", "en-US"]
    chinese, english = said.values()
    for name in ("category", "responseType", "urgency", "severity", "certainty", "onset", "expires", "senderName", "codes"):
        assert chinese[name] == english[name], name
    assert chinese["description"].startswith("预计未来3小时降雨量将达50毫米以上。\n") and "滨海新区" in chinese["description"]
    assert english["event"] == "Rainstorm" and english["headline"].startswith("Rainstorm: orange warning")
    assert "Binhai New Area" in english["description"] and "Stay indoors" in english["instruction"]
    assert "Binhai New Area" in english["names"] and "{" not in english["description"] + english["instruction"]


def fits_the_standard(house, cap, tmp_path):
    path = tmp_path / "message.xml"
    path.write_text(cap, encoding="utf-8")
    house.run(house.binary("tocsin"), "validate", str(path))
    if not os.path.exists(SCHEMA):
        pytest.skip("the corpus is not here: no CAP-v1.2.xsd")
    house.run("xmllint", "--nonet", "--noout", "--schema", SCHEMA, str(path))


def test_english_and_plain_chinese_go_out_with_it(house, tmp_path):
    body = report(languages=["en"], plain=True, targets=["website", "sms"])
    seen = preview(house, body)
    assert [one for one in seen["problems"] if one["level"] == "error"] == []
    both_languages(seen["bulletin"]["cap"])
    texts = {one["target"]: one["text"] for one in seen["bulletin"]["texts"]}
    assert "Rainstorm" not in texts["sms"], "what has one language has the Chinese"
    ident = house.submit("met-draft", json.dumps(body))
    form = json.loads(house.ask("met-draft", "/bulletins/%s/form" % ident))["form"]
    assert form["languages"] == ["en"] and form["plain"] is True and form["what"] == body["what"]
    house.approve("met", ident)
    house.release("met", ident)
    house.wait_delivered(ident, ["website"])
    sent = house.fetch("/cap/%s.xml" % house.status(ident)["identifier"])
    both_languages(sent)
    update = json.loads(house.ask("met-draft", "/bulletins/%s/form?as=update" % ident))["form"]
    assert update["languages"] == ["en"] and update["plain"] is True and update["what"] == body["what"]
    fits_the_standard(house, sent, tmp_path)


def test_half_a_translation_is_refused(house):
    """A drawn area has no English name: said at the member, in both languages, and there is no draft."""
    seen = preview(house, report(where=None, shapes=[{"circle": CIRCLE, "name": "港区"}], languages=["en"]))
    wrong = [one for one in seen["problems"] if one["level"] == "error"]
    assert seen["bulletin"] is None and [one["path"] for one in wrong] == ["languages"]
    assert "港区" in wrong[0]["message_zh"] and "no English name" in wrong[0]["message"]


def test_what_a_form_cannot_say_is_not_lost_in_it(house):
    polygon = re.search("<polygon>.*</polygon>", warning()).group(0)
    twice = {polygon: polygon * 2}
    second = re.search("<info>.*</info>", warning(), re.S).group(0).replace("zh-CN", "en-US")
    more = "<parameter><valueName>depth</valueName><value>3</value></parameter>"
    for replace, word in ((twice, "several shapes"), ({"</info>": "</info>" + second}, "several languages"),
                          ({polygon: "", "</contact>": "</contact>" + more}, "other parameters")):
        ident = json.loads(house.ask("met-draft", "/bulletins", warning(replace=replace), "application/cap+xml"))["id"]
        no = call(house, "met-draft", "GET", "/api/v1/bulletins/%s/form" % ident)
        assert no.status == 409 and word in no.detail and "会丢失" in no.detail, no.body


# --- areas that are drawn ------------------------------------------------------------------------------------------

INSIDE = "39.05,117.60 39.05,117.70 39.00,117.70 39.00,117.60 39.05,117.60"  # well within 滨海新区
CIRCLE = "39.06,117.50 12"  # over the border of two districts and more


def areas(house, body, who="met-draft"):
    answer = call(house, who, "POST", "/api/v1/areas", json.dumps(body), JSON)
    assert answer.status == 200, answer.body
    return answer.json


def test_whom_a_shape_concerns(house):
    said = areas(house, {"shapes": [{"polygon": INSIDE}], "hazard": "暴雨", "level": "orange"})
    assert [(one["zh"], one["by"], one["inside"], one["people"]) for one in said["places"]] == [("滨海新区", "shape", True, 200000)]
    assert said["people"] == 200000 and said["places"][0]["source"] == "普查样本 2020" and said["problems"] == []
    # Over a border: the others are named, the grant is asked for each, and half a sum is none.
    said = areas(house, {"where": ["120116"], "shapes": [{"circle": CIRCLE}], "hazard": "暴雨", "level": "orange"}, "emb-draft")
    spilt = [one["zh"] for one in said["places"] if one["by"] == "shape"]
    assert "滨海新区" not in spilt and "东丽区" in spilt or "津南区" in spilt, said
    assert {one["inside"] for one in said["places"]} == {False} and said["people"] is None
    assert [one["inside"] for one in areas(house, {"where": ["120116"]})["places"]] == [None]
    # Never a sum of parts twice, and none of what has no figure.
    assert areas(house, {"where": ["120116", "120110"]})["people"] == 300000
    assert areas(house, {"where": ["120118"]})["people"] is None


@pytest.mark.parametrize("shape, word", [
    ({"polygon": "38.9,118.5 38.9,118.6 38.8,118.6 38.8,118.5 38.9,118.5"}, "边界"),  # the sea
    ({"polygon": "39.05,117.60 39.00,117.70 39.05,117.70 39.00,117.60 39.05,117.60"}, "交叉"),
    ({"polygon": "39.05,117.60 39.05,117.70"}, "shapes[1]"),
    ({"circle": "39.05,117.60"}, "shapes[1]"), ({"circle": CIRCLE, "polygon": INSIDE}, "一个圆"), ({"circle": CIRCLE, "where": "x"}, "只能有"),
    ({"circle": CIRCLE, "codes": ["999999"]}, "不在本地区划表中")])
def test_a_shape_nobody_can_place_is_refused_in_words(house, shape, word):
    said = areas(house, {"shapes": [shape]})
    assert word in json.dumps(said["problems"], ensure_ascii=False), said
    assert house and [one for one in preview(house, report(where=None, shapes=[shape]))["problems"] if one["level"] == "error"]


def test_a_drawn_draft_and_back(house):
    for shapes in ([{"polygon": INSIDE, "name": "临港一带"}], [{"circle": CIRCLE}, {"polygon": INSIDE, "codes": ["120116"], "name": "临港一带"}]):
        body = report(where=None if shapes[0].get("polygon") else ["120118"], shapes=shapes, targets=["mqtt", "website"])
        ident = json.loads(house.ask("met-draft", "/bulletins", json.dumps(body), JSON))["id"]
        before = house.ask("met-draft", "/bulletins/%s/cap" % ident)
        assert "<polygon>%s</polygon>" % INSIDE in before and "<areaDesc>临港一带</areaDesc>" in before
        form = json.loads(house.ask("met-draft", "/bulletins/%s/form" % ident))
        assert form["form"]["shapes"][-1]["polygon"] == INSIDE
        house.ask("met-draft", "/bulletins/%s?version=%d" % (ident, form["version"]), json.dumps(form["form"]), JSON, "PUT")
        assert house.ask("met-draft", "/bulletins/%s/cap" % ident) == before
        assert "120116" in house.status(ident)["areas"]
    assert "部分区域" in before, "what nobody has named is called by where it lies"


def test_who_is_known_by_district_is_told_only_by_district(house):
    errors = [one["message_zh"] for one in preview(house, report(where=None, shapes=[{"polygon": INSIDE}], targets=["sms"]))["problems"]]
    assert any("按区划选取接收人" in one for one in errors), errors
    seen = preview(house, report(where=None, shapes=[{"polygon": INSIDE, "codes": ["120116"]}], targets=["sms"]))
    assert [one for one in seen["problems"] if one["level"] == "error"] == [] and seen["bulletin"]["texts"][0]["recipients"] > 0


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
    for name, says in (("where", "缺少区域，请填写"), ("hazard", "缺少灾害或事件的种类，请填写"), ("level", "预警须有级别，请选择")):
        draft.see("[data-member=%s] .problems" % name, says)
    Select(draft.see("#template")).select_by_visible_text("暴雨 橙色")
    draft.press(".f-where .box", "滨海新区")
    draft.press(".f-where .box", "东丽区")
    draft.see(".side .authority.yes", "气象法")
    draft.see(".side .texts", "短信")
    draft.see(".side .texts summary", "条/人")
    draft.see(".side .texts summary", "元（")
    draft.see(".side .contents li", "警示事项")
    draft.see(".found li", "滨海新区")
    assert draft.all(".f-shapes .bad") == []
    draft.press(".side .plain summary", "English")
    draft.see(".side .plain pre", "Dongli District")
    draft.driver.execute_script("scrollTo(0, 0)")
    draft.shot("compose-1280x720")
    draft.size("1920x1080")
    draft.shot("compose-1920x1080")
    draft.size("1280x720")
    draft.driver.execute_script("document.querySelector('.side').scrollTo(0, 0); scrollTo(0, document.body.scrollHeight)")
    wait_for(lambda: draft.driver.execute_script(
        "const {top, bottom} = document.querySelector('.side .authority').getBoundingClientRect();"
        "return top >= document.querySelector('header').offsetHeight && bottom <= innerHeight"), 5, "the checks stay in sight of what is written")
    draft.press(".compose button.main", "提交审核")
    draft.see(".state", "待审签")
    ident = draft.see(".head .top").text.split()[-1]
    made = house.status(ident)
    assert made["level"] == "orange" and made["areas"] == ["120110", "120116"] and made["drafter"] == "met-draft"
    assert call(house, "met-draft", "GET", "/api/v1/intake").json["intake"][0]["name"] == "met-draft"  # by session: who, not its number
    assert draft.complaints() == []


@needs_browser
def test_a_box_ticked_is_a_language_sent(house, draft):
    from selenium.webdriver.support.ui import Select
    draft.go("#/compose")
    wait_for(lambda: draft.all("#template option:nth-child(13)"), 10, "templates")
    Select(draft.see("#template")).select_by_visible_text("暴雨 橙色")
    draft.press(".f-where .box", "滨海新区")
    draft.press(".f-languages .box", "英文")
    draft.press(".f-plain .box", "简明中文")
    draft.see(".f-languages .problems", "尚未经本单位批准")
    draft.press(".compose .row button", "存为草稿")
    draft.see(".state", "草稿")
    ident = draft.see(".head .top").text.split()[-1]
    assert list(infos(house.ask("met-draft", "/bulletins/%s/cap" % ident))) == ["zh-CN", "en-US"]
    draft.press(".next button", "修改…")
    wait_for(lambda: draft.all(".f-languages input:checked") and draft.all(".f-plain input:checked"), 10, "both ticked again")
    draft.press(".f-languages .box", "英文")
    draft.press(".compose .row button", "存为草稿")
    draft.see(".state", "草稿")
    assert list(infos(house.ask("met-draft", "/bulletins/%s/cap" % ident))) == ["zh-CN"]


@needs_browser
def test_an_accident_is_written_and_edited_as_one(house, draft):
    """Of what has happened there is what is done about it; a name that several events share stays a code."""
    from selenium.webdriver.support.ui import Select
    draft.go("#/compose")
    wait_for(lambda: draft.all("#template option:nth-child(13)"), 10, "templates")
    Select(draft.see("#template")).select_by_visible_text("化工火灾 事件信息")
    assert draft.see("#f-hazard").get_attribute("value") == "12D03" and not draft.see("#f-kind").find_elements("css selector", ".level")
    draft.gone(".f-level")
    draft.press(".f-where .box", "滨海新区")
    draft.type("#f-what", "一储罐起火，无人员伤亡。")
    draft.type("#f-measures", "周边500米实行交通管制。")
    draft.type("#f-result", "明火已扑灭。")
    draft.press(".compose .row button", "存为草稿")
    draft.see(".state", "草稿")
    ident = draft.see(".head .top").text.split()[-1]
    assert "处置措施：周边500米实行交通管制。" in house.ask("met-draft", "/bulletins/%s/cap" % ident)
    draft.press(".next button", "修改…")
    draft.see("#f-what")
    assert draft.see("#f-hazard").get_attribute("value") == "12D03" and "明火已扑灭" in draft.see("#f-what").get_attribute("value")
    draft.see(".side .texts")
    assert draft.all(".f-hazard .bad") == []
    draft.press(".compose .quiet", "放弃")


@needs_browser
def test_a_drawing_fits_every_window(house, draft):
    """The widths of the two walls, a phone, and 1280 by 720 at 200 %: nothing is cut off at the side."""
    fits = "return document.documentElement.scrollWidth <= innerWidth"
    try:
        draft.go("#/compose")
        draft.press(".f-shapes button", "画多边形")
        draft.keys("39.05,117.60", "\ue007", "39.05,117.70", "\ue007", "39.00,117.70")
        draft.see(".found li", "滨海新区")
        draft.see(".drawing svg")
        for size in ("1920x1080", "phone", "1280x720"):
            draft.size(size)
            assert draft.driver.execute_script(fits), size
        draft.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 640, "height": 360, "deviceScaleFactor": 2, "mobile": False})
        assert draft.driver.execute_script(fits), "200 %"
    finally:
        draft.size("1280x720")
        draft.press(".compose .quiet", "放弃")


@needs_browser
def test_problems_stand_at_their_fields(house, draft):
    from selenium.webdriver.support.ui import Select
    draft.go("#/compose")
    draft.type("#f-hazard", "暴风骤雨")
    draft.see(".f-hazard .problems", "不是事件编码")
    draft.see(".f-where .problems", "缺少")
    draft.press(".compose .quiet", "放弃")
    draft.go("#/compose")
    Select(draft.see("#template")).select_by_visible_text("化工火灾 事件信息")
    draft.press(".f-where .box", "滨海新区")
    draft.type("#f-what", "某厂起火，电话13812345678。")
    draft.see(".f-what .problems", "个字起疑似个人手机号")  # at the words it is in, once
    assert draft.text().count("个字起疑似个人手机号") == 1 and "Unknown" not in draft.text()
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


def chosen_area(page):
    return page.driver.execute_script("return JSON.parse(sessionStorage.getItem(Object.keys(sessionStorage).find((one) => one.endsWith('new')))).report")


@needs_browser
def test_an_area_drawn_by_pointer_and_by_keyboard_is_the_same(house, draft):
    draft.go("#/compose")
    draft.type("#f-hazard", "暴雨")
    draft.press(".f-shapes button", "画圆")
    draft.keys("39.03,117.65 3")
    draft.see(".found li", "滨海新区")
    draft.see(".found", "200,000")
    draft.shot("compose-circle-1280x720")
    draft.press(".shapes button", "去掉图形 1")
    # The map writes into the same field.
    draft.press(".f-shapes button", "画多边形")
    svg = draft.see(".drawing svg")
    draft.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", svg)
    from selenium.webdriver.common.action_chains import ActionChains
    box = svg.rect
    for x, y in ((0.20, -0.02), (0.26, -0.02), (0.26, 0.03)):
        ActionChains(draft.driver).move_to_element_with_offset(svg, int(box["width"] * x), int(box["height"] * y)).click().perform()
        svg = draft.see(".drawing svg")
    draft.see(".found li", "宁河区")
    draft.driver.execute_script("document.querySelector('.f-shapes').scrollIntoView()")
    draft.shot("compose-drawn-1280x720")
    drawn = chosen_area(draft)["shapes"][0]["polygon"].split()
    assert len(drawn) == 4 and drawn[0] == drawn[3] and all(re.fullmatch(r"3[89]\.\d{4},117\.\d{4}", one) for one in drawn), drawn
    lats = [float(one.split(",")[0]) for one in drawn]
    assert abs(lats[0] - lats[1]) < 0.002 and lats[1] - lats[2] > 0.02, "the map stood still between the clicks: %s" % drawn
    draft.press(".compose .quiet", "放弃")


@needs_browser
def test_an_area_out_of_a_file_or_a_sentence(house, draft, tmp_path):
    ring = [[float(n) for n in reversed(corner.split(","))] for corner in INSIDE.split()]
    kml = "<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>%s</coordinates></LinearRing></outerBoundaryIs>%s</Polygon></Placemark></kml>"
    corners = " ".join("%s,%s,0" % tuple(one) for one in ring)
    hole = "<innerBoundaryIs><LinearRing><coordinates>%s</coordinates></LinearRing></innerBoundaryIs>" % corners
    polygon = {"type": "Polygon", "coordinates": [ring]}
    files = [("a.geojson", json.dumps({"type": "Feature", "properties": {"name": "临港"}, "geometry": polygon}), None),
             ("b.kml", kml % (corners, ""), None), ("c.txt", "120118, 宝坻区", None),
             ("d.kml", '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + kml % ("&x;", ""), "不收"),
             ("e.kml", kml % (corners, hole), "内环"), ("f.kml", kml % (corners, "<Polygon>"), "不成对"),
             ("g.json", json.dumps({"type": "Point", "coordinates": [1, 2]}), "不是多边形"), ("h.json", "{", "GeoJSON"),
             ("i.json", json.dumps({"type": "Polygon", "coordinates": [ring[:-1]]}), "不闭合"),
             ("j.json", json.dumps({"type": "Polygon", "crs": {}, "coordinates": [ring]}), "WGS-84"),
             ("k.kml", "<kml><NetworkLink/></kml>", "别处"), ("l.txt", "", "没有区划代码"),
             ("m.json", json.dumps({"type": "Polygon", "coordinates": [[[200, 95]] * 4]}), "经纬度"),
             ("n.kml", kml % (corners, "") + "<k:Polygon/>", "不是多边形"),
             ("o.kml", kml % (corners, "<k:innerBoundaryIs/>"), "内环")]
    draft.go("#/compose")
    for name, text, refused in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
        draft.see("#f-area-file").send_keys(str(tmp_path / name))
        if refused:
            draft.see(".f-shapes .said", refused)
    area = chosen_area(draft)
    assert [one["polygon"] for one in area["shapes"]] == [INSIDE.replace("39.00", "39").replace("0 ", " ").replace(".60", ".6").replace(".70", ".7")] * 2, area
    assert area["shapes"][0]["name"] == "临港" and set(area["where"]) == {"120118", "宝坻区"}
    assert draft.complaints() == []
    draft.press(".compose .quiet", "放弃")


@needs_browser
def test_a_reload_costs_nothing(house, draft):
    draft.go("#/compose")
    draft.press(".f-where .box", "静海区")
    draft.type("#f-what", "写到一半的话")
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
