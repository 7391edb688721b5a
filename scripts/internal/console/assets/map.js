// The map: who publishes what and who subscribes to it, the queues, and moving messages.
import { badge, clock, drawing, duration, h, plural, throttled } from "./dom.js";
import { pretty } from "./json.js";
import { parts } from "./parts.js";
import { declared, get, getText } from "./server.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const below = matchMedia("(max-width: 999px)"); // the card covers the lower half of the page
const mostPulses = 16; // moving at the same time: each is repainted sixty times per second

export async function view({ place, query, go }) {
  let map = await declared();
  let asked = query;
  let score, width;
  const state = { queues: [], faults: [], problems: [] };
  const search = h("input", { id: "q", type: "search", autocomplete: "off", placeholder: "service, event or route", value: query.get("q") ?? "",
    oninput: () => go(search.value.trim() ? `/?q=${encodeURIComponent(search.value.trim())}` : "/", true) });
  const count = h("p", { class: "dim", role: "status" });
  const first = (event) => { event.preventDefault(); const [found] = matches(map, asked.get("q") ?? "").links; if (found) go(found); };
  const canvas = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Map", onscroll: () => canvas.classList.toggle("scrolled", canvas.scrollLeft > 0) });
  const aside = h("div", { class: "aside", "aria-live": "polite" });
  const split = h("div", { class: "split map" }, h("div", {}, canvas, legend()), aside);
  place.append(h("h1", { class: "sr" }, "Map"), h("form", { class: "filter", role: "search", onsubmit: first }, h("label", { for: "q" }, "Search"), search, count), split);

  async function draw(again = true) {
    map = await declared();
    width = Math.floor(canvas.clientWidth) || 1200;
    const drawn = drawing(await getText(`/api/map.svg?width=${width}`));
    const { scrollLeft, scrollTop } = canvas;
    const focused = canvas.contains(document.activeElement) && document.activeElement.getAttribute("href");
    score = sheet(drawn);
    canvas.replaceChildren(score);
    if (focused) score.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    canvas.style.scrollPadding = `${score.dataset.head}px 12px 12px ${score.dataset.left}px`;
    canvas.scrollTo(scrollLeft, scrollTop);
    choose(asked, !again);
    await look();
  }

  /** look loads what is marked on the map, as far as it can be known here. */
  async function look() {
    const before = { ...state };
    const load = (path, otherwise) => get(path).catch(() => otherwise);
    const [queues, can, problems] = await Promise.all([load("/api/queues", []), load("/api/faults", { faults: [] }), load("/api/problems", [])]);
    const loaded = { queues, faults: can.faults, problems };
    for (const kind in loaded) if (state[kind] === before[kind]) state[kind] = loaded[kind]; // a frame that came meanwhile is newer
    mark(score, map, state);
    tell();
  }

  function choose(query, scroll = true) {
    asked = query;
    const q = query.get("q") ?? "";
    if (document.activeElement !== search) search.value = q;
    for (const chosen of score.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
    const service = map.services.find((s) => s.name === query.get("service"));
    const event = map.events.find((e) => e.type === query.get("event"));
    const unknown = !service && !event && (query.get("service") ?? query.get("event"));
    const found = q ? matches(map, q) : undefined;
    light(score, found ?? (service ? aroundService(map, service) : event && aroundEvent(map, event)));
    count.textContent = found ? (found.links.length > 0 ? plural(found.links.length, "match") : "No matches.") : "";
    const chosen = (service && `.card[data-service="${CSS.escape(service.name)}"]`) || (event && `a.row[data-event="${CSS.escape(event.type)}"]`);
    if (chosen) score.querySelector(chosen)?.classList.add("chosen");
    split.classList.toggle("open", Boolean(service || event || unknown));
    const close = () => go("/").then(() => chosen && score.querySelector(chosen)?.focus({ preventScroll: true }));
    aside.replaceChildren(service ? serviceCard(map, service, close) : event ? eventCard(map, event, close) : unknown ? unknownCard(unknown, close) : overview(map));
    tell();
    if (scroll && chosen && below.matches) canvas.scrollIntoView({ block: "start" });
    if (scroll && (chosen || found)) score.querySelector(chosen || ".card.lit, .row.lit")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (service) recent(service, aside);
  }

  const again = throttled(() => { const service = map.services.find((s) => s.name === asked.get("service")); return service && recent(service, aside); }, 1000);

  /** tell shows the state of the chosen service. */
  function tell() {
    const name = asked.get("service");
    aside.querySelector("[data-state]")?.replaceChildren(...notes(stateOf(state, name)));
    const queue = state.queues.find((q) => q.service === name);
    if (queue) aside.querySelector("[data-depth]")?.replaceChildren(depth(queue));
  }

  const keys = (event) => { if (event.key === "Escape") aside.querySelector(".close")?.click(); };
  document.addEventListener("keydown", keys);
  const resized = new ResizeObserver(throttled(() => { if (canvas.isConnected && Math.floor(canvas.clientWidth) !== width) return draw().catch(() => {}); }, 300));
  return {
    title: "Map",
    shown: async () => { await draw(false); resized.observe(canvas); },
    query: choose,
    refresh: () => draw().catch(() => {}),
    leave: () => { resized.disconnect(); document.removeEventListener("keydown", keys); },
    frame(frame) {
      if (!score) return;
      for (const kind of ["queues", "faults", "problems"]) state[kind] = frame[kind] ?? state[kind];
      if (frame.queues || frame.faults || frame.problems) { mark(score, map, state); tell(); }
      for (const pulse of frame.pulses ?? []) move(score, pulse);
      if (frame.pulses?.some((pulse) => pulse.outcome && pulse.service === asked.get("service"))) again();
    },
  };
}

/**
 * sheet puts the services' cards into a layer that stays when the map scrolls down, and the names of events, again, into one
 * that stays when it scrolls to the right.
 */
function sheet(drawn) {
  const group = drawn.querySelector(".score");
  const { head, left } = group.dataset;
  const layer = (kind, width, height, content) => {
    const svg = drawn.cloneNode(false);
    for (const [name, value] of Object.entries({ class: `drawing ${kind}`, width, height, viewBox: `0 0 ${width} ${height}`, "aria-label": kind })) svg.setAttribute(name, value);
    const inside = group.cloneNode(false);
    inside.append(...content);
    svg.append(inside);
    return svg;
  };
  const names = [...group.querySelectorAll(".row")].map((row) => {
    const name = document.createElementNS(row.namespaceURI, "g");
    name.setAttribute("class", row.getAttribute("class"));
    name.dataset.event = row.dataset.event;
    name.append(...[...row.querySelectorAll(".channel, .event")].map((part) => part.cloneNode(true)));
    return name;
  });
  const services = layer("services", drawn.getAttribute("width"), head, group.querySelectorAll(".card"));
  const events = layer("events", left, drawn.getAttribute("height"), names);
  events.setAttribute("aria-hidden", "true"); // the lines have these names, too
  const corner = h("div", { class: "corner" });
  corner.style.width = `${left}px`;
  corner.style.height = `${head}px`;
  return h("div", { class: "sheet", "data-head": head, "data-left": left }, services, drawn, events, corner);
}

const reads = (service, type) => service.subscribes?.some((taken) => taken.event === type);

/** aroundService returns a service with its events and routes, and the services that it exchanges events with. */
function aroundService(map, service) {
  const read = (service.subscribes ?? []).map((taken) => taken.event);
  const events = new Set([...(service.http ?? []), ...(service.publishes ?? []), ...read]);
  const services = map.services.filter((other) => other === service || other.publishes?.some((type) => read.includes(type)) || service.publishes?.some((type) => reads(other, type)));
  return { services: new Set(services.map((s) => s.name)), events };
}

function aroundEvent(map, event) {
  const services = map.services.filter((service) => service.name === event.producer || reads(service, event.type));
  return { services: new Set(services.map((s) => s.name)), events: new Set([event.type]) };
}

/** matches returns what has every word of a search in its name, and the addresses of the matches. */
function matches(map, q) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts) => words.every((word) => texts.join(" ").toLowerCase().includes(word));
  const services = map.services.filter((s) => fits(s.name));
  const events = map.events.filter((e) => fits(e.type));
  const routes = map.services.flatMap((s) => (s.http ?? []).filter((route) => fits(route)).map((route) => ({ route, service: s.name })));
  return {
    services: new Set(services.map((s) => s.name)), events: new Set([...events.map((e) => e.type), ...routes.map((r) => r.route)]),
    links: [...services.map((s) => addressOf({ service: s.name })), ...events.map((e) => addressOf({ event: e.type })), ...routes.map((r) => addressOf({ service: r.service }))],
  };
}

const addressOf = (chosen) => `/?${new URLSearchParams(chosen)}`;

/** light dims everything but some services and events, or nothing. */
function light(score, lit) {
  for (const group of score.querySelectorAll(".score")) group.classList.toggle("focus", Boolean(lit));
  for (const card of score.querySelectorAll(".card")) card.classList.toggle("lit", Boolean(lit?.services.has(card.dataset.service)));
  for (const row of score.querySelectorAll(".row")) row.classList.toggle("lit", Boolean(lit?.events.has(row.dataset.event)));
}

/** stateOf returns what is to be known about a service now. */
function stateOf({ queues, faults, problems }, name) {
  const queue = queues.find((q) => q.service === name);
  return {
    service: name, problem: problems.find((p) => p.service === name)?.problem,
    faults: faults.filter((fault) => !fault.over && (!fault.service || fault.service === name)),
    queue, retrying: queue?.retrying ?? 0, dead: queue ? queue.dead + queue.undelivered : 0,
  };
}

/** mark marks the services that fail, retry or have a fault, and shows what their queues hold. */
function mark(score, map, state) {
  for (const { name } of map.services) {
    const card = score.querySelector(`.card[data-service="${CSS.escape(name)}"]`);
    if (!card) continue;
    const now = stateOf(state, name);
    for (const [kind, on] of Object.entries({ failing: now.problem !== undefined, retrying: now.retrying > 0, faulty: now.faults.length > 0 })) card.classList.toggle(kind, on);
    const title = card.querySelector("title");
    title.dataset.name ??= title.textContent;
    title.textContent = [title.dataset.name, ...notes(now).map((note) => note.textContent)].join(" ");
    gauge(card.querySelector("[data-gauge]"), now);
  }
}

function gauge(text, { problem, queue, retrying, dead }) {
  const here = queue ? queue.visible + queue.inFlight : 0;
  text.setAttribute("class", `gauge ${problem !== undefined || dead > 0 ? "dead" : retrying > 0 ? "waiting" : here > 0 ? "busy" : ""}`);
  text.textContent = problem !== undefined ? "not running" : queue ? long(queue, dead) : "";
  if (text.getComputedTextLength() > Number(text.dataset.room)) text.textContent = problem !== undefined ? "×" : short(here, retrying, dead);
}

/** notes describes the state of a service in sentences. */
function notes({ service, problem, faults, retrying }) {
  return [
    problem !== undefined && h("p", { class: "box-note bad" }, `It isn't running: ${problem}`),
    retrying > 0 && h("p", { class: "box-note retrying" }, "It failed at ", h("a", { href: `/executions?${new URLSearchParams({ q: service, state: "waiting" })}` }, plural(retrying, "message")), " and will retry."),
    faults.length > 0 && h("p", { class: "box-note retrying" }, h("a", { href: "/faults" }, plural(faults.length, "active fault")), `: ${faults.map((fault) => fault.what).join("; ")}.`),
  ].filter(Boolean);
}

const short = (here, retrying, dead) => (dead > 0 ? `${dead}×` : retrying > 0 ? `${retrying}!` : here > 0 ? String(here) : "");

function long(queue, dead) {
  const parts = [];
  const working = Math.max(0, queue.inFlight - (queue.retrying ?? 0));
  if (queue.retrying) parts.push(`${queue.retrying} retrying`);
  if (queue.visible) parts.push(`${queue.visible} waiting`);
  if (working) parts.push(`${working} in work`);
  if (queue.delayed) parts.push(`${queue.delayed} due later`);
  if (dead) parts.unshift(`${dead} dead`);
  return parts.slice(0, 2).join(", ") || "idle";
}

/** move animates a message along the line of its event to the service that receives it. */
function move(score, pulse) {
  const row = score.querySelector(`.row[data-event="${CSS.escape(pulse.type)}"]`);
  if (!row || !(pulse.kind === "received" || pulse.kind === "published" || (pulse.outcome && !pulse.kind))) return;
  row.classList.add("active");
  clearTimeout(row.rest);
  row.rest = setTimeout(() => row.classList.remove("active"), 600);
  const from = row.querySelector("circle.publishes");
  const to = row.querySelector(`[data-ear="${CSS.escape(pulse.service ?? "")}"]`);
  if (!from || !to || calm.matches || score.querySelectorAll(".pulse").length > mostPulses) return;
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of Object.entries({ class: "pulse", r: 3.6, cx: from.getAttribute("cx"), cy: from.getAttribute("cy") })) dot.setAttribute(name, value);
  row.parentNode.append(dot);
  const distance = to.getAttribute("cx") - from.getAttribute("cx");
  dot.animate([{ transform: "none" }, { transform: `translateX(${distance}px)` }], { duration: 420, easing: "ease-in-out" }).finished.finally(() => dot.remove());
}

function legend() {
  const sign = (kind, text) => h("li", {}, h("span", { class: `key ${kind}`, "aria-hidden": "true" }), text);
  return h("ul", { class: "legend" },
    sign("publishes", "publishes"), sign("publishes clock", "also on a schedule"), sign("subscribes", "subscribes"), sign("some", "subscribes with a filter"),
    sign("eventbridge", "EventBridge"), sign("sns", "SNS topic"), sign("queue", "to its own queue, later"),
    h("li", {}, h("span", { class: "key fault", "aria-hidden": "true" }), "active fault"),
    h("li", {}, h("a", { href: "/api/map.svg?download", download: "map.svg" }, "Save as SVG")));
}

function overview(map) {
  return h("section", { class: "card" },
    h("h2", {}, "All services"),
    h("p", {}, `${plural(map.services.length, "service")}, ${plural(map.events.length, "event")}. Each column is a service, each line an event, from its producer to its subscribers. Choose one to see more.`),
    map.write && h("p", {}, h("a", { href: "/publish" }, "Publish an event"), map.api && [" or ", h("a", { href: "/request" }, "send a request")], ", and watch it here."));
}

const eventLink = (event) => h("a", { class: "mono", href: addressOf({ event }) }, event);
const serviceLink = (service) => h("a", { href: addressOf({ service }) }, service);

const heading = (kind, text, close) => h("div", { class: "row" }, h("h2", { class: kind }, text), h("button", { class: "close", "aria-label": `Close ${text}`, onclick: close }, "×"));

function unknownCard(name, close) {
  return h("section", { class: "card" }, heading("", "Not found", close), h("p", {}, `There is no service or event ${name}.`));
}

function serviceCard(map, service, close) {
  return h("section", { class: "card" },
    heading("", service.name, close),
    h("div", { "data-state": "" }),
    h("p", {}, service.description),
    h("p", { class: "dim" }, `${service.runtime}, store: ${service.store}`, map.documents && service.store === "dynamodb" && [" (", h("a", { href: `/documents/${encodeURIComponent(service.name)}` }, "documents"), ")"]),
    service.http?.length > 0 && [h("h3", {}, "Answers"), h("ul", {}, service.http.map((route) => h("li", {}, h("span", { class: "mono" }, route), source(service, route))))],
    service.subscribes?.length > 0 && [h("h3", {}, "Subscribes to"), h("ul", {}, service.subscribes.map((taken) => h("li", {}, eventLink(taken.event), taken.where && h("div", { class: "mono dim" }, "where ", JSON.stringify(taken.where)), source(service, taken.event))))],
    service.publishes?.length > 0 && [h("h3", {}, "Publishes"), h("ul", {}, service.publishes.map((type) => h("li", {}, eventLink(type))))],
    schedules(service.schedules),
    service.queue && [h("h3", {}, "Queue"), h("div", { "data-depth": "" }, "…"),
      h("p", { class: "dim" }, `A message is dead after ${plural(service.queue.max_receives, "receive")}. ${plural(service.queue.concurrency, "message")} at a time${service.runtime === "lambda" ? ` in each of ${plural(service.queue.max_functions, "function")}` : ""}, in batches of ${service.queue.batch}.`)],
    h("h3", {}, "Recently"), h("div", { "data-recent": service.name, "aria-live": "off" }, h("p", { class: "dim" }, "…")));
}

/** schedules shows what EventBridge Scheduler publishes, and when. */
function schedules(list = []) {
  return list.length > 0 && [h("h3", {}, "On a schedule"), h("ul", {}, list.map((s) => h("li", {}, eventLink(s.event), h("div", { class: "mono dim" }, s.expression, " ", s.timezone),
    s.next && h("div", { class: "dim" }, "next: ", h("time", { datetime: s.next, title: s.next }, new Date(s.next).toLocaleString([], { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }))))))];
}

/** source shows the handler of an event or a route, and its position in the source. */
function source(service, taken) {
  const by = service.handlers?.[taken];
  return by && h("div", { class: "mono dim" }, by.handler && `${by.handler} · `, by.file);
}

function depth(queue) {
  return h("dl", { class: "figures" },
    [["waiting", queue.visible], ["in work", Math.max(0, queue.inFlight - (queue.retrying ?? 0))], ["retrying", queue.retrying ?? 0], ["due later", queue.delayed], ["dead", queue.dead], ["undelivered", queue.undelivered]].map(([name, n]) =>
      h("div", { class: n > 0 && (name === "dead" || name === "undelivered") ? "bad" : "" }, h("dt", {}, name), h("dd", {}, String(n)))),
    queue.oldestMs > 0 && h("div", {}, h("dt", {}, "oldest"), h("dd", {}, duration(queue.oldestMs))));
}

/** recent lists a service's latest steps. */
async function recent(service, aside) {
  const page = await get(`/api/executions?limit=5&q=${encodeURIComponent(service.name)}`).catch(() => ({ executions: [] }));
  const executions = await Promise.all(page.executions.map((e) => get(`/api/executions/${encodeURIComponent(e.id)}`).catch(() => ({ id: e.id, events: [] }))));
  const steps = executions.flatMap((execution) => parts(execution.events).filter(([part]) => part.service === service.name && part.attempts.length > 0).map(([part]) => ({ id: execution.id, part, at: part.attempts.at(-1).startedAt })));
  const rows = steps.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, 6).map(({ id, part, at }) =>
    h("li", {}, h("a", { href: `/executions/${encodeURIComponent(id)}?step=${encodeURIComponent(part.key)}` }, clock(at), " ", part.handler), " ", badge(part.progress)));
  aside.querySelector(`[data-recent="${CSS.escape(service.name)}"]`)?.replaceChildren(rows.length > 0 ? h("ul", {}, rows) : h("p", { class: "dim" }, "Nothing yet."));
}

function eventCard(map, event, close) {
  const subscribers = map.services.filter((service) => reads(service, event.type));
  return h("section", { class: "card" },
    heading("mono", event.type, close),
    h("p", {}, event.description),
    h("p", { class: "dim" }, `Sent over ${{ eventbridge: "EventBridge", sns: "its SNS topic", queue: "its producer's own queue" }[event.channel]}. Its subject is `, h("span", { class: "mono" }, event.subject), ". Declared in ", h("span", { class: "mono" }, event.file), "."),
    h("h3", {}, "Published by"), h("p", {}, event.source ? [event.producer, ", outside: ", h("span", { class: "mono" }, event.source)] : serviceLink(event.producer)),
    schedules(map.services.find((service) => service.name === event.producer)?.schedules?.filter((s) => s.event === event.type)),
    h("h3", {}, "Subscribers"), subscribers.length > 0 ? h("ul", {}, subscribers.map((service) => h("li", {}, serviceLink(service.name)))) : h("p", { class: "dim" }, event.channel === "sns" ? "Any subscriber of the topic." : "None."),
    map.write && (!event.source || map.env === "local") && h("p", {}, h("a", { class: "button", href: `/publish/${encodeURIComponent(event.type)}` }, "Publish one")),
    h("h3", {}, "Example"), pretty(event.examples[0]?.data),
    h("details", {}, h("summary", {}, "Schema"), pretty(event.schema)));
}
