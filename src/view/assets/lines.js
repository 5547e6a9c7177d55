// Lines between marks, drawn over the text.
const PILL = 20;

// Boxes of an element or a range, measured from the corner of the text.
function boxesOf(node, origin) {
  return [...node.getClientRects()].filter((box) => box.width > 0).map((box) => ({
    left: box.left - origin.left, right: box.right - origin.left, top: box.top - origin.top,
    bottom: box.bottom - origin.top, x: (box.left + box.right) / 2 - origin.left,
  }));
}

// The two boxes of marks that may run over several lines which are nearest to each other.
function nearest(heads, tails) {
  let best = null;
  for (const head of heads) {
    for (const tail of tails) {
      const away = Math.abs(head.top - tail.top) * 4 + Math.abs(head.x - tail.x);
      if (!best || away < best.away) best = { head, tail, away };
    }
  }
  return best;
}

// A curve from head to tail: over the line they share, or through the space between their lines.
function curve({ head, tail }, lift) {
  const level = Math.abs(head.top - tail.top) < 8;
  if (level) {
    const high = 10 + lift * 9 + Math.min(16, Math.abs(head.x - tail.x) * 0.05);
    const [a, b, y] = [head.x, tail.x, Math.min(head.top, tail.top)];
    return { d: `M${a} ${head.top}C${a} ${y - high} ${b} ${y - high} ${b} ${tail.top - 1}`, x: (a + b) / 2, y: y - high * 0.75, down: 1, end: [b, tail.top - 1] };
  }
  const falls = head.top < tail.top;
  const from = falls ? head.bottom : head.top;
  const to = falls ? tail.top - 1 : tail.bottom + 1;
  // Between neighbouring lines there is little room: the curve swings out a little.
  const swing = Math.max(15, Math.abs(to - from) / 2) * (falls ? 1 : -1);
  const d = `M${head.x} ${from}C${head.x} ${from + swing} ${tail.x} ${to - swing} ${tail.x} ${to}`;
  return { d, x: (head.x + tail.x) / 2, y: (from + to) / 2, down: falls ? 1 : -1, end: [tail.x, to] };
}

function tip([x, y], down) {
  return svg("path", { class: "tip", d: `M${x} ${y}l-3.6 ${-6 * down}h7.2z` });
}

// A label where no other one is yet.
function pill(text, x, y, taken, width) {
  const node = svg("text", {}, text);
  const wide = text.length * 6.4 + 16;
  const at = { x: Math.max(wide / 2, Math.min(width - wide / 2, x)), y };
  const clash = () => taken.find((other) => Math.abs(other.x - at.x) < (other.wide + wide) / 2 + 3 && Math.abs(other.y - at.y) < PILL + 2);
  for (let tries = 0, other; tries < 12 && (other = clash()); tries++) at.y = other.y + PILL + 3;
  taken.push({ ...at, wide });
  node.setAttribute("x", at.x);
  node.setAttribute("y", at.y);
  return svg("g", {}, svg("rect", { class: "pill", x: at.x - wide / 2, y: at.y - PILL / 2, width: wide, height: PILL, rx: PILL / 2 }), node);
}

// Draws relations: `shown` with their names, all others of `faint` without.
function drawLines(layer, box, doc, marks, shown, faint = []) {
  const origin = box.getBoundingClientRect();
  const parts = { faint: svg("g", { class: "faint" }), words: svg("g"), lines: svg("g"), pills: svg("g") };
  const taken = [];
  const lifts = new Map();
  const draw = (relation, group, named) => {
    const [head, tail, kind, , trigger] = relation;
    if (!marks[head] || !marks[tail]) return;
    const pair = nearest(boxesOf(marks[head], origin), boxesOf(marks[tail], origin));
    if (!pair || head === tail) return;
    const key = Math.round(pair.head.top);
    const lift = named ? lifts.get(key) ?? 0 : 0;
    lifts.set(key, lift + 1);
    const line = curve(pair, lift);
    group.append(svg("path", { d: line.d }), tip(line.end, line.down));
    if (!named) return;
    underlay(parts.words, box, trigger, origin);
    parts.pills.append(pill(verbOf(kind), line.x, line.y, taken, origin.width));
  };
  faint.filter((relation) => !shown.includes(relation)).forEach((relation) => draw(relation, parts.faint, false));
  shown.forEach((relation) => draw(relation, parts.lines, true));
  layer.replaceChildren(parts.faint, parts.words, parts.lines, parts.pills);
}

// The words that state a relation.
function underlay(group, box, span, origin) {
  const range = rangeOf(box, span);
  if (!range) return;
  for (const { left, right, top, bottom } of boxesOf(range, origin)) {
    group.append(svg("rect", { class: "trigger", x: left - 2, y: top, width: right - left + 4, height: bottom - top, rx: 3 }));
  }
}

// The parts of a triple, underlined; the predicate twice.
function drawTriple(layer, box, triple) {
  const origin = box.getBoundingClientRect();
  const group = svg("g");
  const under = (span, offsets) => {
    const range = rangeOf(box, span);
    if (!range) return;
    for (const { left, right, bottom } of boxesOf(range, origin)) {
      offsets.forEach((offset) => group.append(svg("path", { class: "part", d: `M${left} ${bottom + offset}H${right}` })));
    }
  };
  under(triple[SUBJECT], [1]);
  under(triple[VERB], [1, 5]);
  under(triple[OBJECT], [1]);
  triple[ARGS].forEach(([, span]) => under(span, [1]));
  underlay(group, box, triple[VERB], origin);
  layer.replaceChildren(group);
}

