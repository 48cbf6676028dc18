// The side panel: what the selected entity is, its relations with their counts, and where it was read.
import { swatch } from "./looks.js";
import { inLanguage, linkTo, make, nameOf, say } from "./words.js";

/**
 * @param {import("./graph.js").Drawn} drawn
 * @param {any} page  an entity page of the server; null while it is on its way
 * @param {{middle: boolean, toggle: () => void, focus: () => void}} actions
 * @returns {HTMLElement[]}
 */
export function panelOf(drawn, page, actions) {
  const entity = drawn.entity;
  const parts = [
    make("p", { class: "kicker group" }, swatch(drawn.group), inLanguage(entity.kind_label) || entity.kind),
    make("h2", {}, nameOf(entity)),
  ];
  if (entity.code && nameOf(entity) !== entity.code) parts.push(make("p", { class: "code" }, entity.code));
  parts.push(buttons(drawn, actions));
  if (!page) return [...parts, make("p", { class: "aside" }, say("loading"))];
  const definition = inLanguage(page.definition);
  if (definition) parts.push(make("p", {}, definition));
  return [...parts, ...relations(page.relations), ...provenance(page.provenance)];
}

/** @param {import("./graph.js").Drawn} drawn @param {{middle: boolean, toggle: () => void, focus: () => void}} actions */
function buttons(drawn, actions) {
  const expand = actions.middle ? "" : drawn.opened ? say("collapse") : drawn.hidden ? say("expand", { count: drawn.hidden }) : "";
  const page = linkTo(drawn.entity.iri);
  return make(
    "p", { class: "actions" },
    expand ? make("button", { type: "button", class: "button", id: "toggle", click: actions.toggle }, expand) : null,
    actions.middle ? null : make("button", { type: "button", id: "focus-here", click: actions.focus }, say("focus_here")),
    page ? make("a", { class: "button quiet", href: page }, say("open_page")) : null,
  );
}

/** @param {any[]} found */
function relations(found) {
  if (!found.length) return [];
  const lines = found.map((relation) => {
    const name = inLanguage(relation.property.label) || relation.property.curie;
    const way = relation.inward ? "← " : "→ ";
    const names = relation.entities.slice(0, 3).map(nameOf).join(say("comma"));
    const rest = relation.total > 3 ? " …" : "";
    return make(
      "li", {},
      make("span", { class: "strong" }, `${way}${name} `), make("span", { class: "count" }, String(relation.total)),
      relation.inferred ? make("span", { class: "grade g-inferred" }, say("inferred")) : null,
      make("span", { class: "place" }, names + rest),
    );
  });
  return [make("h3", {}, say("links")), make("ul", { role: "list" }, ...lines)];
}

/** @param {any[]} found */
function provenance(found) {
  const lines = found.slice(0, 8).map((one) => make(
    "li", {},
    one.title || one.document, one.locator ? ` · ${one.locator}` : "",
    " ", one.grade ? make("span", { class: `grade g-${one.grade}` }, inLanguage(one.grade_label) || one.grade) : null,
    one.reviewer ? make("span", { class: "place" }, `${one.reviewer} ${one.review_date}`) : null,
  ));
  return [
    make("h3", {}, say("provenance")),
    found.length ? make("ul", { role: "list" }, ...lines) : make("p", { class: "aside" }, say("no_provenance")),
  ];
}
