// CPU seconds of wink-nlp on the documents of a file, after loading and a warm-up; as JSON.

const fs = require("fs");
const nlp = require("wink-nlp")(require("wink-eng-lite-web-model"));

const lines = fs.readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
const texts = lines.map((line) => JSON.parse(line).text);
texts.slice(0, 100).forEach((text) => nlp.readDoc(text));
const start = process.cpuUsage();
let values = 0;
for (const text of texts) values += nlp.readDoc(text).entities().length();
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ seconds: (user + system) / 1e6, names: values }));
