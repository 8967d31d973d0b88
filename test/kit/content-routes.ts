import { routes } from "../../gateways/api/routes.ts";

/** A message of others that somebody tries to read in every way there is. */
export interface Sought {
  readonly id: string;
  readonly thread: string;
  /** A word that stands in its content alone. */
  readonly word: string;
  /** A redacted copy of it, as its sender made it. */
  readonly copy: Uint8Array;
}

interface Asked {
  readonly path: string;
  readonly init?: RequestInit;
}

const json = (body: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const accepts = [
  "application/json", "application/vnd.atumpan+protobuf", "application/jose+json", "text/plain;lang=fr", "text/html;lang=en",
]; // prettier-ignore
const kinds = ["nominal", "regional", "court", "defence"];
const digest = "A".repeat(43);

/** How each route that shows content is asked for the content of one message. */
const ways: Readonly<Record<string, (sought: Sought) => readonly Asked[]>> = {
  "GET /v1/messages/:id": ({ id }) => accepts.map((accept) => ({ path: `/v1/messages/${id}`, init: { headers: { accept } } })),
  "GET /v1/messages/:id/copies/:kind": ({ id }) => kinds.map((kind) => ({ path: `/v1/messages/${id}/copies/${kind}` })),
  "GET /v1/messages/:id/evidence": ({ id }) => kinds.map((kind) => ({ path: `/v1/messages/${id}/evidence?for=${kind}` })),
  "POST /v1/copies:verify": ({ copy }) => [{ path: "/v1/copies:verify", init: { method: "POST", headers: { "content-type": "application/vnd.atumpan.copy" }, body: Uint8Array.from(copy) } }],
  "POST /v1/messages/:id/translations": ({ id }) => [{ path: `/v1/messages/${id}/translations`, init: json({ pointer: "/facts", to: "fr" }) }],
  "GET /v1/messages/:id/attachments/:digest": ({ id }) => [{ path: `/v1/messages/${id}/attachments/${digest}` }],
  "GET /v1/messages/:id/answer-draft": ({ id }) => [{ path: `/v1/messages/${id}/answer-draft` }],
  "POST /v1/messages/:id/redraft": ({ id }) => [{ path: `/v1/messages/${id}/redraft`, init: { method: "POST" } }],
  "GET /v1/messages/:id/related": ({ id }) => [{ path: `/v1/messages/${id}/related` }],
  "GET /v1/threads/:id": ({ thread }) => [{ path: `/v1/threads/${thread}` }],
  "GET /v1/threads/:id/mla-draft": ({ thread }) => [{ path: `/v1/threads/${thread}/mla-draft?country=NG` }],
  // it makes a document of what the caller brings, and of nothing else
  "POST /v1/mla-documents": () => [],
  "POST /v1/messages:search": ({ word }) => [{ path: "/v1/messages:search", init: json({ q: word, count: "true" }) }],
  "POST /v1/filters:test": ({ word }) => [{ path: "/v1/filters:test", init: json({ q: word }) }],
  // that it gives no rows of it: below, for an export is asked for first
  "POST /v1/exports": () => [],
  "GET /v1/exports/:id/content": () => [],
  "POST /v1/lookups": () => [],
  // what two opened is read by its inspector alone: gateways/api/inspections.test.ts
  "GET /v1/inspections/:id/messages/:message": ({ id }) => [{ path: `/v1/inspections/${id}/messages/${id}` }],
}; // prettier-ignore

/** What came back of one try. */
export interface Told {
  readonly way: string;
  readonly status: number;
  readonly text: string;
}

/** Asks every route that shows content, in every form; a new one that nobody said how to ask is an error. */
export async function askForContent(sought: Sought, call: (path: string, init?: RequestInit) => Promise<Response>): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const { method, path } of routes.filter(({ reads }) => reads === "content")) {
    const way = `${method} ${path}`;
    const asked = ways[way];
    if (asked === undefined) throw new Error(`${way} shows content: say how it is asked for`);
    for (const one of asked(sought)) {
      const headers = new Headers(one.init?.headers);
      headers.set("atumpan-purpose", "INVESTIGATION");
      const answer = await call(one.path, { ...one.init, headers });
      told.push({ way, status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString("latin1") });
    }
  }
  return told;
} // prettier-ignore
