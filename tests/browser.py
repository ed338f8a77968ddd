"""A real Chromium, spoken to in the W3C WebDriver protocol: chromedriver and the standard library are all it takes."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
"""Where ``npm ci --prefix tests`` lays the accessibility engine."""
DESKTOP, PHONE = (1280, 900), (390, 844)


class Browser:
    """One tab."""

    def __init__(self, address):
        self.address = address
        options = {"args": list(QUIET), "binary": shutil.which("chromium")}
        wanted = {
            "capabilities": {
                "alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            }
        }
        self.session = ""
        self.session = f"/session/{self.ask('/session', wanted)['sessionId']}"

    def ask(self, path, body=None, method="POST"):
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = Request(self.address + self.session + path, data, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, page, size=DESKTOP, scheme="light", media="screen"):
        """Open a file as it looks in a window of ``size``, in a light or dark scheme, on screen or on paper."""
        width, height = size
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.devtools("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("/url", {"url": page.resolve().as_uri()})

    def run(self, script, *args):
        """What ``script``, the body of a function, gives back."""
        return self.ask("/execute/sync", {"script": script, "args": list(args)})

    def devtools(self, command, **params):
        return self.ask("/goog/cdp/execute", {"cmd": command, "params": params})

    def picture(self, path):
        """The whole page as a PNG."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16_000), "scale": 1}
        path.write_bytes(base64.b64decode(self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]))

    def complaints(self):
        """What the page logged: errors of scripts, things the content policy refused."""
        return [entry["message"] for entry in self.ask("/se/log", {"type": "browser"})]

    def violations(self):
        """What axe-core finds wrong with the page as it is shown: rule and place of each."""
        self.run(AXE.read_text("utf-8") + ";window.axe = axe;")
        found = self.ask("/execute/async", {"script": "axe.run().then(arguments[0])", "args": []})
        return [(each["id"], node["target"], node["failureSummary"]) for each in found["violations"] for node in each["nodes"]]


@contextmanager
def browser():
    """A browser that is gone afterwards; skips the test where there is none."""
    driver = shutil.which("chromedriver")
    if driver is None or shutil.which("chromium") is None:
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    with subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            port = next(found[1] for line in process.stdout if (found := re.search(r"successfully on port (\d+)", line)))
            tab = Browser(f"http://127.0.0.1:{port}")
            yield tab
            tab.ask("", method="DELETE")
        finally:
            process.terminate()
