// checker.html: the check as a page of its own, in the reader's language.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { choose, h, languages } = wholetape.words;

  const main = document.getElementById("main");
  let check = null;

  const show = (language) => {
    choose(language);
    document.title = t("check.page.title");
    check?.close();
    const select = h("select", { id: "language" }, ...languages().map(([code, name]) =>
      h("option", { value: code, lang: code, selected: code === language }, name)));
    select.addEventListener("change", () => {
      show(select.value);
      document.getElementById("language").focus();
    });
    const place = h("div", {});
    main.replaceChildren(
      h("header", {}, h("p", { class: "mark-word" }, "wholetape"), h("h1", {}, t("check.page.title")),
        h("p", { class: "language" }, h("label", { for: "language" }, t("page.languages")), " ", select)),
      h("p", {}, t("check.page.told")), h("p", { class: "small" }, t("check.page.independent")),
      h("h2", { class: "unseen" }, t("check.start")), place);
    check = wholetape.mount(place);
  };

  const known = languages().map(([code]) => code);
  show(navigator.languages.map((tag) => tag.split("-")[0].toLowerCase()).find((code) => known.includes(code)) ?? known[0]);
})((globalThis.wholetape ??= {}));
