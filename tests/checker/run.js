// Runs the browser's engine in Node. Usage: node run.js ENGINE.js < [{"do": …}, …] > [answer, …]
"use strict";
const fs = require("fs");
const vm = require("vm");

const [engine] = process.argv.slice(2);
vm.runInThisContext(fs.readFileSync(engine, "utf8"), { filename: engine });
const { wholetape } = globalThis;

async function wavHeard(path, keepMean) {
  const bytes = fs.readFileSync(path);
  const stream = await wholetape.wav.openWav(new Blob([bytes]));
  const listener = new wholetape.listen.Listener(0, stream.rate, { keepSound: true, keepMean });
  for await (const block of stream.blocks(() => {})) listener.take(block);
  const voices = listener.finish();
  return {
    name: path, digest: wholetape.sha256.sha256(bytes), codec: stream.codec, streams: 1, hasPicture: false, damage: [],
    samples: Math.ceil((listener.received * 8000) / stream.rate), voices, cancelled: listener.cancelled(),
  };
}

async function reference(path) {
  const bytes = fs.readFileSync(path), digest = wholetape.sha256.hex(wholetape.sha256.sha256(bytes));
  const facts = { path, sha256: digest, standing: "unsealed", capture: "unknown", withheld: [0, 0] };
  if (wholetape.printfile.isPrint(bytes)) {
    const print = wholetape.printfile.parse(bytes);
    return { facts: { ...facts, kind: "print", duration: print.samples / 8000 }, print, voices: [] };
  }
  const heard = await wavHeard(path, true);
  return { facts: { ...facts, kind: "audio", duration: heard.samples / 8000 }, print: wholetape.listen.toPrint(heard), voices: heard.voices };
}

const TASKS = {
  async check({ release, against }) {
    const heard = await wavHeard(release, false), references = [];
    for (const path of against) references.push(await reference(path));
    return wholetape.jsonform.asJson(wholetape.conclude.conclude(heard, references));
  },
  async print({ recording, output }) {
    const heard = await wavHeard(recording, true);
    fs.writeFileSync(output, wholetape.printfile.encode(wholetape.listen.toPrint(heard)));
    return null;
  },
  parse({ print }) {
    return wholetape.printfile.parse(fs.readFileSync(print)).tracks.length;
  },
};

(async () => {
  const answers = [];
  for (const task of JSON.parse(fs.readFileSync(0, "utf8"))) {
    const begun = process.hrtime.bigint();
    try {
      answers.push({ answer: await TASKS[task.do](task), seconds: Number(process.hrtime.bigint() - begun) / 1e9 });
    } catch (error) {
      if (!error.name || !("hint" in error)) console.error(error.stack);
      answers.push({ error: error.name, message: error.message });
    }
  }
  process.stdout.write(JSON.stringify(answers));
})();
