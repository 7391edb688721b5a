// One burst of events, with and without a queue in front of a worker, drawn while make surge runs.
import { drawing, h, throttled } from "./dom.js";
import { get, getText } from "./server.js";

const figure = (n) => n.toLocaleString("en", { maximumSignificantDigits: Math.max(3, String(Math.round(n)).length) });
const seconds = (n) => `${n}\u00a0s`;
const rows = [
  ["Arrived", (sample) => figure(sample.arrived)],
  ["Done", (_, count) => figure(count.completed)],
  ["Waiting", (_, count) => figure(count.waiting)],
  ["Age of the oldest", (_, count) => seconds(count.oldestSeconds.toFixed(1))],
  ["Deliveries refused", (_, count) => figure(count.refused)],
  ["Lost", (_, count) => figure(count.lost)],
];

export async function view({ place }) {
  const about = h("p", { class: "dim" });
  const picture = h("div", { class: "scroll" });
  const numbers = h("div", {});
  const remarks = h("div", {});
  let width;
  place.append(h("h1", {}, "Surge"), about, picture, remarks, numbers);

  async function load() {
    const run = await get("/api/surge");
    if (!run) return empty();
    about.textContent = `${figure(run.burst.rate)} events a second for ${seconds(run.burst.seconds)}; ${run.service} handles ${figure(run.burst.capacity)} a second. ${state(run)}`;
    width = Math.floor(picture.clientWidth);
    picture.replaceChildren(drawing(await getText(`/api/surge.svg?width=${Math.min(width, 1200)}`)));
    remarks.replaceChildren(...(run.result ? [result(run)] : []), ...(run.scaled ? [h("p", { class: "box-note" }, run.scaled)] : []));
    numbers.replaceChildren(table(run), h("p", { class: "tools" }, h("a", { href: "/api/surge.svg?download", download: true }, "Save as SVG")));
  }

  function empty() {
    about.textContent = "";
    numbers.replaceChildren(h("div", { class: "empty" }, h("h2", {}, "No surge yet"),
      h("p", {}, "Run ", h("code", {}, "make surge"), " in another terminal. It sends more events than a worker can handle, with and without a queue, and this page draws what happens.")));
  }

  const reload = throttled(() => load().catch(() => {}), 200);
  const resized = new ResizeObserver(() => { if (picture.isConnected && Math.floor(picture.clientWidth) !== width) reload(); });
  return {
    title: "Surge",
    shown: async () => { await load(); resized.observe(picture); },
    leave: () => resized.disconnect(),
    refresh: reload,
    frame(frame) { if (frame.surge) reload(); },
  };
}

function state(run) {
  if (run.result) return "Finished.";
  return `${(run.samples.at(-1)?.at ?? 0).toFixed(0)} of about ${seconds(run.expected.toFixed(0))}.`;
}

function result({ result: { webhook, queue } }) {
  return h("p", { class: `box-note ${queue.lost + queue.twice > 0 ? "bad" : "ran"}`, role: "status" },
    `By event ID: straight to the worker ${figure(webhook.completed)} of ${figure(webhook.published)} done and ${figure(webhook.lost)} lost; ` +
    `through the queue ${figure(queue.completed)} done, ${figure(queue.lost)} lost and ${figure(queue.twice)} done twice, the last ${seconds(queue.drainSeconds.toFixed(1))} after the burst.`);
}

function table(run) {
  const last = run.samples.at(-1) ?? { arrived: 0, webhook: none, queue: none };
  return h("table", { class: "list surge-numbers" },
    h("caption", {}, "The numbers now"),
    h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, "Straight"), h("th", { scope: "col" }, "Through a queue"))),
    h("tbody", {}, rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value(last, last.webhook)), h("td", {}, value(last, last.queue))))));
}

const none = { completed: 0, waiting: 0, lost: 0, refused: 0, oldestSeconds: 0 };
