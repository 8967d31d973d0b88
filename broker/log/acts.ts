import {
  type AgencyActQuestion,
  encodeLogAnswer,
  type LogAnswer,
  logStreams,
  parseLogActQuestion,
  parseLogLeaf,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Clock,
  type EpochMs,
  Fault,
  sameBytes,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Book } from "./book.ts";
import { agencyActLeaf } from "./leaves.ts";
import type { Pending } from "./pending.ts";
import { type LogPlace, seriesOf } from "./place.ts";
import type { Positions } from "./positions.ts";

/** Enters administrative acts of agencies. */
export interface ActDesk {
  /**
   * Enters an act of this agency, or says why not; never throws. The origin is the server's word. The same act again is the
   * one that stands there, whichever broker is asked and however often.
   */
  enterAct(origin: string, question: Bytes): Bytes;
}

/** What acts are entered with. */
export interface ActOptions {
  readonly book: () => Book | undefined;
  readonly pending: Pick<Pending, "has" | "offer">;
  readonly positions: Pick<Positions, "find">;
  readonly wake: () => void;
  readonly clock: Clock;
}

type Said = Partial<Pick<LogAnswer, "last" | "refused">>;

/** New acts of one agency in an hour: far above what people do, far below what would fill a log. */
const maxAnHour = 120;
const hourMs = 3_600_000;
const maxAgencies = 2_000;

function makeMeter(clock: Clock): (origin: string) => void {
  const counted = new Map<string, { readonly since: EpochMs; count: number }>();
  return (origin) => {
    const now = clock.elapsed();
    const before = counted.get(origin);
    const isOver = before === undefined || now - before.since >= hourMs;
    const hour = isOver ? { since: now, count: 0 } : before;
    if (hour.count >= maxAnHour) {
      throw new Fault("QUOTA_EXCEEDED", `at most ${maxAnHour} acts of one agency are entered an hour`);
    }
    hour.count += 1;
    if (isOver && counted.size >= maxAgencies) counted.clear();
    counted.set(origin, hour);
  };
} // prettier-ignore

function isStanding(bytes: Bytes, { act, commitment }: AgencyActQuestion): boolean {
  const leaf = parseLogLeaf(bytes);
  const bound = leaf.commitment ?? new Uint8Array();
  return leaf.act === act && sameBytes(bound, commitment);
}

/** Builds what enters them. */
export function makeActDesk({ book, pending, positions, wake, clock }: ActOptions): ActDesk {
  const meter = makeMeter(clock);

  const judgeOld = (at: Book, place: LogPlace, question: AgencyActQuestion): Said => {
    const index = positions.find(place);
    const last = at.state.head.marks.get(seriesOf(place))?.last ?? 0;
    const isSame = index !== undefined && isStanding(at.folder.tiles.leaf(index), question);
    return isSame ? { last } : { last, refused: "LOG_ACT_OTHER" };
  };

  const enter = (origin: string, bytes: Bytes): Said => {
    const question = parseLogActQuestion(bytes);
    const at = book();
    if (at === undefined) throw new Fault("HUB_STREAM_WRITE_FAILED", "the log is not open yet");
    const { act, commitment, sequence } = question;
    const place = { stream: logStreams.journal, instance: origin, sequence };
    const { last = 0 } = at.state.head.marks.get(seriesOf(place)) ?? {};
    if (sequence <= last) return judgeOld(at, place, question);
    // a number that was left out would look like an act that was hidden
    if (sequence > last + 1) return { last, refused: "LOG_ACT_OTHER" };
    if (!pending.has(place)) {
      meter(origin);
      pending.offer(place, agencyActLeaf({ origin, sequence, time: clock.now(), act, commitment }));
      wake();
    }
    return { last };
  };

  return {
    enterAct: (origin, question) => {
      try {
        return encodeLogAnswer({ hashes: [], leaves: [], ...enter(origin, question) });
      } catch (error) {
        const refused = toFault(error, "INTERNAL").code;
        return encodeLogAnswer({ hashes: [], leaves: [], refused });
      }
    },
  };
}
