// The list of documents found: rows are made only where one looks.
const ROW = 88;
const list = { at: -1, rows: new Map(), open: () => {} };

// The words around the first hit, else the beginning.
function excerpt(doc) {
  const term = filter.terms[0];
  const { name, excerpt: start } = headOf(doc);
  if (!term) return [start];
  const found = doc.t.toLowerCase().indexOf(term, name.toLowerCase().includes(term) ? 0 : doc.t.indexOf(name) + name.length);
  if (found < 0) return [start];
  const from = Math.max(0, doc.t.lastIndexOf(" ", Math.max(0, found - 24)) + 1);
  const tidy = (text) => text.replace(/\s+/g, " ");
  return [from ? "… " : "", tidy(doc.t.slice(from, found)), el("b", {}, tidy(doc.t.slice(found, found + term.length))),
    tidy(doc.t.slice(found + term.length, found + term.length + 160))];
}

function row(place) {
  const at = filter.found[place];
  const doc = docs[at];
  const facts = own(doc).length;
  const { name } = headOf(doc);
  const node = el("div", {
    class: "row", role: "option", id: `row-${place}`, "aria-posinset": place + 1, "aria-setsize": filter.found.length,
    style: `top:${place * ROW}px`, onclick: () => choose(place),
  },
  el("div", { class: "name" }, name), el("div", { class: "excerpt" }, excerpt(doc)),
  el("div", { class: "origin" }, el("span", {}, doc.id), doc.d && el("span", {}, day(doc.d)),
    facts > 0 && el("span", {}, count(facts, "relation")), doc.x && el("span", {}, "⚠ note")));
  node.setAttribute("aria-selected", String(at === list.at));
  return node;
}

function paintList() {
  const box = $("list");
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 4);
  const last = Math.min(filter.found.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + 4);
  for (const [place, node] of list.rows) {
    if (place < first || place >= last) {
      node.remove();
      list.rows.delete(place);
    }
  }
  for (let place = first; place < last; place++) {
    if (list.rows.has(place)) continue;
    const node = row(place);
    list.rows.set(place, node);
    $("list-space").append(node);
  }
  const place = filter.found.indexOf(list.at);
  if (list.rows.has(place)) box.setAttribute("aria-activedescendant", `row-${place}`);
  else box.removeAttribute("aria-activedescendant");
}

function renewList() {
  list.rows.clear();
  $("list-space").replaceChildren();
  $("list-space").style.height = `${filter.found.length * ROW}px`;
  if (!filter.found.length) {
    $("list-space").append(el("p", { class: "empty" }, docs.length ? "No document matches." : "There are no documents."));
  }
  paintList();
}

function choose(place) {
  if (place < 0 || place >= filter.found.length) return;
  list.open(filter.found[place]);
}

// Shows which document is open, and brings its row into view.
function markChosen(at) {
  list.at = at;
  for (const [place, node] of list.rows) node.setAttribute("aria-selected", String(filter.found[place] === at));
  const place = filter.found.indexOf(at);
  const box = $("list");
  if (place >= 0 && box.clientHeight) {
    if (place * ROW < box.scrollTop) box.scrollTop = place * ROW;
    if ((place + 1) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (place + 1) * ROW - box.clientHeight;
  }
  paintList();
}

function startList(open) {
  list.open = open;
  const box = $("list");
  box.addEventListener("scroll", soon(paintList), { passive: true });
  new ResizeObserver(soon(paintList)).observe(box);
  box.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(box.clientHeight / ROW) - 1);
    const at = filter.found.indexOf(list.at);
    const keys = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: Infinity };
    if (event.key === "Enter" && at >= 0) choose(at);
    else if (event.key in keys) choose(Math.max(0, Math.min(filter.found.length - 1, keys[event.key])));
    else return;
    event.preventDefault();
  });
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      choose(0);
      box.focus();
      event.preventDefault();
    }
  });
  listeners.push(() => {
    box.scrollTop = 0;
    renewList();
  });
}

