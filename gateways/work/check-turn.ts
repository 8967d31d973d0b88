import type { Envelope, InnerHeader, MessageType } from "../../schemas/index.ts";
import { Fault, renderHex, renderUuid, type Bytes } from "../../schemas/ground/index.ts";
import {
  findNextActs,
  type Lane,
  makeStep,
  readThread,
  standingTerms,
  type Step,
} from "../../schemas/work/index.ts";
import { type FindBars, makeBars } from "./act-rights.ts";
import { type ThreadPlace, threadWith } from "./load-thread.ts";
import { threadOf } from "./note-step.ts";
import { isOrder } from "./read-orders.ts"; // prettier-ignore

/** A message that is about to be sent. */
export interface NewStep {
  readonly type: MessageType;
  readonly header: Pick<Envelope, "id" | "createdAt" | "urgency" | "threadId" | "inReplyTo">;
  readonly inner: Pick<InnerHeader, "threadId" | "inReplyTo" | "recipients" | "follows">;
  readonly bodyBytes: Bytes;
}

/** A message that is about to be sent, as the state machines read it. */
export function stepOfDraft(
  agency: string,
  {
    type,
    header,
    inner,
    bodyBytes,
  }: Omit<NewStep, "header"> & { readonly header: Omit<NewStep["header"], "threadId"> },
): Step {
  const about = header.inReplyTo ?? inner.inReplyTo;
  return makeStep({
    id: renderUuid(header.id),
    // it has no envelope yet; nothing follows it
    digest: `new ${renderUuid(header.id)}`,
    type,
    from: agency,
    to: inner.recipients,
    at: header.createdAt,
    urgency: header.urgency,
    about: about === undefined ? undefined : renderUuid(about),
    follows: inner.follows.map(renderHex),
    body: bodyBytes,
  });
}

/** What an agency may say in a matter, in words; the terms do not change that. */
function possible(lane: Lane, { agency, store }: ThreadPlace, bars: FindBars | undefined): string {
  const find = makeBars(store, { ...lane, opening: lane.opening.id }, bars);
  const types = findNextActs(lane, standingTerms, (act) => find(act).length === 0).acts.flatMap((act) => (act.agency === agency ? [act.type] : []));
  return types.length === 0 ? "nothing is to be said there now" : `possible is ${[...new Set(types)].join(", ")}`;
} // prettier-ignore

/**
 * Refuses what would change nothing in any matter it belongs to: nobody sends what the other side must pass over. It says what
 * is possible instead, as far as the register lets us.
 *
 * @throws {Fault} WORK_OUT_OF_TURN
 */
export function checkTurn({ agency, store }: ThreadPlace, draft: NewStep, bars?: FindBars): void {
  const { header, inner } = draft;
  // what was said is taken back, corrected or blocked also after its matter is over
  if (isOrder(draft.type)) return;
  const words = { threadId: header.threadId ?? inner.threadId, inReplyTo: header.inReplyTo ?? inner.inReplyTo };
  if (words.threadId === undefined && words.inReplyTo === undefined) return;
  const thread = threadOf(store, header.id, words);
  const step = stepOfDraft(agency, draft);
  const { lanes } = readThread(threadWith({ agency, store }, thread, [step]));
  const touched = lanes.filter(({ opening, applied, refused }) => opening === step || applied.includes(step) || refused.some((one) => one.step === step));
  const refusals = touched.flatMap((lane) => lane.refused.filter((one) => one.step === step).map(({ reason }) => ({ lane, reason })));
  const [first] = refusals;
  if (first === undefined || refusals.length < touched.length) return;
  const { lane: { workflow, state }, reason } = first;
  throw new Fault("WORK_OUT_OF_TURN", `${draft.type} changes nothing in ${workflow} while it is ${state} (${reason}); ${possible(first.lane, { agency, store }, bars)}`);
} // prettier-ignore
