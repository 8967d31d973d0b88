import { renderInstant } from "../../schemas/index.ts";
import { type Bytes, Fault, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import {
  compose,
  type Composed,
  type Draft,
  parseSubmission,
  type SubmissionPlace,
} from "../release/index.ts";
import { checkTurn } from "../work/index.ts";
import { checkAlone, draftAlone } from "./alone.ts";
import { digestOfJson } from "./canonical.ts";
import type { Submitted, SubmitWays } from "./exchange.ts";
import { idChance, tagOfKey } from "./keyed-id.ts";
import { type FeedKey, findFeedKey, useFeedKey } from "./keys/feed-key.ts";
import type { Office } from "./office.ts";
import { addOutgoing } from "./outgoing.ts";
import { placeOf } from "./place.ts";
import { checkClock } from "./staleness.ts";

/** An Idempotency-Key has 1 to 200 characters; long enough for any, short enough to keep for ever. */
const maxKeyChars = 200;

function answerOf(office: Office, message: number, created: boolean): Submitted {
  const stored = office.store.messages.get(message);
  if (stored === undefined)
    throw new Fault("INTEGRITY_STORE", "an answered message is not in the store");
  return { id: renderUuid(stored.id), created, audience: stored.audience };
}

/**
 * What the key of a submission stands for that this store never saw: after it was put back from a copy, perhaps a message of
 * the time since. Known once the hub has said what it took.
 *
 * @throws {Fault} STORE_RESTORED, IDEMPOTENCY_KEY_REUSED
 */
function checkNotLost({ store }: Office, key: string): void {
  const mark = store.restored.mark();
  if (mark === undefined) return;
  if (mark.state !== "SYNCED") {
    throw new Fault(
      "STORE_RESTORED",
      "the store was put back from a copy; new messages are taken when the hub has said what was sent since",
    );
  }
  const lost = store.restored.findLost(tagOfKey(store, key));
  if (lost === undefined) return;
  const [id, at] = [renderUuid(lost.id), renderInstant(lost.takenAt)];
  throw new Fault(
    "IDEMPOTENCY_KEY_REUSED",
    `this key sent message ${id}, which the hub took before ${at} and the copy does not hold; a new key sends another`,
  );
}

/** The answer given before to the same key, when there was one. */
function earlierAnswer(office: Office, key: string, digest: Bytes): Submitted | undefined {
  const given = office.store.answers.get(key);
  if (given === undefined) return undefined;
  if (!sameBytes(given.digest, digest)) {
    throw new Fault(
      "IDEMPOTENCY_KEY_REUSED",
      "this key was used for another submission; take a new one",
    );
  }
  return answerOf(office, given.message, false);
}

/** How a submission is taken in. */
export interface SubmitWay extends SubmitWays {
  /** Its Idempotency-Key. */
  readonly key: string;
}

/** One submission on its way to the disk. */
interface Sending {
  readonly key: string;
  readonly digest: Bytes;
  readonly draft: Draft;
  readonly composed: Composed;
  readonly feedKey: FeedKey | undefined;
  readonly also: SubmitWay["also"];
  /** Not sent before the register is renewed, nor what goes with it. */
  readonly isHeld: boolean;
}

/** Stores a submission with all that goes with it. Runs inside a write. */
function addSubmission(
  office: Office,
  { key, digest, draft, composed, feedKey, also, isHeld }: Sending,
): { readonly answer: Submitted; readonly moved: readonly number[] } {
  const { store } = office;
  // the same key may have come in twice while this one was sealed
  const meanwhile = earlierAnswer(office, key, digest);
  if (meanwhile !== undefined) return { answer: meanwhile, moved: [] };
  const last = store.outbox.last();
  if (feedKey !== undefined) useFeedKey(office, feedKey, draft);
  const storedAt = draft.header.createdAt;
  const message = addOutgoing(office, { draft, composed, storedAt });
  if (isHeld) store.outbox.holdAfter(last);
  store.answers.add(key, { digest, message });
  const answer = answerOf(office, message, true);
  also?.(answer.id);
  return { answer, moved: [message] };
}

/** Seals a draft, with its audience's key where it goes to a feed, and stores it. */
async function send(
  office: Office,
  parsed: Draft,
  way: SubmitWay & { digest: Bytes; place: SubmissionPlace; isHeld: boolean },
): Promise<Submitted> {
  const { store, signer } = office;
  const { key, also, digest, place, isHeld } = way;
  const feedKey = await findFeedKey(office, parsed, place);
  try {
    const draft = { ...parsed, audience: feedKey?.audience ?? parsed.audience };
    const composed = await compose(draft, signer, { ...place, audienceKey: feedKey?.audienceKey });
    const sending = { key, also, digest, draft, composed, feedKey, isHeld };
    const { answer, moved } = await store.write(() => addSubmission(office, sending));
    office.changed(moved);
    return answer;
  } finally {
    feedKey?.done();
  }
}

/**
 * Takes a submission in: checked, sealed, signed, numbered, and on the disk when this resolves. The same key
 * with the same content has the same answer, however often and at whatever time it is sent.
 *
 * The first message to an audience takes the shares of its key with it, in one write.
 *
 * @throws {Fault} IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_REUSED, STORE_RESTORED, STORE_FULL,
 * STORE_READ_ONLY, STORE_WRITE_FAILED, REGISTER_STALE, CLOCK_BEHIND, CLOCK_AHEAD, and
 * all of `parseSubmission`, `findFeedKey` and `compose`
 */
export function submit(office: Office, submission: unknown, key: string): Promise<Submitted> {
  return submitBy(office, submission, { key });
}

/** As `submit`, with more to be kept in the same write. @throws {Fault} as `submit` */
export async function submitBy(
  office: Office,
  submission: unknown,
  { key, also, fill }: SubmitWay,
): Promise<Submitted> {
  if (key === "" || key.length > maxKeyChars) {
    throw new Fault(
      "IDEMPOTENCY_KEY_MISSING",
      `an Idempotency-Key has 1 to ${maxKeyChars} characters`,
    );
  }
  const digest = digestOfJson(submission);
  const earlier = earlierAnswer(office, key, digest);
  if (earlier !== undefined) return earlier;
  checkNotLost(office, key);
  checkClock(office);
  office.store.checkRoom();
  const filled = fill === undefined ? submission : fill(submission);
  const { draft, place } = draftAlone(placeOf(office), (now) =>
    parseSubmission(filled, { ...now, chance: idChance(office.store, key) }),
  );
  checkTurn(office, draft);
  const isHeld = checkAlone(office, draft, place);
  return await send(office, draft, { key, also, digest, place, isHeld });
}
