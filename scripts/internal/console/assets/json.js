// Readable documents: formatting, and the differences between two of them.
import { h } from "./dom.js";

/** pretty formats a document with dimmed names. */
export function pretty(value) {
  const text = JSON.stringify(value, null, 2) ?? "";
  const lines = text.split("\n").map((line) => {
    const name = line.match(/^(\s*)("(?:[^"\\]|\\.)*":)(.*)$/);
    return name ? [name[1], h("span", { class: "key" }, name[2]), name[3], "\n"] : [line, "\n"];
  });
  return h("pre", { class: "json", tabindex: "0" }, lines);
}

/** difference shows the changes of a document: removed, added and unchanged lines. */
export function difference(before, after) {
  const lines = compare("", before, after, "");
  const row = ({ sign, text }) => {
    if (sign === "+") return h("ins", {}, `+ ${text}`);
    if (sign === "-") return h("del", {}, `− ${text}`);
    return h("span", { class: "same" }, `  ${text}`);
  };
  return h("pre", { class: "json difference", tabindex: "0" }, lines.map(row));
}

const isContainer = (value) => value !== null && typeof value === "object";

function compare(name, before, after, indent) {
  if (before === undefined) return lay("+", name, after, indent);
  if (after === undefined) return lay("-", name, before, indent);
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    return compareMembers(name, before, after, indent);
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return lay(" ", name, after, indent);
  return [...lay("-", name, before, indent), ...lay("+", name, after, indent)];
}

function compareMembers(name, before, after, indent) {
  const list = Array.isArray(after);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const inside = names.flatMap((key) => compare(list ? "" : `${JSON.stringify(key)}: `, before[key], after[key], indent + "  "));
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  return [{ sign: " ", text: indent + name + open }, ...inside, { sign: " ", text: indent + close }];
}

function lay(sign, name, value, indent) {
  return JSON.stringify(value, null, 2).split("\n").map((line, i) => ({ sign, text: indent + (i === 0 ? name : "") + line }));
}

/** renewed replaces the identities of a document: the texts in which two fresh examples differ. */
export function renewed(document, example, next) {
  const identities = new Map();
  const compare = (a, b) => {
    if (typeof a === "string" && a !== b) identities.set(a, b);
    if (isContainer(a) && isContainer(b)) for (const key of Object.keys(a)) compare(a[key], b[key]);
  };
  compare(example, next);
  const replace = (value) => {
    if (typeof value === "string") return identities.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replace);
    return isContainer(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member)])) : value;
  };
  return replace(document);
}

/** laidOut indents a JSON text, and leaves any other as it is. */
export function laidOut(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
