// What was found in the open document, beside its text.

function section(title, items) {
  if (!items.length) return null;
  return el("section", {}, el("h2", {}, title, el("span", { class: "count" }, number(items.length))), items);
}

const sure = (score) => score >= 0 && el("span", { class: "score", title: "How sure, in percent" }, `${score} %`);
const end = (doc, entity) => el("span", { class: `end ${hueOf(doc.e[entity][LABEL])}` }, nameOf(doc, entity));

// A button that lights what it is about: for a moment under the pointer or the focus, for good when pressed.
function fact(light, about, ...children) {
  const node = button({
    class: "fact", "aria-pressed": "false",
    onpointerenter: () => light(about, false), onpointerleave: () => light(null, false),
    onfocus: () => light(about, false), onblur: () => light(null, false), onclick: () => light(about, true),
  }, ...children);
  node.about = about;
  return node;
}

function relationFact(doc, relation, light) {
  const [head, tail, kind, score, trigger] = relation;
  const about = { relations: [relation], entities: [head, tail] };
  const said = trigger[0] >= 0 && trigger[0] < trigger[1] ? slice(doc, trigger) : null;
  return fact(light, about, sure(score), end(doc, head), " ", el("span", { class: "verb", title: said && `“${said}”` }, verbOf(kind)), " ", end(doc, tail));
}

function tripleFact(doc, triple, light) {
  const part = (span) => (span[0] < 0 ? "" : slice(doc, span));
  return fact(light, { triple }, sure(triple[TRUST]), part(triple[SUBJECT]), " ",
    el("span", { class: "verb" }, triple[PREDICATE] || part(triple[VERB])), " ", part(triple[OBJECT]),
    triple[FLAGS].map((flag) => el("span", { class: "flag" }, flag)),
    triple[ARGS].map(([role, span]) => el("span", { class: "args" }, `${role}: ${part(span)}`)));
}

const shouts = (name) => name === name.toUpperCase();
const better = (a, b) => a.length > b.length || (a.length === b.length && shouts(b) && !shouts(a));

// Mentions that are one thing, under their longest name.
function clustersOf(doc) {
  const groups = new Map();
  doc.e.forEach((entity, at) => {
    if (isValue(entity[LABEL])) return;
    const key = entity[CLUSTER] >= 0 ? `c${entity[CLUSTER]}` : entity[THING] >= 0 ? `t${entity[THING]}` : `e${at}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(at);
  });
  const names = (group) => group.map((at) => nameOf(doc, at).replace(/\s+/g, " "));
  const made = [...groups.values()].map((group) => {
    const all = names(group);
    const name = all.reduce((best, one) => (better(one, best) ? one : best));
    return { group, name, others: [...new Set(all)].filter((one) => one !== name) };
  });
  return made.sort((a, b) => b.group.length - a.group.length);
}

function nameFact(doc, { group, name, others }, light) {
  const first = doc.e[group[0]];
  return fact(light, { entities: group, relations: own(doc).filter((r) => group.includes(r[HEAD]) || group.includes(r[TAIL])) },
    el("span", { class: "pair" }, el("span", { class: `dot ${hueOf(first[LABEL])}`, title: kindOf(first[LABEL]) }),
      el("span", {}, name, others.length > 0 && el("span", { class: "none" }, ` · ${others.join(", ")}`)),
      group.length > 1 && el("span", { class: "count" }, `${group.length} ×`)));
}

function valueFact(doc, at, light) {
  const entity = doc.e[at];
  return fact(light, { entities: [at], relations: [] },
    el("span", { class: `pair ${hueOf(entity[LABEL])}` }, el("span", { class: `dot ${hueOf(entity[LABEL])}`, title: kindOf(entity[LABEL]) }),
      el("span", {}, nameOf(doc, at)), el("span", { class: "normal" }, entity[VALUE] || "–")));
}

function showFacts(doc, light) {
  const values = doc.e.map((_, at) => at).filter((at) => isValue(doc.e[at][LABEL]));
  const parts = [
    doc.x && el("section", {}, el("h2", {}, "Notes"), doc.x.map((note) => el("p", { class: "remark" }, note))),
    section("Relations", own(doc).map((relation) => relationFact(doc, relation, light))),
    section("Names", clustersOf(doc).map((cluster) => nameFact(doc, cluster, light))),
    section("Values", values.map((at) => valueFact(doc, at, light))),
    section("Open relations", (doc.p ?? []).map((triple) => tripleFact(doc, triple, light))),
    doc.m && el("section", {}, el("h2", {}, "Fields"), el("dl", { class: "meta" }, doc.m.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]))),
  ].filter(Boolean);
  if (!parts.length) parts.push(el("p", { class: "none" }, "Nothing was found in this document."));
  $("facts").replaceChildren(...parts);
  $("facts").scrollTop = 0;
}

