// The address of a page as its scripts change it: Back undoes a step, and the language link stays on the same step.

/** What stands in the address now, in the other language too. */
function follow() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".languages a"));
  if (!link) return;
  const other = new URL(link.href).searchParams.get("lang") ?? "";
  const asked = new URLSearchParams(location.search);
  asked.set("lang", other);
  link.href = `${location.pathname}?${asked}`;
}

/**
 * A step that Back undoes.
 * @param {Record<string, unknown>} state
 * @param {string} address
 */
export function step(state, address) {
  history.pushState(state, "", address);
  follow();
}

addEventListener("popstate", follow);
