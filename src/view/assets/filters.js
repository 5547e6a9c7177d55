// Which documents are found: by words, by types of names, by relations.
const filter = { query: "", terms: [], labels: new Set(), relations: new Set(), found: docs.map((_, at) => at) };
const listeners = [];

const lower = (doc) => (doc.lower ??= `${doc.id}\n${doc.t}`.toLowerCase());
const some = (chosen, present) => chosen.size === 0 || present.some((one) => chosen.has(one));

function matches(doc) {
  return filter.terms.every((term) => lower(doc).includes(term))
    && some(filter.labels, doc.e.map((entity) => entity[LABEL]))
    && some(filter.relations, own(doc).map((relation) => relation[KIND]));
}

function search() {
  filter.query = $("search").value;
  // "a phrase in quotes" is one term.
  filter.terms = (filter.query.toLowerCase().match(/"[^"]+"|[^\s"]+/g) ?? []).map((term) => term.replaceAll('"', ""));
  filter.found = [];
  docs.forEach((doc, at) => matches(doc) && filter.found.push(at));
  const chosen = filter.labels.size + filter.relations.size;
  $("filters-on").textContent = chosen ? `${chosen} chosen` : "";
  $("clear").hidden = !chosen && !filter.terms.length;
  const all = filter.found.length === docs.length;
  $("found").textContent = all ? count(docs.length, "document") : `${number(filter.found.length)} of ${count(docs.length, "document")}`;
  listeners.forEach((listener) => listener());
}

// Of each choice, in how many documents it occurs; the most frequent first.
function tally(pick) {
  const counts = new Map();
  for (const doc of docs) {
    for (const one of new Set(pick(doc))) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

function group(title, counts, chosen, describe) {
  if (!counts.length) return null;
  const choice = ([one, documents]) => {
    const toggle = (event) => {
      if (event.target.checked) chosen.add(one);
      else chosen.delete(one);
      search();
    };
    const { name, hue } = describe(one);
    const box = el("input", { type: "checkbox", onchange: toggle });
    return el("label", { class: "chip" }, box, hue && el("span", { class: `dot ${hue}` }), el("span", {}, name),
      el("span", { class: "count" }, number(documents)));
  };
  return el("fieldset", {}, el("legend", {}, title), el("div", { class: "choices" }, counts.map(choice)));
}

function clearFilters() {
  $("search").value = "";
  filter.labels.clear();
  filter.relations.clear();
  document.querySelectorAll("#filter-groups input").forEach((box) => (box.checked = false));
  search();
  $("search").focus();
}

function startFilters() {
  const byLabel = tally((doc) => doc.e.map((entity) => entity[LABEL]));
  const byRelation = tally((doc) => own(doc).map((relation) => relation[KIND]));
  $("filter-groups").append(...[
    group("Documents that name a", byLabel, filter.labels, (label) => ({ name: kindOf(label), hue: hueOf(label) })),
    group("Documents that state", byRelation, filter.relations, (relation) => ({ name: verbOf(relation) })),
  ].filter(Boolean));
  $("filters").hidden = !byLabel.length;
  let timer = 0;
  $("search").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 90);
  });
  $("clear").addEventListener("click", clearFilters);
}

