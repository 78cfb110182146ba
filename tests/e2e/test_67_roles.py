# SPDX-License-Identifier: Apache-2.0
"""Who may call what: the table of docs/ROLES.md, each cell called for. That every route stands in it, a lint sees to. A role is a token
with one scope, or the session of an officer with one duty. What a role may call is answered with whatever a
thing that is not there deserves; what it may not, with 401 or 403 and a sentence, in both languages."""
import functools
import http.client
import json
import os
import re

import pytest

from accounts import add_accounts, digits, enrol, half_minute
from conftest import housed
from house import SOURCE
from talk import add_token, warning

PASSWORD = "a quiet night over the gulf"
TOKENS = {"source": "draft", "subscriber": "read"}
SESSIONS = {"draft": "met-draft", "review": "met-review", "sign": "met-sign-1", "publish": "met-post", "admin": "emb-admin-1",
            "accounts": "emb-accounts-1", "audit": "emb-audit-1"}
MAY, MAY_NOT = "✓", "-"
LAST = "DELETE /api/v1/session"  # signs the caller out


def table():
    """-> (roles, {route: {role: whether it may}})"""
    with open(os.path.join(SOURCE, "docs", "ROLES.md"), encoding="utf-8") as text:
        rows = [[cell.strip(" `") for cell in line.strip().strip("|").split("|")] for line in text if line.startswith("|")]
    roles, routes = rows[0][1:], {}
    assert set(roles) == {"nobody", *TOKENS, *SESSIONS}
    for route, *cells in rows[2:]:
        assert route not in routes and len(cells) == len(roles) and set(cells) <= {MAY, MAY_NOT}, route
        routes[route] = {role: cell == MAY for role, cell in zip(roles, cells)}
    return roles, routes


ROLES, ROUTES = table()


def before(house):
    house.secret("people")
    with open(house.path("tocsin.yaml"), "a", encoding="utf-8") as settings:
        settings.write("people_secret: %s\npassword_memory: 19456\npassword_passes: 2\nproxies: [\"127.0.0.1\"]\n"
                       % house.path("secrets", "people"))
    with open(house.path("authority.yaml"), encoding="utf-8") as policy:
        rules = policy.read()
    house.write("authority.yaml", rules.replace("officers:\n", "officers:\n%s\n" % house.enrol("met-post", "tj-met", "publish"), 1), 0o644)
    house.codes = add_accounts(house, *SESSIONS.values())
    for role, scope in TOKENS.items():
        add_token(house, role, "", scope)


HOUSED = functools.partial(housed, before=before)


@pytest.fixture(scope="module")
def tokens(house):
    """Each role's."""
    found = {"nobody": None, **{role: house.tokens[role] for role in TOKENS}}
    for number, (role, officer) in enumerate(SESSIONS.items()):
        secret = enrol(house, officer, house.codes[officer], PASSWORD)
        body = {"officer": officer, "password": PASSWORD, "code": digits(secret, half_minute())}
        found[role] = ask(house, None, "POST /api/v1/session", json.dumps(body), "198.51.100.%d" % number)[1]["token"]
    return found


def ask(house, token, route, body="{}", address="198.51.100.99"):
    """-> (status, what was said; None of a stream or of what is no JSON)"""
    method, path = route.split(" ")
    link = http.client.HTTPConnection("127.0.0.1", house.ports["api"], timeout=20)
    try:
        headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
        if token:
            headers["Authorization"] = "Bearer " + token
        link.request(method, re.sub(r"\{\w+\}", "b0", path), body if method != "GET" else None, headers)
        answer = link.getresponse()
        if "json" not in answer.headers.get("Content-Type", ""):
            return answer.status, None
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_calls_what_the_table_says(house, tokens, role):
    wrong = []
    for route in sorted(ROUTES, key=lambda one: one == LAST):
        status, said = ask(house, tokens[role], route)
        refused = status in (401, 403)
        if refused == ROUTES[route][role] or status >= 500:
            wrong.append("%s: %d %s" % (route, status, said))
        elif refused:
            assert said["detail"] and re.search("[一-鿿]", said["detail_zh"]), said
    assert not wrong, "\n".join(wrong)


# --- the public ----------------------------------------------------------------------------------------------------

WORDS = "滨海新区泰达大街积水"  # in no other sample


def seen_by_the_public(house):
    """What lies on the website and the broker, and what the doubles of the other far sides were sent."""
    found = [text for _, text in house.subscribe("#", 1000, 1)]
    for folder, _, names in os.walk(house.path("site")):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                found.append(file.read().decode(errors="replace"))
    found += [json.dumps(house.arrived(far), ensure_ascii=False) for far in ("weibo", "wechat", "wecom", "webhook")]
    return "\n".join([*found, str(house.sms())])


def test_the_public_sees_what_was_released_and_nothing_else(house):
    """The warning's own words, while it is a draft, in review, signed, given back, and in the end released."""
    def shown():
        return WORDS in seen_by_the_public(house)
    ident = house.submit("met-draft", warning(replace={"局地伴有短时强降水": WORDS}))
    back = house.submit("met-draft", warning(replace={"局地伴有短时强降水": "退回的" + WORDS}))
    house.tocsin("met-review", "return", back, "--reason", "重写")
    house.approve("met", ident)
    assert house.status(ident)["state"] == "approved" and not shown()
    first = house.walk("met", warning(replace={"局地伴有短时强降水": "另一份"}))
    house.wait_delivered(first)  # whatever goes out has gone out
    assert not shown() and "另一份" in seen_by_the_public(house)
    house.release("met", ident)
    house.wait_delivered(ident)
    assert shown() and "退回的" not in seen_by_the_public(house)
    for path in ("/desk/", "/api/v1/bulletins", "/api/v1/bulletins/" + ident, "/metrics"):
        with pytest.raises(Exception, match="404"):
            house.fetch(path)
