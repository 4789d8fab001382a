// nlp.js: NlpManager as it comes, in English, without entities and without saving the model.
//
// An intent is what it ranks first, also where it is not sure and would answer "None": otherwise its threshold would be
// measured, not its understanding.
//
// node nlpjs.js TRAIN OUT TEST...    what is read and written: see run.py
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

// The packages are not beside this file but where run.py has installed them.
const installed = createRequire(path.join(process.cwd(), "package.json"));
const { NlpManager } = installed("node-nlp");

const rows = (file) => fs.readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => line.split("\t"));
const now = () => Number(process.hrtime.bigint()) / 1000;

async function main(train, out, ...tests) {
  const examples = rows(train);
  let start = now();
  const manager = new NlpManager({ languages: ["en"], forceNER: false, autoSave: false, nlu: { log: false } });
  for (const [label, text] of examples) manager.addDocument("en", text, label);
  await manager.train();
  const loadMs = (now() - start) / 1000;
  const predicted = [];
  const taken = [];
  for (const test of tests) {
    const labels = [];
    for (const [, text] of rows(test)) {
      start = now();
      const result = await manager.process("en", text);
      taken.push(now() - start);
      const best = (result.classifications || []).find((found) => found.intent !== "None");
      labels.push(best ? best.intent : "None");
    }
    predicted.push(labels);
  }
  const result = {
    version: installed("node-nlp/package.json").version,
    load_ms: loadMs,
    // Memory in KB.
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    taken_us: taken.slice(0, predicted[0].length),
    predicted,
  };
  fs.writeFileSync(out, JSON.stringify(result));
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
