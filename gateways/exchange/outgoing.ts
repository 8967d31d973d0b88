import { type Envelope, statedHeader, streamOf } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { noteLookups } from "../lookups/index.ts";
import { type Composed, type Draft, makeSlip, urgencyRank } from "../release/index.ts";
import type { StoredMessage } from "../store/index.ts";
import { noteOperation } from "../operations/index.ts";
import { noteOwnerWords } from "../onward/index.ts";
import { noteStep } from "../work/index.ts";
import { innerOf, noteKept } from "./inherited.ts";
import { findHub } from "./hubs.ts";
import type { Office } from "./office.ts";
import { seriesOf } from "./series.ts";
import { shownOf } from "./shown.ts";

/** A message that is ready to be stored and sent. */
export interface Outgoing {
  readonly draft: Pick<Draft, "type" | "crimes" | "audience">;
  readonly composed: Composed;
  readonly storedAt: EpochMs;
  /** The higher, the sooner it is sent; by its urgency when left out. */
  readonly rank?: number;
}

/** What it says of itself, by both headers. */
function headerOf({ envelope, parts }: Composed): Envelope {
  return statedHeader(envelope, innerOf(parts));
}

/** A message as the store keeps it, before it has a place there. */
export function messageOf({ draft, composed, storedAt }: Outgoing): Omit<StoredMessage, "seq"> {
  const { envelopeDigest: digest, message: raw, parts } = composed;
  const { type, crimes, audience } = draft;
  const shown = { ...shownOf(headerOf(composed)), type, crimes, audience };
  return { ...shown, box: "out", state: "QUEUED", storedAt, digest, raw, parts };
}

/** Gives the message the next number in each of its channels. Runs inside a write: numbers never collide. */
function addPublications(office: Office, { composed, rank }: Outgoing, message: number): void {
  const { store, signer } = office;
  const series = seriesOf(office);
  const { urgency } = headerOf(composed);
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
      rank: rank ?? urgencyRank(urgency),
      stream: streamOf(channel),
      hub: findHub(office.register(), { originator: office.agency, channel }, office.clock.now()),
    });
    store.outbox.setChannel(channel, { series: end.series, sequence, digest, voided: stillVoided });
  }
}

/** Puts a message into the outbox, numbered, and says its place in the store. Runs inside a write. */
export function addOutgoing(office: Office, outgoing: Outgoing): number {
  const { store } = office;
  const message = store.messages.add(messageOf(outgoing));
  const { envelope, parts } = outgoing.composed;
  noteKept(store, envelope, { type: outgoing.draft.type, parts });
  noteLookups(store, { message, envelope, type: outgoing.draft.type, parts });
  const { envelopeDigest } = outgoing.composed;
  noteStep(store, { message, envelope, envelopeDigest, type: outgoing.draft.type, parts });
  noteOwnerWords(store, { message, type: outgoing.draft.type, parts });
  noteOperation(store, { message, type: outgoing.draft.type, parts });
  store.ladder.expect(message, outgoing.draft.audience);
  addPublications(office, outgoing, message);
  return message;
}
