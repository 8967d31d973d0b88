import { streamOf } from "../../schemas/index.ts";
import { type Bytes, Fault, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import {
  compose,
  type Composed,
  type Draft,
  makeSlip,
  parseSubmission,
  type SubmissionPlace,
  urgencyRank,
} from "../release/index.ts";
import type { StoredMessage } from "../store/index.ts";
import { digestOfJson } from "./canonical.ts";
import type { Submitted } from "./exchange.ts";
import type { Office } from "./office.ts";

/** An Idempotency-Key has 1 to 200 characters; long enough for any, short enough to keep for ever. */
const maxKeyChars = 200;

/** Where and when a submission is judged. */
export function placeOf(office: Office): SubmissionPlace {
  const { agency, clock, chance } = office;
  return { register: office.register(), agency, now: clock.now(), chance };
}

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

function messageOf(draft: Draft, composed: Composed, storedAt: number): Omit<StoredMessage, "seq"> {
  const { envelope, envelopeDigest: digest, message: raw, parts } = composed;
  const { id, originator, recs, handling, urgency, status, createdAt, expiresAt } = envelope;
  const { type, crimes, audience } = draft;
  const shown = {
    id,
    originator,
    type,
    crimes,
    recs,
    handling,
    urgency,
    status,
    createdAt,
    expiresAt,
  };
  return { ...shown, box: "out", state: "QUEUED", storedAt, digest, audience, raw, parts };
}

/** The series of a new outbox: higher than that of any outbox this agency had before. */
export function seriesOf({ store, clock }: Office): number {
  const held = store.settings.get("series");
  if (held !== undefined) return Number(held);
  const series = Math.floor(clock.now() / 1000);
  store.settings.set("series", String(series));
  return series;
}

/** Gives the message the next number in each of its channels. Runs inside a write: numbers never collide. */
function addPublications(office: Office, composed: Composed, message: number): void {
  const { store, signer } = office;
  const series = seriesOf(office);
  const rank = urgencyRank(composed.envelope.urgency);
  for (const channel of composed.channels) {
    const end = store.outbox.channel(channel) ?? { series, sequence: 0, voided: [] };
    const { slip, signature, digest, sequence, publicationDigest, stillVoided } = makeSlip(
      composed,
      { channel, end },
      signer,
    );
    store.outbox.add({
      message,
      channel,
      series: end.series,
      sequence,
      slip,
      slipSignature: signature,
      slipDigest: digest,
      digest: publicationDigest,
      rank,
      stream: streamOf(channel),
    });
    store.outbox.setChannel(channel, { series: end.series, sequence, digest, voided: stillVoided });
  }
}

/**
 * Takes a submission in: checked, sealed, signed, numbered, and on the disk when this resolves. The same key
 * with the same content has the same answer, however often and at whatever time it is sent.
 *
 * @throws {Fault} IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_REUSED, STORE_WRITE_FAILED, REGISTER_STALE, and
 * all of `parseSubmission` and `compose`
 */
export async function submit(office: Office, submission: unknown, key: string): Promise<Submitted> {
  if (key === "" || key.length > maxKeyChars) {
    throw new Fault(
      "IDEMPOTENCY_KEY_MISSING",
      `an Idempotency-Key has 1 to ${maxKeyChars} characters`,
    );
  }
  const { store, signer } = office;
  const digest = digestOfJson(submission);
  const earlier = earlierAnswer(office, key, digest);
  if (earlier !== undefined) return earlier;
  const place = placeOf(office);
  if (place.register.expiresAt <= place.now) {
    throw new Fault(
      "REGISTER_STALE",
      "the register is out of date; fetch a newer one before sending",
    );
  }
  const draft = parseSubmission(submission, place);
  const composed = await compose(draft, signer, place);
  const stored = await store.write(() => {
    // the same key may have come in twice while this one was sealed
    const meanwhile = earlierAnswer(office, key, digest);
    if (meanwhile !== undefined) return { answer: meanwhile, moved: [] };
    const message = store.messages.add(messageOf(draft, composed, place.now));
    store.ladder.expect(message, draft.audience);
    addPublications(office, composed, message);
    store.answers.add(key, { digest, message });
    return { answer: answerOf(office, message, true), moved: [message] };
  });
  office.changed(stored.moved);
  return stored.answer;
}
