// An answer in words: outcome, picture, list of edits to listen to, and what the check could not see.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { duration, h, stretch, timecode } = wholetape.words;
  const { overview, LETTERS } = wholetape.drawing;

  const SURE = 0.9, SHOWN = 200;
  const percent = (share) => `${Math.floor(share * 1000) / 10}%`;
  const length = ([start, end]) => end - start;

  /** What happened at one edit, in a sentence. */
  const told = (check) => (edit) => {
    const here = stretch(edit.release), there = edit.reference ? stretch(edit.reference) : "";
    const values = {
      here, there, at: timecode(edit.release[0]), length: duration(length(edit.release)),
      missing: edit.reference ? duration(length(edit.reference)) : "", speed: edit.speed ?? 1,
    };
    const copied = edit.kind === "replaced" && edit.reference &&
      check.spans.some((s) => s.kind === "kept" && s.source === edit.source && s.reference && s.reference[0] <= edit.reference[0] && edit.reference[1] <= s.reference[1]);
    const session = edit.reference && check.references.length > 1 ? ` (${t("check.session", { number: edit.source + 1, name: check.references[edit.source].path })})` : "";
    return t(`page.edit.${edit.kind}${copied ? ".copied" : ""}`, values) + session + (edit.where ? ` (${edit.where})` : "");
  };

  const outcomeWords = (check) => {
    const count = check.edits.filter((edit) => edit.confidence >= SURE).length;
    const alone = check.references.every((ref) => ref.kind !== "audio");
    return t(`check.outcome.${check.outcome}.${check.outcome === "whole" && alone ? "print" : "told"}`, { count, share: check.coverage.references.map(percent).join(", ") });
  };

  const standing = (ref) => {
    const key = ref.standing === "unsealed" ? "unsealed" : `${ref.standing}.${ref.capture === "live" ? "live" : "finished"}`;
    return t(`check.standing.${key}`, { name: ref.path });
  };

  const basis = (check) => {
    if (check.spans.length && check.spans.every((span) => span.exact)) return t("check.basis.exact");
    return t(check.references.every((ref) => ref.kind !== "audio") ? "check.basis.print" : "check.basis.alike");
  };

  /** A button that plays a stretch of a file, and stops it. */
  const playButton = (player, file, span, label) => {
    const button = h("button", { type: "button", "aria-label": label }, `▶ ${t("page.play")}`);
    const status = h("span", { class: "small", role: "status" });
    let playing = false;
    button.addEventListener("click", () => {
      if (playing) return player.stop();
      playing = true;
      button.textContent = `■ ${t("page.pause")}`;
      status.textContent = "";
      player.play(file, span, (problem) => {
        playing = false;
        button.textContent = `▶ ${t("page.play")}`;
        if (problem) status.textContent = t("check.unplayable");
      });
    });
    return h("span", { class: "listen" }, button, status);
  };

  const place = (role, span, player, file) =>
    h("div", { class: "place" }, h("p", {}, h("b", {}, role), ` ${stretch(span)}`),
      file && playButton(player, file, span, `${t("page.play")}: ${t("page.place.label", { role, place: stretch(span) })}`));

  const entry = (check, files, player, prefix) => (edit, k) => {
    const cut = edit.kind === "cut" ? ".cut" : "";
    return h("li", { class: `entry k-${edit.kind}`, id: `${prefix}edit-${k + 1}`, tabindex: -1 },
      h("h4", {}, h("span", { class: "badge" }, `${LETTERS[edit.kind]}${k + 1}`), " ",
        edit.confidence < SURE && h("span", { class: "possible" }, `${t("page.edit.possible")} `),
        t(`page.kind.${edit.kind}`), h("span", { class: "when" }, ` ${stretch(edit.release)}`)),
      h("p", {}, told(check)(edit)),
      h("p", { class: "small" }, t("page.edit.confidence", { percent: Math.min(99.9, Math.floor(edit.confidence * 1000) / 10) })),
      h("div", { class: "places" },
        place(t(`page.place.copy${cut}`), edit.release, player, files.release),
        edit.reference && place(t(`page.place.recording${cut}`), edit.reference, player, files.references[edit.source])));
  };

  const unverified = (check, files, player) => {
    const open = check.spans.filter((span) => span.kind === "unverified" && length(span.release) >= 0.25);
    if (!open.length || check.outcome === "unrelated") return [];
    return [h("h3", {}, t("page.unverified")), h("p", {}, t("page.unverified.told")),
      h("ol", { class: "edits" }, ...open.slice(0, SHOWN).map((span) =>
        h("li", { class: "entry k-unverified" }, place(t("page.place.copy"), span.release, player, files.release))))];
  };

  const limits = (check) => {
    const seen = Object.entries(check.detects).map(([kind, shortest]) => `${t(`page.kind.${kind}`)} ${duration(shortest)}`).join(", ");
    return [h("h3", {}, t("page.limits")), h("ul", {},
      h("li", {}, seen ? t("page.limits.detects", { seen }) : t("page.limits.unknown")),
      h("li", {}, t("check.limits.covered", { share: check.coverage.references.map(percent).join(", ") })),
      check.release.has_picture && h("li", {}, t("page.limits.sound")),
      h("li", {}, t("page.limits.intent")),
      ...check.missing.map((gap) => h("li", {}, t("check.missing", { place: stretch(gap.reference), name: check.references[gap.source].path }))),
      ...[...check.notes, ...check.release.damage].map(wholetape.told.noted))];
  };

  const download = (check) => {
    const link = h("a", { download: "check.json" }, t("check.download"));
    link.href = URL.createObjectURL(new Blob([JSON.stringify(check, null, 1)], { type: "application/json" }));
    return h("p", {}, link);
  };

  /** The answer as elements; files: {release, references: [file or null]}. */
  const answer = (found, files, player, prefix) => {
    const { check } = found, sentence = told(check);
    const shown = check.edits.slice(0, SHOWN);
    return h("section", { class: "result", "aria-label": t("check.result") },
      h("div", { class: `answer o-${check.outcome}`, tabindex: -1 },
        h("p", { class: "outcome" }, t(`page.outcome.${check.outcome}`)),
        h("p", { class: "lead" }, outcomeWords(check)),
        h("p", {}, basis(check)),
        ...check.references.map((ref) => h("p", {}, standing(ref)))),
      check.outcome !== "unrelated" && h("figure", { class: "picture" }, overview(found, prefix, sentence),
        h("figcaption", { class: "small" }, t("check.drawing.caption", { name: check.release.path }))),
      check.outcome !== "unrelated" && h("h3", {}, t(shown.length ? "page.edits" : "page.edits.none")),
      h("ol", { class: "edits" }, ...shown.map(entry(check, files, player, prefix))),
      check.edits.length > SHOWN && h("p", {}, t("check.edits.more", { count: check.edits.length - SHOWN })),
      ...unverified(check, files, player), ...limits(check), download(check));
  };

  wholetape.answer = answer;
})((globalThis.wholetape ??= {}));
