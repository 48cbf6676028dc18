// Search as one types: a combobox with a list beneath it. Without this script its form is an ordinary search.
import { ask, inLanguage, linkTo, make, nameOf, say } from "./words.js";

/** @typedef {import("./words.js").Entity} Entity */

const PAUSE = 160;
let count = 0;

/**
 * @param {HTMLFormElement} form  with one text field
 * @param {(entity: Entity) => void} take  what to do with the entity that was chosen
 */
export function combobox(form, take) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[name=q]"));
  const id = `found-${++count}`;
  const list = make("ul", { class: "found", role: "listbox", id, "aria-label": say("entities") });
  const told = make("span", { class: "visually-hidden", role: "status" });
  list.hidden = true;
  form.append(list, told);
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);

  /** @type {Entity[]} */
  let hits = [];
  let chosen = -1;
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  function choose(index) {
    chosen = (index + hits.length) % hits.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    const item = list.children[chosen];
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  /** @param {Entity} entity */
  function finish(entity) {
    close();
    input.value = nameOf(entity);
    take(entity);
  }

  function draw() {
    list.replaceChildren(...hits.map((entity, i) => make(
      "li",
      { role: "option", id: `${id}-${i}`, "aria-selected": "false", mousedown: (event) => event.preventDefault(), click: () => finish(entity) },
      nameOf(entity),
      make("span", { class: "aside" }, [inLanguage(entity.kind_label), entity.code].filter(Boolean).join(" · ")),
    )));
    if (!hits.length) list.replaceChildren(make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("nothing_found")));
    list.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    told.textContent = hits.length ? say("found", { count: hits.length }) : say("nothing_found");
  }

  async function look() {
    const words = input.value.trim();
    const mine = ++asked;
    if (!words) return close();
    try {
      const found = await ask(`/api/search?${new URLSearchParams({ q: words, limit: "12" })}`);
      if (mine !== asked) return;  // somebody typed on
      hits = found.hits;
      draw();
    } catch (error) {
      told.textContent = say("failed", { reason: String(/** @type {Error} */ (error).message) });
    }
  }

  input.addEventListener("input", (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) return;  // pinyin on its way to characters
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden && hits.length > 0;
    if (event.key === "ArrowDown" && !open && input.value.trim()) look();
    else if (event.key === "ArrowDown" && open) choose(chosen + 1);
    else if (event.key === "ArrowUp" && open) choose(chosen < 0 ? hits.length - 1 : chosen - 1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && open && chosen >= 0) finish(hits[chosen]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  if (form.dataset.find === "graph") form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    hits = [];
    await look();
    if (hits.length) finish(hits[0]);
  });
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-find=page]"))) {
  combobox(form, (entity) => {
    location.href = linkTo(entity.iri) || `/graph?${new URLSearchParams({ focus: entity.iri })}`;
  });
}
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-find=graph]"))) {
  combobox(form, (entity) => {
    const address = `/graph?${new URLSearchParams({ focus: entity.iri })}`;
    // The picture takes it up without loading the page anew; where there is none, the page does.
    if (document.dispatchEvent(new CustomEvent("focus-entity", { detail: entity, cancelable: true }))) location.href = address;
  });
}
