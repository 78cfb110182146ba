# SPDX-License-Identifier: Apache-2.0
"""How many actions and seconds the desk's tasks take from the board, by pointer and by keyboard alone. An action is a click, a
choice, a field filled, a key that does something; moving there (the pointer, Tab) is none, and is counted apart. A passkey's
own touch is the officer's, not the page's. $TOCSIN_TIMES names a file for the table that docs/操作手册.md holds; its
seconds want a machine on which nothing else runs."""
import json
import os
import time

import pytest

from desk import desk_house, desk_of, needs_browser
from house import wait_for
from talk import warning
from test_20_people import by_name, sign_upstream

pytestmark = needs_browser
TIMES = []  # task, by, actions, most, Tab keys, seconds


class Pointer:
    by = "鼠标"

    def __init__(self, page):
        self.page, self.actions, self.tabs, self.began = page, 0, 0, time.monotonic()

    def press(self, css, text=""):
        self.actions += 1
        self.page.press(css, text)

    tick = press

    def options(self, css, text):
        """As soon as this one is among them."""
        self.page.see(css)
        script = "return [...document.querySelector(arguments[0]).options].map((one) => one.text.trim())"

        def there():
            found = self.page.driver.execute_script(script, css)
            return found if text in found else None
        return wait_for(there, 10, text)

    def choose(self, css, text):
        from selenium.webdriver.support.ui import Select
        self.actions += 1
        self.options(css, text)
        Select(self.page.see(css)).select_by_visible_text(text)

    def submit(self):
        self.press(".compose button.main")

    def took(self, task, most):
        seconds = time.monotonic() - self.began
        TIMES.append((task, self.by, self.actions, most, self.tabs, seconds))
        print("%s, %s: %d actions (at most %d), %d times Tab, %.1f s" % TIMES[-1])
        assert self.actions <= most, task


class Keyboard(Pointer):
    by = "键盘"
    THERE = """const one = document.activeElement;
               return one.matches(arguments[0]) && (one.closest('label') ?? one).innerText.includes(arguments[1])"""

    def reach(self, css, text=""):
        """Tab by Tab, and what has the focus is seen to have it."""
        self.page.see(css.split(" input")[0], text)
        for _ in range(120):
            if self.page.driver.execute_script(self.THERE, css, text):
                return
            self.page.keys("\ue004")
            self.tabs += 1
        raise AssertionError("no %s %r by Tab" % (css, text))

    def key(self, *keys):
        self.actions += 1
        self.page.keys(*keys)

    def press(self, css, text=""):
        self.reach(css, text)
        self.key("\ue007")

    def tick(self, css, text):
        self.reach(css + " input", text)
        self.key(" ")

    def choose(self, css, text):
        """One choice: down the list to it."""
        options = self.options(css, text)
        self.reach(css)
        self.key(*["\ue015"] * options.index(text))

    def submit(self):
        from selenium.webdriver.common.action_chains import ActionChains
        self.actions += 1
        ActionChains(self.page.driver).key_down("\ue009").send_keys("\ue007").key_up("\ue009").perform()


@pytest.fixture(scope="module")
def house():
    def trusted(house):
        for name in ("upstream", "stranger"):
            house.run(house.binary("tocsin"), "officer", "key", house.path("keys", name + ".pem"), "--public",
                      house.path("keys", name + ".pub"))
        house.write("keys/upstream.trust", "12000041600000 key upstream.pub\n12011641600000 key stranger.pub\n")
    with desk_house(before=trusted) as one:
        yield one
    keep()


@pytest.fixture(scope="module")
def desks(house):
    import contextlib
    with contextlib.ExitStack() as open_ones:
        yield {post: open_ones.enter_context(desk_of(house, "met-" + post)) for post in ("lead", "review", "sign-1")}


def keep():
    if os.environ.get("TOCSIN_TIMES"):
        with open(os.environ["TOCSIN_TIMES"], "w", encoding="utf-8") as table:
            table.write("| 任务（从值班台起） | 用 | 操作 | 至多 | 另按 Tab | 秒 |\n|---|---|---|---|---|---|\n")
            table.writelines("| %s | %s | %d | %d | %d | %.1f |\n" % row for row in TIMES)


def at_board(page, hand, css=".mine", text=""):
    """From here it is counted: once the board shows what there is to do."""
    page.go("#/")
    page.away()
    page.see(css, text)
    page.driver.execute_script("document.activeElement.blur()")
    return hand(page)


@pytest.mark.parametrize("hand", [Pointer, Keyboard])
def test_one_warning_from_template_to_correction(house, desks, hand):
    lead, review, sign = desks["lead"], desks["review"], desks["sign-1"]
    it = at_board(lead, hand)
    it.press(".pages a", "拟制")
    it.choose("#template", "暴雨 橙色")
    it.tick(".f-where .box", "东丽区")
    it.tick(".f-where .box", "滨海新区")
    it.submit()
    lead.see(".state", "待审签")
    it.took("暴雨橙色预警、两区，从模板到提交", 8)
    ident = lead.see(".head .top").text.split()[-1]
    made = house.status(ident)
    assert made["level"] == "orange" and made["areas"] == ["120110", "120116"]
    for page, act, task in ((review, "审核", "审核"), (sign, "签发", "签发")):
        it = at_board(page, hand, ".mine a.button", "去" + act)
        it.press(".mine a.button", "去" + act)
        it.press(".next button.main", act)
        page.see(".sign-offs", act + " 1/1")
        it.took(task, 3)
    it = at_board(lead, hand)
    it.press(".mine a.button", "去发布")
    it.press(".next button.main", "发布")
    it.press("dialog button.main", "向公众发布")
    lead.see(".state", "已发布")
    it.took("发布", 3)
    house.wait_delivered(ident)
    corrected_from_the_board(house, lead, ident, hand)


def corrected_from_the_board(house, lead, ident, hand):
    correction = json.loads(house.ask("met-lead", "/bulletins/%s/staged/false-alarm" % ident))["id"]
    it = at_board(lead, hand, "[data-key='correct %s']" % ident)
    it.press("[data-key='correct %s']" % ident, "更正")
    it.press("dialog .way button", "更正：误发")
    lead.gone("dialog")
    house.wait_delivered(correction)
    seconds = time.monotonic() - it.began
    it.took("更正，到最后一个通道送达", 2)
    assert seconds <= 10, seconds
    assert house.status(ident)["state"] != "released"


@pytest.mark.parametrize("hand", [Pointer, Keyboard])
def test_a_warning_that_came_in_to_submitted(house, desks, hand):
    lead = desks["lead"]
    word = "上游（%s）" % hand.by
    house.write("incoming/%s.xml" % hand.__name__, warning(replace={"暴雨橙色预警信号": word + "暴雨橙色预警信号"}), 0o644)
    it = at_board(lead, hand, ".mine li", word)
    it.press(".mine a.headline", word)
    it.press(".next button.main", "提交审核")
    lead.see(".state", "待审签")
    it.took("来件（来源只许拟稿），到提交", 2)


def test_one_within_a_relay_row_goes_out_by_itself(house):
    began = time.monotonic()
    house.write("incoming/relay.xml", sign_upstream(house, warning(), "upstream"), 0o644)
    ident = by_name(house, "relay.xml")
    house.wait_delivered(ident)
    TIMES.append(("来件在转发规则之内，到最后一个通道送达", "—", 0, 0, 0, time.monotonic() - began))
    assert house.status(ident)["approvals"] == [] and house.status(ident)["releaser"] == ""
