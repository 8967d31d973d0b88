import {
  type Bytes,
  type EpochMs,
  renderHex,
  renderUuid,
  sha256,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import { parseInstant, renderInstant } from "../../schemas/index.ts";
import type { RecallOrder, StoredMessage } from "../store/index.ts";
import { filesOf, readStored } from "./answers.ts";
import { type Cascade, cascadeOf } from "./cascade.ts";
import { type Erased, eraseMessage, joinErased, nothingErased } from "./erase.ts";
import { findHold } from "./holds.ts";
import type { RecallParts } from "./parts.ts";
import { startRecall } from "./start-recall.ts"; // prettier-ignore

/** What is answered of one copy, in the JSON form of `PurgedCopy`. */
type Copy = Readonly<Record<string, unknown>> & {
  readonly done: string;
  readonly targetId: string;
};

const dayMs = 86_400_000;
const fulfilled = ["DELETED", "ALREADY_GONE", "NEVER_HELD"];
const atOnce = 20;
const wholeScopes = ["MESSAGE", "PERSON_IN_MESSAGE", "ALL_DERIVED"];

function copyHere(
  { store }: RecallParts,
  { originator, target }: RecallOrder,
): StoredMessage | undefined {
  const seq = store.messages.known("in", originator, target)?.seq;
  return seq === undefined ? undefined : store.messages.get(seq);
}

/** Translations of a message, ours and others': they say again what it said. */
function translationsOf({ store }: RecallParts, { seq }: StoredMessage, target: Bytes): readonly StoredMessage[] {
  const thread = store.threads.of(seq);
  const steps = thread === undefined ? [] : store.threads.steps(thread);
  return steps.flatMap(({ message }) => {
    const found = store.messages.get(message);
    if (found?.type !== "translation.product" || found.parts === undefined) return [];
    return Buffer.from(found.parts).includes(Buffer.from(target)) ? [found] : [];
  });
} // prettier-ignore

function eraseAll(parts: RecallParts, order: RecallOrder, copy: StoredMessage): Erased {
  const { store } = parts;
  const byOrder = store.messages.summary(order.message)?.id;
  const gone = [copy, ...translationsOf(parts, copy, order.target)].filter(
    ({ state }) => state !== "ERASED",
  );
  return joinErased(gone.map((one) => eraseMessage(parts, one, { why: "PURGE", byOrder })));
}

/** Only files are to go; the message stays. */
function eraseFiles({ store, record }: RecallParts, order: RecallOrder): Erased {
  const message = store.messages.get(order.message);
  const digests = message === undefined ? [] : filesOf(message);
  const files = digests.flatMap((digest) => store.erasures.dropFile(order.target, digest));
  record("MESSAGE_ERASED", renderUuid(order.target), "ATTACHMENT");
  return { messages: [], files };
}

/** What is sealed to us and waits for its key goes unopened. */
function dropWaiting({ store }: RecallParts, { originator, target }: RecallOrder): void {
  for (const seq of store.erasures.waitingForKey(originator, target)) store.messages.remove(seq);
}

/** Erases what an order is about, where nothing keeps it. Runs inside a write. */
function carryOut(parts: RecallParts, order: RecallOrder): Erased {
  if (findHold(parts, order.target) !== undefined) return nothingErased;
  dropWaiting(parts, order);
  const copy = copyHere(parts, order);
  if (copy === undefined) return nothingErased;
  if (!wholeScopes.includes(order.scope)) return order.told === undefined ? eraseFiles(parts, order) : nothingErased;
  return eraseAll(parts, order, copy);
} // prettier-ignore

function heldCopy(targetId: string, hold: { readonly ref: string; readonly country: string; readonly reviewAt: EpochMs }): Copy {
  return { targetId, done: "LEGAL_HOLD", holdRef: hold.ref, holdCountry: hold.country, holdReviewAt: renderInstant(hold.reviewAt) };
} // prettier-ignore

/** What we can say no better than those we gave it to. */
function cascaded(targetId: string, cascade: Cascade, done: Copy): Copy {
  const { pending, done: onwardDone, outside, unasked, kept } = cascade;
  if (pending.length + outside.length + unasked.length > 0) {
    return { targetId, done: "UNDER_WAY", onwardDone, onwardPending: pending };
  }
  if (kept?.hold !== undefined) return heldCopy(targetId, kept.hold);
  if (kept !== undefined) return { targetId, done: "REFUSED", purgeRefusal: kept.refusal ?? "NATIONAL_LAW_KEEPS" };
  return { ...done, onwardDone };
} // prettier-ignore

/** What is to be answered of one copy now. */
function copyOf(parts: RecallParts, order: RecallOrder, now: EpochMs): Copy {
  const { store } = parts;
  const targetId = renderUuid(order.target);
  const hold = findHold(parts, order.target);
  const copy = copyHere(parts, order);
  if (copy === undefined) return { targetId, done: "NEVER_HELD" };
  if (hold !== undefined) return heldCopy(targetId, { ...hold, reviewAt: hold.until });
  const erasures = store.erasures.of(order.target, order.originator).filter(({ box }) => box === "in");
  const [first] = erasures;
  const orderId = store.messages.summary(order.message)?.id;
  const isThis = first?.byOrder !== undefined && orderId !== undefined && renderUuid(first.byOrder) === renderUuid(orderId);
  const isEarlier = first !== undefined && !isThis;
  const doneAt = renderInstant(first?.at ?? now);
  const evidence = first === undefined ? {} : { evidenceDigest: Buffer.from(first.evidence).toString("base64url") };
  const done = { targetId, done: isEarlier ? "ALREADY_GONE" : "DELETED", doneAt, ...evidence };
  return cascaded(targetId, cascadeOf(parts, order), done);
} // prettier-ignore

/** A purge that goes on to those we gave it to, as our own order about our own messages. */
async function askOnward(parts: RecallParts, order: RecallOrder): Promise<void> {
  const { unasked } = cascadeOf(parts, order);
  const id = parts.store.messages.summary(order.message)?.id;
  if (unasked.length === 0 || id === undefined) return;
  const now = parts.clock.now();
  const deadline = order.dueAt !== undefined && order.dueAt > now ? order.dueAt : now + dayMs;
  for (const carrier of unasked) {
    const wish = { ids: [renderUuid(carrier)], scope: "ALL_DERIVED", reason: "WITHDRAWN", deadline };
    await startRecall(parts, wish, `recall-on ${renderUuid(id)} ${renderUuid(carrier)}`);
  }
} // prettier-ignore

/** What was told, as it is remembered: of what is under way also who is done by now. */
function wordOf({ done, onwardDone }: Copy): string {
  return Array.isArray(onwardDone) && done === "UNDER_WAY"
    ? `${done} ${onwardDone.join(" ")}`.trim()
    : done;
}

/** Answers the owner, over our signature, what became of the copies he named. */
async function answer(parts: RecallParts, orders: readonly RecallOrder[], copies: readonly Copy[]): Promise<void> {
  const { store, exchange, backupDays, clock } = parts;
  const order = store.messages.get(orders[0]?.message ?? 0);
  if (order === undefined) return;
  const isDeleted = copies.some(({ done }) => done === "DELETED");
  const latest = copies.map(({ doneAt }) => (typeof doneAt === "string" ? (parseInstant(doneAt) ?? clock.now()) : clock.now()));
  const backupsGoneBy = renderInstant(Math.max(...latest) + backupDays * dayMs);
  const submission = {
    type: "data.purge_ack",
    crimes: order.crimes.length > 0 ? order.crimes : ["other"],
    handling: order.handling === "H0" ? "H0" : "H1",
    recipients: [order.originator],
    inReplyTo: renderUuid(order.id),
    body: { purged: copies, ...(isDeleted ? { backupsIncluded: false, backupsGoneBy } : {}) },
  };
  const digest = renderHex(sha256(utf8(JSON.stringify(submission.body)))).slice(0, 32);
  await exchange.submit(submission, `recall-answer ${renderUuid(order.id)} ${digest}`);
} // prettier-ignore

function nextState({ done }: Copy): RecallOrder["state"] {
  if (fulfilled.includes(done)) return "DONE";
  return done === "LEGAL_HOLD" || done === "REFUSED" ? "KEPT" : "OPEN";
}

/** An order that is not for us: a change of handling that takes it from others. */
function isForUs({ agency, store }: RecallParts, { message }: RecallOrder): boolean {
  const stored = store.messages.get(message);
  const holders = stored === undefined ? undefined : readStored(stored)?.holders;
  return holders?.includes(agency) ?? true;
}

async function settle(parts: RecallParts, orders: readonly RecallOrder[], next: (order: RecallOrder) => Pick<RecallOrder, "state" | "told" | "trouble">): Promise<void> {
  await parts.store.write(() => {
    for (const order of orders) parts.store.recalls.settle(order, next(order));
  });
} // prettier-ignore

/** Carries out the lines of one order; says what was erased. */
async function carryOutOrder(parts: RecallParts, orders: readonly RecallOrder[]): Promise<Erased> {
  const [first] = orders;
  if (first === undefined) return nothingErased;
  if (!isForUs(parts, first)) {
    await settle(parts, orders, ({ told }) => ({ state: "DONE", told, trouble: undefined }));
    return nothingErased;
  }
  const erased = joinErased(await parts.store.write(() => orders.map((order) => carryOut(parts, order))));
  try {
    for (const order of orders) await askOnward(parts, order);
    const now = parts.clock.now();
    const said = orders.map((order) => ({ order, copy: copyOf(parts, order, now) }));
    // a matter that ended takes no other word: what came late is erased all the same
    const news = said.filter(({ order, copy }) => !fulfilled.includes(order.told ?? "") && order.told !== wordOf(copy));
    if (news.length > 0) await answer(parts, news.map(({ order }) => order), news.map(({ copy }) => copy));
    await parts.store.write(() => {
      for (const { order, copy } of said) {
        const told = fulfilled.includes(order.told ?? "") ? order.told : wordOf(copy);
        parts.store.recalls.settle(order, { state: nextState(copy), told, trouble: undefined });
      }
      if (news.length > 0) parts.record("RECALL_ANSWERED", renderUuid(parts.store.messages.summary(first.message)?.id ?? first.target));
    });
  } catch (error) {
    const { code } = toFault(error, "INTERNAL");
    parts.log.warn("an order to take back is not answered yet", { code });
    await settle(parts, orders, ({ state, told }) => ({ state, told, trouble: code }));
  }
  return erased;
} // prettier-ignore

/**
 * Carries out what owners ordered us to take back: erases at once unless a hold keeps it, asks those we gave it to, and answers
 * DELETED only when they all have. Each answer is sent once; what stands in the way is looked at again.
 */
export async function carryOutOrders(parts: RecallParts, after = 0): Promise<{ readonly erased: Erased; readonly next: number | undefined }> {
  const page = parts.store.recalls.undone("in", "PURGE", { after, limit: atOnce });
  const last = page.at(-1);
  if (last === undefined) return { erased: nothingErased, next: undefined };
  // the last order of a full page may have more lines than are in it
  const places = [...new Set(page.map(({ message }) => message))];
  const all: Erased[] = [];
  for (const message of places) {
    const open = parts.store.recalls.ofOrder(message).filter(({ state }) => state !== "DONE");
    all.push(await carryOutOrder(parts, open));
  }
  return { erased: joinErased(all), next: page.length < atOnce ? undefined : last.message };
} // prettier-ignore
