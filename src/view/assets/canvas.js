// The network as a picture: drawing, and what pointer and keys do to it.
const LABELS = 90;
const net = {
  nodes: [], edges: [], byDegree: [], layout: null, view: { k: 1, x: 0, y: 0 }, follow: true,
  hover: null, picked: null, colours: {}, pointers: new Map(), grip: null, size: { w: 0, h: 0 }, pick: () => {},
};
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["sheet", "ink", "soft", "edge", "rule", "accent", ...HUES];
  net.colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  redraw();
}

const toScreen = (x, y) => [x * net.view.k + net.view.x, y * net.view.k + net.view.y];
const toWorld = (x, y) => [(x - net.view.x) / net.view.k, (y - net.view.y) / net.view.k];
const radius = (node) => Math.min(22, 3.2 + 1.7 * Math.sqrt(node.degree)) * Math.min(1.6, Math.max(0.45, Math.sqrt(net.view.k)));

// Shows all of it, with room for the tools.
function fit() {
  const { layout, size, view } = net;
  if (!layout?.n || !size.w) return;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < layout.n; i++) {
    left = Math.min(left, layout.xs[i]);
    right = Math.max(right, layout.xs[i]);
    top = Math.min(top, layout.ys[i]);
    bottom = Math.max(bottom, layout.ys[i]);
  }
  const tools = document.querySelector(".tools").offsetHeight + 30;
  const [w, h] = [size.w - 110, size.h - tools - 90];
  view.k = Math.max(0.02, Math.min(2, w / (right - left + 40), h / (bottom - top + 40)));
  view.x = size.w / 2 - ((left + right) / 2) * view.k;
  view.y = tools + h / 2 - ((top + bottom) / 2) * view.k;
}

function zoom(by, x = net.size.w / 2, y = net.size.h / 2) {
  const { view } = net;
  const k = Math.max(0.02, Math.min(8, view.k * by));
  view.x = x - ((x - view.x) * k) / view.k;
  view.y = y - ((y - view.y) * k) / view.k;
  view.k = k;
  net.follow = false;
  redraw();
}

// What is lit: nodes and edges around what is under the pointer, else around what was picked.
function lit() {
  const about = net.hover ?? net.picked;
  if (!about) return null;
  if (about.edge) return { nodes: new Set([about.edge.a, about.edge.b]), edges: [about.edge], main: null };
  const edges = about.node.edges;
  return { nodes: new Set([about.node.at, ...edges.flatMap((edge) => [edge.a, edge.b])]), edges, main: about.node };
}

function strokeEdges(ctx, edges, colour, alpha, wider) {
  const { xs, ys } = net.layout;
  ctx.strokeStyle = colour;
  ctx.globalAlpha = alpha;
  // By width: a path each, since one stroke for many lines is much faster than a stroke for each.
  for (const [least, most, width] of [[1, 1, 1], [2, 3, 1.7], [4, 9, 2.6], [10, Infinity, 4]]) {
    ctx.beginPath();
    for (const edge of edges) {
      if (edge.said.length < least || edge.said.length > most) continue;
      ctx.moveTo(...toScreen(xs[edge.a], ys[edge.a]));
      ctx.lineTo(...toScreen(xs[edge.b], ys[edge.b]));
    }
    ctx.lineWidth = width * wider;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

// A disc by itself: many in one path cost ten times as much where there is no graphics processor.
function disc(ctx, x, y, r, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}

function fillNodes(ctx, shown) {
  const { layout, colours, size } = net;
  const put = (node) => {
    const [x, y] = toScreen(layout.xs[node.at], layout.ys[node.at]);
    const r = radius(node);
    if (x < -r || y < -r || x > size.w + r || y > size.h + r) return;
    // The larger ones stand off from their edges and neighbours.
    if (r > 4.5) disc(ctx, x, y, r + 1.2, colours.sheet);
    disc(ctx, x, y, r, colours[node.hue]);
  };
  if (!shown) return net.nodes.forEach(put);
  ctx.globalAlpha = 0.25;
  net.nodes.forEach((node) => shown.nodes.has(node.at) || put(node));
  ctx.globalAlpha = 1;
  shown.nodes.forEach((at) => put(net.nodes[at]));
}

const apart = (a, b) => a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3];
const free = (boxes, discs, box, node) =>
  boxes.every((other) => apart(box, other)) && discs.every((disc) => disc.node === node || apart(box, disc.box));

// Where names should not be written: on nodes, unless there are too many of them to heed.
function discsOf(nodes) {
  if (nodes.length > 400) return [];
  return nodes.map((node) => {
    const [x, y] = toScreen(net.layout.xs[node.at], net.layout.ys[node.at]);
    const r = radius(node);
    return { node, box: [x - r, y - r, x + r, y + r] };
  });
}

// Whether the edges of a node lead down more than up: then its name is better off above it.
function leansDown(node) {
  const { ys } = net.layout;
  return node.edges.slice(0, 12).reduce((sum, edge) => sum + ys[edge.a] + ys[edge.b] - 2 * ys[node.at], 0) > 0;
}

// Names, the best connected first, as long as there is room.
function writeNames(ctx, shown) {
  const boxes = [];
  const discs = discsOf(shown ? net.nodes.filter((node) => shown.nodes.has(node.at)) : net.nodes);
  const { layout, colours, size } = net;
  ctx.font = `500 12px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colours.sheet;
  ctx.fillStyle = colours.ink;
  const order = shown ? net.byDegree.filter((node) => shown.nodes.has(node.at)) : net.byDegree;
  for (const node of shown?.main ? [shown.main, ...order] : order) {
    if (boxes.length >= LABELS) break;
    const [x, y] = toScreen(layout.xs[node.at], layout.ys[node.at]);
    if (x < 0 || y < 0 || x > size.w || y > size.h) continue;
    const half = (node.wide ??= ctx.measureText(node.short).width) / 2 + 3;
    const r = radius(node) + 3;
    const places = leansDown(node) ? [y - r - 14, y + r] : [y + r, y - r - 14];
    const top = places.find((at) => free(boxes, boxes.length < (size.w < 600 ? 3 : 10) ? [] : discs, [x - half, at, x + half, at + 14], node));
    if (top === undefined) continue;
    boxes.push([x - half, top, x + half, top + 14]);
    ctx.strokeText(node.short, x, top);
    ctx.fillText(node.short, x, top);
  }
}

// On edges that are lit: which way, and what they say.
function writeVerbs(ctx, shown) {
  if (shown.edges.length > 14) return;
  const { layout, nodes, colours } = net;
  ctx.font = `italic 11.5px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textBaseline = "middle";
  for (const edge of shown.edges) {
    const [ax, ay] = toScreen(layout.xs[edge.a], layout.ys[edge.a]);
    const [bx, by] = toScreen(layout.xs[edge.b], layout.ys[edge.b]);
    if (edge.forth) arrow(ctx, ax, ay, bx, by, radius(nodes[edge.b]) + 2);
    if (edge.back) arrow(ctx, bx, by, ax, ay, radius(nodes[edge.a]) + 2);
    const text = edge.verbs.length > 2 ? `${verbOf(edge.verbs[0])} + ${edge.verbs.length - 1}` : edge.verbs.map(verbOf).join(", ");
    const wide = ctx.measureText(text).width;
    if (Math.hypot(ax - bx, ay - by) < wide * 0.7) continue;
    ctx.lineWidth = 4;
    ctx.strokeStyle = colours.sheet;
    ctx.fillStyle = colours.accent;
    ctx.strokeText(text, (ax + bx) / 2, (ay + by) / 2);
    ctx.fillText(text, (ax + bx) / 2, (ay + by) / 2);
  }
}

function arrow(ctx, ax, ay, bx, by, gap) {
  const turn = Math.atan2(by - ay, bx - ax);
  const [x, y] = [bx - gap * Math.cos(turn), by - gap * Math.sin(turn)];
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - 9 * Math.cos(turn - 0.38), y - 9 * Math.sin(turn - 0.38));
  ctx.lineTo(x - 9 * Math.cos(turn + 0.38), y - 9 * Math.sin(turn + 0.38));
  ctx.fillStyle = net.colours.accent;
  ctx.fill();
}

function draw() {
  const canvas = $("canvas");
  const ctx = canvas.getContext("2d");
  const { w, h } = net.size;
  if (!w || !net.layout) return;
  const scale = devicePixelRatio || 1;
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.clearRect(0, 0, w, h);
  const shown = lit();
  strokeEdges(ctx, net.edges, net.colours.edge, shown ? 0.16 : 0.5, 1);
  if (shown) strokeEdges(ctx, shown.edges, net.colours.accent, 0.9, 1.3);
  fillNodes(ctx, shown);
  if (shown) writeVerbs(ctx, shown);
  writeNames(ctx, shown);
}

const redraw = soon(() => !$("network").hidden && draw());

// Moves the network until it has come to rest, as far as there is time in each frame.
function animate() {
  if (net.running) return;
  net.running = true;
  const frame = () => {
    const { layout } = net;
    if (!layout?.moving || $("network").hidden) {
      net.running = false;
      return;
    }
    const begin = performance.now();
    const budget = calm.matches && net.grip === null ? 24 : 7;
    do layout.step();
    while (layout.moving && performance.now() - begin < budget);
    if (net.follow) fit();
    if (!calm.matches || !layout.moving || layout.held >= 0) draw();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function measure() {
  const { width, height } = $("canvas").getBoundingClientRect();
  if (width) net.size = { w: width, h: height };
  return Boolean(width);
}

function resize() {
  const canvas = $("canvas");
  if (!measure()) return;
  canvas.width = Math.round(net.size.w * (devicePixelRatio || 1));
  canvas.height = Math.round(net.size.h * (devicePixelRatio || 1));
  if (net.follow) fit();
  draw();
}

// What is at a point of the canvas: the nearest node within reach, else an edge.
function under(x, y, reach = 5) {
  const { layout, nodes, edges } = net;
  let best = null;
  for (const node of nodes) {
    const [nx, ny] = toScreen(layout.xs[node.at], layout.ys[node.at]);
    const away = Math.hypot(nx - x, ny - y) - radius(node);
    if (away < reach && (!best || away < best.away)) best = { node, away };
  }
  if (best) return { node: best.node };
  for (const edge of edges) {
    const [ax, ay] = toScreen(layout.xs[edge.a], layout.ys[edge.a]);
    const [bx, by] = toScreen(layout.xs[edge.b], layout.ys[edge.b]);
    const [dx, dy] = [bx - ax, by - ay];
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    const away = Math.hypot(ax + t * dx - x, ay + t * dy - y);
    if (away < reach && (!best || away < best.away)) best = { edge, away };
  }
  return best && { edge: best.edge };
}

