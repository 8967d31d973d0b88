import { renderChunkMark } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  isFault,
  renderHex,
  sameBytes,
  toFault,
} from "../../schemas/ground/index.ts";
import { chunkToken } from "../exchange/index.ts";
import type { HubBlobs } from "../link/index.ts";
import type { FileRow, UseRow } from "../store/index.ts";
import { type LateReaders, makeLateReaders } from "./late-readers.ts";
import { type Manifest, openManifest } from "./manifest.ts";
import { type AttachmentParts, checkRunning, chunksUnderWay } from "./parts.ts";
import { chunksOf } from "./seal-chunk.ts";
import { readRun, sealedPlace } from "./sealed-file.ts";

/** Hands the chunks of our files to the hub, behind the messages that name them. */
export interface Giver {
  /** Does what is due, one file after the other; resolves when nothing more is. */
  work(): Promise<void>;
  /** Chunks of a file that the hub is known to have, and how many there are; undefined before it was asked. */
  progress(ref: Bytes): { readonly done: number; readonly of: number } | undefined;
  /** Told when messages move on. */
  readonly note: LateReaders["note"];
}

/** Files looked after in one round. */
const roundFiles = 16;
const second = 1_000;
/** A hub may lose a stream, and keeps nothing longer than its time: while a message is open its chunks are asked about again. */
const againMs = { first: 10 * 60 * second, later: 6 * 3_600 * second } as const;
const retryMs: Readonly<Record<string, number>> = {
  HUB_UNREACHABLE: 0,
  QUOTA_EXCEEDED: 2 * second,
  BLOB_ALLOWANCE_SPENT: 3_600 * second,
  BLOB_STORE_FULL: 3_600 * second,
};
const otherRetryMs = 60 * second;
/** A hub that lost its files lost them all: whenever the link comes up, one piece of each of the last ones is asked about. */
const probed = 64;
/** Not more often than this, for a link that comes and goes. */
const probeMs = 60 * second;
const probeAgainMs = 5 * second;
/** How long one chunk lets messages go first; what the hub puts off again and again does not stop files for ever. */
const yieldMs = 30 * second;
const yieldStepMs = 100;

type State = "not yet" | "open" | "over";

/** Whether a message still wants its files at the hub. */
function stateOf({ office }: AttachmentParts, message: Bytes): State {
  const stored = office.store.messages.find(message);
  if (stored === undefined || stored.expiresAt <= office.clock.now()) return "over";
  if (["REFUSED", "EXPIRED", "STOPPED"].includes(stored.state)) return "over";
  return stored.state === "QUEUED" ? "not yet" : "open";
}

class RunningGiver implements Giver {
  readonly #parts: AttachmentParts;
  /** Chunks that the hub said it holds, by file; asked anew by another process. */
  readonly #held = new Map<string, Set<number>>();
  readonly #counts = new Map<string, number>();
  /** The rise of the link for which the hub was asked whether it still has what it had. */
  #risen: number | undefined;
  #probeAt = Number.NEGATIVE_INFINITY;
  readonly #late: LateReaders;

  constructor(parts: AttachmentParts) {
    this.#parts = parts;
    this.#late = makeLateReaders(parts);
  }

  note(message: Parameters<LateReaders["note"]>[0]): void {
    this.#late.note(message);
  }

  progress(ref: Bytes): { readonly done: number; readonly of: number } | undefined {
    const name = renderHex(ref);
    const of = this.#counts.get(name);
    return of === undefined ? undefined : { done: this.#held.get(name)?.size ?? 0, of };
  }

  async work(): Promise<void> {
    const { office } = this.#parts;
    await this.#probe();
    await this.#ready(this.#late.take());
    for (const use of office.store.attachments.due(office.clock.now(), roundFiles)) {
      if (office.blobs === undefined || !this.#parts.way().isUp) return;
      const next = await this.#give(use, office.blobs);
      // what was taken back meanwhile is looked after no more
      await office.store.write(() => {
        if (this.#isWanted(use)) office.store.attachments.putUse({ ...use, ...next });
      });
    }
  }

  /** Once for each time that the link came up: what the hub lost meanwhile is due at once. */
  async #probe(): Promise<void> {
    const { office, way } = this.#parts;
    const { isUp, since } = way();
    const now = office.clock.elapsed();
    if (office.blobs === undefined || !isUp || since === this.#risen || now < this.#probeAt) return;
    const { attachments } = office.store;
    const uses = attachments.stored(probed);
    const manifests = uses.map(({ ref }) => attachments.file(ref)?.manifest ?? ref);
    try {
      const missing = new Set((await office.blobs.missingBlobs(manifests)).map(renderHex));
      const lost = uses.filter((_, at) => missing.has(renderHex(manifests[at] ?? new Uint8Array())));
      await this.#ready(lost);
      this.#risen = since;
      this.#probeAt = now + probeMs;
    } catch (error) {
      this.#probeAt = now + probeAgainMs;
      if (!isFault(error)) throw error;
    }
  }

  /** These are due at once. */
  async #ready(uses: readonly UseRow[]): Promise<void> {
    const { store, clock } = this.#parts.office;
    if (uses.length === 0) return;
    await store.write(() => {
      for (const use of uses) store.attachments.putUse({ ...use, nextAt: clock.now() });
    });
  }

  /** One file; says when it is looked after next. */
  async #give(use: UseRow, blobs: HubBlobs): Promise<Partial<UseRow>> {
    const { office } = this.#parts;
    const now = office.clock.now();
    const state = stateOf(this.#parts, use.message);
    if (state === "over") return { nextAt: undefined };
    if (state === "not yet") return { nextAt: now + second };
    const row = office.store.attachments.file(use.ref);
    if (row?.sealed === undefined || row.state !== "HERE") return { nextAt: now + otherRetryMs };
    try {
      const put = await this.#giveFile(row, blobs, use);
      const isFirst = use.storedAt === undefined || put > 0;
      return { storedAt: now, nextAt: now + (isFirst ? againMs.first : againMs.later) };
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      if (!isFault(error)) office.log.error("a file is not given", { code });
      return { nextAt: office.clock.now() + (retryMs[code] ?? otherRetryMs) };
    }
  }

  #isWanted({ ref, message }: UseRow): boolean {
    const uses = this.#parts.office.store.attachments.uses(ref);
    return uses.some((one) => sameBytes(one.message, message) && one.nextAt !== undefined);
  }

  /** Asked before each chunk: nothing goes to the hub of a file whose message was taken back. */
  #checkWanted(use: UseRow): void {
    if (this.#isWanted(use)) return;
    throw new Fault("ATTACHMENT_NOT_HERE", "the message of this file was taken back");
  }

  /** Hands over what is missing; says how many chunks that were. */
  async #giveFile(row: FileRow, blobs: HubBlobs, use: UseRow): Promise<number> {
    const isRecheck = use.storedAt !== undefined;
    const sealed = row.sealed ?? new Uint8Array();
    const manifest = openManifest(row, sealed);
    const name = renderHex(row.ref);
    const held = isRecheck ? new Set<number>() : (this.#held.get(name) ?? new Set<number>());
    this.#held.set(name, held);
    this.#counts.set(name, manifest.chunks.length + 1);
    const missing = await this.#findMissing(row, { manifest, held, blobs });
    const give = async (index: number): Promise<void> => {
      await this.#letMessagesGo();
      checkRunning(this.#parts);
      this.#checkWanted(use);
      const token = chunkToken(this.#parts.office.store, manifest.chunks[index] ?? row.manifest);
      await blobs.putBlob(await this.#chunkOf(row, index, sealed), renderChunkMark(token));
      held.add(index);
    };
    await inOrder(missing, chunksUnderWay(this.#parts.way().sentPerSecond), give);
    return missing.length;
  }

  /** By number; the manifest, which goes first, has the number after the last chunk. */
  async #findMissing(
    row: FileRow,
    { manifest, held, blobs }: { manifest: Manifest; held: Set<number>; blobs: HubBlobs },
  ): Promise<readonly number[]> {
    const last = manifest.chunks.length;
    const asked = [last, ...manifest.chunks.keys()].filter((index) => !held.has(index));
    const digestAt = (index: number): Bytes => manifest.chunks[index] ?? row.manifest;
    const missing = new Set((await blobs.missingBlobs(asked.map(digestAt))).map(renderHex));
    for (const index of asked) if (!missing.has(renderHex(digestAt(index)))) held.add(index);
    return asked.filter((index) => !held.has(index));
  }

  async #chunkOf(row: FileRow, index: number, sealed: Bytes): Promise<Bytes> {
    const path = this.#parts.places.file(row.ref);
    if (index === chunksOf(row.size)) return sealed;
    const { at, length } = sealedPlace(row.size, index);
    const chunk = await readRun(path, at, length);
    if (chunk.length === length) return chunk;
    throw new Fault("ATTACHMENT_NOT_HERE", "the file is not whole on this gateway's disk");
  }

  /** Messages go first: a chunk waits while any waits to be sent. */
  async #letMessagesGo(): Promise<void> {
    const { clock, store } = this.#parts.office;
    const until = clock.elapsed() + yieldMs;
    while (store.outbox.countWaiting() > 0 && clock.elapsed() < until) await clock.sleep(yieldStepMs);
  }
} // prettier-ignore

/** Does something with each of a list, some at a time, beginning in order; ends with the first fault, when none is under way. */
async function inOrder<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (failed) return;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === "rejected") throw toFault(end.reason, "INTERNAL");
}

/** Builds what hands our files to the hub. */
export function makeGiver(parts: AttachmentParts): Giver {
  return new RunningGiver(parts);
}
