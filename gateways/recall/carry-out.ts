import { parseInstant, renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  isFault,
  renderHex,
  renderUuid,
  sha256,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import type { RecallKind, RecallOrder, StoredMessage } from "../store/index.ts";
import { readStored } from "./answers.ts";
import { cascadeOf, filesOfOrder, isWholePurge } from "./cascade.ts";
import { type Copy, copyHere, copyOf, isNews, saidByPerson, wordOf } from "./copy-word.ts";
import { type Erased, eraseFiles, eraseMessage, joinErased, nothingErased } from "./erase.ts";
import { findHold } from "./holds.ts";
import { passOn } from "./onward.ts";
import type { RecallParts } from "./parts.ts";
import { fulfils, isLifted } from "./standing.ts";

const dayMs = 86_400_000;
const atOnce = 20;

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

/** What is sealed to us and waits for its key goes unopened. */
function dropWaiting({ store }: RecallParts, { originator, target }: RecallOrder): void {
  for (const seq of store.erasures.waitingForKey(originator, target)) store.messages.remove(seq);
}

/** Erases what an order is about, where nothing keeps it. Runs inside a write. */
function carryOut(parts: RecallParts, order: RecallOrder): Erased {
  if (order.kind !== "PURGE" || findHold(parts, order.target) !== undefined) return nothingErased;
  const isWhole = isWholePurge(order);
  if (isWhole) dropWaiting(parts, order);
  const copy = copyHere(parts, order);
  if (copy === undefined) return nothingErased;
  if (isWhole) return eraseAll(parts, order, copy);
  const byOrder = parts.store.messages.summary(order.message)?.id;
  return eraseFiles(parts, copy, { digests: filesOfOrder(parts, order) ?? [], byOrder });
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

/** Whether nothing more is to be said of an order: who reported that it is carried out says no more. */
function isTold({ kind, told = "" }: RecallOrder): boolean {
  return fulfils[kind].includes(told);
}

/** What is to become of one line of an order. */
interface Said {
  readonly order: RecallOrder;
  readonly copy: Copy;
  readonly isNews: boolean;
}

function sayOf(parts: RecallParts, order: RecallOrder): Said {
  const copy = copyOf(parts, order, parts.clock.now());
  const person = saidByPerson(parts, order);
  // what a person said of his own files stands; what we gave on is followed all the same
  if (person !== undefined && cascadeOf(parts, order).pending.length === 0) {
    return { order, copy: { targetId: copy.targetId, done: person.done }, isNews: false };
  }
  return { order, copy, isNews: person === undefined && !isTold(order) && isNews(order, copy) };
}

function nextOf({ order, copy, isNews: isSaid }: Said): Pick<RecallOrder, "state" | "told" | "trouble"> {
  const isDone = fulfils[order.kind].includes(copy.done);
  const isKept = copy.done === "LEGAL_HOLD" || copy.done === "REFUSED";
  const told = isSaid || (isDone && !isTold(order)) ? wordOf(copy) : order.told;
  if (isDone) return { state: "DONE", told, trouble: undefined };
  return { state: isKept ? "KEPT" : "OPEN", told, trouble: undefined };
} // prettier-ignore

/** An order that is not for us: a change of handling that takes it from others. */
function isForUs({ agency, store }: RecallParts, { message }: RecallOrder): boolean {
  const stored = store.messages.get(message);
  const holders = stored === undefined ? undefined : readStored(stored)?.holders;
  return holders?.includes(agency) ?? true;
}

type Next = (order: RecallOrder) => Pick<RecallOrder, "state" | "told" | "trouble">;

async function settle({ store }: RecallParts, orders: readonly RecallOrder[], next: Next): Promise<void> {
  await store.write(() => {
    for (const order of orders) store.recalls.settle(order, next(order));
  });
} // prettier-ignore

/** Passes an order on, says what is to be said, and notes how far it is. */
async function follow(parts: RecallParts, orders: readonly RecallOrder[]): Promise<void> {
  const { store } = parts;
  for (const order of orders) await passOn(parts, order);
  const said = orders.map((order) => sayOf(parts, order));
  const news = said.filter((one) => one.isNews);
  if (news.length > 0) await answer(parts, news.map(({ order }) => order), news.map(({ copy }) => copy));
  await store.write(() => {
    for (const one of said) store.recalls.settle(one.order, nextOf(one));
    const [first] = news;
    if (first === undefined) return;
    const { message, target } = first.order;
    parts.record("RECALL_ANSWERED", renderUuid(store.messages.summary(message)?.id ?? target));
  });
} // prettier-ignore

/** A block that its owner ended meanwhile is passed on to nobody any more, and asks for no answer. */
function isOver({ store }: RecallParts, order: RecallOrder): boolean {
  return isLifted(order, store.recalls.of(order.target, order.originator).filter(({ box }) => box === "in"));
} // prettier-ignore

const asDone: Next = ({ told }) => ({ state: "DONE", told, trouble: undefined });

/** Carries out the lines of one order; says what was erased. */
async function carryOutOrder(parts: RecallParts, orders: readonly RecallOrder[]): Promise<Erased> {
  const [first] = orders;
  if (first === undefined) return nothingErased;
  if (!isForUs(parts, first)) {
    await settle(parts, orders, asDone);
    return nothingErased;
  }
  const erased = joinErased(await parts.store.write(() => orders.map((order) => carryOut(parts, order))));
  const over = orders.filter((order) => isOver(parts, order));
  const open = orders.filter((order) => !over.includes(order));
  try {
    if (over.length > 0) await settle(parts, over, asDone);
    if (first.kind === "LIFT" || first.kind === "PROLONG") {
      for (const order of open) await passOn(parts, order);
      await settle(parts, open, asDone);
    } else if (open.length > 0) await follow(parts, open);
  } catch (error) {
    const { code } = toFault(error, "INTERNAL");
    parts.log.warn("an order about another's message is not answered yet", { code });
    // a matter that its owner ended takes no other word
    const isEnded = first.kind !== "PURGE" && isFault(error, "WORK_OUT_OF_TURN");
    await settle(parts, open, ({ state, told }) => ({ state: isEnded ? "DONE" : state, told, trouble: code }));
  }
  return erased;
} // prettier-ignore

/** In this order: what ended a block needs to know whom it was passed on to. */
export const carriedOut: readonly RecallKind[] = ["PURGE", "CORRECT", "BLOCK", "PROLONG", "LIFT"];

/**
 * Carries out what owners ordered us of one kind: erases at once unless a hold keeps it, passes it on to those we gave it to, and
 * answers only when they all have. Each answer is sent once; what stands in the way is looked at again.
 */
export async function carryOutOrders(parts: RecallParts, kind: RecallKind, after = 0): Promise<{ readonly erased: Erased; readonly next: number | undefined }> {
  const page = parts.store.recalls.undone("in", kind, { after, limit: atOnce });
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
