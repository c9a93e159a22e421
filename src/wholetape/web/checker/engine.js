// The page's side of the worker: one task at a time, a promise for each; cancelling ends the worker and begins another.
((wholetape) => {
  "use strict";

  const failure = ({ name, message, hint, result, verification, stack }) => {
    if (stack) console.warn(stack);
    return Object.assign(new Error(message), { name, hint, result, verification });
  };

  /** Starts a worker, when it is first needed, from what `load` gives: the text in `wholetape-engine` if nothing else. */
  const engine = (load = () => document.getElementById("wholetape-engine").textContent) => {
    let address = null, worker = null, number = 0, last = Promise.resolve();
    const open = new Map();

    const refuse = (problem) => {
      worker?.terminate();
      worker = null;
      for (const { reject } of open.values()) reject(problem);
      open.clear();
    };

    const begin = () => {
      worker = new Worker(address);
      worker.onmessage = ({ data }) => {
        const task = open.get(data.id);
        if (!task) return;
        if (data.progress) return task.progress(...data.progress);
        open.delete(data.id);
        if (data.error) task.reject(failure(data.error));
        else task.resolve(data.answer);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        refuse(failure({ name: "Error", message: `the check stopped: ${event.message ?? "out of memory"}`, hint: "close other pages and try again" }));
      };
    };

    const run = async (task, job, progress, signal) => {
      address ??= URL.createObjectURL(new Blob([await load()], { type: "text/javascript" }));
      return await new Promise((resolve, reject) => {
        const gone = () => new DOMException("cancelled", "AbortError");
        if (signal?.aborted) return reject(gone());
        if (!worker) begin();
        const id = ++number;
        const abort = () => refuse(gone());
        const done = (settle) => (value) => {
          signal?.removeEventListener("abort", abort);
          settle(value);
        };
        open.set(id, { resolve: done(resolve), reject: done(reject), progress });
        signal?.addEventListener("abort", abort);
        worker.postMessage({ id, task, job });
      });
    };

    /** Behind whatever runs now, whether that ends well or not. */
    const queue = (task, job, { progress = () => {}, signal } = {}) => {
      const turn = last.then(() => run(task, job, progress, signal));
      last = turn.catch(() => {});
      return turn;
    };

    /** What of a reference is to be loaded first, loaded. */
    const loaded = async ({ load, loadPrint, ...reference }) => ({
      ...reference,
      file: load ? new Blob([await load()]) : reference.file,
      print: loadPrint ? new Blob([await loadPrint()]) : reference.print,
    });

    return {
      async check({ release, against, keys = [] }, options) {
        const references = [];
        for (const reference of against) references.push(await loaded(reference));
        return queue("check", { release, against: references, keys }, options);
      },
      print: (file, options) => queue("print", { file }, options),
      verify: (job, options) => queue("verify", job, options),
      excerpt: (job, options) => queue("excerpt", job, options),
      close() {
        refuse(new DOMException("closed", "AbortError"));
        if (address) URL.revokeObjectURL(address);
      },
    };
  };

  Object.assign(wholetape, { engine });
})((globalThis.wholetape ??= {}));
