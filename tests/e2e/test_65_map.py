# SPDX-License-Identifier: Apache-2.0
"""The map in a real browser. The public page's: districts shaded by the gravest level in force, each a link, and the list
beside it that says the same; no script, nothing its policy forbids, and what has ended leaves. The desk's: by keyboard alone, in
both languages. Names stand clear of each other on both."""
import json
import os

import pytest

import browser as browser_module
from desk import desk_house, desk_of, needs_browser
from house import wait_for
from test_62_desk_write import report
from test_63_desk_everybody import AXE, findings

pytestmark = needs_browser
CITY, HEPING, HEXI, BINHAI, JIZHOU, WUQING = "120000", "120101", "120103", "120116", "120119", "120114"
ENTER = "\ue007"
# Names (with their signs) that lie over each other, and letters smaller than 11 px.
CROWDED = """
const texts = [...document.querySelectorAll('.sheets g text:not(.not-live)')].map((one) => [one.textContent, one.getBoundingClientRect(),
  parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a]);
const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
return [...texts.filter(([, , size]) => size < 11).map(([text, , size]) => `${text} ${size}`),
  ...texts.flatMap(([text, a], n) => texts.slice(n + 1).filter(([, b]) => over(a, b)).map(([other]) => `${text} ${other}`))];
"""


def issue(house, level, where, **more):
    """-> (short id, number)"""
    ident = house.submit("met-draft", json.dumps(report(level=level, where=where, targets=["website"], **more)))
    house.approve("met", ident, 2 if level == "red" else 1)
    house.release("met", ident)
    house.wait_delivered(ident, ["website"])
    return ident, house.status(ident)["identifier"]


def scene(house):
    """One of each level; two districts with two. -> {what: (short id, number)}"""
    return {"blue": issue(house, "blue", ["120118"]), "rain": issue(house, "yellow", [WUQING, "120115", HEXI]),
            "wind": issue(house, "orange", [BINHAI, HEPING, "120110"], hazard="大风"),
            "cold": issue(house, "yellow", [BINHAI, HEPING], hazard="寒潮"), "hail": issue(house, "red", [JIZHOU, "120106"], hazard="冰雹")}


@pytest.fixture(scope="module")
def issued(house):
    return scene(house)


@pytest.fixture(scope="module")
def page(house):
    with browser_module.browsing(house.site, os.environ.get("TOCSIN_SHOTS")) as one:
        one.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        yield one


def open_index(page, size="1280x720", scheme="light"):
    page.size(size)
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    page.open("/")
    return page.see(".sheets")


def shading(page):
    """{district: level} by its shape on the map; calm ones are left out."""
    return {one.get_attribute("aria-label").split("：")[0]: one.find_element("css selector", "path").get_attribute("fill")[10:-1]
            for one in page.all(".sheets a")}


def listed(page):
    return {one.text.split()[0]: one.get_attribute("class")[6:] for one in page.all(".districts li")}


def test_map_and_list_say_the_same(issued, page):
    open_index(page)
    assert shading(page) == listed(page) == {
        "静海区": "blue", "武清区": "yellow", "宝坻区": "yellow", "河西区": "yellow", "滨海新区": "orange", "和平区": "orange",
        "东丽区": "orange", "蓟州区": "red", "红桥区": "red"}
    page.see(".calm", "其余 7 个区没有生效中的信息")
    assert page.see("#d" + HEPING).text.splitlines() == ["和平区 ▲ 橙色", "天津市气象台：大风橙色预警", "天津市气象台：寒潮黄色预警"]
    assert [one for one in page.complaints() if "favicon" not in one] == []


@pytest.mark.parametrize("size", list(browser_module.SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_stand_clear(issued, page, size, scheme):
    open_index(page, size, scheme)
    page.shot("map-%s-%s" % (size, scheme))
    assert page.driver.execute_script(CROWDED) == []
    assert page.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_each_district_leads_on(issued, page):
    """To the one bulletin, or to the district's line where there are more; by keyboard as by pointer."""
    open_index(page)
    page.enter(".sheets a[aria-label^=蓟州区]")
    wait_for(lambda: page.driver.current_url.endswith("/warnings/%s.html" % issued["hail"][1]), 10, "the hail's page")
    open_index(page)
    page.enter(".sheets a[aria-label^=和平区]")
    wait_for(lambda: page.driver.current_url.endswith("#d" + HEPING), 10, "the district's line")
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_what_has_ended_leaves(house, issued, page):
    """A warning for the whole city shades all; cancelled, it is as before; the list and the map turn together."""
    open_index(page)
    before = shading(page)
    city, _ = issue(house, "orange", [CITY])
    open_index(page)
    during = shading(page)
    assert len(during) == 16 and {name for name, level in during.items() if level == "red"} == {"蓟州区", "红桥区"}
    assert set(during.values()) == {"red", "orange"} and during == listed(page)
    house.tocsin("met-lead", "cancel", city, "--reason", "降雨已经结束")
    wait_for(lambda: open_index(page) and shading(page) == before == listed(page), 20, "the map as before")


@pytest.mark.skipif(not AXE, reason="TOCSIN_AXE does not name axe.min.js (npm pack axe-core)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page(issued, page, scheme):
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    page.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    open_index(page, scheme=scheme)
    with open(AXE, encoding="utf-8") as text:
        page.driver.execute_script(text.read())
    assert findings(page) == []


# district, code: as tests/unit/text/test_district_map.c has them.
CODES = {True: ((BINHAI, BINHAI), (BINHAI, CITY), (BINHAI, "120100"), (BINHAI, "000000"), (BINHAI, "120116000000"), (BINHAI, "120000000000"),
                (BINHAI, "120116001"), (BINHAI, "120116001000"), ("120110", "120110"), ("120116001", BINHAI)),
         False: (("120110", HEPING), (HEPING, "120110"), (BINHAI, "120117"), (BINHAI, "130000"), (BINHAI, "120117001"), (BINHAI, ""),
                 (BINHAI, "12"), (BINHAI, "12011x"))}


def test_the_desk_map():
    """Each district is a way to its bulletins: one leads there, more are named beside the map. A drill says so over it."""
    with desk_house(mode="exercise") as house, desk_of(house, "met-lead") as lead:
        lead.see(".active .empty")
        assert not lead.all(".map")[0].is_displayed()
        for touched, pairs in CODES.items():
            assert lead.driver.execute_async_script(
                "const [pairs, done] = arguments; import('/desk/map.js').then(({ touches }) => done(pairs.map((pair) => touches(...pair))), String)",
                pairs) == [touched] * len(pairs)
        issued = scene(house)
        for language, word in (("zh", "演练"), ("en", "EXERCISE")):
            lead.driver.execute_script("localStorage.setItem('tocsin-language', arguments[0])", language)
            lead.go("#/")
            lead.driver.refresh()
            lead.see(".map a[data-code='%s']" % JIZHOU)
            lead.see(".map .not-live", word)  # drawn anew when something happens: what was found may be gone
            assert len(lead.all(".map a")) == 9
            lead.driver.execute_script("document.querySelector('.map').scrollIntoView(false)")
            lead.shot("board-map-" + language)
            assert lead.driver.execute_script(CROWDED) == []
            if AXE:
                lead.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
                lead.driver.refresh()
                lead.see(".map a[data-code='%s']" % JIZHOU)
                with open(AXE, encoding="utf-8") as text:
                    lead.driver.execute_script(text.read())
                assert findings(lead) == []
        lead.enter(".map a[data-code='%s']" % HEPING)
        assert [one.get_attribute("href").split("#")[1] for one in lead.all(".chosen a")] == ["/b/" + issued["wind"][0], "/b/" + issued["cold"][0]]
        assert lead.driver.switch_to.active_element.get_attribute("href").endswith("#/b/" + issued["wind"][0]) and lead.focus_is_visible()
        lead.keys(ENTER)
        lead.see(".head h1", "大风")
        lead.go("#/")
        lead.see(".map a[data-code='%s']" % JIZHOU)
        lead.enter(".map a[data-code='%s']" % JIZHOU)
        lead.see(".head h1", "冰雹")
        assert lead.complaints() == []
