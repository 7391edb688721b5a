// Send a request to the HTTP API: one that a story begins with, or any other to a declared route.
import { clip, h } from "./dom.js";
import { pretty } from "./json.js";
import { declared, get, post } from "./server.js";

const mostShown = 90; // characters of a title in the list
const bare = ["GET", "HEAD", "DELETE"]; // requests without a body, unless a story has one

export async function view({ place, query }) {
  const [map, first] = await Promise.all([declared(), get("/api/requests")]);
  const title = h("h1", {}, "Request");
  if (!map.api || first.length === 0) {
    place.append(title, h("div", { class: "empty" }, h("p", {}, map.api ? "No service declares a route." : "The address of the HTTP API is unknown here.")));
    return { title: "Request" };
  }
  let offered = first;
  const choose = h("select", { id: "offer", onchange: () => fresh() }, groups(offered));
  const story = h("p", { class: "hint" });
  const method = h("label", { for: "path" });
  const path = h("input", { id: "path", type: "text", class: "mono", spellcheck: "false", autocomplete: "off" });
  const body = h("textarea", { id: "body", rows: 14, spellcheck: "false", class: "mono" });
  const bodyField = h("div", { class: "field" }, h("label", { for: "body" }, "Body"), body);
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
    story.textContent = request.story.length > mostShown ? request.story : "";
    method.textContent = `${request.method} path`;
    path.value = request.path;
    bodyField.hidden = !request.body && bare.includes(request.method);
    body.value = laidOut(request.body ?? (bodyField.hidden ? "" : "{}"));
  }

  async function send(submitted) {
    submitted.preventDefault();
    button.disabled = true;
    try {
      const reply = await post("/api/requests", { method: chosen().method, path: path.value.trim(), body: body.value });
      const good = reply.status < 400;
      outcome.replaceChildren(
        h("p", { class: `box-note ${good ? "ran" : "bad"}` }, `Answered with status ${reply.status}. `, reply.execution && h("a", { href: `/executions/${encodeURIComponent(reply.execution)}?new` }, "Follow it")),
        reply.body === undefined ? "" : pretty(reply.body));
      outcome.querySelector("a")?.focus();
    } catch (problem) {
      outcome.replaceChildren(h("p", { class: "box-note bad" }, problem.message));
    } finally {
      button.disabled = false;
    }
  }

  place.append(title, h("form", { class: "narrow shape", onsubmit: send },
    h("div", { class: "field" }, h("label", { for: "offer" }, "Story or route"), choose, story),
    h("div", { class: "field" }, method, path),
    bodyField,
    !map.write && h("p", { class: "box-note" }, "This console is read-only: start it with -write to send requests."),
    h("p", { class: "row" }, button, h("button", { type: "button", onclick: fresh }, "Fresh request")), outcome));
  const asked = offered.findIndex((request) => request.route === query.get("route"));
  choose.selectedIndex = Math.max(asked, 0);
  fill();
  return { title: "Request" };
}

/** groups lists requests by their route. */
function groups(offered) {
  return [...new Set(offered.map((request) => request.route))].map((route) =>
    h("optgroup", { label: route }, offered.filter((request) => request.route === route).map((request) => h("option", {}, clip(request.story || route, mostShown)))));
}

function laidOut(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}
