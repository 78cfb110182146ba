# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium, driven by WebDriver: one officer at one desk, with a virtual authenticator that holds their passkey.
What waits, waits for a condition. A page's script errors and what its policy forbade are kept for the test to look at."""
import contextlib
import os
import shutil
import socket
import tempfile

from officers import wait_for

DRIVER, BROWSER = "/usr/bin/chromedriver", "/usr/bin/chromium"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
         "--force-color-profile=srgb", "--lang=zh-CN")
SIZES = {"1280x720": (1280, 720), "1920x1080": (1920, 1080), "phone": (390, 844)}


def is_here():
    """Whether there is all it takes."""
    try:
        import selenium  # noqa: F401
    except ImportError:
        return False
    return os.path.exists(DRIVER) and os.path.exists(BROWSER)


class Browser:
    def __init__(self, url, shots=None):
        from selenium import webdriver
        from selenium.webdriver.chrome.options import Options
        from selenium.webdriver.chrome.service import Service
        try:  # WebDriver and passkeys go by this name; a bare root without /etc/hosts does not know it
            socket.getaddrinfo("localhost", None)
        except OSError:
            raise RuntimeError("localhost has no address: put it into /etc/hosts") from None
        options = Options()
        options.binary_location = BROWSER
        self.folder = tempfile.mkdtemp(prefix="tocsin-browser-")
        for flag in (*FLAGS, "--user-data-dir=" + self.folder):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.url, self.shots = url, shots
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)
        self.size("1280x720")

    def quit(self):
        self.driver.quit()
        shutil.rmtree(self.folder, ignore_errors=True)

    def size(self, name):
        """The page's size, not the window's."""
        width, height = SIZES[name]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": name == "phone"})

    def hold_nothing(self):
        """An authenticator without a passkey yet."""
        from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions
        options = VirtualAuthenticatorOptions()
        options.has_resident_key = options.has_user_verification = options.is_user_verified = True
        self.driver.add_virtual_authenticator(options)

    def hold(self, key, rp):
        """An authenticator with this passkey (authenticator.py) in it; whoever sits here has been verified."""
        from selenium.webdriver.common.virtual_authenticator import Credential
        self.hold_nothing()
        self.driver.add_credential(Credential.create_resident_credential(key.credential, rp, b"officer", key.pkcs8(), 1000))

    # --- looking -------------------------------------------------------------------------------------

    def all(self, css):
        return self.driver.find_elements("css selector", css)

    def texts(self, css):
        """Of all of them at one moment: a page that is drawn anew takes elements away."""
        found = self.driver.execute_script("return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", css)
        return [" ".join(text.split()) for text in found]

    def see(self, css, text="", seconds=10):
        """The first element that is shown and has this text, as soon as there is one."""
        from selenium.common.exceptions import StaleElementReferenceException

        def found():
            for one in self.all(css):
                with contextlib.suppress(StaleElementReferenceException):
                    if one.is_displayed() and text in one.text:
                        return one
            return None
        return wait_for(found, seconds, lambda: "%s %r; there is: %s" % (css, text, self.text()[:2000]))

    def gone(self, css, seconds=10):
        script = "return [...document.querySelectorAll(arguments[0])].some((one) => one.checkVisibility())"
        wait_for(lambda: not self.driver.execute_script(script, css), seconds, "no " + css)

    def text(self):
        return self.driver.execute_script("return document.body ? document.body.innerText : ''")

    def shot(self, name):
        if self.shots:
            os.makedirs(self.shots, exist_ok=True)
            self.driver.save_screenshot(os.path.join(self.shots, name + ".png"))

    def complaints(self):
        """What the browser itself had to say since last asked: script errors, what the page's policy stopped."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")
                and "/api/v1/session - " not in entry["message"]]  # asked before a sign-in: 401

    # --- doing ---------------------------------------------------------------------------------------

    def open(self, path="/desk/"):
        self.driver.get(self.url + path)

    def go(self, place):
        """To another page of the desk."""
        self.driver.execute_script("location.hash = arguments[0]", place)

    def press(self, css, text=""):
        self._do_to(lambda one: one.click(), css, text)

    def enter(self, css, text=""):
        """The focus on it, then the Enter key."""
        self._do_to(lambda one: one.send_keys("\ue007"), css, text)

    def _do_to(self, act, css, text):
        """As soon as it can be done: a page that draws itself anew takes an element away between the look and the deed."""
        from selenium.common import exceptions as no

        not_yet = (no.ElementClickInterceptedException, no.ElementNotInteractableException, no.StaleElementReferenceException)
        why = [""]

        def done():
            try:
                act(self.see(css, text))
            except not_yet as said:
                why[0] = said.msg
                return False
            return True
        wait_for(done, 10, lambda: "to reach %s %r: %s" % (css, text, why[0]))

    def type(self, css, text):
        field = self.see(css)
        field.clear()
        field.send_keys(text)

    def hover(self, css):
        from selenium.webdriver.common.action_chains import ActionChains
        ActionChains(self.driver).move_to_element(self.see(css)).perform()

    def away(self):
        """The pointer rests nowhere."""
        self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 1, "y": 1})

    def offline(self, off):
        """The network of this one browser, cut and mended."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def focus_is_visible(self):
        return self.driver.execute_script(
            "const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2")

    def tab_to(self, text, most=60):
        """By keyboard alone, until what has the focus says this."""
        script = "return document.activeElement.innerText ?? ''"
        for _ in range(most):
            if self.driver.execute_script(script).strip() == text:
                return
            self.keys("\ue004")
        raise AssertionError("no %r by %d tabs" % (text, most))

    def keys(self, *keys):
        """By keyboard alone, to whatever has the focus."""
        from selenium.webdriver.common.action_chains import ActionChains
        ActionChains(self.driver).send_keys(*keys).perform()

    def sign_in(self, officer, password):
        self.open()
        self.type("#officer", officer)
        self.type("#password", password)
        self.press(".sign-in button.main")
        self.see(".who .name", officer)


@contextlib.contextmanager
def browsing(url, shots=None):
    browser = Browser(url, shots)
    try:
        yield browser
    finally:
        browser.quit()
