// The query page: an editor over the text field, the answer beneath it without loading the page anew.
import { step as stepTo } from "./address.js";
import { complete } from "./complete.js";
import { linkTo, make, reasonOf, say, shorten } from "./words.js";

const MOST_ROWS = 1000;
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (byId("ask"));

/** @type {any} */
const CodeMirror = /** @type {any} */ (window).CodeMirror;
const editor = CodeMirror.fromTextArea(byId("query"), {
  mode: "application/sparql-query", lineNumbers: true, lineWrapping: true, matchBrackets: true, viewportMargin: Infinity,
  screenReaderLabel: /** @type {HTMLElement} */ (form.querySelector("label")).textContent,
  extraKeys: {
    "Ctrl-Enter": () => run(true), "Cmd-Enter": () => run(true), "Ctrl-Space": complete,
    Tab: false, "Shift-Tab": false,  // the keyboard must be able to leave
  },
});
/** @type {any} */ (window).zhijiEditor = editor;
byId("editor-keys").hidden = false;
editor.on("inputRead", (/** @type {any} */ self, /** @type {any} */ change) => {
  const before = self.getRange({ line: change.from.line, ch: 0 }, self.getCursor());
  if (/^\w$/.test(change.text[0]) && /[a-z]+:\w+$/.test(before) && !/^\s*prefix\b/i.test(before)) complete(self);
});

/** @type {number | null} */
let wrong = null;
let asked = 0;

/** @param {boolean} step  whether this is a step that Back undoes */
async function run(step) {
  const query = editor.getValue();
  const mine = ++asked;
  if (step) stepTo({ query }, `?${new URLSearchParams({ query })}`);
  if (wrong !== null) editor.removeLineClass(wrong, "background", "wrong-line");
  wrong = null;
  byId("answer").hidden = false;
  byId("problem").hidden = true;
  byId("said").textContent = say("running");
  const started = performance.now();
  try {
    const answer = await fetch("/sparql", {
      method: "POST", body: new URLSearchParams({ query }),
      headers: { Accept: "application/sparql-results+json, text/turtle, application/problem+json;q=0.5" },
    });
    const text = answer.ok ? await answer.text() : await reasonOf(answer);
    if (mine === asked) answer.ok ? show(query, text, answer, (performance.now() - started) / 1000) : fail(text);
  } catch (error) {
    if (mine === asked) fail(say("failed", { reason: /** @type {Error} */ (error).message }));
  }
}

/** @param {string} query @param {string} text @param {Response} answer @param {number} time */
function show(query, text, answer, time) {
  const seconds = Math.max(time, 0.01).toFixed(2);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (byId("downloads").querySelectorAll("a"))) {
    link.href = `/query?${new URLSearchParams({ query, form: link.dataset.form ?? "csv" })}`;
  }
  byId("downloads").hidden = false;
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) {
    byId("said").textContent = say("graph_answer", { seconds });
    byId("rows").replaceChildren(make("pre", { class: "code-block", tabindex: "0" }, text));
    return;
  }
  const found = JSON.parse(text);
  if ("boolean" in found) {
    byId("said").textContent = say(String(found.boolean));
    byId("rows").replaceChildren();
    return;
  }
  const total = found.results.bindings.length;
  const key = total === 0 ? "no_rows" : total > MOST_ROWS ? "rows_cut" : "rows";
  byId("said").textContent = say(key, { total, shown: Math.min(total, MOST_ROWS), seconds });
  byId("downloads").hidden = total === 0;
  byId("rows").replaceChildren(...(total ? [table(found.head.vars, found.results.bindings.slice(0, MOST_ROWS))] : []));
}

/** @param {string[]} names @param {any[]} bindings */
function table(names, bindings) {
  const caption = byId("h-answer").textContent ?? "";
  return make(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make(
      "table", { class: "rows", id: "result" },
      make("caption", { class: "visually-hidden" }, caption),
      make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...bindings.map((row) => make("tr", {}, ...names.map((name) => make("td", {}, cell(row[name])))))),
    ),
  );
}

/** @param {any} term */
function cell(term) {
  if (!term) return null;
  if (term.type !== "uri") return typeof term.value === "string" ? term.value : JSON.stringify(term.value);
  const page = linkTo(term.value);
  return page ? make("a", { href: page }, shorten(term.value)) : shorten(term.value);
}

/** @param {string} reason */
function fail(reason) {
  byId("said").textContent = "";
  byId("downloads").hidden = true;
  byId("rows").replaceChildren();
  byId("problem").hidden = false;
  byId("problem").textContent = reason;
  const line = /(?:error at|line|第) ?(\d+)(?::\d+| ?行)?/.exec(reason);
  if (line && Number(line[1]) <= editor.lineCount()) {
    wrong = Number(line[1]) - 1;
    editor.addLineClass(wrong, "background", "wrong-line");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run(true);
});
for (const example of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.example"))) {
  example.addEventListener("click", (event) => {
    event.preventDefault();
    editor.setValue(new URL(example.href).searchParams.get("query") ?? "");
    editor.focus();
    scrollTo({ top: 0 });
  });
}
const first = editor.getValue();
addEventListener("popstate", () => {
  const query = new URLSearchParams(location.search).get("query");
  editor.setValue(query ?? first);
  if (query) run(false);
  else byId("answer").hidden = true;
});
