// The documents, and what can be known of them before one is opened.
const { labels, relations, things, docs } = JSON.parse($("data").textContent);
$("data").remove();

// Places in an entity, a relation and a triple.
const START = 0, END = 1, LABEL = 2, THING = 3, CLUSTER = 4, SCORE = 5, VALUE = 6, TICKER = 7;
const HEAD = 0, TAIL = 1, KIND = 2, SURE = 3, TRIGGER = 4, WHOLE = 5;
const SUBJECT = 0, VERB = 1, OBJECT = 2, PREDICATE = 3, FLAGS = 4, ARGS = 5, TRUST = 6;

const KINDS = {
  PERSON: ["people", "Person"], PER: ["people", "Person"], ORG: ["org", "Organisation"],
  GPE: ["place", "Country or city"], LOC: ["place", "Place"], FAC: ["place", "Building"],
  NORP: ["group", "Nationality or group"], EVENT: ["event", "Event"], PRODUCT: ["work", "Product"],
  WORK_OF_ART: ["work", "Work"], LAW: ["work", "Law"], LANGUAGE: ["work", "Language"],
  DATE: ["time", "Date"], TIME: ["time", "Time"], MONEY: ["number", "Money"], PERCENT: ["number", "Percentage"],
  QUANTITY: ["number", "Quantity"], ORDINAL: ["number", "Ordinal"], CARDINAL: ["number", "Number"],
};
const HUES = ["people", "org", "place", "group", "event", "work", "time", "number", "other"];
const HUE_NAMES = {
  people: "People", org: "Organisations", place: "Places", group: "Groups", event: "Events", work: "Works, products, laws",
  time: "Time", number: "Numbers", other: "Other",
};
const hueOf = (label) => KINDS[labels[label]]?.[0] ?? "other";
const words = (name) => name.replace(/[_.]+/g, " ");
const kindOf = (label) => KINDS[labels[label]]?.[1] ?? words(labels[label]);
const isValue = (label) => ["time", "number"].includes(hueOf(label));
const verbOf = (relation) => words(relations[relation]);

const own = (doc) => doc.r ?? [];
const slice = (doc, [start, end]) => doc.t.slice(start, end);
const nameOf = (doc, entity) => slice(doc, doc.e[entity]);

// The first line stands for the document, the next for its beginning.
function headOf(doc) {
  if (!doc.head) {
    const start = doc.t.slice(0, 600).trim();
    const end = start.search(/[\r\n]/);
    const line = (end < 0 ? start : start.slice(0, end)).replace(/^[#*\s]+/, "");
    // A paragraph is too long for a name: its first words are, and the others follow.
    const cut = line.length > 110 ? line.lastIndexOf(" ", 64) : -1;
    const name = cut > 20 ? `${line.slice(0, cut)} …` : line.slice(0, 160) || doc.id;
    const rest = cut > 20 ? `… ${line.slice(cut)} ${start.slice(line.length)}` : start.slice(end < 0 ? line.length : end);
    doc.head = { name, excerpt: rest.replace(/\s+/g, " ").trim().slice(0, 200) };
  }
  return doc.head;
}

// A headline is a short first line with a blank one after it.
function headlineEnd(doc) {
  const match = /^[ \t]*[^\r\n]{1,140}(?=\r?\n[ \t]*\r?\n)/.exec(doc.t);
  return match ? match[0].length : 0;
}

const docsOfThing = new Map();
docs.forEach((doc, at) => {
  for (const thing of new Set(doc.e.map((entity) => entity[THING]))) {
    if (thing < 0) continue;
    if (!docsOfThing.has(thing)) docsOfThing.set(thing, []);
    docsOfThing.get(thing).push(at);
  }
});

const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
function day(date) {
  const parsed = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) ? date : DAY.format(parsed);
}

