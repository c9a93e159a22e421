// Keyboard shortcuts of the queue, which works without them. They act only while one of its comments has the focus.
"use strict";
document.addEventListener("keydown", (event) => {
  const items = [...document.querySelectorAll(".item")];
  const here = items.indexOf(document.activeElement);
  if (here < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  const box = items[here].querySelector("input[type=checkbox]");
  const acts = {
    j: () => items[Math.min(here + 1, items.length - 1)].focus(),
    k: () => items[Math.max(here - 1, 0)].focus(),
    x: () => box && box.click(),
    o: () => location.assign(items[here].dataset.open),
    Enter: () => location.assign(items[here].dataset.open),
  };
  const act = acts[event.key];
  if (act) { event.preventDefault(); act(); }
});
