import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import type { Desk } from "../../gateways/cli/index.ts";
import { parseJsonText } from "../../schemas/index.ts";
import { Fault, isFaultCode, tryShape } from "../../schemas/ground/index.ts";

/** What the gateway in a folder answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks the gateway of one folder, with its owner's token; undefined when nobody answers. */
export type AskGateway = (
  path: string,
  post?: { readonly key: string; readonly body: string },
) => Promise<Answer | undefined>;

const configShape = z.looseObject({ api: z.looseObject({ host: z.string(), port: z.number() }) });
const problemShape = z.looseObject({ code: z.string(), detail: z.string().default("") });
const maxAnswerChars = 1024 * 1024;
const askMs = 10_000;
const maxConfigBytes = 64 * 1024;

/** Where the gateway of a folder answers. @throws {Fault} CONFIG_INVALID */
export function findUrl(home: string): string {
  const text = readFileSync(join(home, "gateway.json"), "utf8");
  const read = tryShape(configShape, parseJsonText(text, maxConfigBytes));
  if (!read.success) throw new Fault("CONFIG_INVALID", `${home}: gateway.json does not say where it answers`);
  const { host, port } = read.data.api;
  // what listens everywhere is asked here
  return `http://${host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host}:${port}`;
} // prettier-ignore

function tokenOf(home: string): string {
  const file = join(home, "api-token");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

/** Builds the way to ask the gateway of a folder. */
export function makeAsk({ world }: Desk, home: string): AskGateway {
  const url = findUrl(home);
  return async (path, post) => {
    const headers = { authorization: `Bearer ${tokenOf(home)}`, accept: "application/json", "atumpan-purpose": "INVESTIGATION" };
    const more = post === undefined ? {} : { "content-type": "application/json", "idempotency-key": post.key };
    const init = post === undefined ? {} : { method: "POST", body: post.body };
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(askMs), world.signal]);
      const response = await world.fetch(`${url}${path}`, { ...init, headers: { ...headers, ...more }, redirect: "error", signal });
      return { status: response.status, body: parseJsonText(await response.text(), maxAnswerChars) };
    } catch {
      // not listening yet, or no gateway: whoever waits says so
      return undefined;
    }
  };
} // prettier-ignore

/** What a gateway refused, as a fault of ours. */
export function faultOf({ status, body }: Answer): Fault {
  const read = tryShape(problemShape, body);
  const code = read.success ? read.data.code : "";
  const detail = read.success ? read.data.detail : `the gateway answered ${status}`;
  return isFaultCode(code) ? new Fault(code, detail) : new Fault("REQUEST_INVALID", `${code} ${detail}`.trim());
} // prettier-ignore
