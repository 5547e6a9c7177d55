// Beside the network: its connections, and the sentences that state the one that was picked.
const AT_ONCE = 150;

const dotFor = (thing) => el("span", { class: `dot ${hueOf(things[thing][1])}`, title: kindOf(things[thing][1]) });
const endFor = (thing) => el("span", { class: `end ${hueOf(things[thing][1])}` }, things[thing][0]);

// A long list, a part at a time.
function inParts(items, make) {
  const box = el("div");
  const more = (from) => {
    box.append(...items.slice(from, from + AT_ONCE).map(make));
    const left = items.length - from - AT_ONCE;
    if (left <= 0) return;
    const next = button({ class: "link", onclick: () => {
      next.remove();
      more(from + AT_ONCE);
      box.children[from + AT_ONCE]?.focus();
    } }, `Show ${number(Math.min(AT_ONCE, left))} more of ${number(left)}`);
    box.append(next);
  };
  more(0);
  return box;
}

function edgeItem(edge) {
  const [a, b] = [net.nodes[edge.a], net.nodes[edge.b]];
  const [from, to] = edge.forth ? [a, b] : [b, a];
  const verbs = edge.verbs.length > 3 ? `${edge.verbs.slice(0, 3).map(verbOf).join(", ")} …` : edge.verbs.map(verbOf).join(", ");
  const show = (on) => () => {
    net.hover = on ? { edge } : null;
    redraw();
  };
  return button({ class: "fact", onclick: () => net.pick({ edge }), onpointerenter: show(true), onpointerleave: show(false), onfocus: show(true), onblur: show(false) },
    edge.said.length > 1 && el("span", { class: "score" }, `${edge.said.length} ×`),
    endFor(from.thing), " ", el("span", { class: "verb" }, verbs), " ", endFor(to.thing));
}

// A sentence with its two names marked and its trigger underlined.
function quote(doc, relation) {
  const [head, tail, , , trigger, [start, end]] = relation;
  const pieces = [head, tail].map((at) => ({ from: doc.e[at][START], to: doc.e[at][END], at }));
  if (trigger[0] >= start && trigger[1] <= end && trigger[0] < trigger[1]) pieces.push({ from: trigger[0], to: trigger[1] });
  pieces.sort((a, b) => a.from - b.from || b.to - a.to);
  const nodes = [];
  let at = start;
  for (const { from, to, at: entity } of pieces) {
    if (from < at) continue;
    nodes.push(doc.t.slice(at, from));
    const words = doc.t.slice(from, to);
    nodes.push(entity === undefined ? el("u", {}, words) : el("mark", { class: hueOf(doc.e[entity][LABEL]) }, words));
    at = to;
  }
  nodes.push(doc.t.slice(at, end));
  return el("p", { lang: doc.l || null }, nodes);
}

function statement([at, nth]) {
  const doc = docs[at];
  const relation = own(doc)[nth];
  return el("div", { class: "quote" }, quote(doc, relation),
    el("div", { class: "from" }, button({ class: "link", onclick: () => openStatement(at, relation) }, headOf(doc).name),
      doc.d && el("span", {}, day(doc.d)), relation[SURE] >= 0 && el("span", {}, `${relation[SURE]} %`)));
}

function back() {
  return button({ class: "link close", onclick: () => net.pick(null) }, "← All connections");
}

// The statements of an edge, by what they say and which way.
function edgeParts(edge) {
  const groups = new Map();
  for (const place of edge.said) {
    const relation = own(docs[place[0]])[place[1]];
    const head = docs[place[0]].e[relation[HEAD]][THING];
    const key = `${relation[KIND]} ${head}`;
    if (!groups.has(key)) groups.set(key, { kind: relation[KIND], head, places: [] });
    groups.get(key).places.push(place);
  }
  const [a, b] = [net.nodes[edge.a].thing, net.nodes[edge.b].thing];
  const parts = [...groups.values()].sort((x, y) => y.places.length - x.places.length);
  return parts.flatMap(({ kind, head, places }) => [
    el("h2", {}, el("span", {}, endName(head), " ", el("i", {}, verbOf(kind)), " ", endName(head === a ? b : a)), el("span", { class: "count" }, number(places.length))),
    inParts(places, statement),
  ]);
}

const endName = (thing) => things[thing][0];

function showEdge(edge) {
  const [a, b] = (edge.forth ? [edge.a, edge.b] : [edge.b, edge.a]).map((end) => net.nodes[end].thing);
  const documents = new Set(edge.said.map(([at]) => at)).size;
  return [back(), el("h3", { class: "thing" }, endName(a), " – ", endName(b)),
    el("p", { class: "under" }, `${count(edge.said.length, "statement")} in ${count(documents, "document")}`), ...edgeParts(edge)];
}

function showNode(node) {
  const [name, label] = things[node.thing];
  const named = docsOfThing.get(node.thing) ?? [];
  return [back(), el("h3", { class: "thing" }, name),
    el("p", { class: `under ${hueOf(label)}` }, el("span", { class: "kind" }, kindOf(label)), ` · named in ${count(named.length, "document")}`),
    el("h2", {}, "Connections", el("span", { class: "count" }, number(node.edges.length))),
    inParts([...node.edges].sort((x, y) => y.said.length - x.said.length), edgeItem),
    el("h2", {}, "Documents", el("span", { class: "count" }, number(named.length))),
    inParts(named, (at) => button({ class: "fact", onclick: () => goToDocument(at) }, headOf(docs[at]).name))];
}

function showAllEdges() {
  if (!net.edges.length) return [el("p", { class: "none" }, "No relations here. Choose other documents, or other relations.")];
  const cut = net.left > 0 && el("p", { class: "under" }, `The picture shows the ${number(net.edges.length)} most frequent; ${number(net.left)} more are left out.`);
  return [el("h2", {}, "Connections", el("span", { class: "count" }, number(net.edges.length))), cut,
    inParts(net.edges, edgeItem)].filter(Boolean);
}

function showStatements() {
  const { picked } = net;
  const parts = picked?.edge ? showEdge(picked.edge) : picked?.node ? showNode(picked.node) : showAllEdges();
  $("statements").replaceChildren(...parts);
  $("statements").scrollTop = 0;
}

