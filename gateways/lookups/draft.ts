import type { EpochMs } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { LookupSubject } from "./find.ts";

/** A hit that its owner is to be told of. */
export interface HitToTell {
  readonly subject: LookupSubject;
  readonly record: {
    readonly id: string;
    readonly originator: string;
    readonly crimes: readonly string[];
    readonly handling: string;
    readonly threadId?: string | undefined;
  };
  readonly basis: string;
  readonly purpose?: string | undefined;
  readonly foundAt: EpochMs;
  /** The age of the copy that gave the hit. */
  readonly dataAsOf: EpochMs;
}

type Json = Readonly<Record<string, unknown>>;

/** What was found, as far as the question said it; never what the record says. */
function makeFound({ subject, basis }: HitToTell): Json {
  const { kind, identifier, issuerCountry, documentType: type } = subject;
  if (kind === "DOCUMENT" && issuerCountry !== undefined && type !== undefined) {
    return { document: { type, number: identifier, issuerCountry } };
  }
  if (kind === "VEHICLE" && basis === "PLATE") {
    const country = issuerCountry === undefined ? {} : { plateCountry: issuerCountry };
    return { vehicle: { plate: identifier, ...country } };
  }
  return kind === "FIREARM" ? { firearm: { serial: identifier } } : {};
}

/**
 * A `hit.notice` to the owner of a record, begun: where it was found, what was done and by when an answer is needed are for the
 * officer to fill in. It is neither stored nor sent.
 */
export function makeHitDraft(hit: HitToTell): Json {
  const { record, basis, purpose, foundAt, dataAsOf } = hit;
  return {
    type: "hit.notice",
    crimes: record.crimes,
    recipients: [record.originator],
    handling: record.handling,
    // it stands in the record's own thread, so that what becomes of the record ends the hit
    threadId: record.threadId ?? record.id,
    inReplyTo: record.id,
    ...(purpose === undefined ? {} : { inner: { purposes: [purpose] } }),
    body: {
      recordId: record.id,
      foundAt: renderInstant(foundAt),
      copyAsOf: renderInstant(dataAsOf),
      matchBasis: [basis],
      ...makeFound(hit),
    },
  };
}
