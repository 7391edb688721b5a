// Elements are built from data, never from markup: the content of events is text.

/** h("a", {href: "/"}, "text", child) creates an element; a property that is a function is a listener: onclick. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** drawing parses an SVG that the server drew. */
export function drawing(text) {
  return document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
}

/** signs distinguish states without their colour. */
const signs = { ran: "✓", done: "✓", running: "…", queued: "…", working: "…", waiting: "!", retrying: "!", failed: "×", "dead-lettered": "×", undelivered: "×", skipped: "∕", refused: "–", scheduled: "◷" };

/** badge shows a state by its word, a sign and a colour. */
export function badge(state) {
  return h("span", { class: `badge ${state}` }, h("span", { "aria-hidden": "true" }, signs[state] ?? "·"), " ", state);
}

/** duration has a space that doesn't break between number and unit. */
export function duration(ms) {
  if (ms === undefined || ms === null) return "";
  if (ms < 10) return `${ms.toFixed(1)}\u00a0ms`;
  if (ms < 1000) return `${Math.round(ms)}\u00a0ms`;
  if (ms < 100_000) return `${(ms / 1000).toFixed(1)}\u00a0s`;
  return `${Math.round(ms / 60_000)}\u00a0min`;
}

export function clock(time) {
  return h("time", { datetime: time, title: time }, new Date(time).toLocaleTimeString([], { hour12: false }));
}

/**
 * throttled calls back at once, and then no more often than every so many milliseconds; the last call counts. What takes long
 * is called less often, so that a page that shows a busy troupe does not take the machine from it.
 */
export function throttled(callback, wait) {
  let timer, running = false, wanted = false, next = 0;
  const call = async () => {
    const began = Date.now();
    running = true;
    wanted = false;
    try {
      await callback();
    } finally {
      running = false;
      next = Date.now() + Math.max(wait, 4 * (Date.now() - began));
      if (wanted) again();
    }
  };
  const again = () => {
    wanted = true;
    if (running) return;
    clearTimeout(timer);
    timer = setTimeout(call, Math.max(0, next - Date.now()));
  };
  return again;
}

/** plural(2, "retry") is "2 retries". */
export function plural(n, word) {
  if (n === 1) return `1 ${word}`;
  return `${n} ${/[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`}`;
}

/** kept returns a details element that is open if its key is among those that are, and stays so when it is made again. */
export function kept(open, key, summary, ...content) {
  const details = h("details", { open: open.has(key) }, summary, ...content);
  summary.addEventListener("click", () => { details.open ? open.delete(key) : open.add(key); }); // before it toggles: "toggle" may come after it was replaced
  return details;
}

/** copyButton copies a text that is only known when it is clicked. */
export function copyButton(label, text) {
  const button = h("button", { type: "button", onclick: async () => {
    const said = await navigator.clipboard.writeText(text()).then(() => "Copied", () => "The browser doesn't allow to copy");
    button.textContent = said;
    setTimeout(() => { button.textContent = label; }, 2000);
  } }, label);
  return button;
}

/** quoted quotes a text for a shell, if it needs quotes. */
export const quoted = (text) => (/^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

export const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
