"""Makes the pictures of the documentation: what `view` shows of the sample documents.

    python3 tests/browser/pictures.py PIPELINE

Needs chromium, chromedriver and pngquant.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import driver

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder, driver.Browser(1440, 900) as browser:
        records, page = Path(folder) / "news.jsonl", Path(folder) / "news.html"
        subprocess.run([program, "run", ROOT / "examples/news", "--layers", "+text", "-o", records, "--quiet"], check=True)
        subprocess.run([program, "view", records, "-o", page, "--quiet", "--title", "Sample news"], check=True)
        browser.open(page.as_uri() + "#doc=01-lumen-buys-kestrel.txt")
        browser.js("document.querySelector('.mark').focus()")
        time.sleep(0.5)
        browser.picture(DOCS / "view.png")
        browser.js("location.hash = '#network'")
        time.sleep(4)
        browser.picture(DOCS / "network.png")
    pictures = [DOCS / "view.png", DOCS / "network.png"]
    subprocess.run(["pngquant", "--force", "--ext", ".png", "--strip", "64", *pictures], check=True)


if __name__ == "__main__":
    main()
