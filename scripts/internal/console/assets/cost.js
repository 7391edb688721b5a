// What the flow costs on AWS, as make cost has found.
import { drawing, h } from "./dom.js";
import { get, getText } from "./server.js";

const dollars = (usd) => usd.toLocaleString("en", { style: "currency", currency: "USD", maximumFractionDigits: usd && Math.abs(usd) < 1 ? 3 : 2 });
const figure = (n) => n.toLocaleString("en", { maximumSignificantDigits: n >= 1000 ? Math.ceil(Math.log10(n + 1)) : 3 });
const sum = (lines) => lines.reduce((total, line) => total + line.usd, 0);

export async function view({ place }) {
  const about = h("p", { class: "dim" });
  const picture = h("div", { class: "scroll" });
  const tables = h("div", {});
  place.append(h("h1", {}, "Cost"), about, picture, tables);

  async function load() {
    const report = await get("/api/cost");
    if (!report) return empty();
    about.textContent = `${report.environment} in ${report.region}, ${figure(report.rate)} executions a second: ${dollars(report.month)} a month, of which ${dollars(sum(report.idle))} while nothing happens. Durations ${report.durations}.`;
    picture.replaceChildren(drawing(await getText(`/api/cost.svg?width=${Math.min(Math.floor(picture.clientWidth) || 1000, 1200)}`)));
    tables.replaceChildren(million(report), limits(report), runtimes(report), workflow(report), idle(report),
      h("h2", {}, "Assumed"), h("ul", {}, [...report.assumed, ...unsure(report)].map((line) => h("li", {}, line))),
      h("p", { class: "tools" }, h("a", { href: "/api/cost.svg?download", download: true }, "Save as SVG")));
  }

  function empty() {
    tables.replaceChildren(h("div", { class: "empty" }, h("h2", {}, "No figures yet"),
      h("p", {}, "Run ", h("code", {}, "make cost"), " in another terminal. It plays the stories of the demo, counts what AWS would bill, and this page shows it.")));
  }

  return { title: "Cost", shown: load, refresh: load };
}

function table(caption, heads, rows) {
  return h("table", { class: "list" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => (head ? h("th", { scope: "col" }, head) : h("td", {}))))),
    h("tbody", {}, rows.map(([name, ...cells]) => h("tr", {}, h("th", { scope: "row" }, name), cells.map((cell) => h("td", {}, cell))))));
}

function million({ million }) {
  const products = [...new Set(million.map((line) => line.product))];
  const services = [...new Set(million.map((line) => line.service))];
  const of = (service, product) => sum(million.filter((line) => line.service === service && (!product || line.product === product)));
  return table(`A million executions: ${dollars(sum(million))}`, ["", ...products, "Sum"],
    services.map((service) => [service || "(bus)", ...products.map((product) => (of(service, product) ? dollars(of(service, product)) : "–")), dollars(of(service))]));
}

function limits({ limits }) {
  return table("Where it breaks first", ["", "Limit", "Executions a second", "What happens"],
    limits.map((limit) => [limit.where, `${figure(limit.value)} ${limit.name}${limit.unsure ? " (not confirmed)" : ""}`, figure(limit.rate), `${limit.effect}: ${limit.then}`]));
}

function runtimes({ runtimes }) {
  return table("Each service as a function and as a worker, a month at this rate", ["", "Now", "Lambda", "Worker", "Tasks", "They cross at"],
    runtimes.map((one) => [one.service, one.runtime, dollars(one.lambda), dollars(one.worker), figure(one.tasks), one.crosses === null ? "never" : `${figure(one.crosses)} a second`]));
}

function workflow({ workflow: w }) {
  const rows = [["This flow", dollars(w.kept), dollars(w.replaced), dollars(w.flow)], ["Standard", dollars(w.kept), dollars(w.standard), dollars(w.inStandard)]];
  if (w.fits) rows.push(["Express", dollars(w.kept), dollars(w.express), dollars(w.inExpress)]);
  return table("The same as a Step Functions workflow, a million executions", ["", "Functions, tables, API, logs", "Between services", "Sum"], rows);
}

function idle({ idle }) {
  return table(`A month while nothing happens: ${dollars(sum(idle))}`, ["", "What", "Dollars"], idle.map((line) => [line.service || "(bus)", line.what, dollars(line.usd)]));
}

const unsure = ({ unconfirmed, unpriced }) => [...(unconfirmed?.length ? [`Prices that no source confirms: ${unconfirmed.join(", ")}`] : []), ...(unpriced ?? []).map((line) => `Not in the sums: ${line}`)];
