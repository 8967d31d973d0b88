import { renderInstant } from "../../schemas/index.ts";
import {
  type EpochMs,
  renderBase64url,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import type { Erasure, RecallOrder, StoredMessage } from "../store/index.ts";
import { type CopyAnswer, ownAnswer } from "./answers.ts";
import { type Cascade, cascadeOf, isWholePurge } from "./cascade.ts";
import { findHold } from "./holds.ts";
import type { RecallParts } from "./parts.ts";

/** What is answered of one copy, in the JSON form of `PurgedCopy`. */
export type Copy = Readonly<Record<string, unknown>> & {
  readonly done: string;
  readonly targetId: string;
};

/** The copy of a message that another owns; undefined where it never came. */
export function copyHere({ store }: Pick<RecallParts, "store">, { originator, target }: RecallOrder): StoredMessage | undefined {
  const seq = store.messages.known("in", originator, target)?.seq;
  return seq === undefined ? undefined : store.messages.get(seq);
} // prettier-ignore

function heldCopy(targetId: string, hold: { readonly ref: string; readonly country: string; readonly reviewAt: EpochMs }): Copy {
  return { targetId, done: "LEGAL_HOLD", holdRef: hold.ref, holdCountry: hold.country, holdReviewAt: renderInstant(hold.reviewAt) };
} // prettier-ignore

/** What we can say no better than those we gave it to. */
function cascaded(targetId: string, cascade: Cascade, done: Copy): Copy {
  const { pending, done: onwardDone, outside, unasked, kept } = cascade;
  if (done.done === "UNDER_WAY" || pending.length + outside.length + unasked.length > 0) {
    return { targetId, done: "UNDER_WAY", onwardDone, onwardPending: pending };
  }
  if (kept?.hold !== undefined) return heldCopy(targetId, kept.hold);
  if (kept !== undefined) return { targetId, done: "REFUSED", purgeRefusal: kept.refusal ?? "NATIONAL_LAW_KEEPS" };
  return { ...done, onwardDone };
} // prettier-ignore

function wasThis({ store }: RecallParts, { message }: RecallOrder, { byOrder }: Erasure): boolean {
  const id = store.messages.summary(message)?.id;
  return byOrder !== undefined && id !== undefined && sameBytes(byOrder, id);
}

/** What was erased for a purge: the whole copy, or for one of files alone those files. */
function purgedCopy(parts: RecallParts, order: RecallOrder, now: EpochMs): Copy {
  const all = parts.store.erasures.of(order.target, order.originator).filter(({ box }) => box === "in");
  const whole = all.find(({ why }) => why !== "FILES");
  const own = isWholePurge(order) ? undefined : all.find((one) => one.why === "FILES" && wasThis(parts, order, one));
  const first = own ?? whole;
  const isEarlier = first !== undefined && !wasThis(parts, order, first);
  const evidence = first === undefined ? {} : { evidenceDigest: renderBase64url(first.evidence) };
  const doneAt = renderInstant(first?.at ?? now);
  return { targetId: renderUuid(order.target), done: isEarlier ? "ALREADY_GONE" : "DELETED", doneAt, ...evidence };
} // prettier-ignore

/** A copy is blocked by the order alone; it is mended once somebody here has read what is right. */
function markedCopy({ store }: RecallParts, order: RecallOrder, { copy, now }: { readonly copy: StoredMessage; readonly now: EpochMs }): Copy {
  const targetId = renderUuid(order.target);
  const doneAt = renderInstant(now);
  if (copy.state === "ERASED") return { targetId, done: "ALREADY_GONE", doneAt };
  if (order.kind === "BLOCK") return { targetId, done: "BLOCKED", doneAt };
  return store.opened.isOpened(order.message) ? { targetId, done: "CORRECTED", doneAt } : { targetId, done: "UNDER_WAY" };
} // prettier-ignore

/** What is to be answered of one copy now: never better than what those say whom we gave it to. */
export function copyOf(parts: RecallParts, order: RecallOrder, now: EpochMs): Copy {
  const targetId = renderUuid(order.target);
  const copy = copyHere(parts, order);
  if (copy === undefined) return { targetId, done: "NEVER_HELD" };
  const isPurge = order.kind === "PURGE";
  const hold = isPurge ? findHold(parts, order.target) : undefined;
  if (hold !== undefined) return heldCopy(targetId, { ...hold, reviewAt: hold.until });
  const done = isPurge ? purgedCopy(parts, order, now) : markedCopy(parts, order, { copy, now });
  return cascaded(targetId, cascadeOf(parts, order), done);
}

/** A person's own last word on a copy, of what the gateway does not do by itself; undefined where he said nothing final. */
export function saidByPerson(parts: RecallParts, order: RecallOrder): CopyAnswer | undefined {
  const said = order.kind === "CORRECT" || order.kind === "BLOCK" ? ownAnswer(parts, order) : undefined;
  return said === undefined || said.done === "UNDER_WAY" ? undefined : said;
} // prettier-ignore

/** What was told, as it is remembered: of what is under way also who is done by now. */
export function wordOf({ done, onwardDone }: Copy): string {
  return Array.isArray(onwardDone) && done === "UNDER_WAY" ? `${done} ${onwardDone.join(" ")}`.trim() : done;
} // prettier-ignore

/** Whether there is anything to say: that a correction waits to be read here, and for nobody else, its receipt says already. */
export function isNews({ told, kind }: RecallOrder, copy: Copy): boolean {
  const { done, onwardDone, onwardPending } = copy;
  const lists = [onwardDone, onwardPending].flatMap((list) => (Array.isArray(list) ? [list.length] : []));
  const isEmpty = kind === "CORRECT" && done === "UNDER_WAY" && told === undefined && lists.every((length) => length === 0);
  return told !== wordOf(copy) && !isEmpty;
} // prettier-ignore
