// The picture of a neighbourhood, its side panel and the list that says the same.
// Its state is the address (focus and what was opened), so Back undoes and a link restores.
import cytoscape from "../vendor/cytoscape.esm.min.mjs";
import { step } from "./address.js";
import { LOOKS, lookOf, swatch } from "./looks.js";
import { panelOf } from "./panel.js";
import { ask, groupName, inLanguage, make, nameOf, say } from "./words.js";

/** @typedef {import("./words.js").Entity} Entity */
/** @typedef {{entity: Entity, group: string, x: number, y: number, width: number, opened: boolean, hidden: number}} Drawn */
/** @typedef {{iri: string, curie: string, label: import("./words.js").Text}} Named */
/** @typedef {{source: string, target: string, properties: Named[]}} Edge */
/** @typedef {{focus: Entity, opened: string[], nodes: Drawn[], edges: Edge[], left_out: {kind: string, label: import("./words.js").Text, number: number}[]}} Around */

const HEIGHT = 28;
const FONT = 13;
const LEAST = 0.62;  // beneath this a picture is shown in part rather than whole and unreadable
const MOST = 1.1;
const WIDER = 20;  // the sign stands before the name that the server made room for

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Around} */
let around = JSON.parse(byId("around").textContent ?? "{}");
let selected = around.focus.iri;
/** @type {Set<string>} */
const switchedOff = new Set();

byId("graph").hidden = false;
byId("keys").hidden = false;

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const cy = cytoscape({
  container: byId("canvas"),
  autoungrabify: true,
  boxSelectionEnabled: false,
  minZoom: 0.08,
  maxZoom: 2.5,
  style: [
    { selector: "node", style: {
      shape: "round-rectangle", width: "data(width)", height: HEIGHT, label: "data(label)",
      "background-color": "data(fill)", "border-color": "data(line)", "border-width": 1.5,
      color: "#1d242b", "font-size": FONT, "text-valign": "center", "text-halign": "center",
      "font-family": 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
    } },
    { selector: "node.focus", style: { "border-width": 4, "font-weight": "bold" } },
    { selector: "node.open", style: { "border-style": "double", "border-width": 5 } },
    { selector: "node.chosen", style: { "overlay-color": "#175e6b", "overlay-opacity": 0.18, "overlay-padding": 5, "z-index": 9 } },
    { selector: "edge", style: {
      width: 1.2, "line-color": "#b9c3cb", "target-arrow-color": "#8b97a1", "target-arrow-shape": "triangle",
      "arrow-scale": 0.8, "curve-style": "bezier", opacity: 0.85,
    } },
    { selector: "edge.near", style: {
      width: 2, "line-color": "#175e6b", "target-arrow-color": "#175e6b", opacity: 1, "z-index": 8,
    } },
    { selector: "edge.said", style: {
      label: "data(label)", "font-size": 12, color: "#123f48", "text-background-color": "#fff",
      "text-background-opacity": 0.92, "text-background-padding": 2, "text-rotation": "autorotate",
    } },
    { selector: ".dim", style: { opacity: 0.22 } },
    { selector: ".off", style: { display: "none" } },
  ],
});
// For tests and the curious: the picture as it stands.
/** @type {any} */ (window).zhiji = { cy, state: () => around };

/** @param {Drawn} node */
function box(node) {
  const look = lookOf(node.group);
  const name = nameOf(node.entity);
  const more = node.hidden && !node.opened ? ` +${node.hidden}` : "";
  const room = (node.width + WIDER - 30) / FONT;
  const fitting = shortened(name, room - more.length * 0.55);
  const label = fitting === name ? name + more : shortened(name, room);  // the name goes before the count
  return {
    group: "nodes",
    data: { id: node.entity.iri, label: `${look.sign} ${label}`, width: node.width + WIDER, fill: look.fill, line: look.line },
    position: { x: node.x, y: node.y * looseness },
    classes: [node.entity.iri === around.focus.iri ? "focus" : "", node.opened ? "open" : ""].join(" "),
  };
}

/**
 * A name that fits: Chinese characters count two halves, others one.
 * @param {string} name
 * @param {number} most  in Chinese characters
 */
function shortened(name, most) {
  let room = most * 2;
  let fit = "";
  for (const character of name) {
    room -= /[\u1100-\uffdc\u{20000}-\u{3ffff}]/u.test(character) ? 2 : 1.25;
    if (room < 0) return `${fit}…`;
    fit += character;
  }
  return fit;
}

/** @param {Edge} edge */
function arrow(edge) {
  const names = edge.properties.map((property) => inLanguage(property.label) || property.curie);
  return { group: "edges", data: { source: edge.source, target: edge.target, label: names.join(say("comma")) } };
}

let looseness = 1;

/** How far the rows can be drawn apart, so that a picture that is wide and low fills the room it has. */
function spread() {
  const canvas = byId("canvas");
  const span = (/** @type {number[]} */ of) => Math.max(...of) - Math.min(...of);
  const [wide, high] = [span(around.nodes.map((node) => node.x)) + 200, span(around.nodes.map((node) => node.y)) + 40];
  const zoom = Math.min(Math.max(canvas.clientWidth / wide, LEAST), MOST);
  return Math.min(Math.max(canvas.clientHeight / zoom / high, 1), 1.8);
}

/** @param {boolean} fit */
function draw(fit) {
  looseness = spread();
  const shown = new Set(around.nodes.map((node) => node.entity.iri));
  cy.batch(() => {
    cy.elements().remove();
    cy.add(around.nodes.map(box));
    cy.add(around.edges.filter((edge) => shown.has(edge.source) && shown.has(edge.target)).map(arrow));
  });
  if (!shown.has(selected)) selected = around.focus.iri;
  legend();
  filter();
  list();
  if (fit) frame();
  select(selected, false);
  byId("focused").textContent = nameOf(around.focus);
  document.title = document.title.replace(/^[^·]*/, `${nameOf(around.focus)} `);
}

/** Show all where that can be read; else what is around the middle, without empty room beyond the picture. */
function frame() {
  cy.resize();
  cy.fit(cy.elements(":visible"), 20);
  if (cy.zoom() > MOST) cy.zoom(MOST), cy.center(cy.elements(":visible"));
  if (cy.zoom() >= LEAST * 0.9) return;
  cy.zoom(LEAST);
  cy.center(cy.getElementById(around.focus.iri));
  const box = cy.elements(":visible").boundingBox({});
  const { x, y } = cy.pan();
  cy.pan({ x: within(x, box.x1, box.x2, cy.width()), y: within(y, box.y1, box.y2, cy.height()) });
}

/**
 * Where to move the picture along one axis so that neither end leaves room that is not used.
 * @param {number} pan
 * @param {number} from
 * @param {number} to
 * @param {number} room
 */
function within(pan, from, to, room) {
  const [start, end] = [20 - from * cy.zoom(), room - 20 - to * cy.zoom()];
  return start <= end ? (start + end) / 2 : Math.min(start, Math.max(end, pan));
}

function legend() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const node of around.nodes) counts.set(node.group, (counts.get(node.group) ?? 0) + 1);
  byId("legend").replaceChildren(...[...counts].sort(inOrder).map(([group, count]) => {
    const name = groupName(group);
    const key = make("button", {
      type: "button", "aria-pressed": String(!switchedOff.has(group)), "data-group": group,
      click: () => {
        switchedOff.has(group) ? switchedOff.delete(group) : switchedOff.add(group);
        key.setAttribute("aria-pressed", String(!switchedOff.has(group)));
        filter();
        list();
        mark();
      },
    }, swatch(group), `${name} `, make("span", { class: "count" }, String(count)));
    return key;
  }));
}

/** The groups from left to right, as they stand in the picture. @param {[string, any]} a @param {[string, any]} b */
function inOrder([a], [b]) {
  return Object.keys(LOOKS).indexOf(a) - Object.keys(LOOKS).indexOf(b);
}

/** Hide the groups that are switched off; the middle always stays. */
function filter() {
  cy.batch(() => {
    for (const node of around.nodes) {
      const off = switchedOff.has(node.group) && node.entity.iri !== around.focus.iri;
      cy.getElementById(node.entity.iri).toggleClass("off", off);
    }
  });
  const line = [say("shown", { count: visible().length, links: cy.edges(":visible").length })];
  const kinds = around.left_out.map((one) => `${inLanguage(one.label) || one.kind} ${one.number}`);
  if (kinds.length) line.push(say("not_shown", { counts: kinds.join(say("comma")) }));
  byId("summary").textContent = line.join(" ");
}

function visible() {
  return around.nodes.filter((node) => !switchedOff.has(node.group) || node.entity.iri === around.focus.iri);
}

function list() {
  /** @type {Map<string, Drawn[]>} */
  const groups = new Map();
  for (const node of visible()) groups.set(node.group, [...(groups.get(node.group) ?? []), node]);
  byId("list").replaceChildren(...[...groups].sort(inOrder).flatMap(([group, nodes]) => [
    make("h3", { class: "group" }, `${groupName(group)} `, make("span", { class: "count" }, String(nodes.length))),
    make("ul", { class: "entities", role: "list" }, ...nodes.map((node) => make("li", {}, item(node)))),
  ]));
}

/** @param {Drawn} node */
function item(node) {
  const more = node.entity.iri === around.focus.iri ? "" : node.opened ? ` · ${say("collapse")}` : node.hidden ? ` · ${say("more", { count: node.hidden })}` : "";
  return make("button", {
    type: "button", class: "item", "data-iri": node.entity.iri, tabindex: "-1",
    click: () => select(node.entity.iri, true),
    keydown: (/** @type {KeyboardEvent} */ event) => press(event, node),
  }, `${lookOf(node.group).sign} ${nameOf(node.entity)}`, node.entity.code && nameOf(node.entity) !== node.entity.code ? make("span", { class: "code" }, ` ${node.entity.code}`) : null, make("span", { class: "aside" }, more));
}

/**
 * Keys in the list: arrows move, Enter expands or collapses, F puts in the middle, Esc goes back a step.
 * @param {KeyboardEvent} event
 * @param {Drawn} node
 */
function press(event, node) {
  const items = /** @type {HTMLElement[]} */ ([...byId("list").querySelectorAll(".item")]);
  const place = items.findIndex((one) => one.dataset.iri === node.entity.iri);
  const to = { ArrowDown: place + 1, ArrowRight: place + 1, ArrowUp: place - 1, ArrowLeft: place - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (to !== undefined) {
    const next = items[Math.min(Math.max(to, 0), items.length - 1)];
    select(next.dataset.iri ?? "", true);
    next.focus();
  } else if (event.key === "Enter") toggle(node.entity.iri);
  else if (event.key.toLowerCase() === "f") go(node.entity, []);
  else if (event.key === "Escape") { if (steps > 0) history.back(); }
  else return;
  event.preventDefault();
}

/** Mark what is selected in the picture and in the list. */
function mark() {
  cy.batch(() => {
    cy.elements().removeClass("chosen near said dim");
    const node = cy.getElementById(selected);
    if (node.empty()) return;
    const near = node.closedNeighborhood();
    node.addClass("chosen");
    if (selected !== around.focus.iri || node.connectedEdges().length <= 30) node.connectedEdges().addClass("near");
    if (selected !== around.focus.iri && near.nodes().length < cy.nodes().length) cy.elements().difference(near).addClass("dim");
    if (node.connectedEdges().length <= 12) node.connectedEdges().addClass("said");
  });
  let held = false;
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (byId("list").querySelectorAll(".item"))) {
    const mine = one.dataset.iri === selected;
    held ||= mine;
    mine ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current");
    one.tabIndex = mine ? 0 : -1;
  }
  const first = /** @type {HTMLElement | null} */ (byId("list").querySelector(".item"));
  if (!held && first) first.tabIndex = 0;
}

let asked = 0;

/**
 * Select an entity: mark it, and say in the panel what it is.
 * @param {string} iri
 * @param {boolean} move  bring it into sight
 */
async function select(iri, move) {
  selected = iri;
  mark();
  const drawn = around.nodes.find((node) => node.entity.iri === iri);
  if (!drawn) return;
  const node = cy.getElementById(iri);
  if (move) calm ? cy.center(node) : cy.animate({ center: { eles: node }, duration: 180 });
  const mine = ++asked;
  const panel = byId("panel");
  const actions = { middle: iri === around.focus.iri, toggle: () => toggle(iri), focus: () => go(drawn.entity, []) };
  panel.replaceChildren(...panelOf(drawn, null, actions));
  try {
    const page = await ask(`/api/entity?${new URLSearchParams({ iri })}`);
    if (mine === asked) panel.replaceChildren(...panelOf(drawn, page, actions));
  } catch (error) {
    if (mine === asked) panel.append(make("p", { class: "problem" }, say("failed", { reason: /** @type {Error} */ (error).message })));
  }
}

let steps = 0;

/** @param {string} focus @param {string[]} opened */
function addressOf(focus, opened) {
  return `?${new URLSearchParams([["focus", focus], ...opened.map((iri) => ["open", iri])])}`;
}

/** Expand or collapse. @param {string} iri */
function toggle(iri) {
  if (iri === around.focus.iri) return;
  const open = around.opened.includes(iri);
  go(around.focus, open ? around.opened.filter((one) => one !== iri) : [...around.opened, iri], iri);
}

/**
 * Another state, as a step that Back undoes.
 * @param {Entity} focus
 * @param {string[]} opened
 * @param {string} [chosen]
 */
async function go(focus, opened, chosen = focus.iri) {
  const before = around;
  if (!(await load(focus.iri, opened, chosen))) return;
  steps += 1;
  step({ steps }, addressOf(around.focus.iri, around.opened));
  const added = around.nodes.length - before.nodes.length;
  if (focus.iri !== before.focus.iri) return;
  const name = nameOf(around.nodes.find((node) => node.entity.iri === chosen)?.entity ?? focus);
  const told = opened.length > before.opened.length ? say("opened", { name, count: added }) : say("closed", { name });
  const kept = around.opened.length;
  const line = [told, byId("summary").textContent, opened.length > kept ? say("most_opened", { most: kept }) : ""];
  byId("summary").textContent = line.filter(Boolean).join(" ");
}

/** @param {string} focus @param {string[]} opened @param {string} chosen */
async function load(focus, opened, chosen) {
  const inList = document.activeElement?.classList.contains("item");
  byId("summary").textContent = say("loading");
  try {
    const moved = focus !== around.focus.iri;
    around = await ask(`/api/graph${addressOf(focus, opened)}`);
    selected = chosen;
    draw(moved || around.nodes.length > 0);
    if (inList) /** @type {HTMLElement | null} */ (byId("list").querySelector(".item[tabindex='0']"))?.focus();
    return true;
  } catch (error) {
    byId("summary").textContent = say("failed", { reason: /** @type {Error} */ (error).message });
    return false;
  }
}

addEventListener("popstate", (event) => {
  const asked = new URLSearchParams(location.search);
  steps = event.state?.steps ?? 0;
  load(asked.get("focus") ?? first, asked.getAll("open"), asked.get("focus") ?? first);
});
document.addEventListener("focus-entity", (event) => {
  event.preventDefault();
  go(/** @type {CustomEvent<Entity>} */ (event).detail, []);
});
const first = around.focus.iri;
history.replaceState({ steps: 0 }, "");

cy.on("tap", "node", (/** @type {any} */ event) => select(event.target.id(), false));
cy.on("dbltap", "node", (/** @type {any} */ event) => toggle(event.target.id()));
cy.on("mouseover", "edge", (/** @type {any} */ event) => event.target.addClass("said near"));
cy.on("mouseout", "edge", mark);
cy.on("mouseover", "node", (/** @type {any} */ event) => {
  const node = around.nodes.find((one) => one.entity.iri === event.target.id());
  if (node) byId("canvas").title = [nameOf(node.entity), node.entity.code, inLanguage(node.entity.kind_label)].filter(Boolean).join(" · ");
});
cy.on("mouseout", "node", () => { byId("canvas").title = ""; });
byId("closer").addEventListener("click", () => cy.zoom({ level: cy.zoom() * 1.3, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }));
byId("farther").addEventListener("click", () => cy.zoom({ level: cy.zoom() / 1.3, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }));
byId("fit").addEventListener("click", () => { cy.resize(); cy.fit(undefined, 24); });
byId("copy").addEventListener("click", async () => {
  const address = new URL(addressOf(around.focus.iri, around.opened), location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    byId("summary").textContent = say("copied");
  } catch {
    byId("summary").textContent = address;  // no clipboard without https: then here to take
  }
});
addEventListener("resize", () => cy.resize());
// On paper stands the whole picture, as an image: what is drawn on a screen has the size of that screen.
addEventListener("beforeprint", () => {
  const src = cy.png({ full: true, scale: 2, maxWidth: 4000, maxHeight: 3000, bg: "#fff" });
  document.getElementById("on-paper")?.remove();
  byId("graph").append(make("img", { id: "on-paper", src, alt: byId("canvas").getAttribute("aria-label") ?? "" }));
});
addEventListener("afterprint", () => document.getElementById("on-paper")?.remove());

draw(true);
