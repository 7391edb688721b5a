// Publish an event with a form generated from its schema.
import { copyButton, h, quoted } from "./dom.js";
import { form } from "./form.js";
import { renewed } from "./json.js";
import { declared, get, post, Problem } from "./server.js";

export async function view({ place, parameter, query, go }) {
  const map = await declared();
  if (map.events.length === 0) throw new Error("No event is declared: see events/ in the repository.");
  const event = parameter ? map.events.find((e) => e.type === parameter) : map.events[0];
  if (!event) throw new Problem({ status: 404, detail: `There is no event ${parameter}.` });
  const choose = h("select", { id: "event", onchange: () => go(`/publish/${encodeURIComponent(choose.value)}`) }, map.events.map((e) => h("option", { value: e.type, selected: e === event }, e.type)));
  const example = h("select", { id: "example", onchange: () => fill(example.value) }, event.examples.map((e) => h("option", { value: e.name, selected: e.name === query.get("example") }, e.name || "default")));
  const outcome = h("div", { role: "status" });
  const fields = h("div", {});
  const button = h("button", { class: "primary", type: "submit", disabled: !map.write }, "Publish");
  let shape, given;

  const fresh = (name) => get(`/api/events/${encodeURIComponent(event.type)}/example?name=${encodeURIComponent(name)}`);

  async function fill(name) {
    given = await fresh(name);
    show(given);
    outcome.replaceChildren();
  }

  function show(document) {
    shape = form(event.schema, document);
    fields.replaceChildren(shape.element);
  }

  async function publish(submitted) {
    submitted.preventDefault();
    button.disabled = true;
    try {
      const document = shape.value();
      const begun = await post(`/api/events/${encodeURIComponent(event.type)}`, document);
      const next = await fresh(example.value).catch(() => given);
      show(renewed(document, given, next)); // so that another click publishes another event
      given = next;
      outcome.replaceChildren(h("p", { class: "box-note ran" }, "Published. ", h("a", { href: `/executions/${encodeURIComponent(begun.execution)}?new` }, `Follow ${begun.subject}`)));
      outcome.querySelector("a").focus();
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
      shape.complain(problem.violations ?? []);
    } finally {
      button.disabled = false;
    }
  }

  /** command is the same event for a terminal. */
  const command = () => `echo ${quoted(JSON.stringify(shape.value()))} | ${map.publish} -data - ${event.type}`;

  place.append(
    h("h1", {}, "Publish"),
    h("div", { class: "narrow" },
      h("div", { class: "filter" }, h("label", { for: "event" }, "Event"), choose, h("label", { for: "example" }, "Example"), example),
      h("p", {}, event.description),
      h("p", { class: "dim" }, "The example's identities are new for each event; what you type stays. An event that breaks the contract is refused, as the services would refuse it."),
      !map.write && h("p", { class: "box-note" }, "This console is read-only: start it with -write to publish."),
      h("form", { class: "shape", novalidate: true, onsubmit: publish }, fields,
        h("p", { class: "row" }, button, h("button", { type: "button", onclick: () => fill(example.value) }, "Fresh example"), copyButton("Copy as command", command)), outcome)));
  await fill(example.value);
  return { title: `Publish ${event.type}` };
}
