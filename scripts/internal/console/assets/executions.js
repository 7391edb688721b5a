// The list of executions, newest first.
import { badge, clip, clock, duration, h, plural, throttled } from "./dom.js";
import { declared, get } from "./server.js";

const states = ["", "running", "waiting", "failed", "done"];

export async function view({ place, query, go }) {
  const map = await declared();
  let asked = query;
  const search = h("input", { id: "q", type: "search", name: "q", autocomplete: "off", placeholder: "subject, correlation, event, service, outcome", value: query.get("q") ?? "",
    oninput: throttled(() => ask({ q: search.value }), 150) });
  const state = h("select", { id: "state", name: "state", onchange: () => ask({ state: state.value }) }, states.map((s) => h("option", { value: s, selected: s === (query.get("state") ?? "") }, s || "any state")));
  const count = h("p", { class: "dim", role: "status" });
  const list = h("div", {});
  const more = h("p", {});
  place.append(
    h("h1", {}, "Executions"),
    h("form", { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
      h("label", { for: "q" }, "Search"), search, h("label", { for: "state" }, "State"), state, count),
    list, more);

  /** ask changes the URL, so that a search can be shared. */
  function ask(change) {
    const next = new URLSearchParams(asked);
    for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name);
    next.delete("before");
    go(`/executions${next.size > 0 ? `?${next}` : ""}`, true);
  }

  async function load() {
    const page = await get(`/api/executions?${asked}`);
    count.textContent = `${page.next || asked.get("before") ? "some" : page.executions.length} of ${page.kept} kept`
      + (page.gone ? `; ${page.gone} older were let go: the console keeps the last ${page.bytes >> 20} MB` : "");
    list.replaceChildren(page.executions.length > 0 ? table(page.executions) : empty(page));
    const link = (text, before) => {
      const next = new URLSearchParams(asked);
      before ? next.set("before", before) : next.delete("before");
      return h("a", { class: "button", href: `/executions?${next}` }, text);
    };
    more.replaceChildren(...[asked.get("before") && link("Newest"), page.next && link("Older", page.next)].filter(Boolean));
  }

  function empty(page) {
    if (page.kept > 0) return h("div", { class: "empty" }, h("p", {}, "No matches. Every word of the search must occur."));
    return h("div", { class: "empty" }, h("h2", {}, "Nothing has happened yet"), h("p", {}, map.api && [h("a", { href: "/request" }, "Send a request"), ", "], h("a", { href: "/publish" }, map.api ? "publish" : "Publish"), " an event, or run ", h("code", {}, `make publish EVENT=${map.events[0]?.type ?? "…"}`), "."));
  }

  await load();
  const reload = throttled(() => load().catch(() => {}), 100);
  return {
    title: "Executions",
    query: (next) => {
      asked = next;
      if (document.activeElement !== search) search.value = next.get("q") ?? "";
      state.value = next.get("state") ?? "";
      return load().catch(() => {});
    },
    refresh: reload,
    frame(frame) { if ((frame.executions || frame.more) && !asked.get("before")) reload(); },
  };
}

const columns = ["State", "Subject", "Began with", "Started", "Took", "Steps", "Last published"];

function table(executions) {
  return h("table", { class: "list" },
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, executions.map(row)));
}

function row(e) {
  const notes = [e.retries > 0 && plural(e.retries, "retry").replace("retrys", "retries"), e.skipped > 0 && `${e.skipped} skipped`].filter(Boolean).join(", ");
  const cell = (name, ...content) => h("td", { "data-name": name }, content);
  return h("tr", {},
    cell("State", badge(e.state)),
    h("th", { scope: "row" }, h("a", { class: "mono", href: `/executions/${encodeURIComponent(e.id)}` }, e.subject || e.id)),
    cell("Began with", h("span", { class: "mono" }, e.began)),
    cell("Started", clock(e.startedAt)),
    cell("Took", duration(e.durationMs)),
    cell("Steps", String(e.steps), notes && h("span", { class: "dim" }, ` (${notes})`)),
    cell("Last published", e.problem ? h("span", { class: e.state === "failed" ? "bad" : "dim" }, clip(e.problem, 90)) : h("span", { class: "mono dim" }, e.last ?? "")));
}
