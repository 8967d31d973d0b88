import { readFileSync } from "node:fs";
import { join } from "node:path";

import { limits, messageTypes, renderInstant, typeOptions } from "../../schemas/index.ts";
import { Fault, faults, isFaultCode } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { renderStatus } from "./render-message.ts";

const schemaFolder = join(import.meta.dirname, "../../schemas/gen/json-schema");

/** What waits and what works. */
export function getStatus({ exchange }: Desk): Response {
  return renderAnswer(renderStatus(exchange.status()));
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

/** Who exists and which communities are served, as the register says now. */
export function getDirectory({ directory }: Desk): Response {
  return renderAnswer({ agencies: directory.agencies(), servedRecs: directory.servedRecs() });
}

/** That the process answers. */
export function getLive(): Response {
  return renderAnswer({ live: true });
}

/**
 * Whether work can be done: the store answers and the register is still used for some class. A link that is down is no reason
 * to turn people away; it is said, not judged.
 */
export function getReady({ exchange, clock }: Desk): Response {
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

/** What one code means. */
export function getFault(_desk: Desk, { params }: Call): Response {
  const code = params["code"] ?? "";
  if (!isFaultCode(code)) throw new Fault("NOT_FOUND", "no fault has this code");
  const { title, status, retry } = faults[code];
  return renderAnswer({ code, title, status, retry });
}
