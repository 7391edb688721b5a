// Keys that lead to views and to the search, and a list of them.
import { h } from "./dom.js";

const links = [...document.querySelectorAll(".bar nav a")];

const keys = [["/", "Search on this page"], ["Esc", "Close the panel"], ...links.map((link, i) => [String(i + 1), link.firstChild.textContent]), ["?", "This list"]];
const list = h("dialog", { class: "card shortcuts", "aria-labelledby": "shortcuts" },
  h("div", { class: "row" }, h("h2", { id: "shortcuts" }, "Keyboard shortcuts"), h("button", { class: "close", "aria-label": "Close the list", onclick: () => list.close() }, "×")),
  h("dl", { class: "why" }, keys.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))));
document.body.append(list);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const search = document.querySelector("main input[type=search]");
  if (event.key === "?") list.showModal();
  else if (event.key === "/" && search) search.focus();
  else if (links[event.key - 1]) links[event.key - 1].click();
  else return;
  event.preventDefault();
});
