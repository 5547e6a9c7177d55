"""Drives the page of `pipeline view` in headless Chromium as a reader would.

    python3 tests/browser/page.py PIPELINE [PICTURES]

PIPELINE is the program; pictures of the page go to the folder PICTURES when it is given. Where there is no browser the
test says so and passes.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import driver

HERE = Path(__file__).parent
NEWS = HERE / "news.jsonl"
LUMEN = "#doc=01-lumen-buys-kestrel.txt"
checks = 0


def check(truth, what):
    global checks
    checks += 1
    assert truth, what


def same(found, wanted, what):
    check(found == wanted, f"{what}: {found!r}, not {wanted!r}")


def make(program, records, folder, *options):
    page = Path(folder) / f"{Path(records).stem}.html"
    subprocess.run([program, "view", records, "-o", page, "--quiet", *options], check=True)
    return page.as_uri()


def records():
    return [json.loads(line) for line in NEWS.open(encoding="utf-8")]


def middle(browser, css, nth=0):
    script = (
        "const box = [...document.querySelectorAll(arguments[0])][arguments[1]].getClientRects()[0];"
        "return [box.x + box.width / 2, box.y + box.height / 2];"
    )
    return browser.js(script, css, nth)


def hover(browser, css, nth=0):
    browser.pointer(("move", *middle(browser, css, nth)))


def press(browser, css, nth=0):
    browser.js("document.querySelectorAll(arguments[0])[arguments[1]].scrollIntoView({block: 'center'})", css, nth)
    browser.pointer(("move", *middle(browser, css, nth)), "down", "up")


def texts(browser, css):
    return browser.js("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", css)


def go(browser, address):
    browser.later(
        "const [address, done] = arguments;"
        "if (location.hash === address || (address === '#' && !location.hash)) return done();"
        "addEventListener('hashchange', () => setTimeout(done, 60), { once: true }); location.hash = address;",
        address,
    )


def texts_are_unchanged_and_safe(browser):
    for record in records():
        go(browser, "#doc=" + browser.js("return encodeURIComponent(arguments[0])", record["id"]))
        same(browser.js("return document.getElementById('text').textContent"), record["text"], record["id"])
        marks = browser.js("return [...document.querySelectorAll('.mark')].map((m) => [+m.dataset.at, m.textContent])")
        wanted = [[at, entity["text"]] for at, entity in enumerate(record["entities"] or [])]
        same(sorted(marks), wanted, f"marks of {record['id']}")
    same(browser.js("return document.querySelectorAll('#reader img, #reader b, #reader script').length"), 0, "HTML of a text")
    check("broken" not in browser.js("return document.title"), "a text ran a script")
    go(browser, "#doc=" + browser.js("return encodeURIComponent(arguments[0])", records()[-2]["id"]))
    check("</script> at <line 3>" in " ".join(texts(browser, ".remark")), "errors are shown")


def search_and_filters(browser):
    everything = len(records())
    browser.type("#search", "sanctions")
    browser.wait("return document.getElementById('found').textContent.startsWith('1 of')")
    same(texts(browser, ".row .name"), ["EU sanctions three shipping companies over Sudan arms"], "found by a word")
    check("sanctions" in texts(browser, ".row .excerpt b"), "the hit is shown")
    browser.click("#clear")
    same(texts(browser, "#found"), [f"{everything} documents"], "cleared")
    browser.click("#filters summary")
    press(browser, "#filter-groups .chip", texts(browser, "#filter-groups .chip span:nth-last-child(2)").index("visits"))
    wanted = sum(any(r["label"] == "visits" for r in record["relations"] or []) for record in records())
    same(texts(browser, "#found"), [f"{wanted} of {everything} documents"], "found by a relation")
    browser.click("#clear")
    press(browser, "#filter-groups .chip", texts(browser, "#filter-groups .chip span:nth-last-child(2)").index("Law"))
    wanted = sum(any(e["label"] == "LAW" for e in record["entities"] or []) for record in records())
    same(texts(browser, "#found"), [f"{wanted} of {everything} documents"], "found by a type")
    browser.click("#clear")
    browser.click("#filters summary")


def lines_and_clusters(browser):
    go(browser, LUMEN)
    hover(browser, ".mark[data-at='0']")
    same(set(texts(browser, ".mark.on")), {"Lumen Energy", "Lumen"}, "the cluster is lit")
    same(sorted(texts(browser, ".lines text"))[:3], ["based in", "founded", "member of"], "lines under the pointer")
    browser.pointer(("move", 5, 5))
    same(texts(browser, ".mark.on"), [], "the light goes")
    hover(browser, "#facts .fact")
    same(texts(browser, ".mark.on"), ["Lumen Energy", "Kestrel Grid"], "ends of a relation")
    check(browser.js("return document.querySelectorAll('.lines .trigger').length") == 1, "its trigger")
    browser.pointer(("move", 5, 5))
    press(browser, ".mark[data-at='0']")
    browser.pointer(("move", 5, 5))
    check(texts(browser, ".mark.on"), "a press keeps the light")
    browser.keys("\ue00c")
    same(texts(browser, ".mark.on"), [], "Escape lets it go")


def values_and_triples(browser):
    go(browser, LUMEN)
    check("$2.4 billionUSD 2400000000" in texts(browser, "#facts .fact"), "a value and its normal form")
    press(browser, ".ways .toggle")
    shown = browser.js("return getComputedStyle(document.querySelector('.mark[data-value]'), '::after').content")
    check("USD 2400000000" in shown, f"normal forms in the text: {shown}")
    triple = next(at for at, text in enumerate(texts(browser, "#facts .fact")) if "agree to acquire" in text)
    browser.js("document.querySelectorAll('#facts .fact')[arguments[0]].scrollIntoView({block: 'center'})", triple)
    hover(browser, "#facts .fact", triple)
    check(browser.js("return document.querySelectorAll('.lines .part').length") >= 4, "parts of a triple")
    browser.pointer(("move", 5, 5))


def keyboard(browser):
    go(browser, LUMEN)
    browser.call("POST", f"{browser.session}/refresh")
    browser.wait("return document.documentElement.dataset.ready === ''")
    browser.keys("\ue004")
    same(texts(browser, ":focus"), ["Skip to the list of documents"], "the first stop")
    browser.keys("\ue004", "\ue007")
    same(texts(browser, ":focus"), ["Lumen Energy"], "a skip link leads to the first name")
    browser.keys("\ue014")
    same(texts(browser, ":focus"), ["Kestrel Grid"], "arrows lead on")
    check("Kestrel Grid" in texts(browser, ".mark.on"), "focus lights as the pointer does")
    browser.keys("\ue007")
    same(browser.js("return document.activeElement.getAttribute('aria-pressed')"), "true", "Enter keeps the light")
    browser.keys("\ue00c")
    browser.js("document.getElementById('list').focus()")
    browser.keys("\ue015")
    check("02-foreign-ministers-meet.txt" in texts(browser, ".about")[0], "arrows go through the list")
    chosen = browser.js("return document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant')).textContent")
    check("Foreign ministers" in chosen, "and say where one is")
    browser.js("document.getElementById('tab-documents').focus()")
    browser.keys("\ue014")
    same(browser.js("return document.getElementById('network').hidden"), False, "arrows change tabs")
    browser.js("document.getElementById('canvas').focus()")
    browser.keys("+", "\ue012", "0")


def network(browser):
    browser.click("#tab-network")
    pairs = set()
    for at, record in enumerate(records()):
        cluster = lambda end: record["entities"][end]["cluster"]
        pairs |= {(at, *sorted((cluster(r["head"]), cluster(r["tail"])))) for r in record["relations"] or []}
    listed = int(texts(browser, "#statements h2 .count")[0])
    check(0.8 * len(pairs) <= listed <= len(pairs), f"{listed} connections of {len(pairs)} pairs")
    press(browser, "#statements .fact")
    same(texts(browser, "#statements .thing"), ["Lumen Energy – Kestrel Grid"], "an edge of the list")
    quotes = texts(browser, ".quote p")
    check(len(quotes) == 2 and quotes[1].startswith("OSLO, March 3, 2025 - Norway's Lumen Energy said"), "its sentences")
    browser.keys("\ue00c")
    browser.type("#seek-name", "Adaeze Nwosu\ue007")
    same(texts(browser, "#statements .thing"), ["Adaeze Nwosu"], "found by its name, and in the middle")
    browser.keys("\ue00c")
    click_an_edge(browser)
    browser.click(".quote .link")
    check(texts(browser, ".mark.on"), "from a statement to its text")
    browser.click("#tab-network")
    browser.click("#scope-one")
    at = next(record for record in records() if record["id"] in texts(browser, ".about")[0])
    listed = int(texts(browser, "#statements h2 .count")[0])
    check(0 < listed <= len(at["relations"]), "the network of one document")
    browser.click("#scope-all")


def click_an_edge(browser):
    """Finds the pixels of an edge and a node by trying: the picture has no elements to ask for."""
    time.sleep(2.5)
    x, y, _, h = browser.js("const b = document.getElementById('canvas').getBoundingClientRect(); return [b.x, b.y, b.width, b.height]")
    kinds = set()
    for row in range(12, 40):
        probe = (
            "const c = document.getElementById('canvas'), b = c.getBoundingClientRect(), found = {};"
            "for (let x = 20; x < b.width - 60; x += 3) { c.dispatchEvent(new PointerEvent('pointermove',"
            "{clientX: b.x + x, clientY: b.y + arguments[0], pointerId: 99})); if (c.classList.contains('over')) return b.x + x; }"
        )
        hit = browser.js(probe, h * row / 44)
        if hit is None:
            continue
        browser.pointer(("move", hit, y + h * row / 44), "down", "up")
        title = texts(browser, "#statements .thing")
        if not title:
            continue
        kinds.add("edge" if " – " in title[0] else "node")
        if "edge" in kinds:
            check(texts(browser, ".quote p"), "a click on an edge shows its sentences")
            return
        browser.keys("\ue00c")
    raise AssertionError(f"no edge under the pointer, only {kinds}")


def dragging(browser):
    browser.click("#tab-network")
    browser.click("#zoom-fit")
    x, y = middle(browser, "#canvas")
    browser.pointer(("move", x, y), "down", ("move", x + 80, y + 30), ("move", x + 160, y + 60), "up")
    browser.click("#zoom-in")
    browser.click("#zoom-fit")


def themes(browser):
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = browser.js(ground)
    browser.theme(True)
    dark = browser.js(ground)
    check(light != dark, "the system's theme is followed")
    browser.click("#theme")
    same(browser.js(ground), light, "light by choice")
    browser.click("#theme")
    same(browser.js(ground), dark, "dark by choice")
    browser.click("#theme")
    browser.theme(False)


def accessible_names(browser):
    """Everything that can be operated has a name."""
    for address in (LUMEN, "#network"):
        go(browser, address)
        nameless = browser.js(
            "return [...document.querySelectorAll('button, input, select, [role], [tabindex]')].filter((e) => e.checkVisibility()"
            " && !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.labels?.length || e.textContent.trim()"
            " || e.getAttribute('role') === 'presentation' || e.id === 'reader' || e.getAttribute('role') === 'status'))"
            ".map((e) => e.outerHTML.slice(0, 80))"
        )
        same(nameless, [], "without a name")


def wide(program, folder, pictures):
    page = make(program, NEWS, folder, "--title", "World news")
    with driver.Browser(1440, 900) as browser:
        browser.open(page)
        steps = (texts_are_unchanged_and_safe, search_and_filters, lines_and_clusters, values_and_triples, keyboard, network,
                 dragging, themes, accessible_names)
        for step in steps:
            step(browser)
            same(browser.errors(), [], f"complaints of the page after {step.__name__}")
        for dark in (False, True) if pictures else ():
            show(browser, dark, pictures)


def show(browser, dark, pictures):
    kind = "dark" if dark else "light"
    browser.theme(dark)
    go(browser, LUMEN)
    browser.js("document.querySelector('.mark[data-at=\"0\"]').focus()")
    time.sleep(0.4)
    browser.picture(f"{pictures}/wide-document-{kind}.png")
    go(browser, "#network")
    time.sleep(2)
    browser.picture(f"{pictures}/wide-network-{kind}.png")


def narrow(program, folder, pictures):
    page = make(program, NEWS, folder, "--title", "World news")
    with driver.Browser(390, 844, scale=2, touch=True) as browser:
        browser.open(page)
        check(browser.js("return document.querySelector('.browse').checkVisibility() && !document.querySelector('.reading').checkVisibility()"), "the list comes first")
        press(browser, ".row")
        browser.wait("return document.body.dataset.screen === 'document'")
        check(texts(browser, "#text")[0].startswith("Lumen Energy to buy"), "a tap opens a document")
        press(browser, ".mark[data-at='0']")
        check(texts(browser, ".lines text"), "a tap draws lines")
        check(browser.js("return document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the screen")
        browser.keys("\ue00c")
        browser.click("#back")
        check(browser.js("return document.querySelector('.browse').checkVisibility()"), "the way back")
        browser.click("#tab-network")
        time.sleep(1.5)
        check(browser.js("return document.documentElement.scrollWidth <= innerWidth"), "the network is not wider either")
        same(browser.errors(), [], "complaints of the narrow page")
        for dark in (False, True) if pictures else ():
            kind = "dark" if dark else "light"
            browser.theme(dark)
            for name, address in (("list", "#"), ("document", LUMEN), ("network", "#network")):
                go(browser, address)
                time.sleep(0.8)
                browser.picture(f"{pictures}/narrow-{name}-{kind}.png")


def main():
    program = sys.argv[1]
    pictures = sys.argv[2] if len(sys.argv) > 2 else None
    lacking = driver.missing()
    if lacking:
        print(f"SKIPPED: the page was not tried in a browser, since there is no {lacking}", file=sys.stderr)
        return
    if pictures:
        Path(pictures).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        wide(program, folder, pictures)
        narrow(program, folder, pictures)
    print(f"the page in a browser: {checks} checks passed")


if __name__ == "__main__":
    main()
