# SPDX-License-Identifier: Apache-2.0
"""The desk's pages of rights, promptness and administration, in real browsers: what the policy says asked both ways, the
figures of a month, changes by two administrators, each with a passkey of their own."""
import contextlib
import json
import os
import time

import pytest
from selenium.webdriver.support.ui import Select

from accounts import digits, half_minute
from browser import browsing
from desk import DESKS, PASSWORD, RP, DeskHouse, desk_house, enrol, needs_browser
from house import ADMINISTRATORS
from talk import call, hand_in, warning
from test_63_desk_everybody import AXE, findings

pytestmark = needs_browser
ROSTER = """\
roster:
  - {{unit: tj-met, officer: met-review, steps: [review], phone: "13900000001"}}
  - {{unit: tj-emb, officer: emb-sign-1, steps: [sign], hours: "22:00-06:00", days: [fri], phone: "13900000002"}}
"""


class Bureau(DeskHouse):
    """With a roster; its administrators sit at the desk, too."""
    desks = DESKS + list(ADMINISTRATORS)
    rules = DeskHouse.rules + ROSTER


def a_second_for_a_draft(house):
    with open(house.path("tocsin.yaml"), "a", encoding="utf-8") as settings:
        settings.write('prompt_draft: "1"\n')


@pytest.fixture(scope="module")
def house():
    with desk_house(kind=Bureau, before=a_second_for_a_draft) as one:
        ident = hand_in(one, "met-draft", warning()).json["id"]
        time.sleep(1.1)  # late by its own limit
        one.tocsin("met-draft", "submit", ident)
        one.approve("met", ident)
        one.release("met", ident)
        one.wait_delivered(ident)
        yield one


@pytest.fixture(scope="module")
def sit(house):
    """sit(seat, officer): two browsers, and whoever signs in at one of them next, with their own passkey."""
    with contextlib.ExitStack() as open_ones:
        seats, there = {}, {}

        def at(seat, officer):
            if seat not in seats:
                seats[seat] = open_ones.enter_context(browsing(house.desk, os.environ.get("TOCSIN_SHOTS")))
            page = seats[seat]
            if there.get(seat) != officer:
                up(seat)
                enrol(house, officer)
                page.hold(house.passkeys[officer], RP)
                page.sign_in(officer, PASSWORD)
                there[seat] = officer
            page.go("#/")
            page.away()
            return page

        def up(seat):
            if there.pop(seat, None):
                seats[seat].press(".who button", "退出")
                seats[seat].see(".sign-in")
                seats[seat].complaints()  # what a page still asked was answered 401
                seats[seat].driver.remove_virtual_authenticator()
            return seats[seat]
        at.up = up
        yield at


@pytest.fixture
def lead(sit):
    return sit(0, "met-lead")


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
    rows = lead.texts("section:nth-child(2) tbody tr")
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
    lead.see(".matrix td", "处置 ◆▲●■○")
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
    assert lead.see("section tbody tr", "未说明").text.startswith("天津市气象台发布暴雨橙色预警")
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


PAGES = {
    "met-lead": {"#/rights": "#who-hazard", "#/rights/matrix": ".matrix td", "#/rights/people": "td", "#/rights/roster": "td", "#/report": "svg.bar-of"},
    "emb-accounts-1": {"#/admin/accounts": "td"}, "emb-audit-1": {"#/admin/audit": "td"},
    "emb-admin-1": {"#/admin": "td", "#/admin/policy": "#document", "#/admin/recipients": "td", "#/admin/means": "td"},
}


# --- changes by two ----------------------------------------------------------------------------------------------

def changes(house):
    return json.loads(house.ask("emb-admin-1", "/changes"))["changes"]


def confirm(page, number):
    """From the list, as whoever it waits for."""
    page.go("#/admin")
    page.away()
    page.press("section a", number)
    page.press(".next button.main", "确认变更")
    page.see(".state", "已生效")


def test_a_policy_changed_by_two(house, sit):
    """Written on the page, its difference shown to both by their own pages, confirmed by the other's passkey."""
    one, other = sit(0, "emb-admin-1"), sit(1, "emb-admin-2")
    one.press(".pages a", "管理")
    one.press(".parts a", "授权规则")
    area = one.see("#document")
    before = area.get_attribute("value")
    chosen(one, "#row-kind", "单位 units")
    one.press("button", "加上")
    one.keys("{id: tj-port, name: 天津港, division: \"120116\", superior: tj-emb}")
    one.press("button", "看差异")
    one.see(".diff .come", "tj-port")
    one.shot("desk-policy")
    one.driver.refresh()
    one.see(".said", "已恢复您上次未提出的文字")
    one.press("button.main", "提出变更")
    one.see(".next", "须由另一人确认")
    assert one.all(".next button.main") == []
    number = changes(house)[0]["id"]
    other.press(".pages a", "管理")
    other.see("section:first-child a", number)
    other.press("section a", number)
    other.see(".diff .come", "天津港")
    other.see("p", "由本页面比对得出")
    other.shot("desk-change")
    other.tab_to("确认变更（通行密钥）")
    assert other.focus_is_visible()
    other.keys("\ue007")
    other.see(".state", "已生效")
    one.see(".state", "已生效")
    assert "tj-port" in json.loads(house.ask("emb-admin-1", "/policy"))["text"] and "tj-port" not in before
    other.see("p", "装机时的文件")
    other.go("#/rights/people")
    other.see("tbody tr", "天津港")


def test_what_is_not_the_policy_in_force_cannot_be_confirmed(house, sit):
    """A server that shows another document as the one in force, or another document as the one proposed."""
    one, other = sit(0, "emb-admin-1"), sit(1, "emb-admin-2")
    text = json.loads(house.ask("emb-admin-1", "/policy"))["text"]
    one.go("#/admin/policy")
    one.see("#document")
    one.driver.execute_script("const t = document.querySelector('#document'); t.value = arguments[0]; t.dispatchEvent(new Event('input'))", text + "# 年度复核\n")
    one.press("button.main", "提出变更")
    one.see(".next", "须由另一人确认")
    number = changes(house)[0]["id"]
    for part, css, says in (("/policy", ".bad", "不是服务器给出的现行授权规则"), ("/changes/" + number, ".bad", "不是同一份")):
        other.driver.execute_script("""
            window.honest ??= window.fetch;
            window.fetch = async (path, how) => {
              const answer = await window.honest(path, how);
              if (path !== '/api/v1' + arguments[0] || how.method !== 'GET') return answer;
              const said = await answer.json();
              if (said.body) said.body += '# more\\n'; else said.text += '# more\\n';
              return new Response(JSON.stringify(said), {headers: {'Content-Type': 'application/json'}});
            };""".replace("arguments[0]", json.dumps(part)))
        other.go("#/admin/change/" + number)
        other.see(css, says)
        assert other.all(".next button.main") == []
        other.go("#/admin")
        other.see("section:first-child a", number)
    other.driver.refresh()
    other.press("section a", number)
    other.press(".next button", "不同意")
    other.type("#reason", "不需要")
    other.press("dialog button.main")
    other.see(".facts", "不需要")
    other.see(".diff .come", "年度复核")  # compared with the document of the change before
    assert changes(house)[0]["state"] != "proposed"


def test_a_faulty_policy_says_where(house, sit):
    one = sit(0, "emb-admin-1")
    one.go("#/admin/policy")
    one.see("#document")
    one.driver.execute_script("const t = document.querySelector('#document'); t.value = t.value.replace('superior: tj-emb', 'superior: nobody'); t.dispatchEvent(new Event('input'))")
    one.press("button.main", "提出变更")
    one.see(".said", "nobody")
    one.press("button", "恢复为现行规则")
    one.press("button.main", "提出变更")
    one.see(".said", "没有差异")
    assert all("400" in said for said in one.complaints())  # what the server refused, and nothing else


def test_a_directory_of_recipients_put_in_force(house, sit):
    """Imported on the machine; by counts, never a number; and which one two administrators have signed."""
    lines = ["139000010%02d,张三,120116,yes" % n for n in range(10)] + ["13900001010,,120116,no", "nobody,,120116,yes"]
    people = house.write("people.csv", "number,name,division,consent\n" + "".join(line + "\n" for line in lines))
    house.run(house.binary("tocsin"), "recipients", "import", people, "--errors", house.path("errors.csv"), "--config", house.path("tocsin.yaml"))
    one, other = sit(0, "emb-admin-1"), sit(1, "emb-admin-2")
    one.go("#/admin/recipients")
    row = one.see("tbody tr", "… 待生效").text.split()
    assert row[3:6] == ["10", "+10", "−0"] and row[7:10] == ["12", "1", "0"], row
    assert "13900001001" not in one.text() and "张三" not in one.text()
    one.press("tbody button", "提出生效")
    one.see(".next", "须由另一人确认")
    number = changes(house)[0]["id"]
    other.go("#/admin")
    other.press("section a", number)
    other.see("dl.facts dd", "10")
    other.see("p", "人数是服务器在导入时数的")
    other.shot("desk-recipients")
    other.press(".next button.main", "确认变更")
    other.see(".state", "已生效")
    one.go("#/admin/recipients")
    one.see("tbody tr", "✓ 现行")


PEOPLE = "number,name,division,consent\n" + "".join("138000020%02d,王五,120116,yes\n" % n for n in range(30))
UPLOAD = "/api/v1/recipients/upload"


def upload(page, csv):
    """From the page drawn anew: what was left just now would drop its upload."""
    page.go("#/")
    page.gone("#upload-file")
    page.go("#/admin/recipients")
    page.see("#upload-file").send_keys(str(csv))
    page.press("button.main", "上传并导入")


def test_a_list_uploaded_on_the_page(house, sit, tmp_path):
    """Two faulty lines, named in a file without what stands in them; a second administrator confirms, and so many are reached."""
    csv = tmp_path / "people.csv"
    csv.write_text(PEOPLE + "13800002099,赵六,没有这里,yes\n1380000,赵六,120116,yes\n" + "# a remark, so that it takes three parts\n" * 16000, encoding="utf-8")
    one, other = sit(0, "emb-admin-1"), sit(1, "emb-admin-2")
    upload(one, csv)
    one.see("p.yes", "✓ 已导入为第")
    assert "13800002" not in one.text() and "王五" not in one.text()
    one.shot("desk-upload")
    href = one.see("a[download]").get_attribute("href")
    text = one.driver.execute_async_script("const done = arguments[1]; fetch(arguments[0]).then((r) => r.text()).then(done)", href)
    lines = text.lstrip("\ufeff").split()
    assert lines[0] == "line,field,原因,cause" and "\r\n32,division," in text and "\r\n33,number," in text, text
    assert "赵六" not in text and "1380000" not in text and "没有这里" not in text
    assert one.see("tbody tr", "… 待生效").text.split()[3] == "30"
    one.press("tbody button", "提出生效")
    one.see(".next", "须由另一人确认")
    confirm(other, changes(house)[0]["id"])
    body = json.dumps({"areas": ["120116"]})
    assert call(house, "met-draft", "POST", "/api/v1/recipients/count", body, "application/json").json["people"] == 30


def test_a_list_of_another_encoding_is_refused(house, sit, tmp_path):
    """With the sentence; nothing changes."""
    csv = tmp_path / "gbk.csv"
    csv.write_bytes(("号码,姓名,区划\n" + "13800003001,王五,天津市\n" * 50).encode("gbk"))
    one = sit(0, "emb-admin-1")
    before = json.loads(house.ask("emb-admin-1", "/recipients"))
    upload(one, csv)
    one.see("p.bad", "看来是 GBK")
    csv.write_text("number,division\n" + "nobody,120116\n" * 50, encoding="utf-8")
    upload(one, csv)
    one.see("p.bad", "50 行有误")
    assert json.loads(house.ask("emb-admin-1", "/recipients")) == before


def test_uploads_that_go_wrong(house):
    """Two at once, a part twice, out of order and too long, another administrator's; over the limit."""
    def ask(who, method, rest="", body=None, kind="application/json"):
        return call(house, who, method, UPLOAD + rest, body, kind)
    big = ask("emb-admin-1", "POST", "", json.dumps({"size": (64 << 20) + 1}))
    assert big.status == 413 and "tocsin recipients import" in big.json["detail"]
    begun = ask("emb-admin-1", "POST", "", json.dumps({"size": 300000}))
    assert begun.status == 201 and begun.json["part"] == 256 << 10
    part = "/%s/" % begun.json["upload"]
    assert ask("emb-admin-2", "POST", "", json.dumps({"size": 5})).status == 409
    raw = "application/octet-stream"
    for who, at, size, status in (("emb-admin-1", 5, 5, 409), ("emb-admin-2", 0, 5, 403), ("emb-admin-1", 0, 200000, 200), ("emb-admin-1", 0, 200000, 409),
                                  ("emb-admin-1", 200000, 100001, 413), ("emb-admin-1", 0, (256 << 10) + 1, 413), ("emb-admin-1", 200000, 0, 400)):
        answer = ask(who, "PUT", part + str(at), b"\x00" * size, raw)
        assert answer.status == status, (who, at, size, answer.json)
    assert ask("emb-admin-1", "POST", part + "import", "{}").status == 409  # not whole
    assert ask("emb-admin-2", "DELETE", part[:-1]).status == 403
    assert ask("emb-audit-1", "GET").status == 403 and ask("met-draft", "GET").status == 403
    assert ask("emb-admin-1", "DELETE", part[:-1]).json["state"] == "none"
    assert ask("emb-admin-1", "PUT", part + "200000", b"x", raw).status == 404


def test_an_account_from_the_first_code_to_the_first_sign_in(house, sit):
    """The newcomer's own page makes the code; two administrators, each with a half; then password and authenticator."""
    new, one = sit.up(1), sit(0, "emb-accounts-1")
    new.press("a", "首次登记")
    new.press("button", "生成登记码")
    digest = new.see(".line-text").text
    new.shot("desk-enrol")
    new.press(".enrol > a", "返回登录")
    new.see(".sign-in")
    one.press(".pages a", "管理")
    one.press(".parts a", "账号与令牌")
    chosen(one, "#open-officer", "emb-draft")
    one.type("#open-digest", digest)
    one.press("section:first-child button.main", "提出")
    one.see(".next", "须由另一人确认")
    number = changes(house)[0]["id"]
    other = sit(1, "emb-accounts-2")
    confirm(other, number)
    word = other.see(".word-once").text
    other.shot("desk-word")
    assert word not in house.ask("emb-accounts-1", "/changes/" + number)
    sit.up(1)
    new.press("a", "首次登记")
    assert new.see("#enrolment").get_attribute("value"), "kept until it is used"
    for css, text in (("#officer", "emb-draft"), ("#word", word.lower()), ("#password", PASSWORD), ("#again", PASSWORD)):
        new.type(css, text)
    new.press(".enrol button.main", "下一步")
    secret = new.see("code.digest").text.replace(" ", "")
    step = half_minute()
    new.type("#code", digits(secret, step - 1))
    new.press("button.main", "完成登记")
    new.press("a.button", "去登录")
    new.type("#officer", "emb-draft")
    new.type("#password", PASSWORD)
    new.press("button.link", "改用动态码")
    new.type("#code", digits(secret, step))
    new.press(".sign-in button.main")
    new.see(".who .name", "emb-draft")
    assert new.driver.execute_script("return localStorage.getItem('tocsin-enrolment')") is None
    assert not [link for link in new.all(".pages a") if link.text == "管理"]
    new.go("#/admin")
    new.see(".said", "属于持有相应管理职责的人员")
    one.go("#/admin/accounts")
    one.press("[data-key='end-sessions emb-draft']")
    one.press("dialog button.main")
    one.gone("dialog")
    new.see(".sign-in")
    one.press("[data-key='end-account emb-draft']")
    one.press("dialog button.main")
    one.see(".next", "须由另一人确认")
    confirm(sit(1, "emb-accounts-2"), changes(house)[0]["id"])
    assert "emb-draft" not in [account["officer"] for account in json.loads(house.ask("emb-accounts-1", "/accounts"))["accounts"]]


def test_the_audit_chain_searched(house, sit):
    audit = sit(0, "emb-audit-1")
    audit.press(".pages a", "管理")
    audit.see(".parts a", "审计")
    assert audit.texts(".parts a") == ["变更", "审计", "通道、来源、模板"]
    audit.press(".parts a", "审计")
    audit.type("#audit-what", "授权规则安装")
    audit.press("section:first-child button.main", "查询")
    audit.see("p", "1 条，新的在前")
    audit.see("td", "授权规则安装")
    audit.press("button", "核对")
    audit.see(".yes", "✓ 完整")
    audit.shot("desk-audit")
    audit.driver.execute_script("for (const id of ['purge-before', 'purge-confirmed']) document.getElementById(id).value = '2026-11-20'")
    audit.press("button.main", "提出清除")
    audit.see(".said", "天才可清除")
    assert all("403" in said for said in audit.complaints())
    audit.go("#/admin/means")
    audit.see("tbody tr", "短信")
    assert call(house, "emb-audit-1", "GET", "/api/v1/means").status == 200
    assert call(house, "met-lead", "GET", "/api/v1/means").status == 403


def test_nothing_is_cut_off(house, sit):
    """At 200 % of 1280 by 720, and on the wide screen: no page scrolls sideways."""
    for officer, places in PAGES.items():
        page = sit(0, officer)
        for place in places:
            page.go(place)
            page.see("section")
            for width, height, scale in ((640, 360, 2), (1920, 1080, 1), (1280, 720, 1)):
                page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False})
                assert page.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth"), (place, width)
            assert "实战" in page.see(".mode").text
        assert page.complaints() == []


@pytest.mark.skipif(not AXE, reason="TOCSIN_AXE does not name axe.min.js (npm pack axe-core)")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing(house, sit, language):
    for officer, places in PAGES.items():
        check_by_axe(sit(0, officer), language, places)
    check_by_axe(sit(0, "emb-admin-1"), language, {"#/admin/change/%s" % one["id"]: ".facts" for one in changes(house)[:3]})


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
