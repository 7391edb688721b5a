// Where the time of an execution went: queue, cold start, handler, publishing, by attempt.
import { duration, h } from "./dom.js";
import { parts } from "./parts.js";

const longIdle = 1000; // ms: longer idle times are folded, so that a reminder does not dwarf the rest
const folded = 120; // ms: the width at which they are drawn

/** timeline draws a bar for every attempt. */
export function timeline(execution, id) {
  const origin = Date.parse(execution.startedAt);
  const bars = parts(execution.events).flatMap(([part]) => part.attempts.map((attempt, i) => bar(part, attempt, i, origin))).sort((a, b) => a.cold - b.cold);
  if (bars.length === 0) return [h("p", { class: "dim" }, "No step yet.")];
  const scale = axis(bars);
  return [
    h("ul", { class: "keys" }, [["waiting", "in a queue"], ["cold", "cold start"], ["working", "handler"], ["publishing", "publishing"]].map(([kind, text]) => h("li", {}, h("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), text)),
      scale.folds > 0 && h("li", { class: "dim" }, "‖ idle time left out")),
    h("ol", { class: "timeline" }, bars.map((b) => row(b, scale, id))),
  ];
}

function bar(part, attempt, i, origin) {
  const from = Date.parse(attempt.startedAt) - origin;
  const before = i > 0 ? part.attempts[i - 1] : undefined;
  const stated = from - (attempt.waitedMs ?? 0);
  const ready = before ? Date.parse(before.startedAt) - origin + before.durationMs : stated;
  const queued = Math.max(ready, stated);
  return { part, attempt, queued, cold: Math.max(queued, from - (attempt.coldMs ?? 0)), from, published: from + attempt.durationMs - (attempt.publishMs ?? 0), to: from + attempt.durationMs };
}

/** axis returns a function from times to positions from 0 to 100, with long idle times folded. */
function axis(bars) {
  const busy = [];
  for (const { cold, to } of bars) {
    const last = busy.at(-1);
    last && cold - last.to < longIdle ? (last.to = Math.max(last.to, to)) : busy.push({ from: cold, to });
  }
  let length = 0;
  const start = Math.min(0, busy[0].from);
  for (const [i, span] of busy.entries()) {
    const begin = i === 0 ? start : span.from;
    length += i === 0 ? 0 : folded;
    span.at = length;
    span.begin = begin;
    length += span.to - begin;
  }
  const position = (time) => {
    const span = busy.findLast((s) => s.begin <= time) ?? busy[0];
    return (100 * (span.at + Math.min(Math.max(0, time - span.begin), span.to - span.begin))) / Math.max(length, 1);
  };
  return { position, folds: busy.length - 1, marks: busy.slice(1).map((span) => position(span.begin)) };
}

function row({ part, attempt, queued, cold, from, published, to }, scale, id) {
  const segment = (kind, begin, end) => {
    const element = h("span", { class: `segment ${kind} ${attempt.outcome}` });
    const left = scale.position(begin);
    element.style.left = `${left}%`;
    element.style.width = `max(${scale.position(end) - left}%, ${end > begin ? 1 : 0}px)`;
    return element;
  };
  const text = `${part.service} ${part.handler}: waited ${duration(Math.max(0, from - queued))}${attempt.coldMs > 0 ? ` (cold start ${duration(from - cold)})` : ""}, worked ${duration(attempt.durationMs)}`;
  return h("li", { "data-step": part.key, title: text },
    h("a", { href: `/executions/${encodeURIComponent(id)}?step=${encodeURIComponent(part.key)}`, "aria-label": text }, h("b", {}, part.service), " ", h("span", { class: "mono dim" }, part.handler)),
    h("span", { class: "track", "aria-hidden": "true" }, segment("waiting", queued, cold), segment("cold", cold, from), segment("working", from, published), segment("publishing", published, to),
      scale.marks.map((at) => { const mark = h("i", {}, "‖"); mark.style.left = `${at}%`; return mark; })),
    h("span", { class: "figure" }, duration(attempt.durationMs), attempt.cold && h("span", { class: "cold", title: "the first of its process" }, " cold")));
}
