// Elements of the page. Text from documents only ever becomes text nodes and attribute values.
const SVG = "http://www.w3.org/2000/svg";
const $ = (id) => document.getElementById(id);

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const el = (tag, props, ...children) => fill(document.createElement(tag), props, children);
const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);
const button = (props, ...children) => el("button", { type: "button", ...props }, ...children);

const number = new Intl.NumberFormat("en").format;
const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

function icon(...paths) {
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, paths.map((d) => svg("path", { d })));
}

// Calls `work` once for many requests, before the next frame.
function soon(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

// Moves the one tab stop of a group of elements with the arrow keys.
function moveBy(key, at, length) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  if (key in steps) return Math.min(length - 1, Math.max(0, at + steps[key]));
  return { Home: 0, End: length - 1 }[key] ?? null;
}

