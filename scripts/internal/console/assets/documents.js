// The documents of a service's state, by key and prefix; nothing is changed.
import { h, kept, plural, throttled } from "./dom.js";
import { pretty } from "./json.js";
import { get } from "./server.js";

export async function view({ place, parameter: service, query, go }) {
  let asked = query.get("prefix") ?? "";
  const path = () => `?prefix=${encodeURIComponent(asked)}`;
  const search = h("input", { id: "prefix", type: "search", class: "mono", autocomplete: "off", spellcheck: "false", value: asked,
    oninput: throttled(() => { asked = search.value.trim(); return go(`/documents/${encodeURIComponent(service)}${asked ? path() : ""}`, true); }, 150) });
  const count = h("p", { class: "dim", role: "status" });
  const list = h("div", {});
  const open = new Set();
  place.append(
    h("h1", {}, "Documents of ", h("a", { href: `/?service=${encodeURIComponent(service)}` }, service)),
    h("form", { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() }, h("label", { for: "prefix" }, "Key begins with"), search, count),
    list);

  async function load() {
    const found = await get(`/api/documents/${encodeURIComponent(service)}${path()}`);
    count.textContent = `${plural(found.documents.length, "document")}${found.more ? ", and there are more" : ""}`;
    const focused = list.contains(document.activeElement) && document.activeElement.dataset.key;
    list.replaceChildren(...found.documents.map(row), found.documents.length === 0 ? h("div", { class: "empty" }, h("p", {}, asked ? "No matches." : "No documents yet.")) : "");
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  function row({ key, version, body }) {
    return kept(open, key, h("summary", { "data-key": key }, h("span", { class: "mono" }, key), h("span", { class: "dim" }, ` version ${version}`)), pretty(body));
  }

  await load();
  const reload = throttled(() => load().catch(() => {}), 1000);
  return {
    title: `Documents of ${service}`,
    query: (next) => { asked = next.get("prefix") ?? ""; if (document.activeElement !== search) search.value = asked; return load().catch(() => {}); },
    refresh: reload,
    frame(frame) { if (frame.pulses?.some((pulse) => pulse.outcome && pulse.service === service)) reload(); },
  };
}
