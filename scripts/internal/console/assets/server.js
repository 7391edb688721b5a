// Requests to the server, and its stream.

/** Problem is the server's response to a failed request (RFC 9457). */
export class Problem extends Error {
  constructor(document) {
    super(document.detail);
    this.status = document.status;
    this.violations = document.violations ?? [];
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem({ status: 0, detail: "The backend doesn't respond. This page reconnects automatically." });
  }
  if (response.ok) return response;
  const document = await response.json().catch(() => ({ status: response.status, detail: response.statusText }));
  throw new Problem(document);
}

export const get = async (path) => (await ask(path)).json();
export const getText = async (path) => (await ask(path)).text();
export const post = async (path, body) =>
  (await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();

/** listen calls back with every frame, and with the state of the connection. */
export function listen({ frame, connected, missed }) {
  let stream;
  const open = () => {
    stream ??= new EventSource("/api/stream");
    stream.onerror = () => {
      connected(false);
      if (stream?.readyState === EventSource.CLOSED) { close(); setTimeout(() => { if (!document.hidden) open(); }, 1000); } // something else answered
    };
    stream.onmessage = (event) => frame(JSON.parse(event.data));
    stream.addEventListener("hello", () => connected(true));
    stream.addEventListener("missed", (event) => missed(Number(event.data)));
  };
  const close = () => { stream?.close(); stream = undefined; };
  // A browser opens six connections to a server: hidden tabs close theirs.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  if (!document.hidden) open();
}

let known;

/** declared returns the map's data; it is loaded again after forget. */
export const declared = () => (known ??= get("/api/map").catch((problem) => { known = undefined; throw problem; }));
export const forget = () => { known = undefined; };
