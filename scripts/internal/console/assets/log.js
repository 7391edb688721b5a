// What handlers logged: each attempt's lines, stack traces included.
import { clock, h } from "./dom.js";

/** linesOf returns a part's lines by step: those that were written since it began, and before the next one did. */
export function linesOf(part) {
  const steps = [...part.attempts, ...(part.repeats ?? [])].sort((a, b) => instant(a.startedAt) - instant(b.startedAt));
  const lines = new Map(steps.map((step) => [step, []]));
  for (const line of part.lines ?? []) {
    const step = steps.findLast((s) => instant(s.startedAt) <= instant(line.time)) ?? steps[0];
    lines.get(step)?.push(line);
  }
  return lines;
}

const instant = (time) => Date.parse(time);

/** log shows lines, or nothing. */
export function log(lines) {
  return lines.length > 0 && h("ol", { class: "log", "aria-label": "Log" }, lines.map(entry));
}

function entry(line) {
  const { stack, ...others } = line.attributes ?? {};
  return h("li", { class: (line.level ?? "").toLowerCase() },
    clock(line.time), " ", h("span", { class: "level" }, line.level), " ", line.message,
    Object.entries(others).map(([name, value]) => [" ", h("span", { class: "mono" }, h("span", { class: "dim" }, `${name}=`), typeof value === "string" ? value : JSON.stringify(value))]),
    stack && h("details", { open: true }, h("summary", {}, "Stack"), h("pre", { class: "json whole", tabindex: "0" }, stack)));
}
