import { rm } from "node:fs/promises";
import { join } from "node:path";

import { decodeMessage, encodeMessage } from "../../schemas/index.ts";
import {
  type Bytes,
  renderHex,
  renderUuid,
  sameBytes,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { namedBy } from "../attachments/index.ts";
import { voidSequence } from "../exchange/index.ts";
import { type Erasure, sealedFilePath, type StoredMessage } from "../store/index.ts";
import { touchThread } from "../work/index.ts";
import { takeBackFiles } from "./hub-chunks.ts";
import type { RecallParts } from "./parts.ts";

/** Why something is erased. */
export interface EraseWhy {
  readonly why: "PURGE" | "RETENTION";
  /** The order, of a purge. */
  readonly byOrder?: Bytes | undefined;
}

/** What was erased in a write, and what is to be done once that is on the disk. */
export interface Erased {
  readonly messages: readonly number[];
  readonly files: readonly Bytes[];
}

type Place = Pick<RecallParts, "store" | "clock" | "record">;

/** Nothing was erased. */
export const nothingErased: Erased = { messages: [], files: [] };

/** The envelope and its signatures: they say who signed what when, by digests, and nothing of what it said. */
function bareOf(raw: Bytes): Bytes {
  const { envelope, signatures } = decodeMessage(raw);
  return encodeMessage({ envelope, signatures });
}

/** What is not sent yet is not sent any more, and readers do not miss what nobody hands them. */
export function stopSending({ store }: Pick<Place, "store">, message: number): void {
  const isOpen = store.ladder.countOpen(message) > 0;
  for (const publication of store.outbox.byMessage(message)) {
    const isWaiting = publication.state === "WAITING" || publication.state === "HELD";
    if (isWaiting) store.outbox.settle(publication.seq, "EXPIRED");
    if (isWaiting || (isOpen && publication.state === "ACCEPTED")) {
      voidSequence(store.outbox, publication);
    }
  }
}

/** The digest over all that is written down of an erasure: an answer to the owner names it. */
function evidenceOf(erasure: Omit<Erasure, "evidence" | "message">): Bytes {
  const { target, originator, box, digest, why, byOrder, files, drafts, at } = erasure;
  const order = byOrder === undefined ? "" : renderUuid(byOrder);
  const said = [renderUuid(target), originator, box, renderHex(digest), why, order, files, drafts, at];
  return sha256(utf8(JSON.stringify(["atumpan-erasure-1", ...said])));
} // prettier-ignore

/**
 * Erases the content of one message, ours or another's: body, inner header and sealed form, the words it is found by, keys,
 * lookups, drafts that name it, files that no other message names. Its outer header, digests, receipts and the record stay.
 * Runs inside a write; what lies beside the store goes with `finishErasing`.
 */
export function eraseMessage(place: Place, message: StoredMessage, { why, byOrder }: EraseWhy): Erased {
  const { store, clock } = place;
  const { seq, id, originator, box, digest } = message;
  const idText = renderUuid(id);
  if (box === "out") stopSending(place, seq);
  if (box === "out") takeBackFiles(place, id);
  touchThread(store, seq);
  const { files, drafts } = store.erasures.clearBeside({ seq, id, idText, originator });
  store.messages.erase(seq, bareOf(message.raw), why);
  const erasure = { target: id, originator, box, digest, why, byOrder, files: files.length, drafts, at: clock.now() };
  store.erasures.add({ ...erasure, message: seq, evidence: evidenceOf(erasure) });
  place.record("MESSAGE_ERASED", idText, why);
  return { messages: [seq], files };
} // prettier-ignore

/** Which files of a message are erased, and by which order. */
export interface FilesWhy {
  /** Of the files in the clear, as the message names them. */
  readonly digests: readonly Bytes[];
  readonly byOrder?: Bytes | undefined;
}

/**
 * Erases files of a message that stays, ours or another's: they are fetched no more and handed out no more, and those that no
 * other message names go from the disk. Done twice it changes nothing. Runs inside a write.
 */
export function eraseFiles(place: Place, message: StoredMessage, { digests, byOrder }: FilesWhy): Erased {
  const { store, clock } = place;
  const { seq, id, originator, box, digest, state } = message;
  const named = state === "ERASED" ? [] : namedBy(message).filter((one) => digests.some((file) => sameBytes(file, one.digest)));
  if (box === "out") takeBackFiles(place, id, digests);
  const gone = named.filter((one) => store.erasures.noteFileGone(id, one.digest, clock.now()));
  if (gone.length === 0) return nothingErased;
  const files = gone.flatMap((one) => store.erasures.dropFile(id, one.digest));
  const erasure = { target: id, originator, box, digest, why: "FILES", byOrder, files: gone.length, drafts: 0, at: clock.now() };
  store.erasures.add({ ...erasure, message: seq, evidence: evidenceOf(erasure) });
  place.record("MESSAGE_ERASED", renderUuid(id), "FILES");
  return { messages: [seq], files };
} // prettier-ignore

/** Joins what several acts of one write erased. */
export function joinErased(all: readonly Erased[]): Erased {
  return {
    messages: all.flatMap(({ messages }) => messages),
    files: all.flatMap(({ files }) => files),
  };
}

/**
 * What lies beside the store: the sealed files, of which the keys are gone already, and the journal, in which the old pages
 * still stand. Says whether the journal could be emptied; while a copy is made it cannot, and is asked again.
 */
export async function finishErasing({ store, dir, changed }: RecallParts, { messages, files }: Erased): Promise<boolean> {
  for (const ref of files) await rm(join(dir, sealedFilePath(ref)), { force: true });
  changed(messages);
  return store.flush();
} // prettier-ignore
