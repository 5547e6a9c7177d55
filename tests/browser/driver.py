"""A browser, driven over WebDriver (https://www.w3.org/TR/webdriver2/) with the standard library alone."""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb",
]


def missing():
    """What is not there to drive a browser with, or None."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        return "chromium"
    return None if shutil.which("chromedriver") else "chromedriver (Debian: chromium-driver)"


class Browser:
    """One window of headless Chromium with a profile of its own."""

    def __init__(self, width=1440, height=900, scale=1, dark=False, touch=False):
        self.profile = tempfile.mkdtemp(prefix="pipeline-browser-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--log-level=OFF"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.base = f"http://127.0.0.1:{port}"
        self.session = ""
        for _ in range(200):
            try:
                self.call("GET", "/status")
                break
            except OSError:
                time.sleep(0.1)
        binary = shutil.which("chromium") or shutil.which("chromium-browser")
        options = {"args": FLAGS + [f"--user-data-dir={self.profile}", f"--window-size={width},{height}"], "binary": binary}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{made['sessionId']}"
        self.call("POST", f"{self.session}/timeouts", {"script": 120_000, "pageLoad": 120_000})
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=touch)
        self.theme(dark)

    def call(self, method, path, body=None):
        """One command; its value."""
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"].split("\n")[0]) from None

    def cdp(self, command, **params):
        """A command of the DevTools protocol."""
        return self.call("POST", f"{self.session}/goog/cdp/execute", {"cmd": command, "params": params})

    def theme(self, dark):
        value = "dark" if dark else "light"
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def open(self, url):
        self.call("POST", f"{self.session}/url", {"url": url})
        self.wait("return document.documentElement.dataset.ready === ''")

    def js(self, script, *args):
        return self.call("POST", f"{self.session}/execute/sync", {"script": script, "args": list(args)})

    def later(self, script, *args):
        """Runs a script that calls its last argument when it is done."""
        return self.call("POST", f"{self.session}/execute/async", {"script": script, "args": list(args)})

    def wait(self, script, *args):
        """Waits until a script gives something true, and gives it."""
        for _ in range(300):
            value = self.js(script, *args)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"in vain waited for: {script}")

    def find(self, css):
        return self.call("POST", f"{self.session}/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.call("POST", f"{self.session}/element/{self.find(css)}/click")

    def type(self, css, text):
        self.call("POST", f"{self.session}/element/{self.find(css)}/value", {"text": text})

    def keys(self, *keys):
        presses = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.actions({"type": "key", "id": "keys", "actions": presses})

    def pointer(self, *steps):
        """Steps: ("move", x, y), "down", "up"."""
        made = []
        for step in steps:
            if step == "down" or step == "up":
                made.append({"type": f"pointer{step.capitalize()}", "button": 0})
            else:
                made.append({"type": "pointerMove", "duration": 40, "x": round(step[1]), "y": round(step[2])})
        self.actions({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": made})

    def actions(self, *sources):
        self.call("POST", f"{self.session}/actions", {"actions": list(sources)})

    def errors(self):
        """What the page complained of since the last call."""
        log = self.call("POST", f"{self.session}/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, file):
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.call("GET", f"{self.session}/screenshot")))

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
