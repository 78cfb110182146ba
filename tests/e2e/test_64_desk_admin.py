# SPDX-License-Identifier: Apache-2.0
"""The desk's pages of rights, promptness and administration, in real browsers: what the policy says asked both ways, the
figures of a month, changes by two administrators, each with a passkey of their own."""
import json

import pytest
from selenium.webdriver.support.ui import Select

from desk import DeskHouse, desk_house, desk_of, needs_browser
from talk import call, warning
from test_63_desk_everybody import AXE, findings

pytestmark = needs_browser
ROSTER = """\
roster:
  - {{unit: tj-met, officer: met-review, steps: [review], phone: "13900000001"}}
  - {{unit: tj-emb, officer: emb-sign-1, steps: [sign], hours: "22:00-06:00", days: [fri], phone: "13900000002"}}
"""


class Bureau(DeskHouse):
    """With a roster, as an administration has one."""
    rules = DeskHouse.rules + ROSTER


@pytest.fixture(scope="module")
def house():
    with desk_house(kind=Bureau) as one:
        one.wait_delivered(one.walk("met", warning()))
        yield one


@pytest.fixture(scope="module")
def lead(house):
    with desk_of(house, "met-lead") as one:
        yield one


def chosen(page, css, text):
    Select(page.see(css)).select_by_visible_text(text)


def test_who_may_publish_this(house, lead):
    """The one unit, with its law and its people; and why the others may not."""
    lead.press(".pages a", "授权")
    lead.type("#who-hazard", "暴雨")
    chosen(lead, "#who-level", "红色")
    chosen(lead, "#who-area", "滨海新区")
    lead.press("form .main", "查询")
    lead.see("[role=status] p", "需要 1 人审核、2 人签发")
    row = lead.see("[role=status] tbody tr").text
    assert "✓ 可以发布 天津市气象台" in row and "气象法 第二十二条" in row and "grants[0]" in row and "met-sign-2" in row
    assert len(lead.all("[role=status] tbody tr")) == 1
    lead.press("details summary", "其他 1 个单位")
    lead.see("details li", "天津市应急管理局")
    lead.shot("desk-rights")
    asked = json.loads(house.ask("met-lead", "/rights/who?hazard=11B03&level=red&area=120116"))
    assert {one["unit"]: one["authority"]["permit"] for one in asked["units"]} == {"tj-met": True, "tj-emb": False}
    lead.type("#who-hazard", "没有的灾害")
    lead.press("form .main", "查询")
    lead.see(".said", "没有这种灾害")


def test_what_they_may_publish(house, lead):
    lead.go("#/rights")
    chosen(lead, "#whose", "天津市应急管理局")
    lead.press("section:nth-child(2) form .main")
    lead.see("section:nth-child(2) tbody tr", "突发事件应对法 第六十四条")
    rows = [one.text for one in lead.all("section:nth-child(2) tbody tr")]
    assert any(row.startswith("应急响应 ◆Ⅰ级 ▲Ⅱ级 ●Ⅲ级 ■Ⅳ级 事故灾难") for row in rows), rows
    chosen(lead, "#whose", "met-sign-1")
    lead.press("section:nth-child(2) form .main")
    lead.see("section:nth-child(2) p", "✕ met-sign-1 没有“发布”职责")
    chosen(lead, "#whose", "emb-admin-1")
    lead.press("section:nth-child(2) form .main")
    lead.see("section:nth-child(2) p.bad", "没有可以发布的")
    lead.see("section:nth-child(2) p", "管理员")


def test_the_policy_as_tables(house, lead):
    """Rows with their law; numbers of the roster for one's own unit only, by the API as well."""
    lead.go("#/rights/matrix")
    lead.see(".matrix td", "处置 ◆红色")
    lead.see("section tbody td", "气象法 第二十二条")
    lead.shot("desk-matrix")
    lead.go("#/rights/people")
    lead.see("tbody tr", "密钥文件 1，通行密钥 1")
    lead.go("#/rights/roster")
    lead.see("tbody tr", "13900000001")
    lead.see("tbody tr", "只对本单位和管理员显示")
    assert "13900000002" not in lead.text()
    shown = json.loads(house.ask("met-lead", "/rights"))["roster"]
    assert [row.get("phone") for row in shown] == ["13900000001", None]
    assert [row.get("phone") for row in json.loads(house.ask("emb-admin-1", "/rights"))["roster"]] == ["13900000001", "13900000002"]
    assert call(house, None, "GET", "/api/v1/rights").status == 401


def test_promptness_and_reach(house, lead):
    lead.press(".pages a", "考核")
    row = lead.see("section tbody tr", "天津市气象台")
    assert "100.0%（1/1）" in row.text
    assert lead.see("svg.bar-of .share").get_attribute("width") == "160"
    lead.shot("desk-report")
    chosen(lead, "#hazard", "暴雨")
    lead.see("section tbody tr", "暴雨")
    href = lead.see("a[download]").get_attribute("href")
    assert "format=csv" in href
    text = lead.driver.execute_async_script("const done = arguments[1]; fetch(arguments[0]).then((r) => r.text()).then(done)", href)
    assert text.lstrip("\ufeff").startswith("section,month,unit")
    lead.driver.execute_script("document.querySelector('#month').value = '2020-01'")  # keys differ by the browser's language
    lead.press(".filters .main")
    lead.see(".stack p", "没有发布过信息")


@pytest.mark.skipif(not AXE, reason="TOCSIN_AXE does not name axe.min.js (npm pack axe-core)")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing(house, lead, language):
    check_by_axe(lead, language, {"#/rights": "#who-hazard", "#/rights/matrix": ".matrix td", "#/rights/people": "td", "#/rights/roster": "td",
                                  "#/report": "svg.bar-of"})


def check_by_axe(page, language, pages):
    with open(AXE, encoding="utf-8") as text:
        axe = text.read()
    page.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    trouble = {}
    for theme in ("dark", "light"):
        page.driver.execute_script("localStorage.setItem('tocsin-language', arguments[0]); localStorage.setItem('tocsin-theme', arguments[1])", language, theme)
        page.driver.refresh()
        page.see(".who")
        page.driver.execute_script(axe)
        for place, css in pages.items():
            page.go(place)
            page.see(css)
            found = findings(page)
            if found:
                trouble["%s %s" % (place, theme)] = found
            page.shot("%s-%s-%s" % (place.replace("#/", "").replace("/", "-"), language, theme))
    page.driver.execute_script("localStorage.setItem('tocsin-language', 'zh'); localStorage.setItem('tocsin-theme', 'dark')")
    page.driver.refresh()
    assert not trouble, json.dumps(trouble, indent=1, ensure_ascii=False)
