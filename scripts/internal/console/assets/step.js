// The panel of one step: what went in, what came out, what changed, and every attempt.
import { badge, clock, duration, h, plural } from "./dom.js";
import { difference, pretty } from "./json.js";
import { linesOf, log } from "./log.js";
import { sentence } from "./timeline.js";

/** panel shows what a service did with an event. */
export function panel(execution, part, event, close) {
  const last = part.attempts.at(-1);
  const lines = linesOf(part);
  return h("section", { class: "card", "aria-labelledby": "step" },
    h("div", { class: "row" }, h("h2", { id: "step" }, part.service), badge(part.progress),
      h("button", { class: "close", "aria-label": "Close the step", onclick: close }, "×")),
    part.handler && h("p", { class: "mono dim" }, part.handler),
    part.note && part.progress !== "ran" && h("p", { class: `box-note ${part.progress}` }, reason(part)),
    h("h3", {}, event.type === "http" ? "Request" : "Event"),
    event.type !== "http" && h("p", {}, h("a", { class: "mono", href: `/?event=${encodeURIComponent(event.type)}` }, event.type)),
    shown(event.data ?? last?.in, execution),
    last?.changes?.length > 0 && [h("h3", {}, "Changed in its state"), last.changes.map((change) => [h("p", { class: "mono dim" }, change.key), difference(change.before, change.after)])],
    last?.out && [h("h3", {}, `Answered ${last.status ?? ""}`), pretty(last.out)],
    part.published.length > 0 && [h("h3", {}, "Published"), part.published.map(published)],
    part.attempts.length > 0 && [h("h3", {}, part.attempts.length > 1 ? "Attempts" : "Time"), h("ol", { class: "attempts" }, part.attempts.map((attempt, i) => h("li", {}, attemptCard(attempt, part.times?.[i] ?? {}, lines.get(attempt)))))],
    part.attempts.length === 0 && part.lines && [h("h3", {}, "Log"), log(part.lines)],
    part.repeats?.length > 0 && [h("h3", {}, "Repeats"), h("p", { class: "dim" }, "It came again after it had had its effect, so these had none."),
      h("ol", { class: "attempts" }, part.repeats.map((repeat) => h("li", {}, attemptCard(repeat, {}, lines.get(repeat)))))],
    execution.unlisted > 0 && h("p", { class: "dim" }, `${plural(execution.unlisted, "log line")} more of this execution than are kept.`));
}

function reason(part) {
  return { skipped: `Its rule did not match the event: ${part.note}`, undelivered: `The event did not reach its queue: ${part.note}` }[part.progress] ?? part.note;
}

function shown(data, execution) {
  if (data !== undefined) return pretty(data);
  return execution.payloads ? null : h("p", { class: "dim" }, "Payloads are hidden.");
}

function published(event) {
  const takers = event.parts.map((part) => `${part.service}${part.progress === "skipped" ? " (skipped)" : ""}`).join(", ");
  return h("details", {},
    h("summary", {}, h("span", { class: "mono" }, event.type), h("span", { class: "dim" }, event.due ? " due " : takers ? ` to ${takers}` : " no subscriber", event.due && clock(event.due))),
    event.data !== undefined && pretty(event.data));
}

function attemptCard(attempt, times, lines) {
  return [
    h("div", {}, clock(attempt.startedAt), " ", badge({ handled: "ran", repeated: "ran" }[attempt.outcome] ?? attempt.outcome.replace("retried", "retrying")), attempt.status > 0 && ` ${attempt.status}`, attempt.outcome === "repeated" && h("span", { class: "dim" }, " it had been handled before")),
    h("div", { class: "dim" }, sentence({ attempt, times }, 0, 1), attempt.retryMs > 0 && `, to be tried again after ${duration(attempt.retryMs)}`),
    (attempt.error || attempt.reason) && h("pre", { class: `json whole ${attempt.outcome === "refused" ? "" : "bad"}`, tabindex: "0" }, attempt.error || attempt.reason),
    log(lines ?? []),
  ];
}
