// How an execution ended: what the domain says, or why it was refused or failed.
import { clip, h } from "./dom.js";

const signs = { success: "✓", failure: "×" };

/** outcome shows what the latest event says whose contract names an outcome, or nothing. */
export function outcome(e) {
  return e.outcome && h("span", { class: `badge outcome ${e.outcome}` }, h("span", { "aria-hidden": "true" }, signs[e.outcome]), " ", e.ended, h("span", { class: "sr" }, ` (${e.outcome})`));
}

/** ending shows the outcome, else the problem, else the last published event. */
export function ending(e) {
  return [
    outcome(e),
    e.problem && h("span", { class: e.state === "failed" ? "bad" : "dim", title: e.problem }, e.outcome && " ", clip(e.problem, 90)),
    !e.outcome && !e.problem && h("span", { class: "mono dim" }, e.last ?? ""),
  ];
}

/** counts says what else happened: "1 retry, 2 repeats". */
export function counts(e) {
  const count = (n, one, many) => n > 0 && `${n} ${n === 1 ? one : many}`;
  return [count(e.retries, "retry", "retries"), count(e.repeats, "repeat", "repeats"), count(e.skipped, "skipped", "skipped")].filter(Boolean).join(", ");
}
