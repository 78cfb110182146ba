#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A day's work at the desk: 500 warnings in force and 100,000 that are over, and each page opened afresh in a real browser: until
something of it is painted, and until what somebody came for stands there, against the second it may take. The public index, with
its 500, likewise. Needs chromium, chromium-driver and python3-selenium."""
import concurrent.futures
import os
import shutil
import statistics
import tempfile

import beside
import browser
import desk
from arrivals import warning
from bench_past import add_past
from house import wait_for

ACTIVE, PAST, TIMES, LIMIT_MS = 500, 100000, 5, 1000
# A page of the desk, and what somebody came for.
PAGES = {
    "board": ("#/", ".active li a"), "bulletin": ("#/b/{ident}", ".head h1"), "compose": ("#/compose", "form.compose select, form.compose input"),
    "report": ("#/report", "table td"), "rights": ("#/rights/matrix", "table td"),
}
# Before any script of the page: when the first element of that selector has words or a field, as the page's own clock has it.
WATCH = """
const wanted = %r;
const look = () => {
  const found = [...document.querySelectorAll(wanted)].find((one) => one.checkVisibility() && (one.textContent.trim() || 'value' in one));
  if (found) window.thereAt = performance.now(); else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def issue(house):
    """Really, by their officers, four at a time."""
    with concurrent.futures.ThreadPoolExecutor(4) as four:
        issued = list(four.map(lambda n: house.walk("met", warning("orange", "第%d份" % n)), range(ACTIVE)))
    for ident in issued:
        house.wait_delivered(ident, ("website", "mqtt"), 120)
    return issued[0]


def opened(page, url, selector):
    """-> (ms to the first paint, ms to what was wanted)"""
    driver = page.driver
    driver.get("about:blank")
    watch = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH % selector})["identifier"]
    try:
        driver.get(url)
        there = wait_for(lambda: driver.execute_script("return window.thereAt"), 30, "%s on %s: %s" % (selector, url, page.text()[:300]))
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": watch})
    paint = driver.execute_script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
    return paint if paint is not None else there, there


def measure(page, name, url, selector):
    opened(page, url, selector)
    took = [opened(page, url, selector) for _ in range(TIMES)]
    beside.say("%s: %s ms" % (name, " ".join("%.0f/%.0f" % pair for pair in took)))
    beside.figure("desk-%s-paint" % name, statistics.median(paint for paint, _ in took), LIMIT_MS, "ms", TIMES)
    beside.figure("desk-%s" % name, statistics.median(there for _, there in took), LIMIT_MS, "ms", TIMES)


def main():
    if not browser.is_here():
        beside.absent("a browser", "chromium-driver and python3-selenium")
    house = desk.DeskHouse(tempfile.mkdtemp(prefix="tocsin-bench-desk-"), os.environ["TOCSIN_BIN"])
    try:
        house.prepare()
        house.raise_limits()
        desk.open_accounts(house)
        house.start()
        ident = issue(house)
        daemon = house.programs["tocsind"]
        assert daemon.stop() == 0
        add_past(house, int(ident[1:]), PAST, first=10000)
        daemon.start()
        wait_for(house.healthy, 120, "tocsind")
        wait_for(lambda: house.fetch("/").count("warnings/") >= ACTIVE, 120, "the site with all of them")
        with desk.desk_of(house, "met-lead") as lead:
            for name, (place, selector) in PAGES.items():
                measure(lead, name, house.desk + "/desk/" + place.format(ident=ident), selector)
            measure(lead, "public", house.site + "/", "main li a, main td a")
    finally:
        house.stop()
        shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
