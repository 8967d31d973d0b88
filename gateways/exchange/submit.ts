import { checkUsable } from "../../certs/trust/index.ts";
import { type Bytes, Fault, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import {
  compose,
  type Composed,
  type Draft,
  parseSubmission,
  type SubmissionPlace,
} from "../release/index.ts";
import { digestOfJson } from "./canonical.ts";
import type { Submitted } from "./exchange.ts";
import { type FeedKey, findFeedKey, useFeedKey } from "./keys/feed-key.ts";
import type { Office } from "./office.ts";
import { addOutgoing } from "./outgoing.ts";
import { placeOf } from "./place.ts";

/** An Idempotency-Key has 1 to 200 characters; long enough for any, short enough to keep for ever. */
const maxKeyChars = 200;

function answerOf(office: Office, message: number, created: boolean): Submitted {
  const stored = office.store.messages.get(message);
  if (stored === undefined)
    throw new Fault("INTEGRITY_STORE", "an answered message is not in the store");
  return { id: renderUuid(stored.id), created, audience: stored.audience };
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

/** One submission on its way to the disk. */
interface Sending {
  readonly key: string;
  readonly digest: Bytes;
  readonly draft: Draft;
  readonly composed: Composed;
  readonly feedKey: FeedKey | undefined;
}

/** Stores a submission with all that goes with it. Runs inside a write. */
function addSubmission(
  office: Office,
  { key, digest, draft, composed, feedKey }: Sending,
): { readonly answer: Submitted; readonly moved: readonly number[] } {
  const { store } = office;
  // the same key may have come in twice while this one was sealed
  const meanwhile = earlierAnswer(office, key, digest);
  if (meanwhile !== undefined) return { answer: meanwhile, moved: [] };
  if (feedKey !== undefined) useFeedKey(office, feedKey, draft);
  const storedAt = draft.header.createdAt;
  const message = addOutgoing(office, { draft, composed, storedAt });
  store.answers.add(key, { digest, message });
  return { answer: answerOf(office, message, true), moved: [message] };
}

/** Seals a draft, with its audience's key where it goes to a feed, and stores it. */
async function send(
  office: Office,
  parsed: Draft,
  { key, digest, place }: { key: string; digest: Bytes; place: SubmissionPlace },
): Promise<Submitted> {
  const { store, signer } = office;
  const feedKey = await findFeedKey(office, parsed, place);
  try {
    const draft = { ...parsed, audience: feedKey?.audience ?? parsed.audience };
    const composed = await compose(draft, signer, { ...place, audienceKey: feedKey?.audienceKey });
    const sending = { key, digest, draft, composed, feedKey };
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
 * @throws {Fault} IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_REUSED, STORE_WRITE_FAILED, REGISTER_STALE, and
 * all of `parseSubmission`, `findFeedKey` and `compose`
 */
export async function submit(office: Office, submission: unknown, key: string): Promise<Submitted> {
  if (key === "" || key.length > maxKeyChars) {
    throw new Fault(
      "IDEMPOTENCY_KEY_MISSING",
      `an Idempotency-Key has 1 to ${maxKeyChars} characters`,
    );
  }
  const digest = digestOfJson(submission);
  const earlier = earlierAnswer(office, key, digest);
  if (earlier !== undefined) return earlier;
  const place = placeOf(office);
  const { register, now } = place;
  checkUsable(register, now);
  const draft = parseSubmission(submission, place);
  checkUsable(register, now, draft.header.handling);
  return await send(office, draft, { key, digest, place });
}
