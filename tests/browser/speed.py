"""How fluid the page is with many documents: figures for people to read, no test.

    python3 tests/browser/speed.py PIPELINE [DOCUMENTS] [EDGES]

Makes documents of invented names, 1,000 with 5,000 different connections where nothing else is said, and measures in
headless Chromium without a GPU: time until the page can be used, time to open a document, to search, until the network
rests, and the time of frames while a node is dragged.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import driver

SYLLABLES = "ka lo mi ren ta vos el du na fer ix om sul bra ti gen or pa wen zu".split()
RELATIONS = "owns employee_of meets_with partners_with based_in sanctions opposes supports visits invests_in".split()
LABELS = "PERSON ORG GPE".split()


def name(n):
    """A name of its own for each number."""
    word = lambda n: SYLLABLES[n % 20] + SYLLABLES[n // 20 % 20] + SYLLABLES[(n * 7 + 3) % 20]
    return f"{word(n).capitalize()} {word(n * 13 + 5).capitalize()}{n}"


def documents(count, edges):
    """Edges like those of news: a few names are in many, most in a few."""
    state = 12345
    seen = set()

    def draw(most):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return int(most * ((state >> 33) / 2**31) ** 1.7)

    things = max(10, edges // 2)
    for at in range(count):
        text, entities, relations = f"Report {at} of the day\n\n", [], []
        for _ in range(edges // count):
            while True:
                pair = (draw(things), draw(things))
                if pair[0] != pair[1] and pair not in seen and pair[::-1] not in seen:
                    break
            seen.add(pair)
            relation = RELATIONS[draw(len(RELATIONS))]
            ends = []
            for end, before in zip(pair, ("On Monday it was said that ", f" {relation.replace('_', ' ')} ")):
                text += before
                ends.append(len(entities))
                entities.append({"start": len(text), "end": len(text) + len(name(end)), "label": LABELS[end % 3],
                                 "text": name(end), "score": 0.9, "cluster": end})
                text += name(end)
            relations.append({"head": ends[0], "tail": ends[1], "label": relation, "score": 0.8, "trigger": None})
            text += ", and that nothing else was known of it by the evening, when the offices had closed for the night. "
        text += "\n\n" + "Nothing more has been heard of the matter since, though many have asked about it. " * 20
        yield {"id": f"report-{at:05}", "text": text, "language": {"code": "en", "confidence": 1.0}, "entities": entities,
               "relations": relations, "errors": []}


FRAMES = """
const [most, done] = arguments, times = [];
let last = performance.now();
const frame = (now) => { times.push(performance.now() - last); last = performance.now();
  times.length < most ? requestAnimationFrame(frame) : done(times.slice(2).sort((a, b) => a - b)); };
requestAnimationFrame(frame);
"""
WORK = """
const [done] = arguments, canvas = document.getElementById('canvas'), box = canvas.getBoundingClientRect();
const at = (x, y, type) => canvas.dispatchEvent(new PointerEvent(type, {clientX: box.x + x, clientY: box.y + y, pointerId: 7, bubbles: true}));
canvas.setPointerCapture = () => {};
let x = 0, y = 0;
search: for (y = 90; y < box.height - 90; y += 4) for (x = 40; x < box.width - 80; x += 4) {
  at(x, y, 'pointermove'); if (canvas.classList.contains('over')) break search; }
at(x, y, 'pointerdown');
const times = [], gaps = []; let n = 0, last = performance.now();
const frame = () => {
  const begin = performance.now(); gaps.push(begin - last); last = begin;
  at(x + 60 * Math.sin(n / 8), y + 40 * Math.cos(n / 8), 'pointermove');
  times.push(performance.now() - begin);
  if (++n < 120) requestAnimationFrame(frame); else { at(x, y, 'pointerup'); done([gaps.slice(2).sort((a, b) => a - b), canvas.classList.contains('over')]); }
};
requestAnimationFrame(frame);
"""


def spread(times):
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
    return f"median {at(0.5):.1f} ms, 95 % under {at(0.95):.1f} ms, longest {times[-1]:.1f} ms"


def measure(page):
    with driver.Browser(1440, 900) as browser:
        browser.open(page)
        ready = browser.js("const t = performance.getEntriesByName('ready')[0].startTime, n = performance.getEntriesByType('navigation')[0]; return [t, n.responseEnd]")
        print(f"until the page can be used: {ready[0]:.0f} ms")
        cost = lambda script: browser.later(
            f"const done = arguments[0], begin = performance.now(); {script}; requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begin)))")
        print(f"opening a document: {cost('document.querySelectorAll(`.row`)[4].click()'):.0f} ms")
        box = "const box = document.getElementById('search'); box.value = 'offices 77'; box.dispatchEvent(new Event('input'))"
        begin = time.time()
        browser.js(box)
        browser.wait("return document.getElementById('found').textContent.includes(' of ')")
        print(f"searching all texts: under {(time.time() - begin) * 1000:.0f} ms, of which 90 wait for the next letter")
        browser.click("#clear")
        browser.js("document.getElementById('list').scrollTop = 40000")
        print(f"frames of the list, scrolled far: {spread(browser.later(FRAMES, 30))}")
        begin = time.time()
        print(f"opening the network: {cost('document.getElementById(`tab-network`).click()'):.0f} ms")
        print(f"frames while it finds its shape: {spread(browser.later(FRAMES, 90))}")
        time.sleep(8)
        print(f"connections: {browser.js('return document.querySelector(`#statements h2 .count`).textContent')}")
        gaps, found = browser.later(WORK)
        print(f"frames while {'a node' if found else 'the picture'} is dragged: {spread(gaps)}")
        for complaint in browser.errors():
            print(f"the page complained: {complaint}")


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    edges = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
    if driver.missing():
        print(f"SKIPPED: nothing was measured, since there is no {driver.missing()}", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        records, page = Path(folder) / "many.jsonl", Path(folder) / "many.html"
        with records.open("w") as out:
            out.writelines(json.dumps(record) + "\n" for record in documents(count, edges))
        begin = time.time()
        subprocess.run([program, "view", records, "-o", page], check=True)
        print(f"making the page: {time.time() - begin:.2f} s, {page.stat().st_size / 1e6:.1f} MB")
        measure(page.as_uri())


if __name__ == "__main__":
    main()
