import { limits, regionalFields } from "../../schemas/index.ts";
import { Fault, renderUuid } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import { withPlainReason } from "./plain-reason.ts";
import { bodyFor, type HeldPair, type Members, membersOf } from "./paired.ts";

const type = "data.correct";

/** Changes of fields that the region sees. */
function changesFor({ regional }: HeldPair, changes: unknown): readonly unknown[] {
  const shown = regionalFields(regional.type);
  return (Array.isArray(changes) ? changes : []).filter((change: unknown) => {
    const { pointer } = membersOf(change);
    return typeof pointer === "string" && shown?.has(pointer.split("/", 2)[1] ?? "") === true;
  });
}

function regionalReaders(store: Store, { regional }: HeldPair): readonly string[] {
  const readers = store.ladder.readers(regional.seq).map(({ reader }) => reader);
  if (readers.length <= limits.maxDirectRecipients) return readers;
  const message = `the regional edition has more than ${limits.maxDirectRecipients} readers; send the whole message anew with supersedes, which goes to both`;
  throw new Fault("SCHEMA_INVALID", message, { violations: [{ path: "/body/changes", code: "SCHEMA_FIELD_ITEMS", message }] });
} // prettier-ignore

/** A correction of one of two editions, and what the other one's readers are told. */
export interface PairedCorrection {
  readonly own: Members;
  /** Undefined where nothing changes that the region sees. */
  readonly regional?: Members | undefined;
}

/**
 * A correction of one of two editions made to correct both: whoever was told in the name as it was written, the region's
 * readers of the fields they see, and of nothing else.
 *
 * @throws {Fault} SCHEMA_INVALID where the regional edition has more readers than one message may name
 */
export function pairCorrection(store: Store, submission: Members, pair: HeldPair): PairedCorrection {
  const { nominal, regional } = pair;
  const { crimes, recipients, status, body: said } = submission;
  const body = membersOf(said);
  const isOfRegional = body["targetId"] === renderUuid(regional.id);
  const own = {
    ...submission,
    ...(isOfRegional ? { recipients: nominal.audience } : {}),
    body: bodyFor(store, { type, body }, "nominal"),
  };
  const { correctionReason, effectiveAt, deadline, targetId, correctedId } = withPlainReason(type, bodyFor(store, { type, body }, "regional"));
  const changes = changesFor(pair, body["changes"]);
  if (changes.length === 0 && correctedId === undefined) return { own };
  const told = { targetId, correctionReason, changes, correctedId, effectiveAt, deadline };
  const readers = isOfRegional ? recipients : regionalReaders(store, pair);
  return { own, regional: { type, crimes, status, handling: regional.handling, recipients: readers, body: told } };
} // prettier-ignore
