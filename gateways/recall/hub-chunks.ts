import type { ErasedChunk } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import { digestsAtHub } from "../attachments/index.ts";
import { chunkToken } from "../exchange/index.ts";
import type { DueChunk } from "../store/index.ts";
import type { RecallParts } from "./parts.ts";

type Place = Pick<RecallParts, "store" | "clock">;

/** Lines of one question to the hub: each is read once there, and it answers in seconds. */
const maxChunks = 64;
/** A chunk that was on its way while the hub was asked stands there after all: so it is asked twice. */
const againMs = 10 * 60_000;
const twice = 2;

/** Whether another message of ours still has its file looked after at the hub. */
function isNeeded({ store }: Place, ref: Bytes, message: Bytes): boolean {
  return store.attachments.uses(ref).some((use) => {
    return use.box === "out" && use.nextAt !== undefined && !sameBytes(use.message, message);
  });
}

/**
 * Nothing of the files of a message of ours goes to the hub any more, all or those of these digests, and what is there is to go:
 * but for files that another message of ours still needs there. Runs inside the write that erases or takes back.
 */
export function takeBackFiles(place: Place, message: Bytes, only?: readonly Bytes[]): void {
  const { store, clock } = place;
  for (const ref of store.erasures.filesOf(message)) {
    const row = store.attachments.file(ref);
    if (row === undefined || (only !== undefined && !only.some((one) => sameBytes(one, row.digest)))) continue;
    store.erasures.endGiving(ref, message);
    if (isNeeded(place, ref, message)) continue;
    store.erasures.noteChunks(message, digestsAtHub(row), clock.now());
  }
} // prettier-ignore

/** The chunks that the hub is asked about now, each with the token that only who put it can make. */
export function chunksToErase({ store, clock }: Place): readonly ErasedChunk[] {
  const due = store.erasures.dueChunks(clock.now(), maxChunks);
  return due.map(({ digest }) => ({ digest, token: chunkToken(store, digest) }));
}

function nextAsk({ confirmed }: DueChunk, now: EpochMs): EpochMs | undefined {
  return confirmed + 1 < twice ? now + againMs : undefined;
}

/** Writes down what the hub says of chunks it was asked about: gone, or kept because who put them first was somebody else. */
export function noteChunksGone({ store, clock, record }: Place & Pick<RecallParts, "record">, said: readonly ErasedChunk[]): void {
  const now = clock.now();
  const due = store.erasures.dueChunks(now, maxChunks);
  const told = new Set<string>();
  for (const one of due) {
    const word = said.find(({ digest }) => sameBytes(digest, one.digest));
    if (word === undefined) continue;
    const { erasedAt: goneAt } = word;
    store.erasures.settleChunk(one.digest, { goneAt, dueAt: goneAt === undefined ? undefined : nextAsk(one, now) });
    if (goneAt !== undefined && one.confirmed === 0) told.add(renderUuid(one.target));
  }
  for (const target of told) record("HUB_ERASED", target, "FILES");
} // prettier-ignore
