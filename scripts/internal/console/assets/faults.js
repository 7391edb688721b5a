// Inject faults into services, and see how often they were applied.
import { h, plural } from "./dom.js";
import { declared, get, post } from "./server.js";

const kinds = {
  fail: "Its AWS calls fail with an error and have no effect.",
  throttle: "Its AWS calls fail with the service's throttling error.",
  slow: "Its AWS calls are delayed.",
  lose: "Its AWS calls take effect, but the response is lost.",
  duplicate: "Messages arrive in its queue twice.",
  crash: "Its process is killed during an invocation.",
};
const ofCalls = ["fail", "throttle", "slow", "lose"];
const timed = ["slow", "crash"];

export async function view({ place }) {
  const [map, can] = await Promise.all([declared(), get("/api/faults")]);
  place.append(h("h1", {}, "Faults"));
  if (!can.available) {
    place.append(h("div", { class: "empty" }, h("p", {}, "Faults can only be injected into the local cloud, not on AWS. Run make up to see what a service survives.")));
    return { title: "Faults" };
  }
  const outcome = h("div", { role: "status" });
  const heading = h("h2", { tabindex: "-1" }, "Active faults");
  const list = h("div", {});
  const services = Object.keys(can.kinds).sort();
  const select = (id, values, onchange) => h("select", { id, onchange }, values.map((value) => h("option", { value }, value)));
  const service = select("service", services, () => offer());
  const kind = select("kind", [], () => explain());
  const called = h("select", { id: "called" }, h("option", { value: "" }, "any service"), can.called.map((name) => h("option", { value: name }, name)));
  const rate = h("input", { id: "rate", inputmode: "decimal", value: "100", "aria-describedby": "rate-hint" });
  const latency = h("input", { id: "latency", inputmode: "numeric", value: "500", "aria-describedby": "latency-hint" });
  const hint = h("p", { class: "hint", id: "kind-hint" });
  const field = (label, control, ...more) => h("div", { class: "field" }, h("label", { for: control.id }, label), control, more);
  const calledField = field("Calls to", called);
  const latencyField = field("Milliseconds", latency, h("p", { class: "hint", id: "latency-hint" }, "How long a call is delayed, or how long after its start an invocation is killed."));
  kind.setAttribute("aria-describedby", "kind-hint");

  const offer = () => { kind.replaceChildren(...can.kinds[service.value].map((value) => h("option", { value }, value))); explain(); };
  const explain = () => {
    hint.textContent = kinds[kind.value];
    calledField.hidden = !ofCalls.includes(kind.value);
    latencyField.hidden = !timed.includes(kind.value);
  };

  /** act sends a request, and shows its result and the active faults. */
  async function act(path, body, done) {
    try {
      await post(path, body);
      outcome.replaceChildren(h("p", { class: "box-note ran" }, done));
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    }
    await load().catch(() => {});
  }

  function put(submitted) {
    submitted.preventDefault();
    const wished = { service: service.value, kind: kind.value, rate: Number(rate.value) / 100 };
    if (ofCalls.includes(kind.value)) wished.called = called.value;
    if (timed.includes(kind.value)) wished.latencyMs = Number(latency.value);
    return act("/api/faults", wished, `${service.value}: ${kind.value} is active.`);
  }

  async function off(fault) {
    await act(`/api/faults/${encodeURIComponent(fault.id)}/off`, {}, `${fault.id} removed; it was applied ${plural(fault.strikes, "time")}.`);
    heading.focus(); // the button was removed
  }

  const row = (fault) => h("tr", {},
    h("th", { scope: "row" }, fault.what),
    h("td", { class: "figure", "data-name": "Applied" }, plural(fault.strikes, "time")),
    h("td", {}, map.write && h("button", { "data-fault": fault.id, "aria-label": `Remove ${fault.id}`, onclick: () => off(fault) }, "Remove")));

  /** show lists the active faults; the focus stays on its button while its count grows. */
  function show(faults) {
    const focused = document.activeElement?.dataset.fault;
    list.replaceChildren(faults.length === 0
      ? h("p", { class: "dim" }, "No active faults.")
      : h("table", { class: "list" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Fault"), h("th", { scope: "col" }, "Applied"), h("th", { scope: "col" }, h("span", { class: "sr" }, "Remove")))), h("tbody", {}, faults.map(row))));
    if (focused) list.querySelector(`[data-fault="${CSS.escape(focused)}"]`)?.focus();
  }
  const load = async () => show((await get("/api/faults")).faults);

  place.append(
    h("p", { class: "dim" }, "Make a service fail on purpose, and see that nothing is lost. A fault stays active until you remove it; make fault does the same in a terminal."),
    h("form", { class: "card shape narrow", novalidate: true, onsubmit: put },
      h("div", { class: "fields" },
        field("Service", service), field("Kind", kind, hint), calledField,
        field("Per cent of the time", rate, h("p", { class: "hint", id: "rate-hint" }, "0 to 100.")), latencyField),
      !map.write && h("p", { class: "box-note" }, "This console is read-only: start it with -write to inject faults."),
      h("p", { class: "row" }, h("button", { class: "primary", type: "submit", disabled: !map.write }, "Inject")), outcome),
    heading, list);
  offer();
  show(can.faults);
  return { title: "Faults", refresh: () => load().catch(() => {}), frame(frame) { if (frame.faults) show(frame.faults); } };
}
