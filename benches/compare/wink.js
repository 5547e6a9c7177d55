// Values that wink-nlp finds in the documents of a file, written as JSON Lines; CPU seconds after loading, as JSON.

const fs = require("fs");
const nlp = require("wink-nlp")(require("wink-eng-lite-web-model"));

const start = process.cpuUsage();
const [path, out] = process.argv.slice(2);
const lines = fs.readFileSync(path, "utf8").trimEnd().split("\n");
const records = [];
let values = 0;
for (const line of lines) {
  const entities = nlp.readDoc(JSON.parse(line).text).entities().out(nlp.its.detail);
  records.push(JSON.stringify({ entities }));
  values += entities.length;
}
fs.writeFileSync(out, records.join("\n") + "\n");
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ loaded: (user + system) / 1e6, names: values }));
