import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { resolve } from "node:path";

import { renderInstant } from "../../schemas/index.ts";
import { Fault, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";

/** How a receiver of webhooks is run. */
export interface EchoOptions {
  readonly port: number;
  /** A file with the secret that `webhook add` printed; after a rotation both, each on a line. */
  readonly secretFile?: string;
  /** Ends after so many calls. */
  readonly count: number;
}

/** A call as it is checked: Standard Webhooks signs its id, its time and its bytes. */
export interface HookCall {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

const maxBytes = 1024 * 1024;
const toleranceSeconds = 300;
/** What moves the cursor or turns the line, and JSON lets stand. */
const unfit = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;

function equal(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Whether a call was signed with one of the secrets, and not long ago.
 *
 * @see github.com/standard-webhooks/standard-webhooks
 */
export function verifyHookCall({ id, timestamp, signature, body }: HookCall, secrets: readonly string[], now: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const given = signature.slice(0, 2_000).split(" ").filter((one) => one.startsWith("v1,"));
  const wanted = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return wanted.some((one) => given.some((other) => equal(one, other)));
} // prettier-ignore

function loadSecrets({ world }: Desk, file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(resolve(world.cwd, file), "utf8");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
  const secrets = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (secrets.length > 0 && secrets.every((one) => one.startsWith("whsec_"))) return secrets;
  throw new Fault("USAGE_INVALID", `${file} holds what webhook add printed: whsec_…, one on a line`);
} // prettier-ignore

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  const source: AsyncIterable<Uint8Array> = request;
  for await (const piece of source) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > maxBytes) throw new Fault("REQUEST_TOO_LARGE", `a call has at most ${maxBytes} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString("utf8");
} // prettier-ignore

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

function parseEvent(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Answers one call, and prints it. */
async function answerCall(desk: Desk, { request, response, secrets }: { request: IncomingMessage; response: ServerResponse; secrets: readonly string[] | undefined }): Promise<void> {
  const body = await readBody(request);
  const now = desk.world.clock.now();
  const call = {
    id: headerOf(request, "webhook-id").slice(0, 200),
    timestamp: headerOf(request, "webhook-timestamp"),
    signature: headerOf(request, "webhook-signature"),
    body,
  };
  const isGood = secrets === undefined ? undefined : verifyHookCall(call, secrets, now);
  response.writeHead(isGood === false ? 401 : 204).end();
  const event = parseEvent(body);
  const said = isGood === undefined ? "not checked" : isGood ? "signed" : "NOT SIGNED by this secret";
  const shown = { at: renderInstant(now), id: call.id, signed: isGood, event };
  const text = `${shown.at}  ${said}  ${JSON.stringify(call.id)}\n${JSON.stringify(event, undefined, 2)}`;
  desk.result(shown, text.replaceAll(unfit, "\ufffd"));
} // prettier-ignore

/**
 * Receives webhooks on this machine and prints them, with whether each was signed; for trying a gateway's webhooks without a
 * system of one's own. Ends after `count` calls, or when the person stops it.
 *
 * @throws {Fault} USAGE_INVALID
 */
export async function runEcho(desk: Desk, options: EchoOptions): Promise<number> {
  const { port, secretFile, count } = options;
  const { signal } = desk.world;
  const secrets = secretFile === undefined ? undefined : loadSecrets(desk, secretFile);
  let left = count;
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16 * 1024 }, (request, response) => {
    void answerCall(desk, { request, response, secrets })
      .catch(() => response.writeHead(413).end())
      .finally(() => {
        left -= 1;
        if (left <= 0) end();
      });
  });
  server.maxConnections = 32;
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `port ${port} of this machine cannot be listened on; name another with --port`);
  }
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  desk.say(`listening at http://127.0.0.1:${bound}/ — the gateway calls it once 127.0.0.1 stands in webhooks.allow of gateway.json`);
  const onStop = (): void => end();
  signal.addEventListener("abort", onStop, { once: true });
  if (signal.aborted) end();
  await over;
  signal.removeEventListener("abort", onStop);
  server.close();
  server.closeAllConnections();
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok;
} // prettier-ignore
