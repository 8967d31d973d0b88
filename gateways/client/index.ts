/**
 * A typed client of the gateway's API for an agency's own systems. It needs `openapi-fetch` and nothing else of this
 * house: copy the folder.
 *
 * Promises: a no is thrown as a ProblemError with its code; a message sent through `send` is stored once, however often
 * it had to be sent; pages and events go on where they stood. Types are made from /openapi.json by `npm run client`.
 */
import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./api-types.ts";
import { again, had } from "./again.ts";
import type { GatewayEvent } from "./events.ts";
import { askChanges, followEvents, type Json } from "./follow.ts";
import { ProblemError, readProblem } from "./problem-error.ts";

export { type GatewayEvent, ProblemError };

/** A message as it is handed in. */
export type Submission = components["schemas"]["Submission"];
type Summary = components["schemas"]["MessageSummary"];
/** `waits`: it takes two officers, and the id is that of /v1/releases/{id}. */
type Submitted = Readonly<{ id: string; created: boolean; audience: readonly string[]; waits?: true }>; // prettier-ignore
type Change = components["schemas"]["Change"];
type ListQuery = NonNullable<paths["/v1/messages"]["get"]["parameters"]["query"]>;

/** Which gateway, and who asks. */
export interface GatewayOptions {
  /** Such as `http://127.0.0.1:7401`. */
  readonly url: string;
  /** The content of `api-token`, or what `/v1/oauth/token` gave; asked anew for every request. */
  readonly token: () => string | Promise<string>;
  /** What content is read for: a code of the list PURPOSE. */
  readonly purpose?: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** A gateway as a program sees it. */
export interface GatewayClient {
  /** Every path with its own types; throws ProblemError where the gateway says no. */
  readonly api: Client<paths, Json>;
  /** Stores a message to be sent, once: the key is what makes the same of what is sent twice. */
  send(submission: Submission, key: string): Promise<Submitted>;
  /** Every message of a box, newest first, page after page. */
  messages(query?: ListQuery): AsyncGenerator<Summary>;
  /** What becomes of messages from now on, or after a cursor, by asking again and again: where streams do not come through. */
  changes(signal: AbortSignal, after?: string): AsyncGenerator<Change>;
  /** The same as a stream; goes on by itself after every break until it is stopped. */
  follow(signal: AbortSignal, after?: string): AsyncGenerator<GatewayEvent>;
}

function makeApi({
  url,
  token,
  purpose,
  fetch = globalThis.fetch,
}: GatewayOptions): Client<paths, Json> {
  const api = createClient<paths, Json>({ baseUrl: url, fetch: (request) => fetch(request) });
  api.use({
    onRequest: async ({ request }) => {
      request.headers.set("authorization", `Bearer ${await token()}`);
      if (purpose !== undefined) request.headers.set("atumpan-purpose", purpose);
    },
    onResponse: async ({ response }) => {
      if (!response.ok && response.status !== 304) throw await readProblem(response);
    },
  });
  return api;
}

/** Builds a client. Nothing is asked yet. */
export function makeGatewayClient(options: GatewayOptions): GatewayClient {
  const api = makeApi(options);
  const page = async (query: ListQuery) =>
    had((await again(() => api.GET("/v1/messages", { params: { query } }))).data);
  return {
    api,
    send: async (submission, key) =>
      await again(async () => {
        const params = { header: { "idempotency-key": key } };
        const sent = had((await api.POST("/v1/messages", { params, body: submission })).data);
        if ("created" in sent) return sent;
        return { id: sent.id, created: true, audience: sent.audience, waits: true };
      }),
    messages: async function* (query = {}) {
      let cursor = query.cursor;
      do {
        const { items, next } = await page(cursor === undefined ? query : { ...query, cursor });
        yield* items;
        cursor = next ?? undefined;
      } while (cursor !== undefined);
    },
    changes: (signal, after) => askChanges(api, signal, after),
    follow: (signal, after) => followEvents(api, signal, after),
  };
}
