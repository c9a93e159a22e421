// Data that is loaded when it is wanted, as scripts: from a disk a page may load nothing else. One name, one script.
"use strict";
var wholetape = window.wholetape || (window.wholetape = {});
(() => {
  const waiting = new Map();

  // Called by the loaded scripts.
  wholetape.arrived = (name, value) => {
    const found = waiting.get(name);
    if (found) found.resolve(value);
  };

  // A promise of the value that the script at `address`, in this page's own folder, hands over under `name`.
  wholetape.load = (name, address) => {
    if (waiting.has(name)) return waiting.get(name).promise;
    const entry = {};
    entry.promise = new Promise((resolve, reject) => {
      entry.resolve = resolve;
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("error", () => {
        waiting.delete(name);
        reject(new Error("not loaded: " + address));
      });
      waiting.set(name, entry);
      document.body.append(script);
    });
    return entry.promise;
  };

  // The text of a program that was laid as a function, which does not run here.
  wholetape.code = async (name, address) => `(${await wholetape.load(name, address)})();`;

  // Bytes that were laid as base64.
  wholetape.unpacked = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  wholetape.bytes = async (name, address) => wholetape.unpacked(await wholetape.load(name, address));
})();
