// The page: it shows the view of its URL, and passes it the stream's frames.
import "./shortcuts.js";
import { h, plural } from "./dom.js";
import { declared, forget, get, listen, Problem } from "./server.js";

const views = [
  [/^\/$/, () => import("./map.js")],
  [/^\/executions$/, () => import("./executions.js")],
  [/^\/executions\/(.+)$/, () => import("./execution.js")],
  [/^\/publish(?:\/(.+))?$/, () => import("./publish.js")],
  [/^\/request$/, () => import("./request.js")],
  [/^\/dead-letters$/, () => import("./deadletters.js")],
  [/^\/replay$/, () => import("./replay.js")],
  [/^\/surge$/, () => import("./surge.js")],
  [/^\/cost$/, () => import("./cost.js")],
  [/^\/faults$/, () => import("./faults.js")],
  [/^\/documents\/(.+)$/, () => import("./documents.js")],
];

const main = document.getElementById("view");
const bar = document.querySelector(".bar");
const product = document.querySelector(".brand").textContent;
const status = document.getElementById("status");
const notice = document.getElementById("notice");
let current = { path: null };
let generation = 0;
let frames = 0;

/** go navigates to another URL of the page. */
export function go(address, replace = false) {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  return show();
}

/** show shows the view of the URL; if only the query has changed, the current view handles it. */
async function show(again = false) {
  const query = new URLSearchParams(location.search);
  if (!again && current.path === location.pathname && current.query) return current.query(query);
  const turn = ++generation;
  const before = frames;
  for (const link of document.querySelectorAll(".bar nav a")) {
    const here = link.pathname === "/" ? location.pathname === "/" : location.pathname.startsWith(link.pathname);
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  try {
    const [, parameter, load] = find(location.pathname);
    const module = await load().catch((problem) => { throw new Problem({ status: 0, detail: problem.message }); });
    const place = h("div", { class: "view" });
    const shown = await module.view({ place, parameter, query, go });
    if (turn !== generation) return shown.leave?.(); // another navigation was faster
    current.leave?.();
    current = { ...shown, path: location.pathname };
    document.title = `${shown.title} · ${product}`;
    main.replaceChildren(place);
    await shown.shown?.();
    if (frames !== before) current.refresh?.(); // frames that arrived meanwhile went to the previous view
  } catch (problem) {
    if (turn !== generation) return;
    current.leave?.();
    current = { path: null };
    const [title, ...links] = failure(problem);
    document.title = `${title} · ${product}`;
    main.replaceChildren(h("div", { class: "view" }, h("div", { class: "empty" }, h("h1", {}, title), h("p", {}, problem.message), h("p", {}, links.map(([text, href]) => [h("a", { href }, text), " "])))));
  }
}

/** failure returns a heading for a page that can't be shown, and where to go instead. */
function failure({ status }) {
  if (status === 0) return ["Can't reach the backend"]; // the banner has the rest, and the page is shown when it is back
  return [status === 404 ? "Not found" : "Something went wrong", ["Map", "/"], ["All executions", "/executions"]];
}

function find(path) {
  for (const [pattern, load] of views) {
    const match = path.match(pattern);
    if (match) return [path, match[1] && decodeURIComponent(match[1]), load];
  }
  throw new Problem({ status: 404, detail: `There is no page ${path}.` });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.hasAttribute("download")) return;
  const address = new URL(link.getAttribute("href"), location.href); // in a drawing, href isn't a string
  if (address.origin !== location.origin || address.hash || address.pathname.startsWith("/api/")) return;
  event.preventDefault();
  const elsewhere = address.pathname !== location.pathname;
  go(address.pathname + address.search).then(() => { if (elsewhere) { main.focus(); scrollTo(0, 0); } });
});
addEventListener("popstate", () => show());

let environment = "";
let missedFrames = 0;
let lost = 0;

function say(connection) {
  const behind = missedFrames + lost;
  status.className = connection;
  status.textContent = [environment, connection, behind > 0 && `${plural(behind, "update")} dropped`].filter(Boolean).join(" · ");
}

function tell(text) {
  notice.hidden = !text;
  if (notice.textContent !== text) notice.textContent = text;
}

function dead(queues) {
  const letters = queues.reduce((sum, queue) => sum + queue.dead + queue.undelivered, 0);
  const count = document.getElementById("dead");
  count.hidden = letters === 0;
  count.textContent = ` ${letters}`;
}

/** failing shows the active faults on every page, so that their effects aren't mistaken for bugs. */
function failing(faults) {
  const banner = document.getElementById("faults");
  const on = faults.filter((fault) => !fault.over);
  const text = `${plural(on.length, "active fault")}: ${on.map((fault) => fault.id).join(", ")}.`;
  banner.hidden = on.length === 0;
  if (banner.firstChild.textContent !== text) banner.firstChild.textContent = text;
}

/** broken shows which services aren't running. */
function broken(problems) {
  const banner = document.getElementById("problems");
  banner.hidden = problems.length === 0;
  banner.replaceChildren(...problems.map(({ service, problem }) => h("p", {}, h("a", { href: `/?service=${encodeURIComponent(service)}` }, service), ` isn't running: ${problem}`)));
}

listen({
  connected(yes) {
    say(yes ? "live" : "disconnected");
    tell(yes ? "" : "Can't reach the backend, reconnecting. If it has ended, start it again: make up, or make console ENV=….");
    if (!yes) return;
    frames++; // changes during the interruption are unknown
    get("/api/queues").then(dead, () => {});
    get("/api/faults").then((can) => failing(can.faults), () => {});
    get("/api/problems").then(broken, () => {});
    current.path ? current.refresh?.() : show();
  },
  missed(n) { frames++; missedFrames += n; say("live"); current.refresh?.(); },
  frame(frame) {
    frames++;
    if ((frame.lost ?? 0) !== lost) { lost = frame.lost ?? 0; say("live"); }
    tell(frame.trouble ? `No new data: ${frame.trouble}` : "");
    if (frame.queues) dead(frame.queues);
    if (frame.faults) failing(frame.faults);
    if (frame.problems) broken(frame.problems);
    if (frame.declared) { forget(); current.refresh?.(); }
    current.frame?.(frame);
  },
});
declared().then((map) => { environment = map.env + (map.write ? "" : " (read only)"); say(status.className || "connecting"); }, () => {});
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", getComputedStyle(bar).position === "sticky" ? `${bar.offsetHeight}px` : "0px")).observe(bar);
await show();
for (const [, load] of views) load().catch(() => {}); // so that every page opens while the backend is away
