import { readFileSync } from "node:fs";
import type { z } from "zod";

import { type Clock, Fault, toFault } from "../schemas/ground/index.ts";
import { makeEgress, type webhooksShape } from "./hooks/index.ts";

/** Where webhooks may be, as an operator chose it. */
export interface WebhookChoice {
  readonly allow: readonly string[];
  /** Certificates (PEM) of authorities beside the usual. */
  readonly ca?: string;
}

function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} cannot be read`);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new Fault("CONFIG_INVALID", `${path} holds no certificate`);
}

/**
 * Reads the part `webhooks` of a gateway's file; without it no webhook calls anything.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadWebhooks(
  choice: z.infer<typeof webhooksShape> | undefined,
  { at, clock }: { readonly at: (path: string) => string; readonly clock: Clock },
): WebhookChoice | undefined {
  if (choice === undefined) return undefined;
  const { allow, caFile } = choice;
  // a list that cannot be read is refused at the start
  makeEgress({ allow, clock });
  return caFile === undefined ? { allow } : { allow, ca: readCertificates(at(caFile)) };
}
