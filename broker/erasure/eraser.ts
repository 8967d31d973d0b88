import {
  blobSubject,
  chunkMarkHeader,
  type ErasedChunk,
  type Erasure,
  type Erasures,
  isDirectChannel,
  limits,
  parseReceipt,
  renderChunkMark,
  storedSubject,
  streamOf,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Clock,
  Fault,
  type Log,
  renderHex,
  renderUuid,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import { isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import { type Place, readTaken } from "../admission/index.ts";
import { type JetStream, mailboxOwners, streamNames } from "../nats/index.ts";
import { checkBrought } from "../relay/index.ts";

/** One line of the hub's record about what stands in a stream no more. */
export interface ErasedLine {
  /** PURGE: its owner said so. EXPIRED: its time was over. */
  readonly kind: "PURGE" | "EXPIRED";
  readonly stream: string;
  /** Whose it was; left out of direct mail and of files, of which the record never says who sent them. */
  readonly agency?: string;
  /** SHA-256 of the signed order, or over the places that were emptied. */
  readonly fingerprint: string;
  /** The place in the stream; or how many, of what ended and of chunks of files. */
  readonly count: number;
}

/** What the eraser works with. */
export interface EraserOptions {
  readonly jetStream: Pick<JetStream, "lastOn" | "erase">;
  readonly hub: string;
  readonly register: () => RegisterView;
  /** The streams that stand, with their instances. */
  readonly instances: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly log: Log;
  /** Written before anybody is told. */
  readonly journal: (line: ErasedLine) => void;
}

/** What was erased, and on whose word. */
export interface ErasedFor {
  /** Who signed the order, and is answered. */
  readonly issuer: string;
  readonly erasures: Erasures;
}

/** Takes stored messages out of the streams, so that not even their sealed bytes are left. */
export interface Eraser {
  /**
   * Takes away what an agency says of its own messages, over its signature. Of each it says where it stood; of what stands
   * nowhere any more, or is not exactly this message, that it stands nowhere. A chunk of a file goes when the order shows the
   * token of its mark, and stays, without a moment in the answer, when it does not. Asked twice it answers the same. A relay may
   * bring the order of a sender whose mail it brings: `checkBrought`.
   *
   * @throws {Fault} RECEIPT_INVALID, ORIGIN_MISMATCH, RELAY_*, SUBJECT_INVALID, HUB_UNREACHABLE, HUB_STREAM_WRITE_FAILED
   */
  order(origin: string, order: Bytes): Promise<ErasedFor>;
  /** What is past its time goes at the next look; what cannot be taken out then stays due. */
  expire(places: readonly Place[]): void;
  stop(): void;
}

/** Between looks at what is past its time, and how many go in one. */
const lookEveryMs = 5_000;
const atOnce = 200;
const chunksAtOnce = 8;

const none: Erasures = { messages: [], chunks: [] };

function checkOrder({ hub, register, clock }: EraserOptions, origin: string, order: Bytes): ErasedFor {
  const { receipt, bytes, signature } = parseReceipt(order);
  const { issuer, recipient, issuedAt, erasures } = receipt;
  const now = clock.now();
  const brought = { origin, hub, receipt };
  if (issuer !== origin) checkBrought(register(), { ...brought, mailboxes: mailboxOwners(register(), now) }, now);
  if (recipient !== hub) throw new Fault("RECEIPT_INVALID", "the order is for another hub");
  if (issuedAt > now + limits.maxAheadMs) throw new Fault("RECEIPT_INVALID", "the order is dated in the future");
  const statement = { typ: "atumpan-receipt", bytes, signature, signer: issuer } as const;
  if (!isStatementProven(register(), statement, now)) {
    throw new Fault("RECEIPT_INVALID", "the signature does not fit the order");
  }
  return { issuer, erasures: erasures ?? none };
} // prettier-ignore

async function eraseOne(options: EraserOptions, issuer: string, { messageId, envelopeDigest, channel }: Erasure): Promise<Erasure> {
  const { jetStream, clock } = options;
  const stream = streamOf(channel);
  const said = { messageId, envelopeDigest, channel, stream };
  const found = await jetStream.lastOn(stream, storedSubject(channel, issuer, renderUuid(messageId)));
  const { digest, originator } = found === undefined ? {} : readTaken(found);
  const isSame = digest !== undefined && originator === issuer && sameBytes(digest, envelopeDigest);
  if (found === undefined || !isSame) return { ...said, erasedAt: clock.now() };
  await jetStream.erase(stream, found.sequence);
  return { ...said, streamSequence: found.sequence, erasedAt: clock.now() };
} // prettier-ignore

/** One chunk; whether bytes were taken out for it. */
async function eraseChunk({ jetStream, clock }: EraserOptions, { digest, token }: ErasedChunk): Promise<{ readonly said: ErasedChunk; readonly isTaken: boolean }> {
  const found = await jetStream.lastOn(streamNames.blobs, blobSubject(digest));
  const isOpened = token !== undefined && found?.headers.get(chunkMarkHeader) === renderChunkMark(token);
  if (found !== undefined && !isOpened) return { said: { digest }, isTaken: false };
  if (found !== undefined) await jetStream.erase(streamNames.blobs, found.sequence);
  return { said: { digest, erasedAt: clock.now() }, isTaken: found !== undefined };
} // prettier-ignore

class RunningEraser implements Eraser {
  readonly #options: EraserOptions;
  readonly #timer: { stop(): void };
  #due: readonly Place[] = [];
  #isLooking = false;

  constructor(options: EraserOptions) {
    this.#options = options;
    this.#timer = options.clock.every(lookEveryMs, () => void this.#look());
  }

  async order(origin: string, order: Bytes): Promise<ErasedFor> {
    const { issuer, erasures } = checkOrder(this.#options, origin, order);
    const fingerprint = renderHex(sha256(order));
    const messages = await this.#eraseMessages(issuer, erasures.messages, fingerprint);
    return { issuer, erasures: { messages, chunks: await this.#eraseChunks(erasures.chunks, fingerprint) } };
  } // prettier-ignore

  async #eraseMessages(issuer: string, messages: readonly Erasure[], fingerprint: string): Promise<readonly Erasure[]> {
    const { journal } = this.#options;
    const done: Erasure[] = [];
    for (const one of messages) {
      const erased = await eraseOne(this.#options, issuer, one);
      done.push(erased);
      const { channel, stream = "", streamSequence } = erased;
      if (streamSequence === undefined) continue;
      const whose = isDirectChannel(channel) ? {} : { agency: issuer };
      journal({ kind: "PURGE", stream, ...whose, fingerprint, count: streamSequence });
    }
    return done;
  } // prettier-ignore

  /** Some at a time: each is read once before it goes. */
  async #eraseChunks(chunks: readonly ErasedChunk[], fingerprint: string): Promise<readonly ErasedChunk[]> {
    const done: ErasedChunk[] = [];
    let count = 0;
    for (let from = 0; from < chunks.length; from += chunksAtOnce) {
      const some = chunks.slice(from, from + chunksAtOnce);
      const ends = await Promise.all(some.map((one) => eraseChunk(this.#options, one)));
      done.push(...ends.map(({ said }) => said));
      count += ends.filter(({ isTaken }) => isTaken).length;
    }
    if (count > 0) this.#options.journal({ kind: "PURGE", stream: streamNames.blobs, fingerprint, count });
    return done;
  } // prettier-ignore

  expire(places: readonly Place[]): void {
    this.#due = [...this.#due, ...places];
  }

  stop(): void {
    this.#timer.stop();
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#due.length === 0) return;
    this.#isLooking = true;
    const { instances, log } = this.#options;
    const some = this.#due.slice(0, atOnce);
    try {
      // what stood in a stream that was made anew is gone with it
      const standing = some.filter(({ stream, instance }) => instances.get(stream) === instance);
      for (const { stream, sequence } of standing) await this.#options.jetStream.erase(stream, sequence);
      this.#due = this.#due.slice(some.length);
      this.#tell(standing);
    } catch (error) {
      log.warn("what is past its time was not taken out", { code: toFault(error, "INTERNAL").code });
    } finally {
      this.#isLooking = false;
    }
  } // prettier-ignore

  #tell(places: readonly Place[]): void {
    for (const [stream, own] of Map.groupBy(places, (place) => place.stream)) {
      const text = own.map(({ instance, sequence }) => `${instance} ${sequence}`).join("\n");
      const fingerprint = renderHex(sha256(Buffer.from(text)));
      this.#options.journal({ kind: "EXPIRED", stream, fingerprint, count: own.length });
    }
  }
}

/** Starts the eraser of a hub. */
export function startEraser(options: EraserOptions): Eraser {
  return new RunningEraser(options);
}
