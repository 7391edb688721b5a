// Replay events from the archive: a preview, and then what services do with them.
import { h, plural } from "./dom.js";
import { declared, get, post } from "./server.js";

const columns = ["Event", "Count", "Subscribers"];

export async function view({ place, query, go }) {
  const map = await declared();
  const channel = Object.fromEntries(map.events.map((e) => [e.type, e.channel]));
  const byBus = (service) => (service.subscribes ?? []).map((taken) => taken.event).filter((type) => channel[type] === "eventbridge");
  const services = map.services.filter((service) => byBus(service).length > 0);

  const text = (id, value) => h("input", { id, type: "text", size: 22, autocomplete: "off", spellcheck: "false", value, "aria-describedby": "times" });
  const from = text("from", query.get("from") ?? "-1h");
  const to = text("to", query.get("to") ?? "now");
  const service = h("select", { id: "service" }, h("option", { value: "" }, "all services"), services.map((s) => h("option", { value: s.name, selected: s.name === query.get("service") }, s.name)));
  const found = h("div", {});
  const outcome = h("div", { role: "status" });
  let timer, shown;

  const wanted = (query) => ({ from: query.get("from"), to: query.get("to") ?? "now", service: query.get("service") ?? "" });
  const asked = () => ({ from: from.value.trim(), to: to.value.trim(), service: service.value });
  const field = (name, input) => h("span", { class: "row" }, h("label", { for: input.id }, name), input);
  const note = (kind, ...content) => h("p", { class: `box-note ${kind}` }, content);

  async function count(wanted) {
    found.replaceChildren(h("p", { class: "dim" }, "Counting…"));
    try {
      const counted = await get(`/api/replay?${new URLSearchParams(wanted)}`);
      found.replaceChildren(...summary(counted, wanted));
    } catch (problem) {
      found.replaceChildren(note("bad", problem.message));
    }
  }

  function summary(counted, wanted) {
    const types = Object.entries(counted.events.types).sort(([a], [b]) => a.localeCompare(b));
    const whom = counted.services.join(", ");
    const missing = (counted.events.missing ?? []).map((text) => note("", text));
    if (types.length === 0) return [h("div", { class: "empty" }, h("p", {}, `The archive has no events for ${whom} between ${counted.from} and ${counted.to}.`)), ...missing];
    const listeners = (type) => services.filter((s) => counted.services.includes(s.name) && byBus(s).includes(type)).map((s) => s.name).join(", ");
    const button = h("button", { class: "primary", disabled: !map.write, onclick: () => start(button, wanted) }, `Replay ${counted.events.more ? "all" : plural(counted.events.total, "event")} to ${whom}`);
    return [
      h("p", {}, `${counted.from} to ${counted.to}`, counted.events.more && `: these are the first ${counted.events.total}, and there are more`),
      h("table", { class: "list" },
        h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, types.map(([type, n]) => h("tr", {}, h("th", { scope: "row", class: "mono" }, type), h("td", { "data-name": "Count" }, String(n)), h("td", { "data-name": "Subscribers" }, listeners(type)))))),
      h("p", { class: "dim" }, "A service whose rule has a condition receives fewer."),
      ...missing,
      counted.outside.length > 0 && note("", `People and webhooks that subscribe to ${counted.outside.join(", ")} receive them again.`),
      h("p", {}, button),
    ].filter(Boolean);
  }

  async function start(button, wanted) {
    button.disabled = true;
    try {
      const started = await post("/api/replay", wanted);
      shown = started.name;
      tell(started);
      timer = setTimeout(look, 300);
    } catch (problem) {
      outcome.replaceChildren(note("bad", problem.message));
      button.disabled = false;
    }
  }

  // look continues after the archive has sent everything, because services still handle it.
  async function look() {
    try {
      tell(await get(`/api/replay/${encodeURIComponent(shown)}`));
      timer = setTimeout(look, 1000);
    } catch (problem) {
      outcome.replaceChildren(note("bad", problem.message));
    }
  }

  function tell(replay) {
    const bad = replay.state === "FAILED" || replay.state === "CANCELLED";
    const state = `Replay ${replay.state.toLowerCase()}${!replay.ended && replay.at ? `, as far as ${replay.at}` : ""}${replay.why ? `: ${replay.why}` : "."}`;
    outcome.replaceChildren(note(bad ? "bad" : replay.ended ? "ran" : "", state),
      h("ul", {}, replay.results.map((result) => h("li", {}, h("strong", {}, result.service), ": ", Object.entries(result.outcomes).sort().map(([name, n]) => `${n} ${name}`).join(", ")))),
      replay.results.some((result) => result.outcomes.repeated) && h("p", { class: "dim" }, "Repeated: handled before, so nothing changed."));
  }

  place.append(
    h("h1", {}, "Replay"),
    h("div", { class: "narrow" },
      h("p", { class: "dim" }, "Sends events from the bus's archive again. A service ignores events that it has handled. SNS events and reminders aren't archived."),
      !map.write && h("p", { class: "box-note" }, "This console is read-only: start it with -write to replay."),
      h("form", { novalidate: true, onsubmit: (submitted) => { submitted.preventDefault(); go(`/replay?${new URLSearchParams(asked())}`); } },
        h("div", { class: "filter" }, field("From", from), field("To", to), field("For", service), h("button", { type: "submit" }, "Count")),
        h("p", { class: "hint", id: "times" }, "A time such as 2026-11-24T08:00:00Z, how long ago such as -2h or -90m, or now.")),
      found, outcome));
  if (query.has("from")) await count(wanted(query));
  return {
    title: "Replay",
    query: (next) => {
      from.value = next.get("from") ?? "-1h";
      to.value = next.get("to") ?? "now";
      service.value = next.get("service") ?? "";
      return next.has("from") ? count(wanted(next)) : found.replaceChildren();
    },
    leave: () => clearTimeout(timer),
  };
}
