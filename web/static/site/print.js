// The button that prints a page; without this script there is none, and the browser's own does the same.
const button = /** @type {HTMLButtonElement} */ (document.getElementById("print"));
button.hidden = false;
button.addEventListener("click", () => print());
