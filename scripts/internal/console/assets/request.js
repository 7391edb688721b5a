// Send a request to the HTTP API, such as an order.
import { h } from "./dom.js";
import { pretty } from "./json.js";
import { declared, get, post } from "./server.js";

export async function view({ place, query }) {
  const [map, samples] = await Promise.all([declared(), get("/assets/samples.json")]);
  const routes = map.services.flatMap((service) => service.http ?? []).filter((route) => !route.includes("{") && !route.startsWith("GET "));
  const title = h("h1", {}, "Request");
  if (!map.api || routes.length === 0) {
    place.append(title, h("div", { class: "empty" }, h("p", {}, map.api ? "No service declares a route without parameters that takes a body." : "The address of the HTTP API is not known here.")));
    return { title: "Request" };
  }
  const route = h("select", { id: "route", onchange: () => offer() }, routes.map((r) => h("option", { value: r, selected: r === query.get("route") }, r)));
  const sample = h("select", { id: "sample", onchange: () => fill() });
  const body = h("textarea", { id: "body", rows: 14, spellcheck: "false", class: "mono" });
  const outcome = h("div", { role: "status" });
  const button = h("button", { class: "primary", type: "submit", disabled: !map.write }, "Send");

  const offer = () => { sample.replaceChildren(...(samples[route.value] ?? []).map((s) => h("option", { value: s.name }, s.name))); fill(); };
  const fill = () => { body.value = JSON.stringify(samples[route.value]?.find((s) => s.name === sample.value)?.body ?? {}, null, 2); };

  async function send(submitted) {
    submitted.preventDefault();
    let document;
    try {
      document = JSON.parse(body.value);
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, `The body is no JSON: ${problem.message}`));
      return body.focus();
    }
    button.disabled = true;
    try {
      const reply = await post("/api/requests", { route: route.value, body: document });
      const good = reply.status < 400;
      outcome.replaceChildren(
        h("p", { class: `box-note ${good ? "ran" : "bad"}` }, `Answered with status ${reply.status}. `, reply.execution && h("a", { href: `/executions/${encodeURIComponent(reply.execution)}?new` }, "Follow it")),
        reply.body !== undefined && pretty(reply.body));
      outcome.querySelector("a")?.focus();
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    } finally {
      button.disabled = false;
    }
  }

  place.append(title, h("form", { class: "narrow shape", onsubmit: send },
    h("div", { class: "filter" }, h("label", { for: "route" }, "Route"), route, h("label", { for: "sample" }, "Sample"), sample),
    h("div", { class: "field" }, h("label", { for: "body" }, "Body"), body),
    !map.write && h("p", { class: "box-note" }, "This console only reads: start it with -write to send requests."),
    h("p", { class: "row" }, button), outcome));
  offer();
  return { title: "Request" };
}
