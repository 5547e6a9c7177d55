// The open document: marks that light up with what they are connected to.
const reader = { at: -1, doc: null, box: null, layer: null, marks: [], pinned: null, all: false, normal: false, off: new Set() };

// All that is lit with an entity: its cluster, the relations of the cluster, and what these lead to.
function aboutEntity(doc, at) {
  const entity = doc.e[at];
  const same = (other) => (entity[CLUSTER] >= 0 ? other[CLUSTER] === entity[CLUSTER] : entity[THING] >= 0 && other[THING] === entity[THING]);
  const entities = doc.e.map((_, other) => other).filter((other) => other === at || same(doc.e[other]));
  const related = own(doc).filter((relation) => entities.includes(relation[HEAD]) || entities.includes(relation[TAIL]));
  return { at, entities, relations: related };
}

// Lights `about`; null: what is pinned, or nothing. `pin` keeps it, or lets it go when it was kept.
function light(about, pin) {
  if (pin) {
    const known = reader.pinned && about && sameAbout(reader.pinned, about);
    reader.pinned = known ? null : about;
    if (known) about = null;
  }
  paint(about ?? reader.pinned);
}

function sameAbout(a, b) {
  if (a.triple || b.triple) return a.triple === b.triple;
  return a.entities.join() === b.entities.join() && a.relations.length === b.relations.length && a.relations.every((r, i) => r === b.relations[i]);
}

function paint(about) {
  const { box, layer, doc, marks } = reader;
  if (!box) return;
  box.classList.toggle("lit", Boolean(about?.entities));
  const near = new Set(about?.relations?.flatMap((relation) => [relation[HEAD], relation[TAIL]]));
  const on = new Set(about?.entities);
  marks.forEach((mark, at) => {
    mark.classList.toggle("on", on.has(at));
    mark.classList.toggle("near", near.has(at) && !on.has(at));
  });
  if (about?.triple) drawTriple(layer, box, about.triple);
  else drawLines(layer, box, doc, marks, about?.relations ?? [], reader.all ? own(doc) : []);
  caption(about);
  paintPressed();
}

function paintPressed() {
  const { pinned, marks } = reader;
  marks.forEach((mark, at) => mark.setAttribute("aria-pressed", String(pinned?.at === at)));
  for (const node of $("facts").querySelectorAll(".fact")) {
    node.setAttribute("aria-pressed", String(Boolean(pinned && node.about && sameAbout(node.about, pinned))));
  }
}

// A line about what is lit: said aloud by screen readers.
function caption(about) {
  if (!about?.entities) return $("caption").replaceChildren();
  const { doc } = reader;
  const at = about.at ?? about.entities[0];
  const [, , label, thing, , score, value, ticker] = doc.e[at];
  if (about.at === undefined && about.relations.length === 1) {
    const [head, tail, kind, certain] = about.relations[0];
    return $("caption").replaceChildren(end(doc, head), el("span", {}, verbOf(kind)), end(doc, tail), certain >= 0 ? el("span", { class: "more" }, `${certain} % sure`) : "");
  }
  const here = about.entities.length;
  const elsewhere = thing >= 0 ? docsOfThing.get(thing).length - 1 : 0;
  $("caption").replaceChildren(...[
    el("span", { class: "what" }, nameOf(doc, at).replace(/\s+/g, " ")),
    el("span", { class: `kind ${hueOf(label)}` }, el("span", { class: "dot" }), kindOf(label)),
    value && el("span", {}, value), ticker && el("span", {}, ticker),
    here > 1 && el("span", { class: "more" }, `${here} × here`),
    elsewhere > 0 && el("span", { class: "more" }, `in ${count(elsewhere, "other document")}`),
    score >= 0 && el("span", { class: "more" }, `${score} % sure`),
    reader.pinned && thing >= 0 && button({ class: "link", onclick: () => showInNetwork(thing) }, "Show in network"),
  ].filter(Boolean));
}

const markAt = (event) => event.target.closest?.(".mark");

function wireMarks(box, doc) {
  const order = inOrder(doc).filter((at) => reader.marks[at]);
  const over = (event) => {
    const mark = markAt(event);
    light(mark && !mark.classList.contains("off") ? aboutEntity(doc, Number(mark.dataset.at)) : null, false);
  };
  box.addEventListener("pointerover", (event) => event.pointerType !== "touch" && over(event));
  box.addEventListener("pointerleave", () => light(null, false));
  box.addEventListener("focusin", over);
  box.addEventListener("focusout", () => light(null, false));
  box.addEventListener("click", (event) => {
    const mark = markAt(event);
    if (mark) light(aboutEntity(doc, Number(mark.dataset.at)), true);
    else if (reader.pinned && !getSelection().toString()) light(reader.pinned, true);
  });
  box.addEventListener("keydown", (event) => {
    const mark = markAt(event);
    if (!mark) return;
    const at = Number(mark.dataset.at);
    const next = moveBy(event.key, order.indexOf(at), order.length);
    if (next !== null) focusMark(order[next]);
    else if (event.key === "Enter" || event.key === " ") light(aboutEntity(doc, at), true);
    else return;
    event.preventDefault();
  });
  if (order.length) reader.marks[order[0]].tabIndex = 0;
}

function focusMark(at) {
  reader.marks.forEach((mark) => (mark.tabIndex = -1));
  reader.marks[at].tabIndex = 0;
  reader.marks[at].focus();
}

// Buttons above the text: types to mark, and how.
function textTools(doc) {
  const counts = new Map();
  doc.e.forEach((entity) => counts.set(entity[LABEL], (counts.get(entity[LABEL]) ?? 0) + 1));
  const toggle = (name, key, redraw) => button({
    class: "toggle", "aria-pressed": String(reader[key]),
    onclick: (event) => {
      reader[key] = !reader[key];
      event.currentTarget.setAttribute("aria-pressed", String(reader[key]));
      redraw();
    },
  }, name);
  const types = [...counts].sort((a, b) => b[1] - a[1]).map(([label, n]) => button({
    class: `toggle kind ${hueOf(label)}`, "aria-pressed": String(!reader.off.has(labels[label])), title: "Mark or do not mark",
    onclick: (event) => {
      const now = reader.off.has(labels[label]);
      if (now) reader.off.delete(labels[label]);
      else reader.off.add(labels[label]);
      event.currentTarget.setAttribute("aria-pressed", String(now));
      hideTypes();
    },
  }, el("span", { class: "dot" }), kindOf(label), el("span", { class: "count" }, n)));
  const values = doc.e.some((entity) => entity[VALUE]);
  return el("div", { class: "tools-text", role: "group", "aria-label": "What is marked" }, types, el("span", { class: "gap" }),
    el("span", { class: "ways" }, values && toggle("Normal forms", "normal", showNormal),
      own(doc).length > 0 && toggle("All lines", "all", () => paint(reader.pinned))));
}

function hideTypes() {
  reader.marks.forEach((mark, at) => mark.classList.toggle("off", reader.off.has(labels[reader.doc.e[at][LABEL]])));
  paint(reader.pinned);
}

function showNormal() {
  reader.box.classList.toggle("normal", reader.normal);
  paint(reader.pinned);
}

function about(doc) {
  const parts = [el("span", {}, doc.id), doc.d && el("time", { datetime: doc.d }, day(doc.d)), doc.l && el("span", {}, languageName(doc.l))];
  return el("p", { class: "about" }, parts.filter(Boolean));
}

function languageName(code) {
  if (code === "und") return "Unknown language";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function showDocument(at) {
  const doc = docs[at];
  const marks = [];
  const box = textOf(doc, marks);
  const layer = svg("svg", { class: "lines", "aria-hidden": "true" });
  Object.assign(reader, { at, doc, box, layer, marks, pinned: null });
  const framed = el("div", { class: "framed" }, box, layer);
  $("reader").replaceChildren(el("div", { class: "sheet" }, about(doc), textTools(doc), framed));
  $("reader").scrollTop = 0;
  $("documents").scrollTop = 0;
  wireMarks(box, doc);
  showFacts(doc, light);
  hideTypes();
  showNormal();
  markHits(box, doc);
}

function startReader() {
  listeners.push(() => reader.box && markHits(reader.box, reader.doc));
  new ResizeObserver(soon(() => paint(reader.pinned))).observe($("reader"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && reader.pinned && !$("documents").hidden) light(reader.pinned, true);
  });
  document.fonts?.ready.then(() => paint(reader.pinned));
}

