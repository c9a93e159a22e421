// What a seal proves, and what not, in the reader's words: by which keys, who signed, property by property.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { h } = wholetape.words;
  const { failure, property } = wholetape.told;

  const list = (title, properties) => (properties.length ? [h("h4", {}, title), h("ul", {}, ...properties.map(property))] : []);

  const party = (own) =>
    h("li", {}, h("bdi", {}, own.name), ": ", t(own.signed ? "check.seal.signed" : "check.seal.absent"), ", ",
      t(own.pinned ? "check.seal.pinned" : "check.seal.not-pinned"), h("br"), h("span", { class: "hash" }, own.fingerprint));

  /** One verification, a wholetape.verify/v1 tree, as elements. */
  const sealed = (tree) => {
    const names = tree.parties.filter((own) => own.pinned && own.signed).map((own) => own.name).join(", ");
    const unknown = tree.reason?.code === "no-key-pinned";
    const told = tree.outcome === "verified" ? t("check.seal.verified", { names }) : t(unknown ? "check.seal.unknown" : "check.seal.failed");
    return h("details", { class: "sealed", open: tree.outcome !== "verified" },
      h("summary", {}, h("b", {}, t("check.seal", { name: tree.seal.path })), " ", told),
      tree.reason && !unknown && failure(tree.reason),
      h("h4", {}, t("check.seal.parties")), h("ul", {}, ...tree.parties.map(party)),
      ...list(t("page.proof.yes"), tree.properties.filter((own) => own.established)),
      ...list(t("page.proof.no"), tree.properties.filter((own) => !own.established)));
  };

  /** All verifications of an answer, one a reference that is sealed. */
  wholetape.verified = (trees) => trees.filter((tree) => tree).map(sealed);
})((globalThis.wholetape ??= {}));
