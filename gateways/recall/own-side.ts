import {
  encodeReceipt,
  encodeSignedReceipt,
  type Erasure,
  type Receipt,
} from "../../schemas/index.ts";
import { type Bytes, Fault, renderUuid, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { readHubWord } from "../exchange/index.ts";
import type { RecallOrder, StoredMessage, StoredPublication } from "../store/index.ts";
import { type Erased, eraseMessage, joinErased, nothingErased, stopSending } from "./erase.ts";
import { findHold } from "./holds.ts";
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

function eraseOwn(parts: RecallParts, order: RecallOrder, message: StoredMessage): Erased {
  stopSending(parts, message.seq);
  const isKept = message.state === "ERASED" || findHold(parts, order.target) !== undefined;
  if (isKept || !goesHere(parts, order)) return nothingErased;
  return eraseMessage(parts, message, { why: "PURGE", byOrder: parts.store.messages.summary(order.message)?.id });
} // prettier-ignore

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

/** Our signed word that the hub is to keep nothing of these. */
function signOrder({ agency, signer, clock, register }: RecallParts, hub: string, messages: readonly Erasure[]): Bytes {
  const none = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const own = { version: 1, issuer: agency, recipient: hub, issuedAt: clock.now(), registerEpoch: register().epoch };
  const receipt = encodeReceipt({ ...own, ...none, erasures: { messages } });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
} // prettier-ignore

/** Writes down what the hub says is gone: only what was asked, over its signature. */
function noteGone({ store, record, clock }: RecallParts, asked: readonly Erasure[], { word, raw }: { readonly word: Receipt; readonly raw: Bytes }): void {
  const { issuer, issuedAt, erasures } = word;
  const { seq: receipt } = store.ladder.addReceipt({ issuer, issuedAt, receivedAt: clock.now(), raw });
  for (const { messageId: target, envelopeDigest, channel, stream = "", streamSequence: sequence, erasedAt = issuedAt } of erasures?.messages ?? []) {
    const isAsked = asked.some((one) => one.channel === channel && sameBytes(one.messageId, target) && sameBytes(one.envelopeDigest, envelopeDigest));
    if (!isAsked) continue;
    store.erasures.addHub({ target, channel, stream, sequence, at: erasedAt, receipt });
    record("HUB_ERASED", renderUuid(target));
  }
} // prettier-ignore

/** Asks the hub; false when it did not answer, and is asked again. */
async function askHubToErase(parts: RecallParts, asked: readonly Erasure[]): Promise<boolean> {
  const hub = parts.hub();
  if (hub === undefined || asked.length === 0) return asked.length === 0;
  const raw = await parts.askErase(signOrder(parts, hub, asked));
  if (raw === undefined) return false;
  const word = readHubWord(parts, raw);
  if (word.issuer !== hub) throw new Fault("RECEIPT_INVALID", "another hub answers than was asked");
  await parts.store.write(() => noteGone(parts, asked, { word, raw }));
  return true;
}

/** The work of one order here and at the hub: nothing more is sent, our copy goes where it must, and the hub keeps no bytes. */
export async function tendOwnOrders(parts: RecallParts): Promise<Erased> {
  const { store, log } = parts;
  const page = store.recalls.undone("out", "PURGE", { after: 0, limit: atOnce });
  const own = page.flatMap((order) => {
    const message = targetOf(parts, order);
    const isWhole = order.scope !== "ATTACHMENT" && message !== undefined && isForAll(parts, order);
    return isWhole ? [{ order, message }] : [];
  });
  if (page.length === 0) return nothingErased;
  const erased = joinErased(await store.write(() => own.map(({ order, message }) => eraseOwn(parts, order, message))));
  try {
    const asked = own.flatMap(({ message }) => atHub(parts, message).map((one) => lineOf(message, one)));
    await askHubToErase(parts, asked.slice(0, maxLines));
  } catch (error) {
    log.warn("the hub did not take out what is taken back", { code: toFault(error, "INTERNAL").code });
  }
  await store.write(() => settleDone(parts, page));
  return erased;
} // prettier-ignore

/** Done is what stands nowhere at the hub, and what is not ours or only in part to go. */
function settleDone(parts: RecallParts, page: readonly RecallOrder[]): void {
  for (const order of page) {
    const message = targetOf(parts, order);
    const isPart = order.scope === "ATTACHMENT" || message === undefined;
    const isDone = isPart || (isForAll(parts, order) && atHub(parts, message).length === 0);
    const isHeld = !isPart && message.state !== "ERASED" && goesHere(parts, order) && findHold(parts, order.target) !== undefined;
    if (!isDone || isHeld) continue;
    parts.store.recalls.settle(order, { state: "DONE", told: order.told, trouble: order.trouble });
  }
} // prettier-ignore
