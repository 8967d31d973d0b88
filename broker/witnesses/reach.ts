import { decodeLogAnswer, encodeLogSizesQuestion } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { NoteSignature, ProofHashes } from "../../certs/log/index.ts";
import { parseCosignatures, renderAddCheckpoint } from "../../certs/witness/index.ts";
import type { Round } from "./round.ts";

/** How a witness that listens is asked. */
export interface ReachOptions {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** Asks the hub's log, as an agency would. */
  readonly ask: (act: "consistency", question: Bytes) => Bytes;
}

/** What came of asking. */
export type Reached =
  | { readonly kind: "cosigned"; readonly lines: readonly NoteSignature[] }
  /** It cosigned a larger tree: this one it never will. */
  | { readonly kind: "ahead" }
  /** It holds another tree of this size, or what it holds does not lead to ours. */
  | { readonly kind: "disputed" };

/** A witness that listens somewhere. */
export interface Reach {
  /** @throws {Fault} HUB_UNREACHABLE when it does not answer, or by another number than it may; LOG_* */
  ask(round: Round): Promise<Reached>;
}

const timeoutMs = 10_000;
const maxAnswerBytes = 65_536;
/** One to learn its size, one to be cosigned, and one more because somebody else may ask it too. */
const maxTries = 3;
const noBytes = new Uint8Array();
const sizeText = /^(?:0|[1-9]\d{0,15})\n$/;

async function readBody(body: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > maxAnswerBytes) throw new Fault("HUB_UNREACHABLE", "a witness answered with too much");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
} // prettier-ignore

function parseSize(body: Bytes): number {
  const text = Buffer.from(body.subarray(0, 20)).toString("latin1");
  const size = Number(sizeText.test(text) ? text : Number.NaN);
  if (Number.isSafeInteger(size)) return size;
  throw new Fault("HUB_UNREACHABLE", "a witness answered 409 without its size");
}

/** Makes what asks one witness. The size it cosigned last is remembered, and asked for where it is not known. */
export function makeReach({ url, fetch, ask }: ReachOptions): Reach {
  const address = new URL("add-checkpoint", url.endsWith("/") ? url : `${url}/`);
  let known = 0;

  const prove = (size: number): ProofHashes => {
    if (known === 0 || known === size) return [];
    const { refused, hashes } = decodeLogAnswer(
      ask("consistency", encodeLogSizesQuestion({ from: known, to: size })),
    );
    if (refused === undefined) return hashes;
    throw new Fault("HUB_UNREACHABLE", "the log proves nothing now");
  };

  const post = async ({ size, note }: Round): Promise<Response> => {
    const request = { oldSize: known, proof: prove(size), checkpoint: note() };
    const signal = AbortSignal.timeout(timeoutMs);
    const body = Buffer.from(renderAddCheckpoint(request));
    return await fetch(address, { method: "POST", body, redirect: "error", signal });
  };

  return {
    ask: async (round) => {
      if (known > round.size) return { kind: "ahead" };
      for (let tries = 0; tries < maxTries; tries += 1) {
        const response = await post(round);
        const body = response.body === null ? noBytes : await readBody(response.body);
        if (response.status === 200) {
          known = round.size;
          return { kind: "cosigned", lines: parseCosignatures(body) };
        }
        if (response.status === 422) return { kind: "disputed" };
        if (response.status !== 409) throw new Fault("HUB_UNREACHABLE", `a witness answered ${response.status}`);
        const size = parseSize(body);
        if (size > round.size) {
          known = size;
          return { kind: "ahead" };
        }
        if (size === known) return { kind: "disputed" };
        known = size;
      }
      throw new Fault("HUB_UNREACHABLE", "a witness names another size each time");
    },
  };
} // prettier-ignore
