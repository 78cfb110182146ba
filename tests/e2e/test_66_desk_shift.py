# SPDX-License-Identifier: Apache-2.0
"""What the desk says of a release on its way and of the far sides, and what an officer may do about one; a night's end:
the hand-over page, signed by both."""
import functools
import hashlib
import json

import pytest

from arrivals import prepare, record, release
from conftest import Failed
from desk import JSON, desk_house, desk_of, needs_browser
from house import wait_for
from talk import call, warning
from test_28_roster import with_roster

pytestmark = needs_browser


def before(house):
    with_roster(house)
    with open(house.path("tocsin.yaml"), encoding="utf-8") as settings:
        text = settings.read()
    assert text.count("    kind: webhook\n") == 1 and text.count("    kind: sms\n") == 1
    text = text.replace("    kind: webhook\n", "    kind: webhook\n    back_off_first: 60\n")
    house.write("tocsin.yaml", text.replace("    kind: sms\n", "    kind: sms\n    per_minute: 80\n"), 0o644)


HOUSED = functools.partial(desk_house, before=before)


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


def test_the_board_says_what_ails_the_house(lead):
    """Before somebody presses a button that is refused: what /healthz says to programs."""
    lead.go("#/")
    lead.see(".channels li", "正常")
    assert lead.all(".alarm strong") == []
    for status, says in (("held", "扣住状态"), ("disk-nearly-full", "磁盘将满"), ("record-damaged", "记录库有损坏"), ("audit-broken", "审计记录被改动过")):
        lead.driver.execute_script("""
            window.honest ??= window.fetch;
            window.fetch = async (path, how) => (path === '/healthz'
              ? new Response(JSON.stringify({ status: arguments[0] })) : window.honest(path, how));""".replace("arguments[0]", json.dumps(status)))
        lead.see(".alarm", says)
    lead.driver.refresh()
    lead.see(".channels li", "正常")
    lead.gone(".alarm strong")


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


def test_one_that_waits_is_held_back_and_goes_on(house, lead):
    ident = prepare(house, "blue", "先停一停")
    house.fault("webhook", "status", -1, status=503)
    release(house, ident)
    lead.go("#/b/" + ident)
    lead.away()
    lead.see("[data-key='deliveries.pause webhook']", "", 20)
    lead.press("[data-key='deliveries.pause webhook']")
    lead.type("#reason", "对方在检修")
    lead.press("dialog button.main")
    lead.gone("dialog")
    lead.see(".deliveries .paused", "已暂停 met-lead")
    lead.see(".deliveries .paused", "对方在检修")
    assert next(one for one in house.status(ident)["progress"] if one["target"] == "webhook")["paused"]["by"] == "met-lead"
    house.fault("webhook", "status", 0)
    lead.press("[data-key='deliveries.resume webhook']")
    lead.gone(".deliveries .paused")
    lead.see(".history li", "继续投递")
    lines = lead.texts(".history li")
    held, on = (next(line for line in lines if word in line) for word in ("暂停投递", "继续投递"))
    assert "met-lead" in held and "对方在检修" in held and "met-lead" in on and lines.index(held) < lines.index(on)
    wait_for(lambda: house.deliveries(ident)["webhook"]["state"] == "delivered", 10, "gone on")


def test_one_in_doubt_is_settled_where_it_is_seen(house, lead, doubtful):
    lead.go("#/b/" + doubtful)
    lead.away()
    lead.see(".deliveries td .delivery", "不明", 30)
    lead.press(".deliveries button", "已到达")
    lead.type("#reason", "主页上已看到")
    lead.press("dialog button.main")
    lead.gone("dialog")
    wait_for(lambda: house.deliveries(doubtful)["weibo"]["state"] == "delivered", 10, "settled")


def test_a_release_says_how_long_it_takes_and_what_is_not_well(house, lead):
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    gone = next(program for name, program in house.programs.items() if "wecom" in name)
    gone.stop()
    try:
        wait_for(lambda: health(house)["wecom"]["health"] == "away", 15, "gone")
        lead.go("#/b/" + ident)
        lead.away()
        lead.press(".next button.main", "发布")
        lead.see("dialog li", "4 人 约需 3 秒")
        lead.see("dialog li .bad", "通道程序未运行")
        lead.press("dialog button", "返回")
    finally:
        gone.start()
    wait_for(lambda: health(house)["wecom"]["health"] == "well", 20, "back")
    lead.gone("dialog")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_runs_over_the_edge(house, lead, doubtful, language):
    """The board, a release followed, the hand-over: at 200 % of 1280, and on a wide screen; in both languages."""
    made = call(house, "met-lead", "POST", "/api/v1/shifts", json.dumps({"to": "met-review", "remarks": "夜里雨大"}), JSON).json["id"]
    lead.driver.execute_script("localStorage.setItem('tocsin-language', arguments[0])", language)
    lead.driver.refresh()
    try:
        for width, height in ((640, 360), (1280, 720), (1920, 1080)):
            lead.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
            for place, shown in (("#/", ".channels [data-health]"), ("#/b/" + doubtful, ".deliveries td"), ("#/shift", ".shift-all td"),
                                 ("#/shift/" + made, ".next button.main")):
                lead.go(place)
                lead.see(shown)
                lead.shot("edge-%s-%d-%s" % (language, width, place.strip("#/").replace("/", "-") or "board"))
                wide = lead.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
                assert wide[0] <= wide[1], (place, wide)
    finally:
        lead.driver.execute_script("localStorage.setItem('tocsin-language', 'zh')")
        lead.size("1280x720")
        lead.driver.refresh()
        lead.see(".who")


def test_on_paper_stands_what_was_followed_and_no_button(house, lead, doubtful):
    lead.go("#/b/" + doubtful)
    lead.see(".deliveries td")
    lead.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        lead.shot("paper")
        shown = lead.driver.execute_script("return [...document.querySelectorAll('button, .pages, .next')].filter((one) => one.checkVisibility()).map((one) => one.className)")
        assert shown == []
        lead.see(".deliveries td", "PUBACK")
        lead.see(".history li", "发布")
        assert "实战" in lead.see(".mode").text
    finally:
        lead.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_what_is_in_force_is_updated_from_its_own_words(house, lead):
    ident = house.walk("met", warning())
    lead.go("#/b/" + ident)
    lead.away()
    lead.press(".next button", "更新…")
    lead.see("h1", "更新 " + ident)
    lead.see(".f-where .box")
    assert "50毫米" in wait_for(lambda: lead.see("#f-what").get_attribute("value"), 5, "the words in force")
    lead.type("#f-what", "降雨量已达80毫米以上，请继续停止户外作业。")
    lead.see(".side .authority.yes")
    lead.press(".compose button.main", "提交审核")
    lead.see(".head h1", "更新")
    new = lead.see(".head .top").text.split()[-1]
    made = house.status(new)
    assert made["verb"] == "update" and made["replaces"] == house.status(ident)["identifier"]
    # Sent back, it is edited as what it is.
    house.tocsin("met-review", "return", new, "--reason", "数字再核对")
    form = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/form" % new).json["form"]
    assert form["updates"] == made["replaces"]
    lead.see(".state", "草稿")
    lead.press(".next button.main", "提交审核")
    lead.see(".state", "待审签")
    house.approve("met", new)
    house.ask("met-lead", "/bulletins/%s/release" % new, b"")
    wait_for(lambda: house.status(ident)["state"] == "superseded", 10, "the new one has taken its place")
    again = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/form?as=update" % ident)
    assert again.status == 409 and "nothing to update" in again.detail
    assert lead.complaints() == []


# --- the watch handed over ------------------------------------------------------------------------------------------

def shifts(house, officer="met-lead"):
    return call(house, officer, "GET", "/api/v1/shifts").json["shifts"]


def test_the_watch_is_handed_over_on_the_desk(house, lead, doubtful):
    """Made and signed by who goes, seen on the board and signed by who comes; what was signed is what stood there."""
    ident = house.submit("met-draft", warning())
    with desk_of(house, "met-review") as review:
        from selenium.webdriver.support.ui import Select
        lead.press(".pages a", "交接班")
        wait_for(lambda: lead.all("#to option[value=met-review]"), 10, "who may take over")
        Select(lead.see("#to")).select_by_value("met-review")
        lead.type("#remarks", "夜里雨大，短信较慢\n蓝色一条待认定")
        lead.press("form button.main", "做交接单")
        lead.see(".shift-waiting li", ident)
        lead.see(".shift-active li", doubtful)
        lead.see(".shift-remarks li", "蓝色一条待认定")
        assert shifts(house)[0]["next"] == "met-lead"
        lead.press(".next button.main", "交班签字")
        lead.see(".next p", "等待 met-review 签字")
        review.press(".shift-waits a.button", "去看交接单")
        review.see(".shift-remarks li", "夜里雨大")
        review.tab_to("接班签字（通行密钥）")
        assert review.focus_is_visible()
        review.keys("\ue007")
        review.see(".state", "已交接")
        review.shot("shift-1280x720")
        lead.see(".state", "已交接")
        assert review.complaints() == []
    page = call(house, "met-lead", "GET", "/api/v1/shifts/" + shifts(house)[0]["id"]).json
    assert page["state"] == "taken" and (page["handed"]["officer"], page["taken"]["officer"]) == ("met-lead", "met-review")
    assert hashlib.sha256(page["text"].encode()).hexdigest() == page["digest"]
    lines = page["text"].split("\n")
    assert "remark 蓝色一条待认定" in lines and "from met-lead" in lines and "unit tj-met" in lines
    told = [json.loads(body)["state"] for body, in record(house, "SELECT body FROM audit WHERE what = 'shift-signed' AND ref = ?", page["id"])]
    assert told == ["handed", "taken"]
    late = call(house, "met-lead", "POST", "/api/v1/shifts/%s/proofs" % page["id"], json.dumps({"act": "shift", "manifest": page["digest"], **page["handed"]}), JSON)
    assert late.status == 409, late.body


def test_the_watch_is_handed_over_by_key_file(house):
    with pytest.raises(Failed, match="another active officer of tj-met"):
        house.tocsin("met-lead", "shift", "hand", "--to", "emb-lead")
    made = house.tocsin("met-review", "shift", "hand", "--to", "met-sign-1", "--remarks", "无事")
    assert "待接班人签字" in made.stdout and "无事" in made.stderr
    ident = made.stdout.split()[0]
    with pytest.raises(Failed, match="not met-lead: nothing was signed"):
        house.tocsin("met-lead", "shift", "take", ident)
    with pytest.raises(Failed, match="waits for the signature of met-sign-1"):
        house.tocsin("met-review", "shift", "take", ident)
    assert "已交接" in house.tocsin("met-sign-1", "shift", "take", ident).stdout
    shown = house.tocsin("met-draft", "shift", "show", ident).stdout
    assert "生效中" in shown and "无事" in shown
    after = house.tocsin("met-sign-1", "shift", "hand", "--to", "met-review").stdout.split()[0]
    page, last = (call(house, "met-lead", "GET", "/api/v1/shifts/" + one).json for one in (after, ident))
    assert "previous " + last["digest"] in page["text"], "each page names the one before it"
    assert ident in house.tocsin("met-draft", "shift", "list").stdout
    assert "never handed over" in house.tocsin("emb-lead", "shift", "list").stdout, "each unit its own"


def test_a_new_page_voids_what_waits(house):
    first = house.tocsin("met-review", "shift", "hand", "--to", "met-sign-1").stdout.split()[0]
    second = house.tocsin("met-review", "shift", "hand", "--to", "met-lead").stdout.split()[0]
    assert [one["state"] for one in shifts(house)[:2]] == ["handed", "void"]
    with pytest.raises(Failed, match="make a new one"):
        house.tocsin("met-sign-1", "shift", "take", first)
    # What one signed for one page says nothing of another, and another act's proof is none.
    spoilt = call(house, "met-lead", "GET", "/api/v1/shifts/" + second).json["handed"]
    for act, digest, status in (("shift", "0" * 64, 401), ("review", shifts(house)[0]["digest"], 400)):
        body = {"act": act, "manifest": digest, **spoilt, "officer": "met-lead"}
        assert call(house, "met-lead", "POST", "/api/v1/shifts/%s/proofs" % second, json.dumps(body), JSON).status == status
    assert shifts(house)[0]["state"] == "handed"
    # Half signed, it is between its two.
    with pytest.raises(Failed, match="was signed by met-review and waits for met-lead"):
        house.tocsin("met-sign-1", "shift", "hand", "--to", "met-review")
    assert [one["state"] for one in shifts(house)[:2]] == ["handed", "void"]
    house.tocsin("met-lead", "shift", "hand", "--to", "met-sign-1")
    assert [one["state"] for one in shifts(house)[:2]] == ["handed", "void"] and shifts(house)[1]["id"] == second
