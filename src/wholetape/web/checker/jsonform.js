// The machine's report: wholetape.check/v1, as docs/json.md has it.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { round } = wholetape.numbers;

  const seconds = (value) => round(value * 1e4) / 1e4;
  const ratio = (value) => round(value * 1e5) / 1e5;
  const span = ([start, end]) => [seconds(start / PRINT.rate), seconds(end / PRINT.rate)];
  const placed = (of) => (of.reference ? { source: of.source, reference: span(of.reference) } : {});
  const mapped = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

  /** The result of one check as a tree: spans tile the release without gap or overlap. */
  const asJson = (result) => ({
    format: "wholetape.check/v1",
    outcome: result.outcome,
    release: { ...result.release, duration: seconds(result.release.duration) },
    references: result.references.map(({ withheld, ...facts }) => ({
      ...facts, duration: seconds(facts.duration), ...(withheld.some((part) => part) ? { withheld: withheld.map(seconds) } : {}),
    })),
    edits: result.edits.map((edit) => ({
      kind: edit.kind, release: span(edit.release), ...placed(edit), confidence: seconds(edit.confidence),
      ...(edit.speed !== 1 ? { speed: ratio(edit.speed) } : {}), ...(edit.where ? { where: edit.where } : {}),
    })),
    spans: result.spans.map((s) => ({ kind: s.kind, release: span(s.release), ...placed(s), speed: ratio(s.speed), exact: s.exact })),
    coverage: mapped(result.coverage, (value) => (Array.isArray(value) ? value.map(seconds) : seconds(value))),
    detects: mapped(result.detects, seconds),
    missing: result.missing.map((gap) => ({ source: gap.source, reference: span(gap.reference) })),
    notes: result.notes,
  });

  wholetape.jsonform = { asJson };
})((globalThis.wholetape ??= {}));
