import {
  encodeReceipt,
  encodeSignedReceipt,
  type ErasedChunk,
  type Erasure,
  type Receipt,
} from "../../schemas/index.ts";
import { type Bytes, renderUuid, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { readHubWord } from "../exchange/index.ts";
import type { RecallOrder, StoredMessage, StoredPublication } from "../store/index.ts";
import { filesOfOrder, isWholePurge } from "./cascade.ts";
import {
  type Erased,
  eraseFiles,
  eraseMessage,
  joinErased,
  nothingErased,
  stopSending,
} from "./erase.ts";
import { askFarHubs, type FarGiven, farLeft } from "./far-hubs.ts";
import { noteFarSilence } from "./far-standing.ts";
import { findHold } from "./holds.ts";
import { chunksToErase, noteChunksGone, takeBackFiles } from "./hub-chunks.ts";
import type { RecallParts } from "./parts.ts";
import { standingOf } from "./standing.ts"; // prettier-ignore

/** Why we may not keep ourselves what all others delete; what was withdrawn or sent in error stays in its sender's own file. */
const goesHereToo = new Set([
  "PURPOSE_ACHIEVED", "RETENTION", "UNLAWFUL", "DATA_SUBJECT_RIGHT", "COURT_ORDER", "OVERSEER_DECISION", "CCF_DECISION", "LEGAL_ORDER",
]); // prettier-ignore
const atOnce = 50;
/** Lines of one question to the hub; it answers in seconds. */
const maxLines = 64;

function targetOf(
  { agency, store }: RecallParts,
  { target }: RecallOrder,
): StoredMessage | undefined {
  const seq = store.messages.known("out", agency, target)?.seq;
  return seq === undefined ? undefined : store.messages.get(seq);
}

/** Whether everybody who was to have it is asked: what is taken from some alone stays for the others. */
function isForAll(parts: RecallParts, { target }: RecallOrder): boolean {
  const standing = standingOf(parts, target);
  return standing !== undefined && standing.holders.every(({ state }) => state !== "UNASKED");
}

/** Ours goes too where its reason is ours as well, or where it is another's that we passed on. */
function goesHere({ store }: RecallParts, { reason, target }: RecallOrder): boolean {
  return goesHereToo.has(reason) || store.onward.carriedBy(renderUuid(target)).length > 0;
}

/** Nothing of it goes to the hub any more; ours goes too, or only its files. Runs inside a write. */
function eraseOwn(parts: RecallParts, order: RecallOrder, message: StoredMessage): Erased {
  const isWhole = isWholePurge(order);
  const digests = filesOfOrder(parts, order) ?? [];
  if (isWhole) stopSending(parts, message.seq);
  takeBackFiles(parts, message.id, isWhole ? undefined : digests);
  const isKept = message.state === "ERASED" || findHold(parts, order.target) !== undefined;
  if (isKept || !goesHere(parts, order)) return nothingErased;
  const byOrder = parts.store.messages.summary(order.message)?.id;
  if (!isWhole) return eraseFiles(parts, message, { digests, byOrder });
  return eraseMessage(parts, message, { why: "PURGE", byOrder });
}

/** What of a message the hub may still have, by what we know. */
function atHub({ store }: RecallParts, { seq, id }: StoredMessage): readonly StoredPublication[] {
  const gone = new Set(store.erasures.hub(id).map(({ channel }) => channel));
  return store.outbox
    .byMessage(seq)
    .filter(({ state, channel }) => state === "ACCEPTED" && !gone.has(channel));
}

function lineOf({ id, digest }: StoredMessage, { channel }: StoredPublication): Erasure {
  return { messageId: id, envelopeDigest: digest, channel };
}

/** What the hub is asked to keep nothing of. */
interface Asked {
  readonly messages: readonly Erasure[];
  readonly chunks: readonly ErasedChunk[];
}

/** Our signed word that the hub is to keep nothing of these. */
function signOrder({ agency, signer, clock, register }: RecallParts, hub: string, erasures: Asked): Bytes {
  const none = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const own = { version: 1, issuer: agency, recipient: hub, issuedAt: clock.now(), registerEpoch: register().epoch };
  const receipt = encodeReceipt({ ...own, ...none, erasures });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
} // prettier-ignore

/** Writes down what the hub says is gone: only what was asked, over its signature. */
function noteGone(parts: RecallParts, { messages: asked, chunks }: Asked, { word, raw }: { readonly word: Receipt; readonly raw: Bytes }): void {
  const { store, record, clock } = parts;
  const { issuer, issuedAt, erasures } = word;
  const { seq: receipt } = store.ladder.addReceipt({ issuer, issuedAt, receivedAt: clock.now(), raw });
  for (const { messageId: target, envelopeDigest, channel, stream = "", streamSequence: sequence, erasedAt = issuedAt } of erasures?.messages ?? []) {
    const isAsked = asked.some((one) => one.channel === channel && sameBytes(one.messageId, target) && sameBytes(one.envelopeDigest, envelopeDigest));
    if (!isAsked) continue;
    store.erasures.addHub({ target, channel, stream, sequence, at: erasedAt, receipt });
    record("HUB_ERASED", renderUuid(target));
  }
  if (chunks.length > 0) noteChunksGone(parts, erasures?.chunks ?? []);
} // prettier-ignore

/** Asks a hub; undefined when it did not answer, and is asked again. */
async function askHubToErase(parts: RecallParts, hub: string, asked: Asked): Promise<{ readonly word: Receipt; readonly raw: Bytes } | undefined> {
  const raw = await parts.askErase(signOrder(parts, hub, asked), hub);
  return raw === undefined ? undefined : { word: readHubWord(parts, raw, hub), raw };
} // prettier-ignore

/** Whether a hub answered, and what it says is gone was written down; of files only where every hub before it answered. */
async function askOneHub(parts: RecallParts, hub: string, { isLast, ...asked }: Asked & { readonly isLast: boolean }): Promise<boolean> {
  try {
    const said = await askHubToErase(parts, hub, asked);
    if (said === undefined) return false;
    const noted = isLast ? asked : { ...asked, chunks: [] };
    await parts.store.write(() => noteGone(parts, noted, said));
    return true;
  } catch (error) {
    parts.log.warn("the hub did not take out what is taken back", { code: toFault(error, "INTERNAL").code, hub });
    return false;
  }
} // prettier-ignore

/** Each hub is asked for what stands there, and all of them for the pieces of files; one that is away holds up no other. */
async function askOfHubs(parts: RecallParts, own: readonly StoredMessage[]): Promise<void> {
  const standing = own.flatMap((message) => atHub(parts, message).map((one) => ({ hub: one.hub, line: lineOf(message, one) })));
  const chunks = chunksToErase(parts);
  const hubs = parts.hubs();
  let answered = 0;
  for (const hub of hubs) {
    const messages = standing.filter((one) => (one.hub === "" ? hubs[0] : one.hub) === hub).map(({ line }) => line);
    if (messages.length + chunks.length === 0) continue;
    const isLast = answered === hubs.length - 1;
    if (await askOneHub(parts, hub, { messages: messages.slice(0, maxLines), chunks, isLast })) answered += 1;
  }
} // prettier-ignore

/** One page of own orders: what was erased of them, and after which place the next begins. */
interface OwnPage {
  readonly erased: Erased;
  readonly next: number | undefined;
}

/**
 * The work of own orders here and at hubs: nothing more is sent, our copy goes where it must, and hubs keep no bytes. A page of
 * them after a place; what waits for a hub holds up none behind it.
 */
export async function tendOwnOrders(parts: RecallParts, given: FarGiven, after: number): Promise<OwnPage> {
  const { store } = parts;
  const page = store.recalls.undone("out", "PURGE", { after, limit: atOnce });
  const own = page.flatMap((order) => {
    const message = targetOf(parts, order);
    return message !== undefined && isForAll(parts, order) ? [{ order, message }] : [];
  });
  const erase = (): readonly Erased[] => own.map(({ order, message }) => eraseOwn(parts, order, message));
  const erased = own.length === 0 ? nothingErased : joinErased(await store.write(erase));
  const whole = own.filter(({ order }) => isWholePurge(order)).map(({ message }) => message);
  await askOfHubs(parts, whole);
  await askFarHubs(parts, whole, given);
  if (page.length > 0) await store.write(() => settleDone(parts, page));
  return { erased, next: page.length < atOnce ? undefined : page.at(-1)?.message };
} // prettier-ignore

/** Whether no hub that we know of keeps anything of it. */
function isNowhere(parts: RecallParts, message: StoredMessage): boolean {
  return atHub(parts, message).length + farLeft(parts, message).length === 0;
}

/** Whether a hold keeps our own copy, that would go. */
function isKeptHere(parts: RecallParts, order: RecallOrder, message: StoredMessage | undefined): boolean {
  if (message === undefined || message.state === "ERASED") return false;
  return goesHere(parts, order) && findHold(parts, order.target) !== undefined;
} // prettier-ignore

/** Done is what stands nowhere at a hub, and what is not ours or only in part to go. */
function settleDone(parts: RecallParts, page: readonly RecallOrder[]): void {
  for (const order of page) {
    const message = targetOf(parts, order);
    const isPart = !isWholePurge(order) || message === undefined;
    const isDone = isPart || (isForAll(parts, order) && isNowhere(parts, message));
    const isHeld = isKeptHere(parts, order, message);
    const trouble = isPart ? order.trouble : noteFarSilence(parts, order, message);
    if (!isDone || isHeld) continue;
    if (!isPart && parts.store.farErasures.of(message.id).length > 0) parts.record("HUB_ERASED", renderUuid(message.id), "RELAYED");
    parts.store.recalls.settle(order, { state: "DONE", told: order.told, trouble });
  }
} // prettier-ignore
