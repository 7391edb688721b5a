// One execution: its diagram, where its time went, and each of its steps.
import { badge, clock, drawing, duration, h, plural, throttled } from "./dom.js";
import { counts, ending, outcome } from "./outcome.js";
import { parts } from "./parts.js";
import { get, getText } from "./server.js";
import { panel } from "./step.js";
import { timeline } from "./timeline.js";

// Which parts to show.
const shows = {
  all: () => true,
  failed: (part) => ["dead-lettered", "undelivered", "refused"].includes(part.progress),
  retried: (part) => part.attempts.length > 1 || part.progress === "retrying",
  skipped: (part) => part.progress === "skipped",
  repeated: (part) => part.repeats?.length > 0,
};
const stacked = matchMedia("(max-width: 999px)"); // the panel is below the diagram

export async function view({ place, parameter: id, query, go }) {
  const path = `/api/executions/${encodeURIComponent(id)}`;
  let asked = query;
  let execution;
  let shown = query.get("show") in shows ? query.get("show") : "all";
  const select = h("select", { id: "show", onchange: () => { shown = select.value; go(address(asked.get("step")), true); } });
  const filter = h("p", { class: "filter" }, h("label", { for: "show" }, "Show"), select);
  const head = h("header", { class: "head" });
  const diagram = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Diagram" });
  const times = h("section", { class: "times", "aria-labelledby": "times" });
  const aside = h("div", { class: "aside" });
  const split = h("div", { class: "split flow" }, h("div", {}, filter, diagram, legend(), times), aside);
  const address = (step) => {
    const next = new URLSearchParams([["step", step], ["show", shown === "all" ? "" : shown]].filter(([, value]) => value));
    return `/executions/${encodeURIComponent(id)}${next.size > 0 ? `?${next}` : ""}`;
  };
  place.append(head, split);

  async function load() {
    const [document, text] = await Promise.all([get(path), getText(`${path}/diagram.svg`)]);
    execution = document;
    const focused = diagram.contains(globalThis.document.activeElement) && globalThis.document.activeElement.dataset.step;
    head.replaceChildren(...heading(execution, path));
    const drawn = drawing(text);
    drawn.style.minWidth = `min(${drawn.getAttribute("width")}px, 1150px)`; // it scrolls, because it would be illegible if it were smaller
    diagram.replaceChildren(drawn);
    if (focused) drawn.querySelector(`[data-step="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    times.replaceChildren(h("h2", { id: "times" }, "Where the time went"), ...timeline(execution, id), related(execution));
    only();
    choose(asked, false);
  }

  /** only shows the parts that are asked for: in the diagram, the others keep their places. */
  function only() {
    const all = parts(execution.events).map(([part]) => part);
    select.replaceChildren(...Object.entries(shows).map(([name, fits]) => h("option", { value: name, selected: name === shown }, name === "all" ? "all" : `only ${name} (${all.filter(fits).length})`)));
    const keys = new Set(all.filter(shows[shown]).map((part) => part.key));
    for (const box of diagram.querySelectorAll(".box")) {
      box.classList.toggle("apart", shown !== "all" && !keys.has(box.dataset.step));
      if (box.dataset.step) box.setAttribute("href", address(box.dataset.step));
    }
    for (const row of times.querySelectorAll("[data-step]")) {
      row.hidden = !keys.has(row.dataset.step) || (shown === "repeated" && !row.classList.contains("again"));
      row.querySelector("a").setAttribute("href", address(row.dataset.step));
    }
  }

  function choose(query, scroll = true) {
    asked = query;
    const wanted = query.get("show") in shows ? query.get("show") : "all";
    if (wanted !== shown || select.value !== shown) { shown = wanted; only(); }
    const key = query.get("step");
    const part = key && parts(execution.events).find(([part]) => part.key === key);
    for (const box of diagram.querySelectorAll(".box")) box.classList.toggle("chosen", Boolean(part) && box.dataset.step === key);
    for (const row of times.querySelectorAll("[data-step]")) row.classList.toggle("chosen", Boolean(part) && row.dataset.step === key);
    split.classList.toggle("open", Boolean(part));
    aside.replaceChildren(...(part ? [panel(execution, ...part, () => close(key))] : []));
    if (!part || !scroll) return;
    diagram.querySelector(".chosen")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (stacked.matches) aside.scrollIntoView({ block: "start" });
  }

  /** close returns the focus to where the panel was opened. */
  async function close(key) {
    await go(address());
    diagram.querySelector(`[data-step="${CSS.escape(key)}"]`)?.focus();
  }

  const keys = (event) => {
    if (event.key === "Escape" && asked.get("step")) close(asked.get("step"));
    if (event.key === "Tab") tab(event);
  };

  /** tab leads from a box to its panel, and from the panel to the next box. */
  function tab(event) {
    const boxes = [...diagram.querySelectorAll("a.box:not(.apart)")];
    const at = boxes.findIndex((box) => box.classList.contains("chosen"));
    const stops = [...aside.querySelectorAll("a[href], button, summary, [tabindex]")].filter((stop) => stop.checkVisibility());
    if (at < 0 || stops.length === 0) return;
    const here = document.activeElement;
    const ways = event.shiftKey ? [[stops[0], boxes[at]], [boxes[at + 1], stops.at(-1)]] : [[boxes[at], stops[0]], [stops.at(-1), boxes[at + 1]]];
    const to = ways.find(([from, target]) => from === here && target)?.[1];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
  document.addEventListener("keydown", keys);
  try {
    await load();
  } catch (problem) {
    document.removeEventListener("keydown", keys);
    if (problem.status !== 404) throw problem;
    return expected(place, problem, query);
  }
  const reload = throttled(() => load().catch(() => {}), 100);
  return {
    title: execution.subject || id,
    query: choose,
    refresh: reload,
    leave: () => document.removeEventListener("keydown", keys),
    frame(frame) { if (frame.more || frame.executions?.some((e) => e.id === id)) reload(); },
  };

  /** expected waits for the first step of an execution that has just begun. */
  function expected(place, problem, query) {
    if (!query.has("new")) throw problem;
    place.replaceChildren(h("div", { class: "empty", role: "status" }, h("h1", {}, "On its way"), h("p", {}, "The first step of ", h("code", {}, id), " has not come yet.")));
    const look = throttled(() => get(path).then(() => go(`/executions/${encodeURIComponent(id)}`, true), () => {}), 200);
    return { title: "On its way", refresh: look, frame: look };
  }
}

function heading(e, path) {
  return [
    h("h1", {}, h("span", { class: "mono" }, e.subject || e.id), " ", badge(e.state), " ", outcome(e)),
    h("p", { class: "dim" }, "began with ", h("span", { class: "mono" }, e.began), " at ", clock(e.startedAt), `, took ${duration(e.durationMs)}, ${plural(e.steps, "step")}`, counts(e) && `, ${counts(e)}`),
    h("p", { class: "tools" },
      h("span", { class: "mono dim" }, e.id),
      h("a", { href: `${path}/diagram.svg?download`, download: "execution.svg" }, "Save as SVG"),
      h("a", { href: `${path}?download`, download: "execution.json" }, "Save as JSON")),
    e.problem && h("p", { class: `box-note ${e.state === "failed" ? "bad" : "refused"}` }, e.problem),
    e.dropped > 0 && h("p", { class: "box-note" }, `${plural(e.dropped, "step")} more than are kept.`),
    !e.payloads && e.steps > 0 && h("p", { class: "dim" }, "Payloads are hidden: TRACE_PAYLOADS is off for these services."),
  ].filter(Boolean);
}

/** related lists the other executions about the same subject. */
function related(e) {
  if (!e.relatives) return "";
  return h("section", { class: "relatives", "aria-labelledby": "relatives" }, h("h2", { id: "relatives" }, "Related executions"),
    h("ul", {}, e.relatives.map((other) => h("li", {}, badge(other.state), " ", h("a", { class: "mono", href: `/executions/${encodeURIComponent(other.id)}` }, other.began), " at ", clock(other.startedAt), ", ", ending(other)))),
    e.related > e.relatives.length && h("p", { class: "dim" }, `The newest ${e.relatives.length} of ${e.related}.`));
}

function legend() {
  return h("ul", { class: "legend" }, ["ran", "retrying", "dead-lettered", "skipped", "queued", "scheduled"].map((state) => h("li", {}, badge(state))));
}
