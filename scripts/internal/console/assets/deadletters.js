// Messages that services failed to handle, and events that did not reach them: the reasons, and redrive.
import { clock, h, kept, plural, throttled } from "./dom.js";
import { pretty } from "./json.js";
import { declared, get, post } from "./server.js";

const kinds = { dead: "that the service failed to handle", undelivered: "that didn't reach the service" };

/** why returns a message's error without its reason, if it begins with it. */
const why = ({ reason, error = "" }) => (error.startsWith(`${reason}: `) ? error.slice(reason.length + 2) : error);

const isDead = ({ kind, outcome }) => outcome === "dead-lettered" || kind === "dead-lettered" || kind === "undelivered";

export async function view({ place, query, go }) {
  const map = await declared();
  const list = h("div", {});
  const outcome = h("div", { role: "status" });
  const reasons = h("select", { id: "reason", onchange: () => go(`/dead-letters${reasons.value ? `?reason=${encodeURIComponent(reasons.value)}` : ""}`, true) });
  const filter = h("div", { class: "filter" }, h("label", { for: "reason" }, "Reason"), reasons);
  let open = new Set();
  let asked = query.get("reason") ?? "";
  let sent; // the latest redrive: its service, and the messages and events that are known
  place.append(h("h1", {}, "Dead letters"), h("p", { class: "dim" }, "Messages that a service failed to handle, and events that couldn't be delivered to it. Fix the cause, then redrive them."), outcome, filter, list);

  async function load() {
    const queues = await get("/api/queues");
    const found = queues.flatMap((queue) => Object.keys(kinds).map((kind) => ({ service: queue.service, kind, count: queue[kind] }))).filter((queue) => queue.count > 0);
    await Promise.all(found.map(async (queue) => { queue.letters = await get(path(queue)); }));
    compare(found);
    offer(found.flatMap((queue) => queue.letters));
    const sections = found.map(section).filter(Boolean);
    const focused = list.contains(document.activeElement) && document.activeElement.dataset.letter;
    list.replaceChildren(...(sections.length > 0 ? sections : [empty(found)]));
    if (focused) list.querySelector(`[data-letter="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  const path = ({ service, kind }) => `/api/dead-letters/${encodeURIComponent(service)}/${kind}`;
  const empty = (found) => h("div", { class: "empty" }, h("p", {}, found.length > 0 ? "No matches." : "No dead letters."));

  /** offer lists the reasons to filter by. */
  function offer(letters) {
    const counts = Map.groupBy(letters, (letter) => letter.reason);
    if (asked && !counts.has(asked)) counts.set(asked, []);
    const options = [["", "any reason"], ...[...counts.keys()].sort().map((reason) => [reason, `${reason} (${counts.get(reason).length})`])];
    if (String(options.map(([, text]) => text)) !== String([...reasons.options].map((option) => option.text))) { // an open list stays open
      reasons.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
    }
    reasons.value = asked;
    filter.hidden = letters.length === 0 && !asked;
  }

  /** compare tells whether messages of the latest redrive are here again, under new IDs. */
  function compare(found) {
    if (!sent) return;
    const back = found.filter((queue) => queue.service === sent.service).flatMap((queue) => queue.letters).filter((letter) => !sent.ids.has(letter.id) && sent.events.has(letter.eventId || letter.id));
    if (back.length === 0) return;
    note("bad", `${plural(back.length, "message")} failed again at ${sent.service}: ${back[0].error || back[0].reason}`);
  }

  function section({ service, kind, count, letters }) {
    const shown = asked ? letters.filter((letter) => letter.reason === asked) : letters;
    if (asked && shown.length === 0) return undefined;
    const n = asked ? shown.length : count;
    const all = asked && count > letters.length ? "all with this reason" : plural(n, "message");
    return h("section", { class: "card letters" },
      h("div", { class: "row" }, h("h2", {}, service), h("p", { class: "dim" }, `${plural(n, "message")} ${kinds[kind]}`),
        map.write && h("button", { class: "primary", "data-letter": `${service} ${kind}`, onclick: (event) => redrive(event.target, { service, kind }, asked ? { reason: asked } : {}, shown, n) }, `Redrive ${all}`)),
      letters.length === 0 && h("p", { class: "dim" }, "Someone else is looking at these messages, so they are hidden for a moment."),
      shown.map((m) => letter({ service, kind }, m)),
      count > letters.length && letters.length > 0 && h("p", { class: "dim" }, `These are the first ${letters.length} of ${count}${asked ? ", as far as they have this reason" : ""}.`));
  }

  function letter(queue, m) {
    return kept(open, m.id,
      h("summary", { "data-letter": m.id }, clock(m.sentAt), " ", h("span", { class: "mono" }, m.type || "no event"), " ", h("strong", { class: "bad" }, m.reason), h("span", { class: "dim" }, ` ${why(m)}`)),
      h("dl", { class: "why" }, Object.entries(m.why).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "mono" }, value)))),
      m.execution && h("p", {}, h("a", { href: `/executions/${encodeURIComponent(m.execution)}` }, `Execution of ${m.subject || m.execution}`)),
      m.body === undefined ? h("p", { class: "dim" }, "Payloads are hidden: TRACE_PAYLOADS is off.") : pretty(m.body),
      map.write && h("p", {}, h("button", { "data-letter": `${m.id} redrive`, onclick: (event) => redrive(event.target, queue, { id: m.id }, [m], 1) }, "Redrive this message")));
  }

  async function redrive(button, queue, choice, letters, n) {
    button.disabled = true;
    try {
      await post(path(queue), choice);
      sent = { service: queue.service, ids: new Set(letters.map((m) => m.id)), events: new Set(letters.map((m) => m.eventId || m.id)) };
      note("", `${plural(n, "message")} on the way back to ${queue.service}.`);
    } catch (problem) {
      note("bad", problem.message);
    }
    await load().catch(() => {});
  }

  function note(kind, text) {
    if (outcome.textContent !== text) outcome.replaceChildren(h("p", { class: `box-note ${kind}` }, text));
  }

  await load();
  const reload = throttled(() => load().catch(() => {}), 500);
  return {
    title: "Dead letters",
    query: (next) => { asked = next.get("reason") ?? ""; return load().catch(() => {}); },
    refresh: reload,
    frame(frame) { if (frame.queues || frame.pulses?.some(isDead)) reload(); }, // a letter that is back at once leaves the count as it was
  };
}
