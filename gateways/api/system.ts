import { readFileSync } from "node:fs";
import { join } from "node:path";

import { limits, messageTypes, renderInstant, typeOptions } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { renderStatus } from "./render-message.ts";
import { renderStoreState } from "./store-state.ts";

const schemaFolder = join(import.meta.dirname, "../../schemas/gen/json-schema");

/** What waits and what works. */
export function getStatus({ exchange, services }: Desk, { caller }: Call): Response {
  const store = renderStoreState(services?.vault);
  // the rest is not known before somebody opens the store
  if (store.state !== "OPEN") return renderAnswer({ agency: exchange.agency, store });
  const webhooks = services?.hooks?.notice();
  const status = {
    ...renderStatus(exchange.status()),
    store,
    ...(webhooks === undefined ? {} : { webhooks }),
  };
  const isWatching = caller.roles.has("administrator") || caller.roles.has("auditor");
  const unusual = isWatching ? (services?.audit?.unusual() ?? []) : [];
  if (unusual.length === 0) return renderAnswer(status);
  const unusualReads = unusual.map((one) => ({ ...one, at: renderInstant(one.at) }));
  return renderAnswer({ ...status, unusualReads });
}

/** Every message type with what its schema says of its messages. */
export function getSchemas(): Response {
  const items = messageTypes.map((type) => ({ ...typeOptions(type), href: `/v1/schemas/${type}` }));
  return renderAnswer({ items, limits });
}

/** The JSON Schema of one type's body, or of the inner header. */
export function getSchema(_desk: Desk, { params }: Call): Response {
  const type = params["type"] ?? "";
  // only names of the list reach the file system
  if (type !== "inner_header" && typeOptions(type) === undefined) {
    throw new Fault("NOT_FOUND", "no message type has this name");
  }
  const text = readFileSync(join(schemaFolder, `${type}.json`), "utf8");
  return new Response(text, { headers: { "content-type": "application/schema+json" } });
}

/** That the process answers. */
export function getLive(): Response {
  return renderAnswer({ live: true });
}

/**
 * Whether work can be done: the store is open and answers and the register is still used for some class. A link that is down is no reason
 * to turn people away; it is said, not judged.
 */
export function getReady({ exchange, clock, services }: Desk): Response {
  const { state } = renderStoreState(services?.vault);
  if (state !== "OPEN")
    return renderAnswer({ ready: false, store: false, storeState: state }, { status: 503 });
  const { linkUp, registerExpiresAt, registerUse } = exchange.status();
  const inDate = registerUse.some(({ until }) => until > clock.now());
  const body = {
    ready: inDate,
    store: true,
    register: inDate,
    registerExpiresAt: renderInstant(registerExpiresAt),
    linkUp,
  };
  return renderAnswer(body, { status: inDate ? 200 : 503 });
}
