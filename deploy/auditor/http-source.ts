import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSafe } from "node:https";

import type { LogSource } from "../../certs/auditor/index.ts";
import { renderTilePath } from "../../certs/log/index.ts";
import { type Bytes, concatBytes, Fault } from "../../schemas/ground/index.ts";

/** As whom a hub is asked, and by what it is known. */
export interface HttpTrust {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** PEM of the CAs that may vouch for the hub. */
  readonly authorities: string;
  /** Whether this certificate (DER) is one of the hub's. */
  readonly isServer: (certificate: Bytes) => boolean;
}

/** A full bundle of the largest leaves is 263 kB; a checkpoint 128 KiB. */
const maxAnswerBytes = 300_000;
const maxSeconds = 60;
const unreachable = (cause?: unknown): Fault =>
  new Fault("HUB_UNREACHABLE", "the log cannot be reached; it is tried again", { cause });

async function readBody(answer: IncomingMessage): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let size = 0;
  for await (const piece of answer) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > maxAnswerBytes) {
      answer.destroy();
      throw new Fault("LOG_TILE_INVALID", `an answer has at most ${maxAnswerBytes} bytes`);
    }
    pieces.push(bytes);
  }
  return concatBytes(...pieces);
}

function tlsOf({ certificatePem, keyPem, authorities, isServer }: HttpTrust): object {
  return {
    cert: certificatePem,
    key: keyPem,
    ca: authorities,
    minVersion: "TLSv1.3",
    checkServerIdentity: (_host: string, { raw }: { raw: Bytes }) =>
      isServer(raw) ? undefined : new Error("not a server of the hub"),
  };
}

/** Resolves with the answer's head; its body is still to be read. */
function ask(url: URL, trust: HttpTrust | undefined): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(maxSeconds * 1000);
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === "https:" && trust !== undefined
        ? requestSafe(url, { ...tlsOf(trust), signal }, resolve)
        : requestPlain(url, { signal }, resolve);
    sent.once("error", reject);
    sent.end();
  });
}

/** What answers under a path; undefined when there is nothing. Follows no redirect. */
async function get(url: URL, trust: HttpTrust | undefined): Promise<Bytes | undefined> {
  try {
    const answer = await ask(url, trust);
    const { statusCode = 500 } = answer;
    if (statusCode === 200) return await readBody(answer);
    answer.resume();
    if (statusCode === 404) return undefined;
    if (statusCode === 403) throw new Fault("HUB_LOGIN_REFUSED", "the hub shows its log to nobody with this certificate");
  } catch (error) {
    throw error instanceof Fault ? error : unreachable(error);
  }
  throw unreachable();
} // prettier-ignore

/**
 * A log that a hub, or a mirror, serves. `https:` needs to know as whom and whom to believe.
 *
 * @throws {Fault} USAGE_INVALID for an address that is none
 */
export function openHttpSource(address: string, trust?: HttpTrust): LogSource {
  const base = address.endsWith("/") ? address : `${address}/`;
  if (!URL.canParse(base)) throw new Fault("USAGE_INVALID", "the log's address is a URL or a folder");
  const isSafe = new URL(base).protocol === "https:";
  if (isSafe && trust === undefined) {
    throw new Fault("USAGE_INVALID", "https: name --register, --hub, --certificate and --key");
  }
  return {
    checkpoint: async () => {
      const found = await get(new URL("checkpoint", base), trust);
      if (found !== undefined) return found;
      throw new Fault("LOG_ENTRY_MISSING", "the log has no entry yet");
    },
    read: (place) => get(new URL(renderTilePath(place), base), trust),
  };
} // prettier-ignore
