// Runs the browser's engine in Node. Usage: node run.js ENGINE.js < [{"do": …}, …] > [answer, …]
"use strict";
const fs = require("fs");
const vm = require("vm");

const [engine] = process.argv.slice(2);
vm.runInThisContext(fs.readFileSync(engine, "utf8"), { filename: engine });
const { wholetape } = globalThis;

const opened = async (path) => Object.assign(await fs.openAsBlob(path), { name: path.split("/").at(-1) });

const TASKS = {
  async check({ release, against, keys = [] }) {
    const files = [];
    for (const path of against) files.push({ name: path.split("/").at(-1), file: await opened(path) });
    const pinned = keys.map((path) => fs.readFileSync(path, "utf8"));
    return (await wholetape.tasks.check({ release: await opened(release), against: files, keys: pinned }, () => {})).check;
  },
  async excerpt({ seal, print, sound, rows, start, end, output }) {
    const salts = { sound: sound && Buffer.from(sound, "hex"), print: Buffer.from(rows, "hex") };
    fs.writeFileSync(output, await wholetape.tasks.excerpt({ seal: await opened(seal), print: await opened(print), salts, start, end }, () => {}));
    return null;
  },
  async print({ recording, output }) {
    fs.writeFileSync(output, await wholetape.tasks.print({ file: await opened(recording) }, () => {}));
    return null;
  },
  async packets({ file }) {
    const source = new wholetape.source.Source(await opened(file)), media = await wholetape.media.open(source), out = [];
    for (const stream of media.streams) {
      const sizes = [], damage = [];
      for await (const { data } of stream.packets((at, why) => damage.push(why))) sizes.push(data.length);
      out.push({ codec: stream.codec, rate: stream.rate, skip: stream.skip, length: stream.length, sizes, damage });
    }
    return { container: media.container, hasPicture: media.hasPicture, streams: out };
  },
  async verify({ seal, recording, print, keys, documents }) {
    const job = { seal: await opened(seal), recording: await opened(recording), print: await opened(print) };
    job.keys = keys.map((path) => fs.readFileSync(path, "utf8"));
    job.documents = documents.map((path) => [path.split("/").at(-1), fs.readFileSync(path)]);
    return wholetape.tasks.verify(job, () => {});
  },
  async stamp({ reply, data, roots }) {
    const { parsePem } = wholetape.certificate, { readStamp, rootOfStamp } = wholetape.stamp;
    const bytes = Uint8Array.from(Buffer.from(reply, "hex")), read = await readStamp(bytes, Uint8Array.from(Buffer.from(data, "hex")));
    const root = read && read.over ? await rootOfStamp(bytes, parsePem(roots)) : null;
    return { read, root: root && wholetape.sha256.hex(wholetape.sha256.sha256(root.bytes)) };
  },
  hash({ file }) {
    return wholetape.sha256.hex(wholetape.sha256.sha256(fs.readFileSync(file)));
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
      answers.push({ error: error.name, message: error.message, result: error.result });
    }
  }
  process.stdout.write(JSON.stringify(answers));
})();
