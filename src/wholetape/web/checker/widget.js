// The check in a page: choose a copy and what to check it against, see how far it is, cancel, read and hear the answer.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { h, printable } = wholetape.words;

  let mounted = 0;

  /** A place to choose files, or to drop them: {element, files(), show(files)}. Several are listed in their order. */
  const chooser = (id, key, several, changed) => {
    let chosen = [];
    const list = h("ol", { class: "chosen" });
    const input = h("input", { type: "file", id, multiple: several, "aria-describedby": `${id}-hint` });
    const note = () => {
      chosen = [...input.files];
      list.replaceChildren(...(chosen.length > 1 ? chosen : []).map((file) => h("li", {}, h("bdi", {}, printable(file.name)))));
      changed();
    };
    const show = (files) => {
      const data = new DataTransfer();
      for (const file of several ? files : files.slice(-1)) data.items.add(file);
      input.files = data.files;
      note();
    };
    input.addEventListener("change", note);
    const element = h("div", { class: "drop" },
      h("label", { for: id }, t(`check.${key}`)), h("p", { class: "small", id: `${id}-hint` }, t(`check.${key}.hint`)), input, list);
    const over = (on) => (event) => {
      event.preventDefault();
      element.classList.toggle("over", on);
    };
    element.addEventListener("dragover", over(true));
    element.addEventListener("dragleave", over(false));
    element.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) show([...chosen, ...event.dataTransfer.files]);
    });
    return { element, files: () => chosen, show };
  };

  const ends = (file, ending) => file.name.toLowerCase().endsWith(ending);

  /** Whether a file is a party's key, or the certificate of an authority: pinned, and nothing to check against. */
  const pins = (file) => [".pub", ".pem", ".crt", ".cer"].some((ending) => ends(file, ending));

  /** References of the chosen files: a print beside a seal of its name belongs to it. */
  const referencesOf = (files) => {
    const seals = files.filter((file) => ends(file, ".seal")), prints = files.filter((file) => ends(file, ".print"));
    const printOf = (seal) =>
      prints.find((file) => file.name.slice(0, -6) === seal.name.slice(0, -5)) ?? (seals.length === 1 && prints.length === 1 ? prints[0] : undefined);
    const taken = new Set(seals.map(printOf));
    return files.filter((file) => !pins(file) && !taken.has(file)).map((file) => ({ name: file.name, file, print: ends(file, ".seal") ? printOf(file) : undefined }));
  };

  /** References of a page: against a seal where keys are pinned, else against its print alone. */
  const given = (references, pinned) =>
    references.map(({ seal, original, ...reference }) => (seal && pinned.length ? { ...seal, loadPrint: reference.load, print: reference.file } : reference));

  /** Builds the check into an element: see docs/checker.md. Returns {close()}. */
  const mount = (element, options = {}) => {
    const prefix = `check${++mounted}-`, engine = wholetape.engine(options.engine), player = new wholetape.Player();
    let running = null;

    const ready = () => { start.disabled = running !== null || !copy.files().length || !against().length; };
    const copy = chooser(`${prefix}copy`, "copy", false, ready);
    const fixed = options.references, original = chooser(`${prefix}against`, fixed ? "original" : "against", true, ready);
    const keys = h("textarea", { id: `${prefix}keys`, rows: 3, spellcheck: "false", autocomplete: "off" });
    const scanner = wholetape.scanner(`${prefix}scan`, (key) => { keys.value += `${keys.value && !keys.value.endsWith("\n") ? "\n" : ""}${key}`; });
    const fetched = h("input", { type: "checkbox" });
    const against = (pinned = []) => {
      const chosen = referencesOf(original.files());
      if (chosen.length || !fixed) return chosen;
      return fetched.checked ? fixed.map((reference) => reference.original) : given(fixed, pinned);
    };
    const start = h("button", { type: "button", class: "start", disabled: true }, t("check.start"));
    const cancel = h("button", { type: "button", hidden: true }, t("check.cancel"));
    const bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("check.progress") });
    const status = h("p", { role: "status", class: "status" });
    const result = h("div", {});

    const say = (words) => { if (status.textContent !== words) status.textContent = words; };

    const run = async () => {
      player.stop();
      running = new AbortController();
      result.replaceChildren();
      bar.hidden = cancel.hidden = false;
      bar.value = 0;
      ready();
      say(t("check.decoding"));
      const release = copy.files()[0];
      const pinned = [keys.value, ...(await Promise.all(original.files().filter(pins).map((file) => file.text())))].filter((text) => text.trim());
      const references = against(pinned);
      try {
        const found = await engine.check({ release, against: references, keys: pinned }, {
          signal: running.signal,
          progress: (what, share) => {
            bar.value = share;
            say(t(`check.${what}`));
          },
        });
        say(t("check.done"));
        const files = { release, references: found.check.references.map((ref, k) => (ref.kind === "audio" && references[k].file) || references[k].audio || null) };
        result.replaceChildren(wholetape.answer(found, files, player, prefix), ...wholetape.verified(found.verification));
        result.querySelector(".answer").focus();
        options.result?.(found);
      } catch (problem) {
        if (problem.name === "AbortError") say(t("check.cancelled"));
        else refuse(problem);
      } finally {
        running = null;
        bar.hidden = cancel.hidden = true;
        ready();
      }
    };

    const refuse = (problem) => {
      const key = { UnreadableInput: "unreadable", MalformedFile: "malformed", VerificationFailed: "unverified", UsageError: "usage" }[problem.name] ?? "failed";
      say("");
      result.replaceChildren(h("div", { class: "answer", role: "alert", tabindex: -1 },
        h("p", { class: "outcome" }, t(`check.error.${key}`)),
        ...wholetape.told.refused(problem)),
        ...wholetape.verified([problem.verification]));
      result.querySelector(".answer").focus();
    };

    start.addEventListener("click", run);
    cancel.addEventListener("click", () => running?.abort());
    const more = !fixed || fixed.some((reference) => reference.seal);
    const fetches = fixed?.every((reference) => reference.original);
    element.replaceChildren(h("div", { class: "checker" },
      options.supplier && h("p", { class: "supplied" }, t("check.supplied", { supplier: options.supplier })),
      h("div", { class: "choose" }, copy.element, !fixed && original.element),
      fixed && h("details", {}, h("summary", {}, t("check.sound")), h("p", { class: "small" }, t("check.sound.told")), original.element,
        fetches && h("p", {}, h("label", {}, fetched, " ", t("check.sound.fetch")))),
      more && h("details", {}, h("summary", {}, t("check.keys")), h("label", { for: keys.id }, t("check.keys.paste")), h("p", { class: "small" }, t("check.keys.hint")), keys, scanner.element),
      h("p", { class: "go" }, start, cancel), bar, status, result));
    if (options.release) copy.show([options.release]);
    if (options.release && against().length) run();
    return {
      close() {
        running?.abort();
        player.close();
        engine.close();
        scanner.close();
        element.replaceChildren();
      },
    };
  };

  wholetape.mount = mount;
})((globalThis.wholetape ??= {}));
