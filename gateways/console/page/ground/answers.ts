import type { components } from "../../../client/api-types.ts";
import { api, had } from "./api.ts";
import { now, renderTime } from "./clock.ts";
import { listOf, membersOf, textOf } from "./members.ts";
import type { Message } from "./messages.ts";
import { makeUuid } from "./uuid.ts";
import type { WordId } from "./words.ts";

/** A message as it is handed in. */
export type Submission = components["schemas"]["Submission"];

/** One way to answer: which type it becomes, and what its body says already. */
export interface AnswerWay {
  readonly name:
    | "acknowledge" | "hit" | "noHit" | "partial" | "refuse" | "clarify" | "redirect" | "correct" | "prolong" | "withdraw"
    | "remind" | "result";
  readonly word: WordId;
  readonly type: string;
  readonly fill: (message: Message) => Readonly<Record<string, unknown>>;
  /** What stands beside the body and has to be said with this answer. */
  readonly inner?: Readonly<Record<string, unknown>>;
} // prettier-ignore

const dayMs = 86_400_000;
const replyDays = 5;
/** How long the holders of a copy have to delete it, unless the officer says another day. */
const purgeDays = 14;
const refLength = 8;

function askedItems(message: Message): readonly string[] {
  const asked = listOf(membersOf(message.body)["askedItems"]);
  return asked.map((one) => textOf(membersOf(one)["item"])).filter((item) => item !== "");
}

function fillAcknowledgement({ id, storedAt, body, recipients }: Message): Readonly<Record<string, unknown>> {
  const asked = textOf(membersOf(body)["replyBy"]);
  const expectedBy = asked === "" ? renderTime(now() + replyDays * dayMs) : asked;
  return { receivedAt: storedAt, handledBy: recipients[0] ?? "", localRef: id.slice(-refLength), expectedBy };
} // prettier-ignore

function fillOutcome(outcome: "HIT" | "NO_HIT" | "PARTIAL"): AnswerWay["fill"] {
  return (message) => {
    const items = askedItems(message);
    // what was found has to be told: its field stands open
    const said =
      outcome === "PARTIAL" ? {} : outcome === "HIT" ? { outcome, text: {} } : { outcome };
    return { outcome, itemCodes: items, itemAnswers: items.map((item) => ({ item, ...said })) };
  };
}

function fillNothingFound(message: Message): Readonly<Record<string, unknown>> {
  const { querySubjects, recordKinds } = membersOf(message.body);
  const answers = listOf(querySubjects).map((one) => ({ ref: membersOf(one)["ref"], answer: "NO_HIT" }));
  return { queryAnswers: answers, recordKinds, searchedAt: renderTime(now()) };
} // prettier-ignore

const toRequests: readonly AnswerWay[] = [
  { name: "acknowledge", word: "answer.acknowledge", type: "request.acknowledge", fill: fillAcknowledgement },
  { name: "hit", word: "answer.hit", type: "reply.final", fill: fillOutcome("HIT"), inner: { evaluation: {} } },
  { name: "noHit", word: "answer.noHit", type: "reply.final", fill: fillOutcome("NO_HIT") },
  { name: "partial", word: "answer.partial", type: "reply.final", fill: fillOutcome("PARTIAL") },
  { name: "refuse", word: "answer.refuse", type: "reply.refuse", fill: () => ({ partialPossible: false }) },
  { name: "clarify", word: "answer.clarify", type: "request.more_info", fill: () => ({ clockStopped: true }) },
  { name: "redirect", word: "answer.redirect", type: "request.transfer", fill: () => ({ passedOn: false }) },
]; // prettier-ignore

const toChecks: readonly AnswerWay[] = [
  { name: "noHit", word: "answer.noHit", type: "query.result", fill: fillNothingFound },
  { name: "result", word: "answer.result", type: "query.result", fill: fillNothingFound },
]; // prettier-ignore

/** What is taken back is deleted everywhere, unless the officer says that copies stay. */
function fillWithdrawal({ id }: Message): Readonly<Record<string, unknown>> {
  return {
    targetId: id,
    recipientsMustPurge: true,
    purgeBy: renderTime(now() + purgeDays * dayMs),
  };
}

const toOurAlerts: readonly AnswerWay[] = [
  { name: "correct", word: "answer.correct", type: "alert.update", fill: ({ id }) => ({ targetId: id }) },
  { name: "prolong", word: "answer.prolong", type: "alert.update", fill: ({ id }) => ({ targetId: id, reason: "REVIEWED" }) },
  { name: "withdraw", word: "answer.withdraw", type: "alert.cancel", fill: fillWithdrawal },
]; // prettier-ignore

function fillMoreTime({ id, body }: Message): Readonly<Record<string, unknown>> {
  const { replyBy: dueAt } = membersOf(body);
  return { targetId: id, ...(dueAt === undefined ? {} : { dueAt }) };
}

const toOurRequests: readonly AnswerWay[] = [
  { name: "remind", word: "answer.remind", type: "request.remind", fill: (message) => ({ ...fillMoreTime(message), reminder: 1 }) },
  { name: "prolong", word: "answer.prolong", type: "request.extend", fill: fillMoreTime },
  { name: "withdraw", word: "answer.withdraw", type: "request.withdraw", fill: ({ id }) => ({ targetId: id }) },
]; // prettier-ignore

const requests: ReadonlySet<string> = new Set([
  "request.information",
  "fiu.request",
  "asset.trace_request",
  "firearm.trace_request",
]);

/** The ways a message may be answered, or, of our own, what may be said of it next. */
export function waysFor({ box, type, state }: Message): readonly AnswerWay[] {
  if (state === "QUARANTINED" || state === "ERASED") return [];
  if (box === "out") {
    if (type.startsWith("alert.")) return toOurAlerts;
    return requests.has(type) ? toOurRequests : [];
  }
  if (requests.has(type)) return toRequests;
  return type === "query.check" ? toChecks : [];
}

/** The beginning of a word about a message, as the gateway makes it. */
export async function beginWord(id: string, type: string): Promise<Submission> {
  const params = { path: { id }, query: { type } };
  return had((await api.GET("/v1/messages/{id}/answer-draft", { params })).data).message;
}

/** An answer as far as it is known before anybody writes: what the gateway begins, and what the way says already. */
export async function beginAnswer(message: Message, way: AnswerWay): Promise<Submission> {
  const begun = await beginWord(message.id, way.type);
  const inner = { ...membersOf(begun.inner), ...way.inner };
  return { ...begun, inner, body: { ...membersOf(begun.body), ...way.fill(message) } };
}

/** Keeps a submission as a new draft at the gateway. */
export async function keepDraft(message: Submission): Promise<string> {
  const id = makeUuid();
  const params = { path: { id }, header: { "if-none-match": "*" } };
  await api.PUT("/v1/drafts/{id}", { params, body: { message, shared: false } });
  return id;
}

/** What sending came to: sent, or waiting for a second officer. */
export interface Sending {
  readonly id: string;
  readonly waits: boolean;
}

/** Sends a submission at once; the key makes it one message, however often it has to be sent. */
export async function sendNow(message: Submission, key: string): Promise<Sending> {
  const params = { header: { "idempotency-key": key } };
  const sent = had((await api.POST("/v1/messages", { params, body: message })).data);
  return { id: sent.id, waits: !("created" in sent) };
}
