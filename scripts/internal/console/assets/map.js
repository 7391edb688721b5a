// The map: who publishes what and who subscribes to it, the queues, and moving messages.
import { badge, clock, drawing, duration, h, plural, throttled } from "./dom.js";
import { pretty } from "./json.js";
import { parts } from "./parts.js";
import { declared, get, getText } from "./server.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const mostPulses = 16; // moving at the same time: each is repainted sixty times per second

export async function view({ place, query }) {
  let map = await declared();
  let asked = query;
  let score, width;
  const canvas = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Map" });
  const aside = h("div", { class: "aside", "aria-live": "polite" });
  place.append(
    h("h1", { class: "sr" }, "Map"),
    h("div", { class: "split" }, h("div", {}, canvas, legend()), aside),
  );

  async function draw() {
    map = await declared();
    width = Math.floor(canvas.clientWidth) || 1200;
    score = drawing(await getText(`/api/map.svg?width=${width}`));
    canvas.replaceChildren(score);
    choose(asked);
    gauge(await get("/api/queues").catch(() => []));
  }

  function choose(query) {
    asked = query;
    for (const chosen of score.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
    const service = map.services.find((s) => s.name === query.get("service"));
    const event = map.events.find((e) => e.type === query.get("event"));
    const mark = service ? `[data-service="${CSS.escape(service.name)}"]` : event && `[data-event="${CSS.escape(event.type)}"]`;
    if (mark) score.querySelector(mark)?.classList.add("chosen");
    aside.replaceChildren(service ? serviceCard(map, service) : event ? eventCard(map, event) : overview(map));
    if (service) recent(service, aside);
  }

  /** chosen scrolls to the card if it is below the map. */
  function chosen(query) {
    choose(query);
    if (query.has("service") || query.has("event")) aside.scrollIntoView({ block: "nearest" });
  }

  const again = throttled(() => { const service = map.services.find((s) => s.name === asked.get("service")); return service && recent(service, aside); }, 1000);

  function gauge(queues) {
    for (const queue of queues) {
      const text = score?.querySelector(`[data-gauge="${CSS.escape(queue.service)}"]`);
      if (!text) continue;
      const dead = queue.dead + queue.undelivered;
      const here = queue.visible + queue.inFlight;
      const compact = score.querySelector(".gauge[text-anchor=middle]")?.parentNode.querySelector(".small") === null;
      text.setAttribute("class", `gauge ${dead > 0 ? "dead" : here > 0 ? "busy" : ""}`);
      text.textContent = compact ? short(here, dead) : long(queue, dead);
    }
    const shown = asked.get("service");
    const queue = queues.find((q) => q.service === shown);
    if (queue) aside.querySelector("[data-depth]")?.replaceChildren(depth(queue));
  }

  const resized = new ResizeObserver(throttled(() => { if (canvas.isConnected && Math.floor(canvas.clientWidth) !== width) return draw().catch(() => {}); }, 300));
  return {
    title: "Map",
    shown: async () => { await draw(); resized.observe(canvas); },
    query: chosen,
    refresh: () => draw().catch(() => {}),
    leave: () => resized.disconnect(),
    frame(frame) {
      if (frame.queues) gauge(frame.queues);
      if (!score) return;
      for (const pulse of frame.pulses ?? []) move(score, pulse);
      if (frame.pulses?.some((pulse) => pulse.outcome && pulse.service === asked.get("service"))) again();
    },
  };
}

const short = (here, dead) => (dead > 0 ? `${dead}×` : here > 0 ? String(here) : "");

function long(queue, dead) {
  const parts = [];
  if (queue.visible) parts.push(`${queue.visible} waiting`);
  if (queue.inFlight) parts.push(`${queue.inFlight} in work`);
  if (queue.delayed) parts.push(`${queue.delayed} due later`);
  if (dead) parts.unshift(`${dead} dead`);
  return parts.slice(0, 2).join(", ") || "idle";
}

/** move animates a message along the line of its event to the service that receives it. */
function move(score, pulse) {
  const row = score.querySelector(`[data-event="${CSS.escape(pulse.type)}"]`);
  if (!row || !(pulse.kind === "received" || pulse.kind === "published" || (pulse.outcome && !pulse.kind))) return;
  row.classList.add("active");
  clearTimeout(row.rest);
  row.rest = setTimeout(() => row.classList.remove("active"), 600);
  const from = row.querySelector("circle.publishes");
  const to = row.querySelector(`[data-ear="${CSS.escape(pulse.service ?? "")}"]`);
  if (!from || !to || calm.matches || score.querySelectorAll(".pulse").length > mostPulses) return;
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of Object.entries({ class: "pulse", r: 3.6, cx: from.getAttribute("cx"), cy: from.getAttribute("cy") })) dot.setAttribute(name, value);
  score.append(dot);
  const distance = to.getAttribute("cx") - from.getAttribute("cx");
  dot.animate([{ transform: "none" }, { transform: `translateX(${distance}px)` }], { duration: 420, easing: "ease-in-out" }).finished.finally(() => dot.remove());
}

function legend() {
  const sign = (kind, text) => h("li", {}, h("span", { class: `key ${kind}`, "aria-hidden": "true" }), text);
  return h("ul", { class: "legend" },
    sign("publishes", "publishes"), sign("subscribes", "subscribes"), sign("some", "subscribes with a filter"),
    sign("eventbridge", "EventBridge"), sign("sns", "SNS topic"), sign("queue", "to its own queue, later"),
    h("li", {}, h("a", { href: "/api/map.svg?download", download: "map.svg" }, "Save as SVG")));
}

function overview(map) {
  return h("section", { class: "card" },
    h("h2", {}, "The troupe"),
    h("p", {}, `${plural(map.services.length, "service")}, ${plural(map.events.length, "event")}. Each column is a service, each line an event: it leads from its producer to its subscribers. Choose one to see more.`),
    map.write && h("p", {}, h("a", { href: "/publish" }, "Publish an event"), map.api && [" or ", h("a", { href: "/request" }, "send a request")], ", and watch it here."));
}

const eventLink = (type) => h("a", { class: "mono", href: `/?event=${encodeURIComponent(type)}` }, type);
const serviceLink = (name) => h("a", { href: `/?service=${encodeURIComponent(name)}` }, name);

function serviceCard(map, service) {
  return h("section", { class: "card" },
    h("h2", {}, service.name),
    h("p", {}, service.description),
    h("p", { class: "dim" }, `${service.runtime}, store: ${service.store}`),
    service.http?.length > 0 && [h("h3", {}, "Answers"), h("ul", {}, service.http.map((route) => h("li", {}, h("span", { class: "mono" }, route), source(service, route))))],
    service.subscribes?.length > 0 && [h("h3", {}, "Subscribes to"), h("ul", {}, service.subscribes.map((taken) => h("li", {}, eventLink(taken.event), taken.where && h("div", { class: "mono dim" }, "where ", JSON.stringify(taken.where)), source(service, taken.event))))],
    service.publishes?.length > 0 && [h("h3", {}, "Publishes"), h("ul", {}, service.publishes.map((type) => h("li", {}, eventLink(type))))],
    service.queue && [h("h3", {}, "Queue"), h("div", { "data-depth": "" }, "…"),
      h("p", { class: "dim" }, `${plural(service.queue.max_receives, "receive")} before a message is dead, batches of ${service.queue.batch}, ${service.queue.concurrency} at a time${service.runtime === "lambda" ? ` in each of ${service.queue.max_functions} functions` : ""}`)],
    h("h3", {}, "Recently"), h("div", { "data-recent": service.name, "aria-live": "off" }, h("p", { class: "dim" }, "…")));
}

/** source shows the handler of an event or a route, and its position in the source. */
function source(service, taken) {
  const by = service.handlers?.[taken];
  return by && h("div", { class: "mono dim" }, by.handler && `${by.handler} · `, by.file);
}

function depth(queue) {
  return h("dl", { class: "figures" },
    [["waiting", queue.visible], ["in work", queue.inFlight], ["due later", queue.delayed], ["dead", queue.dead], ["undelivered", queue.undelivered]].map(([name, n]) =>
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

function eventCard(map, event) {
  const subscribers = map.services.filter((service) => service.subscribes?.some((taken) => taken.event === event.type));
  return h("section", { class: "card" },
    h("h2", { class: "mono" }, event.type),
    h("p", {}, event.description),
    h("p", { class: "dim" }, `over ${{ eventbridge: "EventBridge", sns: "its SNS topic", queue: "its producer's own queue" }[event.channel]}; about ${event.subject}; ${event.file}`),
    h("h3", {}, "Published by"), h("p", {}, serviceLink(event.producer)),
    h("h3", {}, "Subscribers"), subscribers.length > 0 ? h("ul", {}, subscribers.map((service) => h("li", {}, serviceLink(service.name)))) : h("p", { class: "dim" }, event.channel === "sns" ? "Any subscriber of the topic." : "Nobody."),
    map.write && h("p", {}, h("a", { class: "button", href: `/publish/${encodeURIComponent(event.type)}` }, "Publish one")),
    h("h3", {}, "Example"), pretty(event.examples[0]?.data),
    h("details", {}, h("summary", {}, "Schema"), pretty(event.schema)));
}
