// The texts of a page in its language, and the two or three things that every script here needs.

/** @typedef {{zh: string, en: string}} Text */
/** @typedef {{iri: string, kind: string, kind_label: Text, label: Text, code: string, local: string}} Entity */

/** @type {Record<string, any>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("page-words")).textContent ?? "{}");

/** @type {"zh" | "en"} */
export const language = words.language;

/**
 * A text of the page with its values put in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  return String(words[key]).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * What a group of the picture is called.
 * @param {string} group
 */
export function groupName(group) {
  return words.group[group] ?? words.group.other;
}

/**
 * A text in the language of the page, else in the other.
 * @param {Text} text
 */
export function inLanguage(text) {
  return text[language] || text.zh || text.en || "";
}

/**
 * What an entity is called: its name, else its code, else the end of its IRI.
 * @param {Entity} entity
 */
export function nameOf(entity) {
  return inLanguage(entity.label) || entity.code || entity.local || entity.iri;
}

/** @type {Record<string, string>} */
const prefixes = words.prefixes;
const PLACES = [[prefixes.zjd, "/id/"], [prefixes.zj, "/ontology/"]];

/**
 * An IRI with a prefix where one fits.
 * @param {string} iri
 */
export function shorten(iri) {
  const fitting = Object.entries(prefixes).find(([, namespace]) => iri.startsWith(namespace));
  return fitting ? `${fitting[0]}:${iri.slice(fitting[1].length)}` : iri;
}

/**
 * The page of an entity or term here; empty for what is not ours.
 * @param {string} iri
 */
export function linkTo(iri) {
  for (const [namespace, place] of PLACES) {
    if (iri.startsWith(namespace)) return place + encodeURI(iri.slice(namespace.length)).replace(/[?#]/g, encodeURIComponent);
  }
  return "";
}

/**
 * An element with attributes and children; whatever is text goes in as text, never as HTML.
 * @param {string} tag
 * @param {Record<string, string | boolean | ((event: any) => void) | undefined>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * JSON of our own server; an error carries the line that the server said.
 * @param {string} address
 * @returns {Promise<any>}
 */
export async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json, application/problem+json" } });
  if (answer.ok) return answer.json();
  throw new Error(await reasonOf(answer));
}

/**
 * Why an answer is not what was asked for, in words.
 * @param {Response} answer
 */
export async function reasonOf(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).detail ?? text;
  } catch {
    return text.trim() || `${answer.status} ${answer.statusText}`;
  }
}
