# SPDX-License-Identifier: Apache-2.0
"""The desk for everybody who sits at it: by keyboard alone, in both languages and both themes, by axe-core's rules where it
is there ($TOCSIN_AXE names axe.min.js: `npm pack axe-core`), and with a colleague at the next desk."""
import functools
import json
import os
import time

import pytest

from conftest import Failed
from desk import PASSWORD, desk_house, desk_of, needs_browser
from house import HERE as DOUBLES, wait_for
from talk import warning
from test_29_promptness import with_duties
from walk import write_variables

pytestmark = needs_browser
AXE = os.environ.get("TOCSIN_AXE")
HOUSED = functools.partial(desk_house, before=with_duties)


@pytest.fixture(scope="module")
def at_work(house):
    """Something in every list."""
    house.walk("met", warning())
    held = json.loads(house.ask("met-draft", "/bulletins", warning(replace={"降雨量将达": "降雨量（电话13812345678）将达"}), "application/cap+xml"))["id"]
    house.ask("met-draft", "/bulletins/%s/submit" % held, b"")
    changed = house.submit("met-draft", warning())
    house.approve_as("met-lead", changed, "review")
    house.ask("met-draft", "/bulletins/" + changed, warning(replace={"50毫米": "70毫米"}), "application/cap+xml", "PUT")
    house.ask("met-draft", "/bulletins/%s/submit" % changed, b"")
    released = house.walk("met", warning())
    house.wait_delivered(released)
    page = json.loads(house.ask("met-lead", "/shifts", json.dumps({"to": "met-review", "remarks": "夜里雨大"}).encode()))["id"]
    return {"board": "#/", "held": "#/b/" + held, "changed": "#/b/" + changed, "released": "#/b/" + released, "compose": "#/compose",
            "shift": "#/shift", "page": "#/shift/" + page}


SHOWN = {"board": ".active li a", "held": "mark", "changed": "ins", "released": ".deliveries td", "compose": ".f-where .box",
         "shift": ".shift-all td", "page": ".next button.main"}


def findings(page):
    """axe-core's, without its own words."""
    found = page.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        ".then((r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | '))),"
        " (e) => done(['axe: ' + e]))")
    return found


@pytest.mark.skipif(not AXE, reason="TOCSIN_AXE does not name axe.min.js (npm pack axe-core)")
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing(house, lead, at_work, language, theme):
    with open(AXE, encoding="utf-8") as text:
        axe = text.read()
    lead.driver.execute_script("localStorage.setItem('tocsin-language', arguments[0]); localStorage.setItem('tocsin-theme', arguments[1])", language, theme)
    lead.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    lead.driver.refresh()
    lead.see(".who")
    lead.driver.execute_script(axe)
    trouble = {}
    for name, place in at_work.items():
        lead.go(place)
        lead.see(SHOWN[name])
        if name == "compose":
            lead.press(".f-shapes button")
            lead.see(".drawing svg")
        lead.shot("%s-%s-%s" % (name, language, theme))
        found = findings(lead)
        if found:
            trouble[name] = found
    lead.go(at_work["released"])
    lead.press(".next button", {"zh": "更正…", "en": "Correct…"}[language])
    lead.see("dialog")
    found = findings(lead)
    if found:
        trouble["dialog"] = found
    lead.driver.execute_script("document.querySelector('dialog').close()")
    assert not trouble, json.dumps(trouble, indent=1, ensure_ascii=False)


def test_by_keyboard_alone(house, lead, at_work):
    """Review, sign and release from the board: Tab, Enter, and what is asked for."""
    from selenium.webdriver.common.keys import Keys
    lead.driver.execute_script("localStorage.setItem('tocsin-language', 'zh')")
    ident = house.submit("met-draft", warning(level="red"))
    house.approve("met", ident, 2)
    lead.go("#/")
    lead.away()
    lead.driver.refresh()
    lead.see(".mine a.button", "去发布")
    began = time.monotonic()
    lead.keys(Keys.TAB, Keys.ENTER)  # skip to the content
    lead.tab_to("去发布")
    assert lead.focus_is_visible()
    lead.keys(Keys.ENTER)
    lead.see(".next button.main", "发布")
    lead.tab_to("发布…")
    assert lead.focus_is_visible()
    lead.keys(Keys.ENTER)
    lead.see("dialog #typed")
    lead.keys(house.status(ident)["identifier"].replace("_", "")[-4:], Keys.ENTER)
    lead.see(".state", "已发布")
    print("release of a red one by keyboard: %.1f s" % (time.monotonic() - began))
    # A dialog holds the focus, and Esc does nothing but close it.
    lead.tab_to("解除…")
    lead.keys(Keys.ENTER)
    lead.see("dialog #reason")
    for _ in range(6):
        lead.keys(Keys.TAB)
        assert lead.driver.execute_script("return document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    lead.keys(Keys.ESCAPE)
    lead.gone("dialog")
    assert house.status(ident)["state"] == "released"


def test_nothing_moves_under_the_pointer(house, lead, at_work):
    lead.go("#/")
    lead.see(".mine .card")
    lead.hover(".mine .card")
    before = lead.see(".mine ul").text
    ident = house.submit("met-draft", warning(level="red"))
    lead.see(".mine .fresh", "有更新")
    assert lead.see(".mine ul").text.split() == before.split() or "剩" in before  # the time left goes on
    assert ident not in lead.driver.execute_script("return document.querySelector('.mine ul').innerHTML")
    lead.hover(".bar .brand")
    wait_for(lambda: ident in lead.driver.execute_script("return document.querySelector('.mine ul').innerHTML"), 5, "shown once the pointer is away")


def put_into_the_policy(house, officer, line):
    """As somebody does who tries the demo."""
    house.run(os.path.join(DOUBLES, "passkey.py"), house.folder, officer, line,
              env={"PATH": house.binaries + os.pathsep + os.environ["PATH"]})


def test_a_passkey_made_here_counts_once_it_is_in_the_policy(house):
    """From the desk to the policy and back: what the page hands out is what signs in afterwards."""
    write_variables(house)
    officer = "met-sign-2"
    with desk_of(house, officer) as page:
        page.driver.remove_virtual_authenticator()
        page.hold_nothing()
        page.press(".own-link")
        page.press(".own button.main", "登记")
        line = page.see(".line-text").text
        assert line.startswith("passkey:")
        page.shot("passkey")
        page.driver.execute_script("document.querySelector('.line-text').scrollIntoView()")
        page.press(".who button", "退出")
        with pytest.raises(Failed) as failed:
            put_into_the_policy(house, "nobody", line)
        assert failed.value.code == 65 and "没有人员 nobody" in failed.value.text
        put_into_the_policy(house, officer, line)
        assert house.policy().count(line) == 1 and house.policy().count(house.passkeys[officer].line) == 1
        page.sign_in(officer, PASSWORD)
        page.see(".duties", "签发")


def test_what_is_due_ends_by_a_button(house, lead):
    """A duty of the law's is said to be done, with how; and leaves the list at every desk."""
    ident = house.walk("met", warning())
    lead.go("#/")
    lead.away()
    lead.see(".due strong", "上报")
    mine = [one for one in json.loads(house.ask("met-lead", "/due?bulletin=" + ident))["due"] if one["what"] == "report"][0]
    lead.shot("due-1280x720")
    lead.press("[data-key='due.done %s']" % mine["id"])
    lead.see("dialog", "突发事件应对法")
    lead.type("#reason", "已电话报市委值班室")
    lead.press("dialog button.main")
    lead.gone("dialog")
    lead.gone("[data-key='due.done %s']" % mine["id"])
    done = [one for one in json.loads(house.ask("met-lead", "/due?bulletin=" + ident))["due"] if one["id"] == mine["id"]][0]
    assert done["state"] == "done" and done["note"] == "已电话报市委值班室" and done["closed_by"] == "met-lead"


def test_a_drill_is_confirmed_in_other_words():
    """Written, approved and released in an exercise: every page says so, and the last question most of all."""
    from selenium.webdriver.support.ui import Select
    with desk_house(mode="exercise") as other, desk_of(other, "met-lead") as page:
        page.press(".pages a", "拟制")
        Select(page.see("#template")).select_by_visible_text("暴雨 橙色")
        page.press(".f-where .box", "滨海新区")
        page.see(".side .authority.yes")
        page.press(".compose button.main", "提交审核")
        page.see(".head h1", "演练")
        ident = page.see(".head .top").text.split()[-1]
        other.approve("met", ident)
        page.see(".next button.main", "发布…")
        page.away()
        page.press(".next button.main", "发布…")
        page.see("dialog h2", "演练")
        page.see("dialog .note", "公众看不到")
        page.shot("release-exercise")
        assert "公众将会看到" not in page.text()
        page.press("dialog button.main", "演练发布")
        page.see(".state", "已发布")
        assert "演练" in page.see(".mode").text
