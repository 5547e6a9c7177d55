// The network of the documents found, or of one of them.
const MOST_EDGES = 5000;
const scope = { one: false, made: "" };

// Edges between things, each with the places that state it, the most frequent first.
function collectEdges(of, only) {
  const edges = new Map();
  for (const at of of) {
    own(docs[at]).forEach((relation, nth) => {
      if (only !== null && relation[KIND] !== only) return;
      const head = docs[at].e[relation[HEAD]][THING];
      const tail = docs[at].e[relation[TAIL]][THING];
      if (head < 0 || tail < 0 || head === tail) return;
      const [a, b] = head < tail ? [head, tail] : [tail, head];
      const key = a * things.length + b;
      if (!edges.has(key)) edges.set(key, { a, b, said: [], kinds: new Map(), forth: false, back: false });
      const edge = edges.get(key);
      edge.said.push([at, nth]);
      edge.kinds.set(relation[KIND], (edge.kinds.get(relation[KIND]) ?? 0) + 1);
      edge[head === a ? "forth" : "back"] = true;
    });
  }
  return [...edges.values()].sort((x, y) => y.said.length - x.said.length);
}

// Nodes and edges that point at each other by number.
function buildNetwork(of, only) {
  const all = collectEdges(of, only);
  net.left = Math.max(0, all.length - MOST_EDGES);
  net.edges = all.slice(0, MOST_EDGES);
  net.nodes = [];
  const placeOf = new Map();
  const node = (thing) => {
    if (!placeOf.has(thing)) {
      placeOf.set(thing, net.nodes.length);
      const [name, label] = things[thing];
      const short = name.length > 28 ? `${name.slice(0, 27).trimEnd()}…` : name;
      net.nodes.push({ at: net.nodes.length, thing, name, short, hue: hueOf(label), degree: 0, edges: [] });
    }
    return placeOf.get(thing);
  };
  for (const edge of net.edges) {
    edge.verbs = [...edge.kinds].sort((x, y) => y[1] - x[1]).map(([kind]) => kind);
    [edge.a, edge.b] = [node(edge.a), node(edge.b)];
    for (const end of [edge.a, edge.b]) {
      net.nodes[end].degree += 1;
      net.nodes[end].edges.push(edge);
    }
  }
  net.byDegree = [...net.nodes].sort((x, y) => y.degree - x.degree || x.at - y.at);
  net.layout = new Layout(net.nodes.length, net.edges.map((edge) => [edge.a, edge.b]), aspect());
  Object.assign(net, { hover: null, picked: null, follow: true });
}

// Rounded, so that a few pixels do not make another picture.
function aspect() {
  const { w, h } = net.size;
  return w && h ? Math.max(0.5, Math.min(1.6, Math.round((4 * w) / h) / 4)) : 1;
}

function describeNetwork() {
  const told = `${count(net.nodes.length, "name")} and ${count(net.edges.length, "connection")}`;
  $("canvas").setAttribute("aria-label", `Network of ${told}. Arrow keys move it, plus and minus zoom. The connections are listed beside it.`);
  $("names").replaceChildren(...net.byDegree.slice(0, 500).map((node) => el("option", { value: node.name })));
  const hues = HUES.filter((hue) => net.nodes.some((node) => node.hue === hue));
  $("legend").replaceChildren(...hues.map((hue) => el("li", {}, el("span", { class: `dot ${hue}` }), HUE_NAMES[hue])));
}

// Makes the network again if what it is of has changed.
function renewNetwork() {
  const found = filter.found.length === docs.length ? `All ${count(docs.length, "document")}` : count(filter.found.length, "document") + " found";
  $("scope-all").textContent = found;
  $("scope-all").setAttribute("aria-pressed", String(!scope.one));
  $("scope-one").setAttribute("aria-pressed", String(scope.one));
  $("scope-one").disabled = reader.at < 0;
  const only = $("only").value === "" ? null : Number($("only").value);
  const of = scope.one ? [reader.at] : filter.found;
  const key = `${only}|${of.join()}`;
  measure();
  if (key !== scope.made) {
    scope.made = key;
    buildNetwork(of, only);
    describeNetwork();
    showStatements();
  }
  resize();
  animate();
}

function pick(about) {
  net.picked = about;
  net.hover = null;
  showStatements();
  redraw();
}

// Puts a node into the middle.
function centre(node) {
  const { layout, view, size } = net;
  while (layout.heat > 0.05) layout.step();
  net.follow = false;
  view.k = Math.max(view.k, 1);
  view.x = size.w / 2 - layout.xs[node.at] * view.k;
  view.y = size.h / 2 - layout.ys[node.at] * view.k;
}

function findName(name) {
  const wanted = name.trim().toLowerCase();
  if (!wanted) return;
  const node = net.byDegree.find((one) => one.name.toLowerCase() === wanted) ?? net.byDegree.find((one) => one.name.toLowerCase().includes(wanted));
  $("seek-name").setCustomValidity(node ? "" : "No such name in this network");
  if (!node) return $("seek-name").reportValidity();
  centre(node);
  pick({ node });
}

function showInNetwork(thing) {
  if (!filter.found.includes(reader.at)) scope.one = true;
  $("only").value = "";
  goTo("network");
  const node = net.nodes.find((one) => one.thing === thing);
  if (!node) return;
  centre(node);
  pick({ node });
}

function wirePointer(canvas) {
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    const [x, y] = place(event);
    canvas.setPointerCapture(event.pointerId);
    net.pointers.set(event.pointerId, [x, y]);
    const about = under(x, y, event.pointerType === "touch" ? 14 : 5);
    net.grip = { x, y, about, moved: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    if (!net.pointers.has(event.pointerId)) return hover(canvas, x, y);
    const before = net.pointers.get(event.pointerId);
    net.pointers.set(event.pointerId, [x, y]);
    if (net.pointers.size > 1) pinch(event.pointerId, before, [x, y]);
    else dragTo(canvas, before, [x, y]);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (!net.pointers.delete(event.pointerId) || !net.grip) return;
      if (!net.grip.moved && end === "pointerup") net.pick(net.grip.about);
      net.layout.held = -1;
      net.grip = net.pointers.size ? { ...net.grip, about: null, moved: true } : null;
      canvas.classList.remove("drag");
    });
  }
  canvas.addEventListener("pointerleave", () => net.hover && hover(canvas, -1e6, -1e6));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), ...place(event));
  }, { passive: false });
}

function hover(canvas, x, y) {
  const about = under(x, y);
  canvas.classList.toggle("over", Boolean(about));
  if (about?.node === net.hover?.node && about?.edge === net.hover?.edge) return;
  net.hover = about;
  redraw();
}

function dragTo(canvas, before, [x, y]) {
  const { grip, layout, view } = net;
  if (!grip.moved && Math.hypot(x - grip.x, y - grip.y) < 4) return;
  grip.moved = true;
  canvas.classList.add("drag");
  net.follow = false;
  if (grip.about?.node) {
    const { at } = grip.about.node;
    [layout.xs[at], layout.ys[at]] = toWorld(x, y);
    layout.held = at;
    layout.warm(0.12);
    animate();
  } else {
    view.x += x - before[0];
    view.y += y - before[1];
    redraw();
  }
}

function pinch(id, before, now) {
  const other = [...net.pointers].find(([one]) => one !== id)[1];
  const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
  net.grip.moved = true;
  net.view.x += (now[0] - before[0]) / 2;
  net.view.y += (now[1] - before[1]) / 2;
  zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
}

function wireKeys(canvas) {
  const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  canvas.addEventListener("keydown", (event) => {
    if (event.key in moves) {
      net.follow = false;
      net.view.x += moves[event.key][0];
      net.view.y += moves[event.key][1];
      redraw();
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") showWhole();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && net.picked && !$("network").hidden) pick(null);
  });
}

function showWhole() {
  net.follow = true;
  fit();
  redraw();
}

function startNetwork() {
  const canvas = $("canvas");
  net.pick = pick;
  wirePointer(canvas);
  wireKeys(canvas);
  new ResizeObserver(soon(resize)).observe(canvas);
  $("zoom-in").addEventListener("click", () => zoom(1.4));
  $("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
  $("zoom-fit").addEventListener("click", showWhole);
  const kinds = tally((doc) => own(doc).map((relation) => relation[KIND]));
  $("only").append(el("option", { value: "" }, "All relations"), ...kinds.map(([kind]) => el("option", { value: kind }, verbOf(kind))));
  $("only").addEventListener("change", renewNetwork);
  $("seek-name").addEventListener("change", (event) => findName(event.target.value));
  for (const [id, one] of [["scope-all", false], ["scope-one", true]]) {
    $(id).addEventListener("click", () => {
      scope.one = one;
      renewNetwork();
    });
  }
}

