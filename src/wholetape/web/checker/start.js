// The check in the page of a release: what it is checked against stands in the page, and is loaded when it is needed.
((wholetape) => {
  "use strict";
  const place = document.getElementById("check"), data = document.getElementById("wholetape-check");
  if (!place || !data) return;
  const { engine, references, supplier } = JSON.parse(data.textContent);
  const { bytes } = wholetape;

  wholetape.mount(place, {
    supplier,
    engine: () => wholetape.code("engine", engine),
    references: references.map(({ name, print, seal, audio, recording }, k) => ({
      name,
      original: location.protocol !== "file:" && recording && { name: recording.name, audio, load: async () => (await fetch(recording.address)).blob() },
      audio,
      load: () => bytes(`print-${k + 1}`, print),
      seal: seal && { name: seal.name, audio, load: () => bytes(`seal-${k + 1}`, seal.address) },
    })),
  });
})((globalThis.wholetape ??= {}));
