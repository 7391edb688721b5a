// The list of executions: filtered, sorted and searched.
import { badge, clock, duration, h, plural, throttled } from "./dom.js";
import { counts, ending } from "./outcome.js";
import { declared, get } from "./server.js";

// The choices of each filter, by the value in the URL.
const choices = {
  state: { label: "State", values: { "": "any state", running: "running", waiting: "waiting", failed: "failed", refused: "refused", done: "done" } },
  outcome: { label: "Outcome", values: { "": "any outcome", success: "success", failure: "failure", none: "none named" } },
  from: { label: "Began", values: { "": "at any time", "-1m": "in the last minute", "-10m": "in the last 10 minutes", "-1h": "in the last hour", "-24h": "in the last day", between: "between …" } },
  sort: { label: "Sort", values: { "": "newest first", oldest: "oldest first", longest: "longest first", steps: "most steps first", retries: "most retries first" } },
};

export async function view({ place, query, go }) {
  const map = await declared();
  let asked = query;
  const search = h("input", { id: "q", type: "search", name: "q", autocomplete: "off", placeholder: "subject, event, service, status, error, data", value: query.get("q") ?? "",
    oninput: throttled(() => ask({ q: search.value }), 150) });
  const filters = Object.fromEntries(Object.keys(choices).map((name) => [name, filter(name)]));
  const [since, until] = ["from", "to"].map((name) => h("input", { id: `at-${name}`, type: "datetime-local", step: "1", onchange: () => ask({ from: utc(since.value), to: utc(until.value) }) }));
  const between = h("span", { class: "row", hidden: true }, h("label", { for: "at-from" }, "from"), since, h("label", { for: "at-to" }, "to"), until);
  const count = h("p", { class: "dim", role: "status" });
  const list = h("div", {});
  const more = h("p", {});
  place.append(
    h("h1", {}, "Executions"),
    h("form", { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
      h("label", { for: "q" }, "Search"), search,
      Object.entries(choices).map(([name, { label }]) => [h("span", { class: "choice" }, h("label", { for: name }, label), filters[name]), name === "from" && between]), count),
    list, more);

  function filter(name) {
    const chosen = () => {
      if (name === "from") between.hidden = element.value !== "between";
      if (element.value !== "between") ask(name === "from" ? { from: element.value, to: "" } : { [name]: element.value });
    };
    const element = h("select", { id: name, name, onchange: chosen }, Object.entries(choices[name].values).map(([value, text]) => h("option", { value }, text)));
    return element;
  }

  /** show sets the filters to what the URL asks for. */
  function show() {
    for (const [name, element] of Object.entries(filters)) {
      const value = asked.get(name) ?? "";
      element.value = value in choices[name].values ? value : name === "from" ? "between" : "";
    }
    if (asked.get("to")) filters.from.value = "between";
    between.hidden = filters.from.value !== "between";
    since.value = local(asked.get("from"));
    until.value = local(asked.get("to"));
    if (document.activeElement !== search) search.value = asked.get("q") ?? "";
  }

  /** ask changes the URL, so that a search can be shared. */
  function ask(change) {
    const next = new URLSearchParams(asked);
    for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name);
    next.delete("before");
    go(`/executions${next.size > 0 ? `?${next}` : ""}`, true);
  }

  async function load() {
    let page;
    try {
      page = await get(`/api/executions?${asked}`);
    } catch (problem) {
      if (problem.status !== 400) throw problem;
      count.textContent = "";
      more.replaceChildren();
      return list.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    }
    count.textContent = `${page.next || asked.get("before") ? "some" : page.executions.length} of ${plural(page.kept, "execution")}`
      + (page.gone ? `; ${page.gone} older were let go: the console keeps the last ${page.bytes >> 20} MB` : "");
    list.replaceChildren(page.executions.length > 0 ? table(page.executions) : empty(page));
    const link = (text, before) => {
      const next = new URLSearchParams(asked);
      before ? next.set("before", before) : next.delete("before");
      return h("a", { class: "button", href: `/executions?${next}` }, text);
    };
    const [first, next] = asked.get("sort") ? ["First", "Next"] : ["Newest", "Older"];
    more.replaceChildren(...[asked.get("before") && link(first), page.next && link(next, page.next)].filter(Boolean));
  }

  function empty(page) {
    if (page.kept > 0) return h("div", { class: "empty" }, h("p", {}, "No matches. Every word of the search must occur, and every filter must fit."));
    return h("div", { class: "empty" }, h("h2", {}, "Nothing has happened yet"), h("p", {}, map.api && [h("a", { href: "/request" }, "Send a request"), ", "], h("a", { href: "/publish" }, map.api ? "publish" : "Publish"), " an event, or run ", h("code", {}, `make publish EVENT=${map.events[0]?.type ?? "…"}`), "."));
  }

  show();
  await load();
  const reload = throttled(() => load().catch(() => {}), 100);
  return {
    title: "Executions",
    query: (next) => {
      asked = next;
      show();
      return load().catch(() => {});
    },
    refresh: reload,
    frame(frame) { if ((frame.executions || frame.more) && !asked.get("before")) reload(); },
  };
}

/** utc returns the time of a field as the server reads it, and local the field's text of a time. */
const utc = (value) => value && new Date(value).toISOString();
function local(time) {
  const at = new Date(time ?? "");
  return Number.isNaN(at.getTime()) || !time.includes("T") ? "" : new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const columns = ["State", "Subject", "Began with", "Began", "Took", "Steps", "Ended with"];

function table(executions) {
  return h("table", { class: "list" },
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, executions.map(row)));
}

function row(e) {
  const cell = (name, ...content) => h("td", { "data-name": name }, content);
  const notes = counts(e);
  return h("tr", {},
    cell("State", badge(e.state), e.state === "refused" && ` ${e.status}`),
    h("th", { scope: "row" }, h("a", { class: "mono", href: `/executions/${encodeURIComponent(e.id)}` }, e.subject || e.id),
      e.related > 0 && [" ", h("a", { class: "related", href: `/executions?q=${encodeURIComponent(e.subject)}` }, `+${e.related} related`, h("span", { class: "sr" }, ` to ${e.subject}`))]),
    cell("Began with", h("span", { class: "mono" }, e.began)),
    cell("Began", clock(e.startedAt)),
    cell("Took", duration(e.durationMs)),
    cell("Steps", String(e.steps), notes && h("span", { class: "dim" }, ` (${notes})`)),
    cell("Ended with", ending(e)));
}
