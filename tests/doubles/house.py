# SPDX-License-Identifier: Apache-2.0
"""A whole house on this machine, on loopback: keys, officers, policy, settings; nginx, mosquitto, Kannel and the
doubles of Weibo, WeChat, WeCom and a webhook receiver; and all our programs, started again when they die (what
systemd does in production). Used by ./run and by tests/e2e.

    house = House(folder, binaries); house.prepare(); house.start(); ... ; house.stop()
"""
import json
import os
import signal
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kannel  # noqa: E402
from officers import OPENER, Failed, Officers, wait_for  # noqa: E402
from ports import free_port  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
TARGETS = ("mqtt", "website", "sms", "weibo", "wechat", "wecom", "webhook")
LANED = ("sms", "weibo", "wechat", "wecom", "webhook")

# Two bureaus, five officers each, by their posts: two reviewers would do, but red needs two signs.
UNITS = {
    "tj-met": ("天津市气象台", "12000041600000"),
    "tj-emb": ("天津市应急管理局", "12000000100000"),
}
POSTS = {"draft": "draft", "review": "review", "sign-1": "sign", "sign-2": "sign", "lead": "draft, review, sign, publish"}
# The three administrators (三员分立), two people each, of the emergency bureau: they publish nothing.
ADMINISTRATORS = {"emb-%s-%d" % (duty, n): duty for duty in ("admin", "accounts", "audit") for n in (1, 2)}
SCOPES = "read,draft,submit,approve,release,cancel"
ADMIN_SCOPES = "read,admin"

POLICY = """\
version: 1
units:
{units}
officers:
{officers}
grants:
  - {{unit: tj-met, role: handle, acts: [publish, update, cancel], kinds: [warning, advisory], hazards: ["11B*"],
     levels: [red, orange, yellow, blue, none], areas: ["12*"], channels: ["*"], from: 2026-01-01, until: 2030-01-01,
     basis: "气象法 第二十二条"}}
  - {{unit: tj-emb, role: handle, acts: [publish, update, cancel],
     kinds: [warning, advisory, fact, measure, result, response, notice], hazards: ["12*"],
     levels: [red, orange, yellow, blue, none, I, II, III, IV], areas: ["12*"], channels: ["*"], from: 2026-01-01,
     until: 2030-01-01, basis: "突发事件应对法 第六十四条"}}
forbids:
  - {{unless_unit: tj-met, hazards: ["11B*"], basis: "气象法 第二十二条"}}
signoff:
  - {{levels: [red, I], reviews: 1, signs: 2, basis: "政府信息公开条例 第十七条"}}
  - {{levels: [orange, yellow, blue, none, II, III, IV], reviews: 1, signs: 1, basis: "政府信息公开条例 第十七条"}}
relays:
  - {{source: met-feed, unit: tj-met, hazards: ["11B*"], areas: ["12*"], auto: [red, orange, yellow, blue],
     basis: "气象法 第二十二条"}}
"""

SETTINGS = """\
node: {node}
mode: {mode}
state: {folder}/state
policy: {folder}/authority.yaml
catalog: {source}/publisher/data
api_listen: ["127.0.0.1:{api}", "[::1]:{api}"]
callback_listen: ["127.0.0.1:{callback}"]
metrics_listen: ["127.0.0.1:{metrics}"]
callback_url: http://127.0.0.1:{callback}
callback_secret: {folder}/secrets/callback
agent_socket: {folder}/run/agents.sock
signer_socket: {folder}/run/signer.sock
public_url: http://127.0.0.1:{web}/warnings
desk: {source}/publisher/desk
targets:
  - name: mqtt
    kind: mqtt
    options: {{host: 127.0.0.1, port: {mqtt}, username: tocsin, password: {folder}/secrets/mqtt}}
  - name: website
    kind: website
    options: {{folder: {folder}/site, public_url: "http://127.0.0.1:{web}", author: 天津市突发公共事件预警信息发布中心,
      map: {source}/publisher/desk/map.json}}
  - name: sms
    kind: sms
    signature: 【天津应急】
    recipients: {folder}/recipients.csv
    options: {{url: "http://127.0.0.1:{sendsms}/cgi-bin/sendsms", username: {sms_user}, password: {folder}/secrets/sms}}
  - name: weibo
    kind: weibo
    options: {{url: "http://127.0.0.1:{weibo}", access_token: {folder}/secrets/weibo, rip: 127.0.0.1}}
  - name: wechat
    kind: wechat
    options: {{url: "http://127.0.0.1:{wechat}", appid: demo-appid, secret: {folder}/secrets/wechat,
      thumb_none: thumb-none, thumb_red: thumb-red, thumb_orange: thumb-orange, poll: 0.2}}
  - name: wecom
    kind: wecom
    options: {{url: "http://127.0.0.1:{wecom}", key: {folder}/secrets/wecom}}
  - name: webhook
    kind: webhook
    options: {{url: "http://127.0.0.1:{webhook}/alerts", secret: {folder}/secrets/webhook}}
sources:
  - name: met-feed
    options: {{path: {folder}/incoming, every: 0.1, settle: 0.1}}
"""

MOSQUITTO = """\
listener {port} 127.0.0.1
allow_anonymous true
password_file {folder}/mosquitto.passwd
acl_file {folder}/mosquitto.acl
persistence true
persistence_location {folder}/mosquitto/
autosave_interval 1
log_dest file {folder}/log/mosquitto.log
"""

ACL = """\
topic read alert/#
user tocsin
topic readwrite alert/#
"""

NGINX = """\
worker_processes 1;
daemon off;
pid {folder}/run/{name}.pid;
error_log {folder}/log/{name}.log;
events {{ worker_connections 256; }}
http {{
    types {{ text/html html; text/css css; application/cap+xml xml; application/atom+xml atom; application/json json;
            application/geo+json geojson; }}
    charset utf-8;
    charset_types text/html text/css application/cap+xml application/atom+xml application/json application/geo+json;
    access_log off;
    client_body_temp_path {folder}/nginx/{name}-body;
    proxy_temp_path {folder}/nginx/{name}-proxy;
    fastcgi_temp_path {folder}/nginx/{name}-fastcgi;
    uwsgi_temp_path {folder}/nginx/{name}-uwsgi;
    scgi_temp_path {folder}/nginx/{name}-scgi;
{server}
}}
"""
SITE = """\
    server {{
        listen 127.0.0.1:{port};
        listen [::1]:{port};
        add_header Content-Security-Policy "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'" always;
        add_header X-Content-Type-Options nosniff always;
        add_header Cache-Control no-cache always; # a test looks again before a browser's guess of an age is over
        root {folder}/site;
        location = / {{ try_files /current/index.html =404; }}
        location /warnings/ {{ try_files $uri =404; }}
        location /cap/ {{ try_files $uri =404; }}
        location = /style.css {{ }}
        location / {{ try_files /current$uri =404; }}
    }}"""


def listens(port, host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


class Program:
    """One process, started again when it dies until it is told to stop."""

    def __init__(self, name, arguments, log, env=None, stdin=subprocess.DEVNULL):
        self.name, self.arguments, self.log, self.env, self.stdin = name, arguments, log, env, stdin
        self.process, self.wanted, self.starts = None, False, 0
        self.lock = threading.Lock()

    def start(self):
        with self.lock:
            self.wanted = True
            self.spawn()

    def spawn(self):
        with open(self.log, "ab") as log:
            # A session of its own: Ctrl-C is for whoever runs the house, who then stops them one by one.
            self.process = subprocess.Popen(self.arguments, stdin=self.stdin, stdout=log, stderr=log, env=self.env,
                                            start_new_session=True)
        self.starts += 1

    def look(self):
        with self.lock:
            if self.wanted and self.process.poll() is not None:
                self.spawn()

    def kill(self):
        """-9, and the house starts it again."""
        with self.lock:
            if self.process and self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def stop(self, how=signal.SIGTERM, seconds=20):
        with self.lock:
            self.wanted = False
            process = self.process
        if not process or process.poll() is not None:
            return process.returncode if process else None
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return process.returncode


class House(Officers):
    targets, laned = TARGETS, LANED
    units, rules = UNITS, POLICY  # a test with a bureau of its own puts others here

    def __init__(self, folder, binaries, mode="live", relaunch_seconds=0.05):
        self.folder, self.binaries, self.mode = os.path.abspath(folder), os.path.abspath(binaries), mode
        self.programs, self.far = {}, {}
        self.gateway = None
        self.relaunch_seconds = relaunch_seconds
        self.doubles_options, self.signer_options = [], []
        self.ending = threading.Event()
        self.watcher = None

    # --- preparing ---------------------------------------------------------------------------------

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def binary(self, name):
        return os.path.join(self.binaries, name)

    def write(self, name, text, mode=0o600):
        path = self.path(name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def secret(self, name, value=None):
        value = value or os.urandom(16).hex()
        tag = "" if self.mode == "live" else "mode: %s\n" % self.mode
        self.write("secrets/" + name, value + "\n" + tag)
        return value

    def run(self, *arguments, stdin=None, env=None, check=True):
        done = subprocess.run(arguments, input=stdin, capture_output=True, text=True, timeout=120,
                              env={**os.environ, **(env or {})}, check=False)
        if check and done.returncode != 0:
            raise Failed(done.returncode, done.stderr or done.stdout)
        return done

    def officers(self):
        return ["%s-%s" % (unit[3:], post) for unit in self.units for post in POSTS]

    def enrol(self, officer, unit, duties):
        """Makes the officer's key. -> the line for the policy"""
        key = self.run(self.binary("tocsin"), "officer", "enrol", officer, "--key",
                       self.path("officers", officer + ".key"), "--mode", self.mode).stdout.strip()
        return "  - {id: %s, unit: %s, duties: [%s], keys: [\"%s\"]}" % (officer, unit, duties, key)

    def make_keys(self):
        for name in ("alert", "status"):
            self.run(self.binary("tocsin"), "officer", "key", self.path("keys", name + ".pem"), "--public",
                     self.path("keys", name + ".pub"), "--mode", self.mode)
        lines = []
        for unit in self.units:
            for post, duties in POSTS.items():
                lines.append(self.enrol("%s-%s" % (unit[3:], post), unit, duties))
        lines += [self.enrol(officer, "tj-emb", duty) for officer, duty in ADMINISTRATORS.items()]
        return "\n".join(lines)

    def make_policy(self, officer_lines):
        units = "\n".join('  - {id: %s, name: %s, code: "%s", division: "120000"}' % (unit, name, code)
                          for unit, (name, code) in self.units.items())
        self.write("authority.yaml", self.rules.format(units=units, officers=officer_lines), 0o644)

    def choose_ports(self):
        self.ports = {name: free_port() for name in ("api", "callback", "web", "mqtt", "sendsms", "weibo", "wechat",
                                                     "wecom", "webhook", "metrics")}

    def make_settings(self):
        self.write("tocsin.yaml", SETTINGS.format(folder=self.folder, source=SOURCE, mode=self.mode, node="demo",
                                                  sms_user=kannel.USER, **self.ports), 0o644)
        self.url = "http://127.0.0.1:%d" % self.ports["api"]
        self.site = "http://127.0.0.1:%d" % self.ports["web"]

    def make_tokens(self):
        self.tokens = {}
        scopes = {**dict.fromkeys(self.officers(), SCOPES), **dict.fromkeys(ADMINISTRATORS, ADMIN_SCOPES)}
        for officer, may in scopes.items():
            token = self.run(self.binary("tocsind"), "--config", self.path("tocsin.yaml"), "--add-token",
                             "%s:%s:%s" % (officer, officer, may)).stdout.strip()
            self.write("officers/%s.token" % officer, token + "\n")
            self.tokens[officer] = token

    def prepare(self):
        for name in ("state", "run", "log", "keys", "officers", "secrets", "site", "incoming", "mosquitto", "nginx"):
            os.makedirs(self.path(name), mode=0o700, exist_ok=True)
        for name in ("callback", "weibo", "wechat", "wecom", "webhook", "mqtt"):
            self.secret(name)
        self.secret("sms", kannel.PASSWORD)
        self.write("recipients.csv", "number,division\n" + "".join(
            "1380000%04d,%s\n" % (n, division) for n, division in enumerate(
                ("120116", "120116", "120110", "120101", "120116001", "120118"))))
        self.choose_ports()
        self.make_policy(self.make_keys())
        self.make_settings()
        self.make_tokens()

    def raise_limits(self, most=10000):
        """For a house that has been prepared: far sides, and our channels to them, that take as many as come. A file of
        tests issues more in a minute than a bureau in a day; what the real limits do is tested in tests/unit."""
        self.doubles_options = ["--weibo-an-hour", str(most), "--wecom-a-minute", str(most)]
        with open(self.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        for before, after in (("rip: 127.0.0.1", "an_hour: %d" % most), ("secrets/wecom", "a_minute: %d" % most)):
            assert before in words
            words = words.replace(before, before + ", " + after)
        self.write("tocsin.yaml", words, 0o644)

    # --- running -----------------------------------------------------------------------------------

    def add(self, name, *arguments, env=None):
        self.programs[name] = Program(name, list(arguments), self.path("log", name + ".log"), env)
        return self.programs[name]

    def secret_value(self, name):
        with open(self.path("secrets", name), encoding="utf-8") as text:
            return text.readline().strip()

    def nginx(self, name, server):
        """A web server with this `server {...}`, not started yet."""
        path = self.write(name + ".conf", ("user root;\n" if os.getuid() == 0 else "") +
                          NGINX.format(folder=self.folder, name=name, server=server))
        return Program(name, ["/usr/sbin/nginx", "-p", self.path("nginx"), "-c", path, "-e", self.path("log", name + ".log")],
                       self.path("log", name + ".out"))

    def start_far_sides(self):
        self.write("mosquitto.conf", ("user root\n" if os.getuid() == 0 else "") +
                   MOSQUITTO.format(port=self.ports["mqtt"], folder=self.folder))
        self.write("mosquitto.acl", ACL)
        self.write("mosquitto.passwd", "tocsin:%s\n" % self.secret_value("mqtt"))
        self.run("/usr/bin/mosquitto_passwd", "-U", self.path("mosquitto.passwd"))
        self.far["mosquitto"] = Program("mosquitto", ["/usr/sbin/mosquitto", "-c", self.path("mosquitto.conf")],
                                        self.path("log", "mosquitto.out"))
        self.far["nginx"] = self.nginx("nginx", SITE.format(port=self.ports["web"], folder=self.folder))
        doubles = [sys.executable, os.path.join(HERE, "far_sides.py"), "--wecom-key", self.secret_value("wecom"),
                   "--webhook-secret", self.secret_value("webhook"), "--wechat-appid", "demo-appid",
                   "--wechat-secret", self.secret_value("wechat"), "--weibo-token", self.secret_value("weibo"), *self.doubles_options]
        for name in ("weibo", "wechat", "wecom", "webhook"):
            doubles += ["--%s-port" % name, str(self.ports[name])]
        self.far["doubles"] = Program("doubles", doubles, self.path("log", "doubles.log"))
        for program in self.far.values():
            program.start()
        self.gateway = kannel.start(self.path("kannel"), {"sendsms": self.ports["sendsms"]})
        for name in ("mqtt", "web", "weibo", "wechat", "wecom", "webhook"):
            wait_for(lambda port=self.ports[name]: listens(port), 20, name)

    def start_ours(self):
        run = self.path("run")
        # The signer believes its own copy only.
        if not os.path.exists(self.path("signer-authority.yaml")):
            shutil.copy(self.path("authority.yaml"), self.path("signer-authority.yaml"))
        self.add("signer", self.binary("tocsin-signer"), "--socket", run + "/signer.sock", "--policy",
                 self.path("signer-authority.yaml"), "--policy-copy", self.path("signer-policy"), "--seen", self.path("signer-seen"),
                 "--catalog", os.path.join(SOURCE, "publisher", "data"),
                 "--alert-key", self.path("keys", "alert.pem"), "--status-key",
                 self.path("keys", "status.pem"), "--mode", self.mode, "--public-url", self.site + "/warnings",
                 "--style", "sms:signature:【天津应急】",
                 *(["--trust", "met-feed=" + self.path("keys", "upstream.trust")]
                   if os.path.exists(self.path("keys", "upstream.trust")) else []), *self.signer_options)
        self.add("tocsind", self.binary("tocsind"), "--config", self.path("tocsin.yaml"))
        for target in self.targets:
            for lane in ("urgent", "routine") if target in self.laned else ("all",):
                self.add("channel-%s-%s" % (target, lane), self.binary("tocsin-channel"), target, "--lane", lane,
                         "--socket", run + "/agents.sock", "--alert-key", self.path("keys", "alert.pub"),
                         "--status-key", self.path("keys", "status.pub"), "--mode", self.mode,
                         *(["--signature", "【天津应急】"] if target == "sms" else []))
        self.add("source-met-feed", self.binary("tocsin-source"), "met-feed", "--socket", run + "/agents.sock")
        for program in self.programs.values():
            program.start()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()
        wait_for(self.healthy, 30, "tocsind")
        wait_for(self.signer_listens, 30, "the signer")

    def watch(self):
        while not self.ending.wait(self.relaunch_seconds):
            for program in list(self.programs.values()):
                program.look()
            if self.gateway:
                self.gateway.look()

    def healthy(self):
        try:
            return OPENER.open(self.url + "/healthz", timeout=2).status == 200
        except OSError:
            return False

    def start(self):
        self.start_far_sides()
        self.start_ours()

    def stop(self):
        self.ending.set()
        if self.watcher:
            self.watcher.join()
        codes = {name: program.stop() for name, program in reversed(list(self.programs.items()))}
        if self.gateway:
            self.gateway.stop()
        for program in self.far.values():
            program.stop()
        return codes

    # --- acting ------------------------------------------------------------------------------------

    def variables(self, officer):
        """What makes `tocsin` act as this officer."""
        return {"TOCSIN_URL": self.url, "TOCSIN_TOKEN_FILE": self.path("officers", officer + ".token"),
                "TOCSIN_OFFICER": officer, "TOCSIN_KEY_FILE": self.path("officers", officer + ".key")}

    def tocsin(self, officer, *arguments, stdin=None, check=True):
        return self.run(self.binary("tocsin"), *arguments, stdin=stdin, env=self.variables(officer), check=check)

    def change(self, kind, text, by=("emb-admin-1", "emb-admin-2")):
        """An administrative change, proposed by one and confirmed by the other. -> its id"""
        ident = self.tocsin(by[0], "change", "propose", kind, "-", stdin=text).stdout.split()[0]
        self.tocsin(by[1], "change", "confirm", ident)
        return ident

    def install_policy(self, text):
        """Root's way: tocsind stopped, the file replaced, installed. The signer keeps its own."""
        self.installations = getattr(self, "installations", 0) + 1
        self.programs["tocsind"].stop()
        self.write("authority.yaml", text + "# installed again: %d\n" % self.installations, 0o644)
        self.run(self.binary("tocsind"), "--config", self.path("tocsin.yaml"), "--install-policy")
        self.programs["tocsind"].start()
        wait_for(self.healthy, 30, "tocsind")

    def restart_signer(self):
        """kill -9, and it answers again."""
        starts = self.programs["signer"].starts
        self.programs["signer"].kill()
        wait_for(lambda: self.programs["signer"].starts > starts and self.signer_listens(), 20, "the signer again")

    def signer_listens(self):
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(self.path("run", "signer.sock")) == 0

    def wait_delivered(self, ident, targets=TARGETS, seconds=30):
        return super().wait_delivered(ident, targets, seconds)

    # --- the far sides -----------------------------------------------------------------------------

    def fetch(self, path, base=None):
        with OPENER.open((base or self.site) + path, timeout=5) as answer:
            return answer.read().decode()

    def arrived(self, far):
        return json.loads(self.fetch("/arrived?far=" + far, "http://127.0.0.1:%d" % self.ports[far]))

    def fault(self, far, kind, count=1, **more):
        body = json.dumps({"far": far, "kind": kind, "count": count, **more}).encode()
        OPENER.open(urllib.request.Request("http://127.0.0.1:%d/fault" % self.ports[far], body,
                                           {"Content-Type": "application/json"}), timeout=5).read()

    def sms(self):
        """[(recipient, text)] as they reached the network."""
        return [(to, text) for _, to, _, text in self.gateway.messages()]

    def subscribe(self, topic, count=1, seconds=3):
        """What a subscriber gets who comes now: [(topic, payload)]."""
        done = self.run("/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.ports["mqtt"]), "-V", "5", "-q", "1",
                        "-t", topic, "-C", str(count), "-W", str(seconds), "-F", "%j", check=False)
        found = []
        for line in done.stdout.splitlines():
            message = json.loads(line)
            found.append((message["topic"], message.get("payload", "")))
        return found
