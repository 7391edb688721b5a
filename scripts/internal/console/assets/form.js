// A form for a JSON Schema, as far as contracts of events need it: objects, lists, texts, numbers, choices. Anything else is
// edited as JSON. The server validates; complain shows its errors at the fields.
import { h } from "./dom.js";

/** form returns the fields for a document, and functions to read them and to mark invalid ones. */
export function form(schema, document) {
  const root = field(schema, schema, document, "", "", true);
  return {
    element: root.element,
    value: root.value,
    complain(violations) {
      for (const wrong of root.element.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
      for (const text of root.element.querySelectorAll(".violation")) text.textContent = "";
      for (const { place, expected } of violations) mark(root.element, place, expected);
      root.element.querySelector("[aria-invalid]")?.focus();
    },
  };
}

/** mark shows what is expected at a place's field, or at the nearest one around it. */
function mark(element, place, expected) {
  for (let at = place; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const text = element.querySelector(`[data-violation="${CSS.escape(at)}"]`);
    if (text) {
      text.textContent = `${at === place ? "" : `${place.slice(at.length)} `}must be ${expected}`;
      element.querySelector(`[data-place="${CSS.escape(at)}"]`)?.setAttribute("aria-invalid", "true");
      return;
    }
    if (at === "") return;
  }
}

function field(root, schema, value, name, place, required) {
  const merged = { ...resolve(root, schema.$ref), ...schema };
  const types = [merged.type].flat();
  if (types.includes("object") && merged.properties) return objectField(root, merged, value, name, place, required);
  if (types.includes("array") && merged.items) return listField(root, merged, value, name, place, required);
  return plainField(merged, types, value, name, place, required);
}

function resolve(root, reference) {
  if (!reference?.startsWith("#/")) return {};
  return reference.slice(2).split("/").reduce((node, key) => node?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], root) ?? {};
}

const step = (place, name) => `${place}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
const violation = (place) => h("p", { class: "violation", id: `violation${place}`, "data-violation": place });

function objectField(root, schema, value, name, place, required) {
  const members = Object.entries(schema.properties).map(([key, member]) => [key, field(root, member, value?.[key], key, step(place, key), schema.required?.includes(key))]);
  const content = [members.map(([, member]) => member.element), violation(place)];
  return {
    element: name === "" ? h("div", { class: "fields" }, content) : h("fieldset", {}, h("legend", {}, name), h("div", { class: "fields" }, content)),
    value() {
      const read = members.map(([key, member]) => [key, member.value()]).filter(([, v]) => v !== undefined);
      return required || read.some(([, v]) => v !== "") ? Object.fromEntries(read) : undefined;
    },
  };
}

function listField(root, schema, value, name, place, required) {
  let items = [];
  const list = h("div", {});
  const build = (values) => {
    items = values.map((item, i) => field(root, schema.items, item, `${name} ${i + 1}`, step(place, i), true));
    list.replaceChildren(...items.map((item, i) => h("div", { class: "item" }, item.element, h("button", { type: "button", "aria-label": `Remove ${name} ${i + 1}`, onclick: () => build(read().toSpliced(i, 1)) }, "Remove"))));
  };
  const read = () => items.map((item) => item.value());
  build(Array.isArray(value) ? value : []);
  const add = () => { build([...read(), read().at(-1) ?? null]); list.lastElementChild.querySelector("input, select, textarea")?.focus(); };
  return {
    element: h("fieldset", {}, h("legend", {}, name), list, h("button", { type: "button", "data-place": place, onclick: add }, `Add ${name}`), violation(place)),
    value: () => (items.length > 0 || required ? read() : undefined),
  };
}

function plainField(schema, types, value, name, place, required) {
  const id = `field${place}`;
  const describes = { id, "data-place": place, "aria-describedby": `hint${place} violation${place}`, "aria-required": String(Boolean(required)) };
  const input = control(schema, types, value, describes, required);
  const hint = [schema.description, limits(schema)].filter(Boolean).join(" ");
  return {
    element: h("div", { class: "field" }, h("label", { for: id }, name, !required && h("span", { class: "dim" }, " optional")), input, h("p", { class: "hint", id: `hint${place}` }, hint), violation(place)),
    value: () => (input.type === "checkbox" ? checked(input, value, required) : read(input.value, types, required)),
  };
}

function control(schema, types, value, attributes, required) {
  if (schema.enum) return h("select", attributes, !required && h("option", { value: "" }, "none"), schema.enum.map((choice) => h("option", { value: choice, selected: choice === value }, choice)));
  if (types.includes("boolean")) return h("input", { ...attributes, type: "checkbox", checked: value === true });
  if (types.includes("integer") || types.includes("number")) return h("input", { ...attributes, type: "text", inputmode: "decimal", value: value ?? "" });
  if (types.includes("string")) return h("input", { ...attributes, type: "text", autocomplete: "off", value: value ?? "" });
  return h("textarea", { ...attributes, rows: 3 }, value === undefined ? "" : JSON.stringify(value));
}

/** read returns the most likely value of what was typed; the server validates it. */
function read(typed, types, required) {
  if (typed === "" && !required) return undefined;
  if (types.includes("string")) return typed;
  if (types.includes("integer") || types.includes("number")) return typed.trim() === "" || Number.isNaN(Number(typed)) ? typed : Number(typed);
  try { return JSON.parse(typed); } catch { return typed; }
}

/** checked omits a member that was omitted before and isn't ticked. */
const checked = (box, before, required) => (box.checked || required || before !== undefined ? box.checked : undefined);

function limits(schema) {
  return [
    schema.minimum !== undefined && `At least ${schema.minimum}.`,
    schema.format && `Format: ${schema.format}.`,
  ].filter(Boolean).join(" ");
}
