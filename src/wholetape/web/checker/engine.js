// The page's side of the worker: one task at a time, a promise for each; cancelling ends the worker and begins another.
((wholetape) => {
  "use strict";

  const failure = ({ name, message, hint, verification, stack }) => {
    if (stack) console.warn(stack);
    return Object.assign(new Error(message), { name, hint, verification });
  };

  /** Starts a worker from the text in the element `wholetape-engine`: see docs/checker.md. */
  const engine = (text = document.getElementById("wholetape-engine").textContent) => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    let worker = null, number = 0, last = Promise.resolve();
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

    const run = (task, job, progress, signal) =>
      new Promise((resolve, reject) => {
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

    /** Behind whatever runs now, whether that ends well or not. */
    const queue = (task, job, { progress = () => {}, signal } = {}) => {
      const turn = last.then(() => run(task, job, progress, signal));
      last = turn.catch(() => {});
      return turn;
    };

    const loaded = async (reference) =>
      reference.load ? { name: reference.name, file: new Blob([await reference.load()]), print: reference.print } : reference;

    return {
      async check({ release, against, keys = [] }, options) {
        const references = [];
        for (const reference of against) references.push(await loaded(reference));
        return queue("check", { release, against: references, keys }, options);
      },
      print: (file, options) => queue("print", { file }, options),
      verify: (job, options) => queue("verify", job, options),
      close() {
        refuse(new DOMException("closed", "AbortError"));
        URL.revokeObjectURL(address);
      },
    };
  };

  /* Data that is a script, so that it loads from a disk as well: it calls supply. */
  const waiting = new Map();

  /** Called by a data script: hands over bytes in base64 under a name. */
  const supply = (name, base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    waiting.get(name)?.(bytes);
    waiting.delete(name);
  };

  /** A `load` for a reference whose bytes the script at `address` supplies under `name`. */
  const loader = (name, address) => {
    let promise = null;
    return () =>
      (promise ??= new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(name, resolve);
        script.src = address;
        script.onerror = () => {
          promise = null;
          reject(failure({ name: "UnreadableInput", message: `${name} cannot be loaded`, hint: "is the folder complete?" }));
        };
        document.head.append(script);
      }));
  };

  Object.assign(wholetape, { engine, supply, loader });
})((globalThis.wholetape ??= {}));
