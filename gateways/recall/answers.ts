import { bodyCodecs, decodeParts, joinParts } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import { type Lane, partyOf, type Step } from "../../schemas/work/index.ts";
import type { RecallOrder, StoredMessage } from "../store/index.ts";
import { loadThread, type ReadOrder, readOrder } from "../work/index.ts";
import type { RecallParts } from "./parts.ts";

/** What a holder answered of one copy, as it is followed. */
export interface CopyAnswer {
  /** A code of PURGE_RESULT. */
  readonly done: string;
  /** When he says that it was done, or else when he said so. */
  readonly at: EpochMs;
  readonly onwardDone: readonly string[];
  readonly onwardPending: readonly string[];
  readonly hold?: { readonly ref: string; readonly country: string; readonly reviewAt: EpochMs } | undefined;
  readonly refusal?: string | undefined;
  /** The digest of his own record of it. */
  readonly evidence?: Bytes | undefined;
} // prettier-ignore

type Place = Pick<RecallParts, "agency" | "store">;

/** What an order that is here says, read once more; undefined where its own content is gone. */
export function readStored({ type, parts }: StoredMessage): ReadOrder | undefined {
  if (parts === undefined) return undefined;
  return readOrder(type, joinParts(decodeParts(parts).parts).body);
}

const purgeBody = bodyCodecs["data.purge"];

/** The files that a purge of files alone is about. */
export function filesOf({ type, parts }: StoredMessage): readonly Bytes[] {
  if (type !== "data.purge" || parts === undefined) return [];
  return purgeBody.decode(joinParts(decodeParts(parts).parts).body).attachmentDigests;
}

function answerOf(step: Step, target: Bytes): CopyAnswer | undefined {
  const copy = step.read("data.purge_ack")?.purged.findLast(({ targetId }) => sameBytes(targetId, target));
  if (copy === undefined) return undefined;
  const { done, doneAt = step.at, onwardDone, onwardPending, holdRef, holdCountry, holdReviewAt } = copy;
  const isHeld = holdRef !== undefined && holdCountry !== undefined && holdReviewAt !== undefined;
  return {
    done,
    at: doneAt,
    onwardDone,
    onwardPending,
    hold: isHeld ? { ref: holdRef, country: holdCountry, reviewAt: holdReviewAt } : undefined,
    refusal: copy.purgeRefusal,
    evidence: copy.evidenceDigest,
  };
} // prettier-ignore

/** The matters that an order began, with each who is to answer it. */
function lanesOf({ agency, store }: Place, order: RecallOrder): readonly Lane[] {
  const thread = store.threads.of(order.message);
  const id = store.messages.summary(order.message)?.id;
  if (thread === undefined || id === undefined) return [];
  const opening = renderUuid(id);
  const { lanes } = loadThread({ agency, store }, thread);
  return lanes.filter((lane) => lane.opening.id === opening && lane.opener === agency);
}

/** What each holder answered to an order of ours about one message, the latest word of each; and what he names as given on. */
export function answersTo(place: Place, order: RecallOrder): ReadonlyMap<string, { readonly answer?: CopyAnswer; readonly givenTo: readonly string[] }> {
  const found = lanesOf(place, order).flatMap((lane) => {
    if (lane.other === "" || partyOf(lane, lane.other) !== "OTHER") return [];
    const answer = lane.applied.flatMap((step) => answerOf(step, order.target) ?? []).at(-1);
    const entries = lane.applied.flatMap((step) => step.read("data.onward_log")?.entries ?? []);
    const givenTo = entries.flatMap(({ targetId, givenTo: to }) => (to !== undefined && sameBytes(targetId, order.target) ? [to] : []));
    return [[lane.other, { ...(answer === undefined ? {} : { answer }), givenTo }] as const];
  });
  return new Map(found);
} // prettier-ignore

/** What we answered ourselves last to an order of another about one message; undefined before anything was said. */
export function ownAnswer({ agency, store }: Place, { message, target, originator }: RecallOrder): CopyAnswer | undefined {
  const thread = store.threads.of(message);
  const id = store.messages.summary(message)?.id;
  if (thread === undefined || id === undefined) return undefined;
  const opening = renderUuid(id);
  const { lanes } = loadThread({ agency, store }, thread);
  const own = lanes.filter((lane) => lane.opening.id === opening && lane.opener === originator && lane.other === agency);
  return own.flatMap(({ applied }) => applied.filter(({ from }) => from === agency).flatMap((step) => answerOf(step, target) ?? [])).at(-1);
} // prettier-ignore
