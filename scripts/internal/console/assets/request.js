// Send a request to the HTTP API: one that a story begins with, one to a declared route, or any other.
import { clip, copyButton, h, quoted } from "./dom.js";
import { laidOut, pretty } from "./json.js";
import { declared, get, post, Problem } from "./server.js";

const mostShown = 90; // characters of a title in the list
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const bare = ["GET", "HEAD", "OPTIONS"]; // they have no body, and need no idempotency key

export async function view({ place, query }) {
  const [map, first] = await Promise.all([declared(), get("/api/requests")]);
  const title = h("h1", {}, "Request");
  if (!map.api || first.length === 0) {
    place.append(title, h("div", { class: "empty" }, h("p", {}, map.api ? "No service declares a route." : "The address of the HTTP API is unknown here.")));
    return { title: "Request" };
  }
  const wanted = query.get("route");
  if (wanted && !first.some((request) => request.route === wanted)) throw new Problem({ status: 404, detail: `No service declares the route ${wanted}.` });
  let offered = first;
  let key = crypto.randomUUID(); // of the next request
  const choose = h("select", { id: "offer", onchange: () => fresh() }, groups(offered));
  const story = h("p", { class: "hint" });
  const method = h("select", { id: "method", onchange: () => changed() }, methods.map((name) => h("option", {}, name)));
  const path = h("input", { id: "path", type: "text", class: "mono", spellcheck: "false", autocomplete: "off", oninput: () => changed() });
  const inPath = h("div", { class: "fields", onchange: () => show(), oninput: () => show() });
  const parameters = pairs("Query", "parameter", () => show());
  const headers = pairs("Headers", "header", () => show());
  const body = h("textarea", { id: "body", rows: 12, spellcheck: "false", class: "mono", "aria-describedby": "body-hint", oninput: () => show() });
  const bodyHint = h("p", { class: "hint bad", id: "body-hint" });
  const bodyField = h("div", { class: "field" }, h("label", { for: "body" }, "Body"), body, bodyHint);
  const command = h("pre", { class: "json", tabindex: "0", "aria-label": "As a curl command" });
  const outcome = h("div", { role: "status" });
  const button = h("button", { class: "primary", type: "submit", disabled: !map.write }, "Send");
  const chosen = () => offered[choose.selectedIndex];

  /** fresh loads the requests again, with new IDs. */
  async function fresh() {
    const at = choose.selectedIndex;
    try {
      const next = await get("/api/requests");
      if (next[at]?.route !== chosen().route || next[at]?.story !== chosen().story) throw new Error("The stories have changed: reload this page.");
      offered = next;
      fill();
      outcome.replaceChildren();
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    }
  }

  function fill() {
    const request = chosen();
    key = crypto.randomUUID();
    story.textContent = request.story.length > mostShown ? request.story : "";
    method.value = request.method;
    const [before, after] = request.path.split("?");
    path.value = before;
    parameters.fill([...new URLSearchParams(after ?? "")]);
    const usual = bare.includes(request.method) || request.method === "DELETE" ? "" : "{}";
    body.value = laidOut(request.body || usual);
    headers.fill([body.value && ["Content-Type", "application/json"], !bare.includes(request.method) && ["Idempotency-Key", key]].filter(Boolean));
    changed();
  }

  /** changed offers a field for each parameter in the path, and a body if the method has one. */
  function changed() {
    const names = [...path.value.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name);
    const before = Object.fromEntries([...inPath.querySelectorAll("input")].map((input) => [input.dataset.name, input.value]));
    inPath.replaceChildren(...names.map((name) => h("div", { class: "field" }, h("label", { for: `in-path-${name}` }, name, h("span", { class: "dim" }, " in the path")),
      h("input", { id: `in-path-${name}`, "data-name": name, type: "text", class: "mono", autocomplete: "off", spellcheck: "false", value: before[name] ?? "" }))));
    bodyField.hidden = bare.includes(method.value);
    show();
  }

  /** request returns what would be sent. */
  function request() {
    let at = path.value.trim();
    for (const input of inPath.querySelectorAll("input")) {
      const encoded = input.dataset.name.endsWith("+") ? input.value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(input.value);
      if (input.value) at = at.replaceAll(`{${input.dataset.name}}`, encoded);
    }
    const search = new URLSearchParams(parameters.read()).toString();
    if (search) at += `${at.includes("?") ? "&" : "?"}${search}`;
    return { method: method.value, path: at, headers: headers.read().map(([name, value]) => ({ name, value })), body: bodyField.hidden ? "" : body.value };
  }

  function show() {
    const asked = request();
    command.textContent = curl(map.api, asked);
    bodyHint.textContent = asked.body.trim() === "" || isJSON(asked.body) ? "" : "The body isn't valid JSON.";
  }

  async function send(submitted) {
    submitted.preventDefault();
    const empty = [...inPath.querySelectorAll("input")].find((input) => input.value === "");
    if (empty) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, `Fill in ${empty.dataset.name}: the path needs it.`));
      return empty.focus();
    }
    button.disabled = true;
    try {
      const reply = await post("/api/requests", request());
      outcome.replaceChildren(...answer(reply));
      outcome.querySelector("a")?.focus();
      if (reply.status < 400) renewKey();
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    } finally {
      button.disabled = false;
    }
  }

  /** renewKey makes the next request another one; a key that a user typed stays. */
  function renewKey() {
    const next = crypto.randomUUID();
    headers.fill(headers.read().map(([name, value]) => [name, value === key ? next : value]));
    key = next;
    show();
  }

  place.append(title, h("form", { class: "narrow shape", novalidate: true, onsubmit: send },
    h("div", { class: "field" }, h("label", { for: "offer" }, "Story or route"), choose, story),
    h("div", { class: "request-line" }, h("div", { class: "field" }, h("label", { for: "method" }, "Method"), method), h("div", { class: "field" }, h("label", { for: "path" }, "Path"), path)),
    inPath, parameters.element, headers.element, bodyField,
    !map.write && h("p", { class: "box-note" }, "This console is read-only: start it with -write to send requests."),
    h("p", { class: "row" }, button, h("button", { type: "button", onclick: fresh }, "Fresh request"), copyButton("Copy as curl", () => curl(map.api, request()))),
    h("details", {}, h("summary", {}, "As a curl command"), command), outcome));
  choose.selectedIndex = Math.max(offered.findIndex((request) => request.route === wanted), 0);
  fill();
  return { title: "Request" };
}

/** pairs is a list of names and values that a user can add to. */
function pairs(title, one, changed) {
  const list = h("div", {});
  const row = (name, value) => {
    const at = list.children.length + 1;
    const element = h("p", { class: "pair" },
      h("input", { type: "text", class: "mono", "aria-label": `Name of ${one} ${at}`, placeholder: "name", value: name, autocomplete: "off", spellcheck: "false", oninput: changed }),
      h("input", { type: "text", class: "mono", "aria-label": `Value of ${one} ${at}`, placeholder: "value", value, autocomplete: "off", spellcheck: "false", oninput: changed }),
      h("button", { type: "button", "aria-label": `Remove ${one} ${at}`, onclick: () => { element.remove(); adder.focus(); changed(); } }, "Remove"));
    return element;
  };
  const adder = h("button", { type: "button", onclick: () => { list.append(row("", "")); list.lastElementChild.querySelector("input").focus(); } }, `Add ${one}`);
  return {
    element: h("fieldset", { class: "pairs" }, h("legend", {}, title), list, adder),
    fill(values) { list.replaceChildren(); for (const [name, value] of values) list.append(row(name, value)); },
    read: () => [...list.children].map((element) => [...element.querySelectorAll("input")].map((input) => input.value.trim())).filter(([name]) => name),
  };
}

function answer(reply) {
  const good = reply.status < 400;
  return [
    h("p", { class: `box-note ${good ? "ran" : "bad"}` }, `Answered with status ${reply.status}. `, reply.execution && h("a", { href: `/executions/${encodeURIComponent(reply.execution)}?new` }, "Follow it")),
    reply.body !== undefined ? pretty(reply.body) : reply.text ? h("pre", { class: "json", tabindex: "0" }, reply.text) : h("p", { class: "dim" }, "The answer has no body."),
    h("details", {}, h("summary", {}, "Headers of the answer"), h("dl", { class: "why headers" }, (reply.headers ?? []).map(({ name, value }) => h("div", {}, h("dt", {}, name), h("dd", { class: "mono" }, value))))),
  ];
}

/** curl returns a request as a command. */
function curl(api, { method, path, headers, body }) {
  const parts = ["curl -i"];
  if (method === "HEAD") parts.push("--head");
  else if (method !== "GET") parts.push(`-X ${method}`);
  parts.push(quoted(api + path), ...headers.map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`));
  if (body) parts.push(`--data-binary ${quoted(body)}`);
  return parts.join(" ");
}

function isJSON(text) {
  try { JSON.parse(text); return true; } catch { return false; }
}

/** groups lists requests by their route. */
function groups(offered) {
  return [...new Set(offered.map((request) => request.route))].map((route) =>
    h("optgroup", { label: route }, offered.filter((request) => request.route === route).map((request) => h("option", {}, clip(request.story || route, mostShown)))));
}
