// Publish an event with a form generated from its schema.
import { h } from "./dom.js";
import { form } from "./form.js";
import { declared, get, post } from "./server.js";

export async function view({ place, parameter, query, go }) {
  const map = await declared();
  const event = map.events.find((e) => e.type === parameter) ?? map.events[0];
  if (!event) throw new Error("No event is declared: see events/ in the repository.");
  const choose = h("select", { id: "event", onchange: () => go(`/publish/${encodeURIComponent(choose.value)}`) }, map.events.map((e) => h("option", { value: e.type, selected: e === event }, e.type)));
  const example = h("select", { id: "example", onchange: () => fill(example.value) }, event.examples.map((e) => h("option", { value: e.name, selected: e.name === query.get("example") }, e.name || "plain")));
  const outcome = h("div", { role: "status" });
  const fields = h("div", {});
  const button = h("button", { class: "primary", type: "submit", disabled: !map.write }, "Publish");
  let shape;

  async function fill(name) {
    shape = form(event.schema, await get(`/api/events/${encodeURIComponent(event.type)}/example?name=${encodeURIComponent(name)}`));
    fields.replaceChildren(shape.element);
    outcome.replaceChildren();
  }

  async function publish(submitted) {
    submitted.preventDefault();
    button.disabled = true;
    try {
      const begun = await post(`/api/events/${encodeURIComponent(event.type)}`, shape.value());
      shape.complain([]);
      outcome.replaceChildren(h("p", { class: "box-note ran" }, "Published. ", h("a", { href: `/executions/${encodeURIComponent(begun.execution)}?new` }, `Follow ${begun.subject}`)));
      outcome.querySelector("a").focus();
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
      shape.complain(problem.violations ?? []);
    } finally {
      button.disabled = false;
    }
  }

  place.append(
    h("h1", {}, "Publish"),
    h("div", { class: "narrow" },
      h("div", { class: "filter" }, h("label", { for: "event" }, "Event"), choose, h("label", { for: "example" }, "Example"), example),
      h("p", {}, event.description),
      h("p", { class: "dim" }, "Fresh example creates new identities. An event that breaks the contract is refused, as the services would refuse it."),
      !map.write && h("p", { class: "box-note" }, "This console is read-only: start it with -write to publish."),
      h("form", { class: "shape", novalidate: true, onsubmit: publish }, fields, h("p", { class: "row" }, button, h("button", { type: "button", onclick: () => fill(example.value) }, "Fresh example")), outcome)));
  await fill(example.value);
  return { title: `Publish ${event.type}` };
}
