// The text with its names and values marked. The text itself is left as it is.

// Entities in order of their start, the longer first where two begin together.
function inOrder(doc) {
  const order = doc.e.map((_, at) => at).filter((at) => doc.e[at][START] >= 0 && doc.e[at][START] < doc.e[at][END]);
  return order.sort((a, b) => doc.e[a][START] - doc.e[b][START] || doc.e[b][END] - doc.e[a][END]);
}

function markOf(doc, at) {
  const [, , label, , , , value, ticker] = doc.e[at];
  const said = [nameOf(doc, at), kindOf(label), value && `means ${value}`, ticker];
  return el("span", {
    class: `mark ${hueOf(label)}${isValue(label) ? " value" : ""}`, role: "button", tabindex: "-1",
    "aria-pressed": "false", "aria-label": said.filter(Boolean).join(", "), "data-at": at, "data-value": value && value !== nameOf(doc, at) ? value : null,
  });
}

// Fills `parent` with the text from `from` to `to`; what lies inside another mark is nested, what crosses one is cut.
function fillText(parent, doc, order, from, to, marks) {
  let at = from;
  while (order.next < order.all.length) {
    const entity = order.all[order.next];
    const start = Math.max(doc.e[entity][START], at);
    const end = Math.min(doc.e[entity][END], to);
    if (doc.e[entity][START] >= to) break;
    order.next += 1;
    if (start >= end) continue;
    if (start > at) parent.append(doc.t.slice(at, start));
    const mark = markOf(doc, entity);
    marks[entity] = mark;
    fillText(mark, doc, order, start, end, marks);
    parent.append(mark);
    at = end;
  }
  if (at < to) parent.append(doc.t.slice(at, to));
}

// The text of a document; `marks` gets the element of each entity.
function textOf(doc, marks) {
  const order = { all: inOrder(doc), next: 0 };
  const box = el("div", { class: "words", id: "text", role: "group", tabindex: "-1", lang: doc.l || null,
    "aria-label": "Text. With the arrow keys from name to name." });
  const split = headlineEnd(doc);
  if (split) {
    const headline = el("span", { class: "headline", role: "heading", "aria-level": "2" });
    fillText(headline, doc, order, 0, split, marks);
    box.append(headline);
  }
  fillText(box, doc, order, split, doc.t.length, marks);
  return box;
}

// A range of the text as the page has it.
function rangeOf(box, [start, end]) {
  if (start < 0 || start >= end) return null;
  const range = document.createRange();
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const next = at + node.length;
    if (at <= start && start < next) range.setStart(node, start - at);
    if (end <= next) {
      range.setEnd(node, end - at);
      return range;
    }
    at = next;
  }
  return null;
}

// Words that were searched for, marked by the browser where it can.
function markHits(box, doc) {
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.delete("search");
  const ranges = [];
  const text = doc.t.toLowerCase();
  // A few letters change their length in lower case; then places would not fit.
  if (text.length !== doc.t.length) return;
  for (const term of filter.terms) {
    for (let at = text.indexOf(term); at >= 0 && ranges.length < 300; at = text.indexOf(term, at + term.length)) {
      const range = rangeOf(box, [at, at + term.length]);
      if (range) ranges.push(range);
    }
  }
  if (ranges.length) CSS.highlights.set("search", new Highlight(...ranges));
}

