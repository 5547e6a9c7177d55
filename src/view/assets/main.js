// Putting it together: tabs, addresses, theme.
const THEMES = ["auto", "light", "dark"];
const dark = matchMedia("(prefers-color-scheme: dark)");
let theme = "auto";
try {
  theme = localStorage.getItem("pipeline-theme") ?? "auto";
} catch {
  // Pages from files may have no storage; then the choice lasts as long as the page.
}

function showTheme() {
  const now = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  document.documentElement.dataset.theme = now;
  const icons = {
    auto: ["M8 2.5a5.5 5.5 0 1 0 0 11z", "M8 2.5a5.5 5.5 0 0 1 0 11"],
    light: ["M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z", "M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1"],
    dark: ["M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z"],
  };
  const names = { auto: "as the system", light: "light", dark: "dark" };
  $("theme").replaceChildren(icon(...icons[theme]));
  $("theme").setAttribute("aria-label", `Theme: ${names[theme]}. Change`);
  $("theme").title = `Theme: ${names[theme]}`;
  readColours();
}

function nextTheme() {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  try {
    localStorage.setItem("pipeline-theme", theme);
  } catch {
    // As above.
  }
  showTheme();
}

// Addresses: #network, #doc=ID, or nothing for the list.
const byId = new Map(docs.map((doc, at) => [doc.id, at]));
const addressOf = (at) => `#doc=${encodeURIComponent(docs[at].id)}`;

function goTo(hash, keep) {
  const target = hash.startsWith("#") ? hash : `#${hash}`;
  if (keep) location.replace(target);
  else if (location.hash !== target) location.hash = target;
  follow();
}

// On a wide page the document changes in its place; on a narrow one the way back leads to the list.
function goToDocument(at) {
  const wide = matchMedia("(min-width: 720px)").matches;
  goTo(addressOf(at), wide && location.hash.startsWith("#doc="));
}

function openStatement(at, relation) {
  goTo(addressOf(at));
  light({ relations: [relation], entities: [relation[HEAD], relation[TAIL]] }, true);
  reader.marks[relation[HEAD]]?.scrollIntoView({ block: "center" });
}

function showTab(name) {
  for (const tab of ["documents", "network"]) {
    $(tab).hidden = tab !== name;
    $(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    $(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
  }
}

function follow() {
  let wanted = -1;
  try {
    wanted = location.hash.startsWith("#doc=") ? byId.get(decodeURIComponent(location.hash.slice(5))) ?? -1 : -1;
  } catch {
    // An address that is none of ours.
  }
  const network = location.hash === "#network";
  document.body.dataset.screen = network ? "network" : wanted >= 0 ? "document" : "list";
  showTab(network ? "network" : "documents");
  if (wanted >= 0 && wanted !== reader.at) showDocument(wanted);
  if (!network) markChosen(reader.at);
  if (network) renewNetwork();
}

function startTabs() {
  const tabs = ["documents", "network"];
  const address = { documents: () => (reader.at >= 0 ? addressOf(reader.at) : "#"), network: () => "#network" };
  tabs.forEach((name, at) => {
    $(`tab-${name}`).addEventListener("click", () => goTo(address[name]()));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      const next = moveBy(event.key, at, tabs.length);
      if (next === null) return;
      event.preventDefault();
      $(`tab-${tabs[next]}`).focus();
      goTo(address[tabs[next]]());
    });
  });
  $("back").addEventListener("click", () => goTo("#"));
}

function startSkips() {
  for (const link of document.querySelectorAll("[data-skip]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (!$("network").hidden) goTo(reader.at >= 0 ? addressOf(reader.at) : "#");
      const target = link.dataset.skip === "text" ? reader.box?.querySelector('[tabindex="0"]') ?? $("reader") : $(link.dataset.skip);
      target.focus();
    });
  }
}

function start() {
  const facts = docs.reduce((sum, doc) => sum + own(doc).length, 0);
  $("totals").textContent = [count(docs.length, "document"), count(things.length, "name"), count(facts, "relation")].join(" · ");
  startFilters();
  startList(goToDocument);
  startReader();
  startNetwork();
  startTabs();
  startSkips();
  $("theme").addEventListener("click", nextTheme);
  dark.addEventListener("change", showTheme);
  showTheme();
  search();
  // On a wide page the first document is open already.
  if (!location.hash && docs.length && matchMedia("(min-width: 720px)").matches) showDocument(0);
  follow();
  addEventListener("hashchange", follow);
  document.documentElement.dataset.ready = "";
  performance.mark("ready");
}

start();
