# SPDX-License-Identifier: Apache-2.0
"""What the far sides of the tests check and answer: Weibo, WeChat Official Account, WeCom robot, webhook.

Each far side is a class with answer(request) -> (status, body object or bytes). They keep what arrived in
`arrived` (id, text, at, repeats) and know nothing of sockets; far_sides.py serves them. They fail by
answering as the real ones do: their own error codes, mostly under HTTP 200.
"""
import hashlib
import hmac
import json
import re
import time
import urllib.parse


def now_ms():
    return int(time.time() * 1000)


class Request:
    def __init__(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        self.method, self.path, self.headers, self.body = method, parts.path, headers, body
        self.query = dict(urllib.parse.parse_qsl(parts.query))


class FarSide:
    def __init__(self, options):
        self.options = options
        self.arrived = []
        self.requests = 0

    def note(self, key, text, **more):
        for entry in self.arrived:
            if entry["id"] == key:
                self.repeat(entry)
                return entry
        entry = {"id": key, "text": text, "at": now_ms(), "repeats": 0, "again": [], **more}
        self.arrived.append(entry)
        return entry

    @staticmethod
    def repeat(entry):
        entry["repeats"] += 1
        entry["again"].append(now_ms())


def weibo_units(text):
    """One Chinese character or two half-width ones are one unit, a link is ten."""
    half = 0
    links = re.findall(r"https?://[\x21-\x7e]+", text)
    for link in links:
        text = text.replace(link, "", 1)
        half += 20
    half += sum(1 if ord(c) < 0x80 else 2 for c in text)
    return (half + 1) // 2


class Weibo(FarSide):
    LAST = 20

    def __init__(self, options):
        super().__init__(options)
        self.times = []

    def error(self, code, text, status=400):
        return status, {"request": "/statuses/share.json", "error_code": str(code), "error": text}

    def expired(self):
        return 403, {"error": "expired_token", "error_code": 21327, "request": "/2/statuses/share.json"}

    def answer(self, request):
        if request.path == "/2/statuses/show.json":
            for post in self.arrived:
                if post["id"] == request.query.get("id"):
                    return 200, self.post(post)
            return self.error(20101, "target weibo does not exist!")
        if request.path != "/2/statuses/share.json":
            return self.error(10020, "request api not found!", 404)
        if request.method != "POST":
            return self.error(10021, "HTTP method is not suported for this request!", 405)
        return self.share(request)

    def refusal(self, form):
        text = form.get("status", "")
        token = self.options.weibo_token
        hosts = [urllib.parse.urlsplit(u).hostname for u in re.findall(r"https?://[\x21-\x7e]+", text)]
        if token and form.get("access_token") != token:
            return 403, {"error": "invalid_access_token", "error_code": 21332}
        if not form.get("access_token") or not form.get("rip"):
            return self.error(10016, "miss required parameter, see doc for more info.")
        if not text:
            return self.error(20008, "content is null!")
        if weibo_units(text) > 140:
            return self.error(20012, "text too long, please input text less than 140 characters!")
        if "#" in text or not hosts:
            return self.error(10017, "text not contain domain!")
        if self.options.weibo_domain and not set(hosts) & set(self.options.weibo_domain):
            return self.error(10017, "appkey not bind domain!")
        if text in [post["text"] for post in self.arrived[-self.LAST:]]:
            for post in self.arrived:
                if post["text"] == text:
                    self.repeat(post)
            return self.error(20019, "repeat content!")
        return None

    def share(self, request):
        try:
            fields = urllib.parse.parse_qsl(request.body.decode("ascii"), strict_parsing=True, errors="strict")
        except (UnicodeDecodeError, ValueError):
            return self.error(10017, "parameter value invalid")
        no = self.refusal(dict(fields))
        if no:
            return no
        self.times = [t for t in self.times if t > time.monotonic() - 3600]
        if len(self.times) >= self.options.weibo_an_hour:
            return self.error(10023, "User requests out of rate limit!", 403)
        self.times.append(time.monotonic())
        return 200, self.post(self.note(str(5230000000000000 + len(self.arrived)), dict(fields)["status"]))

    @staticmethod
    def post(entry):
        at = time.gmtime(entry["at"] / 1000 + 8 * 3600)
        days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        created = "%s %s %02d %02d:%02d:%02d +0800 %d" % (days[at.tm_wday], months[at.tm_mon - 1], at.tm_mday,
                                                       at.tm_hour, at.tm_min, at.tm_sec, at.tm_year)
        return {"created_at": created, "id": int(entry["id"]), "mid": entry["id"], "idstr": entry["id"],
                "text": entry["text"], "user": {"id": 1, "screen_name": "double"}}


def load_json(body):
    """The object, or None; escaped non-ASCII counts as wrong, as it does on the platforms."""
    if re.search(rb"\\u(?!00[0-7])", body):
        return None
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class Wechat(FarSide):
    def __init__(self, options):
        super().__init__(options)
        self.token_number, self.drafts, self.published, self.tokens_given = 1, {}, {}, 0

    def error(self, code, text):
        return 200, {"errcode": code, "errmsg": text + " rid: 0000-double"}

    def token(self):
        return "token-%d-%s" % (self.token_number, "x" * 120)

    def expired(self):
        self.token_number += 1
        return self.error(42001, "access_token expired")

    def answer(self, request):
        body = load_json(request.body)
        if request.method != "POST":
            return self.error(43002, "require POST method")
        if body is None:
            return self.error(47001, "data format error")
        if request.path == "/cgi-bin/stable_token":
            return self.give_token(body)
        if request.query.get("access_token") != self.token():
            return self.error(40001, "invalid credential, access_token is invalid or not latest")
        calls = {"/cgi-bin/draft/add": self.add, "/cgi-bin/freepublish/submit": self.submit,
                 "/cgi-bin/freepublish/get": self.get}
        if request.path not in calls:
            return 404, b"not found"
        return calls[request.path](body)

    def give_token(self, body):
        if self.options.wechat_appid and body.get("appid") != self.options.wechat_appid:
            return self.error(40013, "invalid appid")
        if self.options.wechat_secret and body.get("secret") != self.options.wechat_secret:
            return self.error(40125, "invalid appsecret")
        self.tokens_given += 1
        return 200, {"access_token": self.token(), "expires_in": 7200}

    def add(self, body):
        articles = body.get("articles")
        if not isinstance(articles, list) or len(articles) != 1:
            return self.error(47003, "argument invalid")
        article = articles[0]
        limits = {"title": (32, 45003), "author": (16, 45110), "digest": (128, 45004), "content": (19999, 45002)}
        for field, (most, code) in limits.items():
            if len(article.get(field, "")) > most:
                return self.error(code, field + " size out of limit")
        if not article.get("title") or not article.get("content"):
            return self.error(44004, "empty content")
        if not article.get("thumb_media_id"):
            return self.error(40007, "invalid media_id")
        media_id = "draft-%d" % (len(self.drafts) + len(self.published) + 1)
        self.drafts[media_id] = article
        return 200, {"media_id": media_id}

    def submit(self, body):
        article = self.drafts.pop(body.get("media_id"), None)
        if article is None:
            return self.error(40007, "invalid media_id")
        publish_id = str(100000001 + len(self.published))
        self.published[publish_id] = {"asked": 0, "status": 0}
        self.note(publish_id, article["content"], title=article["title"], thumb=article["thumb_media_id"],
                  web=article.get("content_source_url", ""))
        return 200, {"errcode": 0, "errmsg": "ok", "publish_id": publish_id, "msg_data_id": 2247483647}

    def get(self, body, status=None):
        publish_id = str(body.get("publish_id"))
        job = self.published.get(publish_id)
        if job is None:
            return self.error(53600, "Article ID does not exist")
        job["asked"] += 1
        if status is not None:
            return 200, {"publish_id": publish_id, "publish_status": status, "fail_idx": []}
        if job["asked"] < self.options.wechat_asks:
            return 200, {"publish_id": publish_id, "publish_status": 1, "fail_idx": []}
        url = "http://mp.weixin.qq.com/s?__biz=double&mid=" + publish_id
        return 200, {"publish_id": publish_id, "publish_status": 0, "article_id": "article-" + publish_id,
                     "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": url}]}, "fail_idx": []}


class Wecom(FarSide):
    LIMITS = {"text": 2048, "markdown": 4096}

    def __init__(self, options):
        super().__init__(options)
        self.times = []

    def error(self, code, text):
        return 200, {"errcode": code, "errmsg": text + ", hint: [double]"}

    def expired(self):
        return self.error(93000, "invalid webhook url")

    def answer(self, request):
        key = self.options.wecom_key
        if request.path != "/cgi-bin/webhook/send" or request.method != "POST":
            return 404, b"not found"
        if not request.query.get("key") or (key and request.query["key"] != key):
            return self.error(93000, "invalid webhook url")
        if re.search(rb"\\u(?!00[0-7])", request.body):
            return self.error(40033, "invalid charset, \\uxxxx found")
        body = load_json(request.body)
        kind = body.get("msgtype") if body else None
        if kind not in self.LIMITS or not isinstance(body.get(kind), dict):
            return self.error(40008, "invalid message type")
        content = body[kind].get("content", "")
        if not content or len(content.encode("utf-8")) > self.LIMITS[kind]:
            return self.error(40058, "%s.content exceed max length %d" % (kind, self.LIMITS[kind]))
        self.times = [t for t in self.times if t > time.monotonic() - 60]
        if len(self.times) >= self.options.wecom_a_minute:
            return self.error(45009, "api freq out of limit")
        self.times.append(time.monotonic())
        self.note(str(len(self.arrived) + 1), content)
        return 200, {"errcode": 0, "errmsg": "ok"}


class Webhook(FarSide):
    SLACK_SECONDS = 300

    def expired(self):
        return 401, {"error": "unknown key"}

    def answer(self, request):
        stamp, sent = request.headers.get("Tocsin-Timestamp", ""), request.headers.get("Tocsin-Signature", "")
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST":
            return 405, {"error": "POST only"}
        if not key or not stamp.isdigit() or abs(time.time() - int(stamp)) > self.SLACK_SECONDS:
            return 400, {"error": "Idempotency-Key or Tocsin-Timestamp missing or stale"}
        signed = stamp.encode() + b"." + request.body
        want = "v1=" + hmac.new(self.options.webhook_secret.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(want, sent):
            return 401, {"error": "bad signature"}
        known = [entry for entry in self.arrived if entry["id"] == key]
        text = request.body.decode("utf-8", "replace")
        if known and known[0]["text"] != text:
            return 422, {"error": "this key came with another body"}
        self.note(key, text, type=request.headers.get("Content-Type", ""))
        return 200, {"ok": True, "repeat": bool(known)}


FAR_SIDES = {"weibo": Weibo, "wechat": Wechat, "wecom": Wecom, "webhook": Webhook}
