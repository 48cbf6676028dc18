// What the editor offers: our prefixes, classes and properties, and entities by their Chinese name.
// It asks this server and no other.
import { ask, inLanguage, make, nameOf, say } from "./words.js";

/** @typedef {{iri: string, kind: "class" | "property", label: import("./words.js").Text}} Term */

/** @type {Promise<{prefixes: Record<string, string>, terms: Term[]}> | undefined} */
let known;
const KINDS = { class: "classes", property: "properties" };
const STANDARD = ["rdf:type", "rdfs:label", "rdfs:subClassOf", "skos:notation", "skos:altLabel", "skos:definition", "prov:wasDerivedFrom", "dcterms:title"];

/**
 * Open the list of what fits at the cursor.
 * @param {any} editor
 */
export async function complete(editor) {
  const cursor = editor.getCursor();
  const before = editor.getRange({ line: cursor.line, ch: 0 }, cursor);
  const word = (/[\p{L}\p{N}_:-]*$/u.exec(before) ?? [""])[0];
  const from = { line: cursor.line, ch: cursor.ch - word.length };
  const list = /\p{Script=Han}/u.test(word) ? await entities(word) : await terms(word);
  const options = { completeSingle: false, hint: () => ({ from, to: cursor, list }), closeCharacters: /[\s{}();]/ };
  if (list.length) editor.showHint(options);
}

/** @param {string} word */
async function entities(word) {
  const found = await ask(`/api/search?${new URLSearchParams({ q: word, limit: "20" })}`);
  return found.hits.map((/** @type {import("./words.js").Entity} */ hit) =>
    hint(`<${hit.iri}>`, nameOf(hit), [inLanguage(hit.kind_label), hit.code].filter(Boolean).join(" · ")));
}

/** @param {string} word */
async function terms(word) {
  known ??= ask("/api/terms");
  const { prefixes, terms: all } = await known;
  const small = word.toLowerCase();
  const named = all.map((term) => ({ text: `zj:${term.iri.slice(prefixes.zj.length)}`, label: inLanguage(term.label), kind: say(KINDS[term.kind]) }))
    .concat(STANDARD.map((text) => ({ text, label: "", kind: "" })));
  const fitting = named.filter((term) => term.text.toLowerCase().startsWith(small) || (!word.includes(":") && word && term.text.toLowerCase().includes(small)));
  const declared = word.includes(":") ? [] : Object.entries(prefixes).filter(([name]) => name.startsWith(small))
    .map(([name, iri]) => hint(`PREFIX ${name}: <${iri}>`, `PREFIX ${name}:`, iri));
  return [...fitting.map((term) => hint(term.text, term.text, [term.label, term.kind].filter(Boolean).join(" · "))), ...declared].slice(0, 200);
}

/** @param {string} text @param {string} shown @param {string} about */
function hint(text, shown, about) {
  return {
    text,
    render: (/** @type {HTMLElement} */ element) => element.append(shown, make("span", { class: "hint-kind" }, about)),
  };
}
