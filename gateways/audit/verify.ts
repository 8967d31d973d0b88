import { type EpochMs, sameBytes } from "../../schemas/ground/index.ts";
import type { Clock } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { AuditTable, StoredAuditAnchor } from "../store/index.ts";
import { isAnchorProven, readAnchor } from "./anchor.ts";
import { type ChainBreak, type ChainEnd, followLines, noHash } from "./line.ts";

/** What was found wrong; the first of it. */
export interface RecordFault {
  /** Of the line, or of the signed word. */
  readonly position: number;
  /**
   * MISSING, CHANGED: a line is not there, or not as it was written. CLOCK: it is earlier than the one before and nothing
   * says why. ANCHOR: a signed word is not of this record. END_CUT: a signed word stands past the last line.
   */
  readonly why: ChainBreak["why"] | "ANCHOR" | "END_CUT";
}

/** What a look at the whole record found. */
export interface RecordCheck {
  readonly whole: boolean;
  /** The first line there is, and the last. */
  readonly from: number;
  readonly to: number;
  /** Whether the newest signed word is the agency's own, by the register in force. */
  readonly proven: boolean;
  readonly signedAt?: EpochMs;
  readonly fault?: RecordFault;
}

/** What a check needs. */
export interface CheckParts {
  readonly agency: string;
  readonly store: { readonly audit: AuditTable };
  register(): RegisterView;
  readonly clock: Pick<Clock, "now">;
}

const linesATurn = 500;
const maxAnchors = 5_000;

/** Where the record says it begins, by its newest signed word. */
function beginningOf(newest: StoredAuditAnchor | undefined): ChainEnd {
  const cut = newest === undefined ? undefined : readAnchor(newest)?.cut;
  return { position: cut?.position ?? 0, hash: cut?.hash ?? noHash, at: 0 };
}

/** Follows the lines from the front, a part of them in each turn of the event loop. */
async function followAll(
  audit: AuditTable,
  begin: ChainEnd,
  anchors: ReadonlyMap<number, StoredAuditAnchor>,
): Promise<{ readonly end: ChainEnd; readonly fault?: RecordFault }> {
  let end = begin;
  for (;;) {
    const lines = audit.from(end.position + 1, linesATurn);
    const { end: next, broken } = followLines(end, lines);
    const wrong = lines.find(({ position, hash }) => {
      const anchor = anchors.get(position);
      return anchor !== undefined && !sameBytes(anchor.hash, hash);
    });
    const other =
      wrong === undefined ? broken : earlier({ position: wrong.position, why: "ANCHOR" }, broken);
    if (other !== undefined) return { end: next, fault: other };
    end = next;
    if (lines.length < linesATurn) return { end };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function earlier(one: RecordFault, other: RecordFault | undefined): RecordFault {
  return other !== undefined && other.position <= one.position ? other : one;
}

/** Signed words on places that the record does not reach, or that say something else than their own statement. */
function faultOf(anchors: readonly StoredAuditAnchor[], end: ChainEnd): RecordFault | undefined {
  const past = anchors.find(({ position }) => position > end.position);
  if (past !== undefined) return { position: past.position, why: "END_CUT" };
  const odd = anchors.find((anchor) => readAnchor(anchor) === undefined);
  return odd === undefined ? undefined : { position: odd.position, why: "ANCHOR" };
}

/**
 * Looks at every line and every signed word there is: nothing missing, nothing changed, no time that goes back unsaid,
 * and the newest signed word the agency's own. Older words were proved when they were newest; the chain holds them.
 */
export async function checkRecord(parts: CheckParts): Promise<RecordCheck> {
  const { agency, store, clock } = parts;
  const { audit } = store;
  const anchors = audit.anchors(maxAnchors);
  const [newest] = anchors;
  const begin = beginningOf(newest);
  const byPosition = new Map(anchors.map((anchor) => [anchor.position, anchor]));
  const { end, fault: broken } = await followAll(audit, begin, byPosition);
  const fault = broken ?? faultOf(anchors, end);
  const place = { register: parts.register(), agency, now: clock.now() };
  const proven = newest !== undefined && isAnchorProven(newest, place);
  return {
    whole: fault === undefined,
    from: begin.position + 1,
    to: end.position,
    proven,
    ...(newest === undefined ? {} : { signedAt: newest.at }),
    ...(fault === undefined ? {} : { fault }),
  };
}
