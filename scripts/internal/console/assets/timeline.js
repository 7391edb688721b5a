// Where the time of an execution went: back-off, queue, cold start, handler and publishing of every attempt.
import { clock, duration, h } from "./dom.js";
import { parts } from "./parts.js";

const longIdle = 1000; // ms: longer idle times are folded, so that a reminder does not dwarf the rest
const foldedShare = 0.12; // of the rest: the width at which they are drawn
const closest = 9; // per cent between two marks of the axis

const kinds = [["waiting", "in a queue"], ["cold", "cold start"], ["working", "handler"], ["publishing", "publishing"], ["backoff", "back-off"], ["critical", "decided when it ended"]];

/** timeline draws a row for every part, with all its attempts, and one for what came again. */
export function timeline(execution, id) {
  const origin = Date.parse(execution.startedAt);
  const rows = parts(execution.events).flatMap(([part]) => [
    { part, bars: part.attempts.map((attempt, i) => bar(attempt, part.times?.[i] ?? {}, origin)) },
    { part, again: true, bars: (part.repeats ?? []).map((attempt) => bar(attempt, {}, origin)) },
  ]).filter((row) => row.bars.length > 0).sort((a, b) => a.bars[0].from - b.bars[0].from);
  if (rows.length === 0) return [h("p", { class: "dim" }, "No step yet.")];
  const scale = axis(rows.flatMap((row) => row.bars).sort((a, b) => a.cold - b.cold));
  return [
    h("ul", { class: "keys" }, kinds.map(([kind, text]) => h("li", {}, h("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), text))),
    h("div", { class: "axis dim", "aria-hidden": "true" }, h("span", {}, "from ", clock(execution.startedAt)),
      h("span", { class: "track" }, scale.ticks.map(({ at, text }) => placed(h("span", { class: "tick" }, text), at)), scale.folds.map(({ from, to, text }) => placed(h("span", { class: "fold", title: `${text} in which nothing happened` }, text), from, to)))),
    h("ol", { class: "timeline" }, rows.map((r) => row(r, scale, id))),
  ];
}

function placed(element, left, right) {
  element.style.left = `${left}%`;
  if (right !== undefined) element.style.width = `${right - left}%`;
  return element;
}

function bar(attempt, times, origin) {
  const from = Date.parse(attempt.startedAt) - origin;
  const cold = from - (times.coldMs ?? 0);
  const queued = cold - (times.queueMs ?? 0);
  return { attempt, times, hidden: queued - (times.backoffMs ?? 0), queued, cold, from, published: from + attempt.durationMs - (attempt.publishMs ?? 0), to: from + attempt.durationMs };
}

/** axis returns a function from times to positions from 0 to 100, with long idle times folded, and the axis's marks. */
function axis(bars) {
  const busy = [];
  for (const { cold, to } of bars) {
    const last = busy.at(-1);
    last && cold - last.to < longIdle ? (last.to = Math.max(last.to, to)) : busy.push({ begin: cold, to });
  }
  busy[0].begin = Math.min(0, ...bars.filter((b) => b.cold <= busy[0].to).map((b) => b.queued)); // what waited at first is no idle time
  const worked = busy.reduce((sum, span) => sum + span.to - span.begin, 0);
  const fold = Math.max(worked * foldedShare, 1);
  const length = Math.max(worked + fold * (busy.length - 1), 1);
  let at = 0;
  for (const span of busy) {
    span.at = at;
    at += span.to - span.begin + fold;
  }
  const position = (time) => {
    const span = busy.findLast((s) => s.begin <= time) ?? busy[0];
    return (100 * (span.at + Math.min(Math.max(0, time - span.begin), span.to - span.begin))) / length;
  };
  const folds = busy.slice(1).map((span, i) => ({ from: position(busy[i].to), to: position(span.begin), text: duration(span.begin - busy[i].to) }));
  return { position, folds, ticks: ticks(busy, position, length / 6, folds) };
}

/** ticks marks round times, so that their texts have room. */
function ticks(busy, position, distance, folds) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(distance, 0.1)));
  const step = unit * [1, 2, 5, 10].find((n) => unit * n >= distance);
  const marks = [];
  for (const span of busy) {
    for (let time = Math.max(0, Math.ceil(span.begin / step) * step); time <= span.to; time += step) {
      const at = position(time);
      const room = Math.min(100 + closest / 2, ...folds.map((fold) => fold.from).filter((from) => from >= at)) - at;
      if (room >= closest && (marks.length === 0 || at - marks.at(-1).at >= closest)) marks.push({ at, text: moment(time, step) });
    }
  }
  return marks;
}

function moment(time, step) {
  if (time < 1000) return `${Number(time.toFixed(1))} ms`;
  if (time < 120_000) return `${(time / 1000).toFixed(step < 100 ? 2 : step < 1000 ? 1 : 0)} s`;
  return `${Math.floor(time / 60_000)} min ${Math.round((time % 60_000) / 1000)} s`;
}

function row({ part, again, bars }, scale, id) {
  const text = again ? `${part.service} again: ${part.handler ?? ""} ${bars.length > 1 ? `${bars.length} times` : "once"}, without effect`
    : `${part.service} ${part.handler ?? ""}: ${bars.map((b, i) => sentence(b, i, bars.length)).join("; ")}${part.critical ? "; decided when the execution ended" : ""}`;
  const worked = bars.reduce((sum, b) => sum + b.attempt.durationMs, 0);
  return h("li", { "data-step": part.key, title: text, class: [again && "again", part.critical && !again && "critical"].filter(Boolean).join(" ") || undefined },
    h("a", { href: `/executions/${encodeURIComponent(id)}?step=${encodeURIComponent(part.key)}`, "aria-label": text }, h("b", {}, part.service), " ", h("span", { class: "mono dim" }, again ? "again" : part.handler)),
    h("span", { class: "track", "aria-hidden": "true" }, bars.map((b) => segments(b, scale)), scale.folds.map(({ from, to }) => placed(h("i", {}), from, to))),
    h("span", { class: "figure" }, duration(worked), bars.length > 1 && ` ×${bars.length}`, bars.some((b) => b.attempt.cold) && h("span", { class: "cold", title: "the first of its process" }, " cold")));
}

function segments(b, scale) {
  const segment = (kind, begin, end) => {
    const left = scale.position(begin);
    const element = placed(h("span", { class: `segment ${kind} ${b.attempt.outcome}` }), left);
    element.style.width = `max(${scale.position(end) - left}%, ${end > begin ? 1 : 0}px)`;
    return element;
  };
  return [segment("backoff", b.hidden, b.queued), segment("waiting", b.queued, b.cold), segment("cold", b.cold, b.from), segment("working", b.from, b.published), segment("publishing", b.published, b.to)];
}

/** sentence says where the time of an attempt went. */
export function sentence({ attempt, times }, i, n) {
  const publishing = attempt.publishMs ?? 0;
  return [
    n > 1 && `attempt ${i + 1}`,
    times.backoffMs > 0 && `backed off ${duration(times.backoffMs)}`,
    times.queueMs > 0 && `in the queue ${duration(times.queueMs)}`,
    times.coldMs > 0 && `cold start ${duration(times.coldMs)}`,
    `worked ${duration(attempt.durationMs - publishing)}`,
    publishing > 0 && `published in ${duration(publishing)}`,
    times.note,
  ].filter(Boolean).join(", ");
}
