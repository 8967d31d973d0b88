import { renderInstant } from "../../schemas/index.ts";
import { type Bytes, Fault, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import { checkOperation } from "../operations/index.ts";
import { checkHolderWord, decideUses, noteUses } from "../onward/index.ts";
import { checkTurn } from "../work/index.ts";
import { checkAlone } from "./alone.ts";
import { digestOfJson } from "./canonical.ts";
import { type DraftedEditions, draftEditions, type SealedDraft, sealDraft } from "./editions.ts";
import type { Submitted, SubmitWays } from "./exchange.ts";
import { idChance, tagOfKey } from "./keyed-id.ts";
import { useFeedKey } from "./keys/feed-key.ts";
import { checkWays } from "./ways.ts";
import type { Office } from "./office.ts";
import { barsOf } from "./bars-of.ts";
import { addOutgoing } from "./outgoing.ts";
import { checkClock } from "./staleness.ts";
import { checkAsShown, checkTwoOfficers } from "./two-officers.ts";

/** An Idempotency-Key has 1 to 200 characters; long enough for any, short enough to keep for ever. */
const maxKeyChars = 200;

function answerOf(office: Office, message: number, created: boolean): Submitted {
  const stored = office.store.messages.get(message);
  if (stored === undefined)
    throw new Fault("INTEGRITY_STORE", "an answered message is not in the store");
  const { id, audience } = stored;
  const answer = { id: renderUuid(id), created, audience };
  const regional = office.store.editions.regionalOf(id);
  if (regional === undefined) return answer;
  const { audience: readers = [] } = office.store.messages.find(regional) ?? {};
  return { ...answer, projection: { id: renderUuid(regional), audience: readers } };
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

/**
 * What waits under a key for a second officer goes by his word alone, whatever the rule says by now.
 *
 * @throws {Fault} RELEASE_NEEDED, IDEMPOTENCY_KEY_REUSED
 */
function checkNotWaiting({ store }: Office, key: string, digest: Bytes): void {
  const held = store.releases.byKey(key);
  if (held?.state !== "WAITING") return;
  if (sameBytes(held.digest, digest)) {
    throw new Fault("RELEASE_NEEDED", `it waits for a second officer as ${held.id}`);
  }
  throw new Fault("IDEMPOTENCY_KEY_REUSED", "something else waits under this key; take a new one");
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
  readonly own: SealedDraft;
  /** Its regional edition, where there is one. */
  readonly regional: SealedDraft | undefined;
  readonly also?: SubmitWay["also"];
  readonly by?: SubmitWay["by"];
  /** Not sent before the register is renewed, nor what goes with it. */
  readonly isHeld: boolean;
}

function addSealed(office: Office, { draft, composed, feedKey }: SealedDraft): number {
  if (feedKey !== undefined) useFeedKey(office, feedKey, draft);
  return addOutgoing(office, { draft, composed, storedAt: draft.header.createdAt });
}

/** Stores a submission with all that goes with it. Runs inside a write. */
function addSubmission(
  office: Office,
  { key, digest, own, regional, also, by = "", isHeld }: Sending,
): { readonly answer: Submitted; readonly moved: readonly number[] } {
  const { store } = office;
  // the same key may have come in twice while this one was sealed
  const meanwhile = earlierAnswer(office, key, digest);
  if (meanwhile !== undefined) return { answer: meanwhile, moved: [] };
  const last = store.outbox.last();
  const { draft } = own;
  const storedAt = draft.header.createdAt;
  const before = regional === undefined ? [] : [addSealed(office, regional)];
  // judged in this write: a consent may have been taken back while it was sealed
  const uses = decideUses(office, draft);
  const message = addSealed(office, own);
  if (regional !== undefined) {
    store.editions.add({ nominal: draft.header.id, regional: regional.draft.header.id });
  }
  if (isHeld) store.outbox.holdAfter(last);
  store.answers.add(key, { digest, message });
  const answer = answerOf(office, message, true);
  noteUses(store, uses, { carrier: answer.id, at: storedAt, by });
  also?.(answer.id);
  return { answer, moved: [...before, message] };
}

/** Seals a submission, both editions where there are two, and stores it in one write. */
async function send(
  office: Office,
  { draft, regional, place }: DraftedEditions,
  way: SubmitWay & { digest: Bytes; isHeld: boolean },
): Promise<Submitted> {
  const own = await sealDraft(office, draft, place);
  let other: SealedDraft | undefined;
  try {
    if (regional !== undefined) other = await sealDraft(office, regional, place);
    checkAsShown(way.released, own.draft.audience, other?.draft.audience);
    const sending = { ...way, own, regional: other };
    const added = await office.store.write(() => addSubmission(office, sending));
    office.changed(added.moved);
    return added.answer;
  } finally {
    own.feedKey?.done();
    other?.feedKey?.done();
  }
}

/**
 * Takes a submission in: checked, sealed, signed, numbered, and on the disk when this resolves. The same key
 * with the same content has the same answer, however often and at whatever time it is sent.
 *
 * The first message to an audience takes the shares of its key with it, in one write.
 *
 * @throws {Fault} IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_REUSED, STORE_RESTORED, STORE_FULL,
 * STORE_READ_ONLY, STORE_WRITE_FAILED, REGISTER_STALE, CLOCK_BEHIND, CLOCK_AHEAD, HUB_NOT_SHARED, RELAY_NOT_AGREED, RELAY_FILES, ONWARD_CONSENT_MISSING, ONWARD_LOOSER, RELEASE_NEEDED, PRECONDITION_FAILED, and
 * all of `parseSubmission`, `findFeedKey` and `compose`
 */
export function submit(office: Office, submission: unknown, key: string): Promise<Submitted> {
  return submitBy(office, submission, { key });
}

/** As `submit`, with more to be kept in the same write. @throws {Fault} as `submit` */
export async function submitBy(
  office: Office,
  submission: unknown,
  { key, also, by, fill, released }: SubmitWay,
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
  if (released === undefined) checkNotWaiting(office, key, digest);
  checkNotLost(office, key);
  checkClock(office);
  office.store.checkRoom();
  const filled = fill === undefined ? submission : fill(submission);
  const drafted = draftEditions(office, filled, {
    own: idChance(office.store, key),
    regional: idChance(office.store, `${key}\0regional`),
  });
  const { draft, regional, place } = drafted;
  checkTurn(office, draft, barsOf(office));
  checkHolderWord(office, draft);
  decideUses(office, draft);
  checkOperation(office, draft);
  checkWays(office, draft);
  checkTwoOfficers(office, draft, released);
  if (regional !== undefined) {
    checkOperation(office, regional);
    checkTwoOfficers(office, regional, released);
  }
  const held = [draft, ...(regional === undefined ? [] : [regional])].map((one) =>
    checkAlone(office, one, place),
  );
  // the two go together or not at all
  const isHeld = held.includes(true);
  return await send(office, drafted, { key, also, by, digest, isHeld, released });
}
