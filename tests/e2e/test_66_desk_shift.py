# SPDX-License-Identifier: Apache-2.0
"""What the desk says of a release on its way and of the far sides, and what an officer may do about one; a night's end:
the hand-over page, signed by both."""
import json

import pytest

from arrivals import prepare, release
from desk import desk_house, desk_of, needs_browser
from house import wait_for
from talk import call, warning
from test_28_roster import with_roster

pytestmark = needs_browser


def before(house):
    with_roster(house)
    with open(house.path("tocsin.yaml"), encoding="utf-8") as settings:
        text = settings.read()
    assert text.count("    kind: webhook\n") == 1
    house.write("tocsin.yaml", text.replace("    kind: webhook\n", "    kind: webhook\n    back_off_first: 60\n"), 0o644)


@pytest.fixture(scope="module")
def house():
    with desk_house(before=before) as one:
        yield one


@pytest.fixture(scope="module")
def lead(house):
    with desk_of(house, "met-lead") as one:
        yield one


@pytest.fixture(scope="module")
def doubtful(house):
    """One that nobody answers for: in doubt by the time it is looked at."""
    ident = prepare(house, "blue", "有没有到")
    house.fault("weibo", "blackhole", 1)
    release(house, ident)
    wait_for(lambda: house.deliveries(ident)["weibo"]["state"] == "sending", 10, "on its way")
    return ident


def health(house):
    return {one["target"]: one for one in call(house, "met-lead", "GET", "/api/v1/channels").json["channels"]}


def test_the_board_says_how_each_far_side_does(house, lead, doubtful):
    wait_for(lambda: {one["health"] for one in health(house).values()} == {"well"}, 15, "all of them well")
    assert set(health(house)) == {"mqtt", "website", "sms", "weibo", "wechat", "wecom", "webhook"}
    lead.see(".channels [data-health=well]", "微博")
    gone = next(program for name, program in house.programs.items() if "wecom" in name)
    gone.stop()
    try:
        lead.see(".channels [data-health=away]", "通道程序未运行", 15)
    finally:
        gone.start()
    lead.gone(".channels [data-health=away]", 20)


def test_one_that_waits_is_tried_now(house, lead):
    """The far side's pause is a minute; whoever has mended it does not wait."""
    ident = prepare(house, "blue", "稍后再试")
    house.fault("webhook", "status", 1, status=503)
    release(house, ident)
    lead.go("#/b/" + ident)
    lead.away()
    lead.see(".deliveries td .delivery", "等待")
    number = house.deliveries(ident)["webhook"]["id"]
    denied = call(house, "met-draft", "POST", "/api/v1/deliveries/%s/retry" % number, b"")
    assert denied.status == 403, denied.body
    lead.press("[data-key='deliveries.retry %s']" % number)
    wait_for(lambda: house.deliveries(ident)["webhook"]["state"] == "delivered", 10, "tried at once")
    lead.see(".deliveries h2", "7/7", 30)
    again = call(house, "met-lead", "POST", "/api/v1/deliveries/%s/retry" % number, b"")
    assert again.status == 409 and "does not wait" in again.detail


def test_calls_and_all_that_happened_are_told_in_order(house, lead):
    ident = house.submit("met-draft", warning())
    lead.go("#/b/" + ident)
    lead.away()
    lead.see(".calls li", "未确认", 15)
    assert call(house, "met-review", "POST", "/api/v1/due/%s/confirm" % ident, b"").status == 200
    lead.see(".calls li", "已确认 met-review", 10)
    house.approve("met", ident)
    house.ask("met-lead", "/bulletins/%s/release" % ident, b"")
    house.wait_delivered(ident)
    lead.see(".deliveries h2", "7/7", 30)
    lead.shot("timeline")
    told = lead.driver.execute_script("return [...document.querySelectorAll('.history li')].map((one) => one.innerText.trim())")
    order = ["建立", "提交", "叫应", "确认叫应", "审核", "签发", "发布", "短信"]
    at = [next(n for n, one in enumerate(told) if one.split()[1] == word) for word in order]
    assert at == sorted(at), told


def test_a_table_to_take_away(house, lead):
    """What a spreadsheet opens; nothing in it is a formula."""
    ident = house.walk("met", warning())
    house.wait_delivered(ident)
    lead.go("#/b/" + ident)
    lead.see(".deliveries h2", "7/7")
    lead.driver.execute_script("""
        window.kept = []; const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => window.kept.push(text)); return make(blob); };""")
    lead.press(".paper button", "CSV")
    text = wait_for(lambda: lead.driver.execute_script("return window.kept[0]"), 5, "the file")
    assert "短信" in text and "已送达" in text and "发布" in text
    assert not [line for line in text.split("\r\n") for cell in line.split('","') if cell.lstrip('"')[:1] in ("=", "+", "@")]


def test_each_due_line_has_one_button(house, lead):
    house.submit("met-draft", warning())
    lead.go("#/")
    lead.see(".due li a")
    counts = lead.driver.execute_script(
        "return [...document.querySelectorAll('.due li:not(.empty)')].map((one) => one.querySelectorAll('button, .button').length)")
    assert counts and set(counts) == {1}, counts
    lead.see(".due a.button", "去")
    lead.shot("board-far-sides")
    assert lead.complaints() == []


def test_one_in_doubt_is_settled_where_it_is_seen(house, lead, doubtful):
    lead.go("#/b/" + doubtful)
    lead.away()
    lead.see(".deliveries td .delivery", "不明", 30)
    lead.press(".deliveries button", "已到达")
    lead.type("#reason", "主页上已看到")
    lead.press("dialog button.main")
    lead.gone("dialog")
    wait_for(lambda: house.deliveries(doubtful)["weibo"]["state"] == "delivered", 10, "settled")
