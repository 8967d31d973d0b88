import { readFileSync } from "node:fs";
import { join } from "node:path";

import { limits, messageTypes, renderInstant, typeOptions } from "../../schemas/index.ts";
import { type EpochMs, Fault, type FaultCode, toFault } from "../../schemas/ground/index.ts";
import type { ExchangeStatus } from "../exchange/index.ts";
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

const lockedCodes = { LOCKED: "STORE_LOCKED", WIPED: "STORE_WIPED" } as const;
const diskCodes = { FULL: "STORE_FULL", READ_ONLY: "STORE_READ_ONLY" } as const;

/** What of the exchange's own word makes work impossible. */
function findUnready({ disk, registerUse }: ExchangeStatus, now: EpochMs): FaultCode | undefined {
  if (disk === "FULL" || disk === "READ_ONLY") return diskCodes[disk];
  return registerUse.some(({ until }) => until > now) ? undefined : "REGISTER_STALE";
} // prettier-ignore

/** Where the store is no use nothing else is known, and nothing of it is told. */
function renderBroken(code: FaultCode, more: { readonly storeState?: string } = {}): Response {
  return renderAnswer({ ready: false, store: false, code, ...more }, { status: 503 });
}

/**
 * Whether work can be done: the store is open, answers and takes messages, and the register is still used for some class; if
 * not, the code says why. A link that is down is no reason to turn people away; it is said, not judged.
 */
export function getReady({ exchange, clock, services }: Desk): Response {
  const { state } = renderStoreState(services?.vault);
  if (state !== "OPEN") return renderBroken(lockedCodes[state], { storeState: state });
  let status: ExchangeStatus;
  try {
    status = exchange.status();
  } catch (error) {
    const fault = toFault(error, "INTERNAL");
    // a store that contradicts itself stops the process, by whoever answers requests
    if (fault.code.startsWith("INTEGRITY_")) throw fault;
    return renderBroken(fault.code);
  }
  const { linkUp, registerExpiresAt, registerUse } = status;
  const now = clock.now();
  const code = findUnready(status, now);
  const body = {
    ready: code === undefined,
    ...(code === undefined ? {} : { code }),
    store: code === undefined || code === "REGISTER_STALE",
    register: registerUse.some(({ until }) => until > now),
    registerExpiresAt: renderInstant(registerExpiresAt),
    link: linkUp ? "up" : "down",
    linkUp,
  };
  return renderAnswer(body, { status: code === undefined ? 200 : 503 });
}
