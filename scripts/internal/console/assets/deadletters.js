// Messages that services failed to handle, and events that did not reach them: the reasons, and redrive.
import { clock, h, plural, throttled } from "./dom.js";
import { pretty } from "./json.js";
import { declared, get, post } from "./server.js";

const kinds = { dead: "the service failed at", undelivered: "did not reach the service" };

export async function view({ place }) {
  const map = await declared();
  const list = h("div", {});
  const outcome = h("div", { role: "status" });
  let open = new Set();
  place.append(h("h1", {}, "Dead letters"), h("p", { class: "dim" }, "Messages that a service failed to handle, and events that couldn't be delivered to it. Fix the cause, then redrive them."), outcome, list);

  async function load() {
    const queues = await get("/api/queues");
    const found = queues.flatMap((queue) => Object.keys(kinds).map((kind) => ({ service: queue.service, kind, count: queue[kind] }))).filter((queue) => queue.count > 0);
    const sections = await Promise.all(found.map(section));
    list.replaceChildren(...(sections.length > 0 ? sections : [h("div", { class: "empty" }, h("p", {}, "None: every message was handled or is still on its way."))]));
  }

  async function section({ service, kind, count }) {
    const letters = await get(`/api/dead-letters/${encodeURIComponent(service)}/${kind}`);
    return h("section", { class: "card letters" },
      h("div", { class: "row" }, h("h2", {}, service), h("p", { class: "dim" }, `${plural(count, "message")} ${kinds[kind]}`),
        map.write && h("button", { class: "primary", onclick: (event) => redrive(event.target, service, kind, count) }, `Redrive ${plural(count, "message")}`)),
      letters.length === 0 && h("p", { class: "dim" }, "Someone else is looking at these messages, so they are hidden for a moment."),
      letters.map(letter),
      count > letters.length && letters.length > 0 && h("p", { class: "dim" }, `The first ${letters.length} of ${count}.`));
  }

  function letter(m) {
    const details = h("details", { open: open.has(m.id), ontoggle: () => { details.open ? open.add(m.id) : open.delete(m.id); } },
      h("summary", {}, clock(m.sentAt), " ", h("span", { class: "mono" }, m.type || "no event"), " ", h("strong", { class: "bad" }, m.reason), m.error && h("span", { class: "dim" }, ` ${m.error}`)),
      h("dl", { class: "why" }, Object.entries(m.why).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "mono" }, value)))),
      m.execution && h("p", {}, h("a", { href: `/executions/${encodeURIComponent(m.execution)}` }, `Execution of ${m.subject || m.execution}`)),
      m.body === undefined ? h("p", { class: "dim" }, "Payloads are hidden: TRACE_PAYLOADS is off.") : pretty(m.body));
    return details;
  }

  async function redrive(button, service, kind, count) {
    button.disabled = true;
    try {
      await post(`/api/dead-letters/${encodeURIComponent(service)}/${kind}`, {});
      outcome.replaceChildren(h("p", { class: "box-note ran" }, `${plural(count, "message")} on the way back to ${service}.`));
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    }
    await load().catch(() => {});
  }

  await load();
  const reload = throttled(() => load().catch(() => {}), 500);
  return { title: "Dead letters", refresh: reload, frame(frame) { if (frame.queues) reload(); } };
}
