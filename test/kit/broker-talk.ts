import { readFileSync } from "node:fs";
import { join } from "node:path";

import { connect, type NatsConnection, type NodeConnectionOptions } from "nats";

import { renderPem } from "../../certs/shape/index.ts";
import { inboxPrefixOf } from "../../schemas/index.ts";
import type { Region } from "./hub-region.ts";

/** Looks again and again until something is there. Throws when it does not come in time. */
export async function untilFound<T>(
  look: () => T | undefined | Promise<T | undefined>,
  ms = 120_000,
): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it did not come in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A login that falls into the moment at which the server takes new accounts in is not answered: gateways dial again, too. */
async function dialAgain(options: NodeConnectionOptions, tries = 5): Promise<NatsConnection> {
  try {
    return await connect(options);
  } catch (error) {
    const isUnanswered = error instanceof Error && error.name === "TimeoutError";
    if (tries <= 1 || !isUnanswered) throw error;
    return await dialAgain(options, tries - 1);
  }
}

/** Connects to a hub's server as an agency of a region does. */
export async function connectTo(
  url: string,
  {
    region,
    agency,
    name,
  }: { readonly region: Region; readonly agency: string; readonly name: string },
): Promise<NatsConnection> {
  const { certificatePem: cert, keyPem: key } = region.leaf(agency, "LINK");
  const roots = region.view.authority("au")?.roots ?? [];
  const tls = { handshakeFirst: true, ca: renderPem("CERTIFICATE", ...roots), cert, key };
  const passed = { checkServerIdentity: () => undefined };
  return await dialAgain({
    servers: url,
    name,
    inboxPrefix: inboxPrefixOf(agency),
    tls: { ...passed, ...tls },
    reconnectTimeWait: 100,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    timeout: 12_000,
  });
}

/** The lines of a broker's audit record. */
export function readAuditEvents(
  dir: string,
): readonly { readonly event: string; readonly fields: Record<string, unknown> }[] {
  const text = readFileSync(join(dir, "audit.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; fields: Record<string, unknown> });
}
