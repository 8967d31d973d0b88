import { limits, parseReceipt, type Receipt } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import type { Office } from "./office.ts";
import { verifyReceipt } from "./verify/receipt.ts";

type Place = Pick<Office, "store" | "clock">;

/** What a hub's clock said, and when by a clock that nobody sets. */
interface HubTime {
  readonly issuedAt: EpochMs;
  readonly heardAt: number;
  /** By how much our clock was ahead of it when it was heard; negative when behind. */
  readonly aheadMs: number;
  /** Another came after it by which this clock would be ahead, and was not believed yet. */
  readonly isDoubted?: true;
}

/** On which side of the hub's a clock stands too far. */
type Side = "BEHIND" | "AHEAD";

/** The hub is asked every two minutes at the least; a machine that slept is told anew within the same time. */
const heardForMs = 300_000;

const heard = new WeakMap<Store, HubTime>();

function sideOf(aheadMs: number): Side | undefined {
  if (Math.abs(aheadMs) <= limits.maxAheadMs) return undefined;
  return aheadMs > 0 ? "AHEAD" : "BEHIND";
}

/** The hub's last word, and its time now by it; undefined when nothing was heard of it for some minutes. */
function lately({ store, clock }: Place): { readonly word: HubTime; readonly now: EpochMs } | undefined {
  const word = heard.get(store);
  const age = word === undefined ? Infinity : clock.elapsed() - word.heardAt;
  return word === undefined || age > heardForMs ? undefined : { word, now: word.issuedAt + age };
} // prettier-ignore

/**
 * The hub's time, when this machine's clock is further from it than clocks may differ; else undefined, and undefined too
 * where the hub was not heard of lately. Told by what the hub answered to our own questions, and by no other's word; kept in
 * no store, so that a hub whose clock lied does no harm past its lie.
 */
export function findHubTime(place: Place, side: Side): EpochMs | undefined {
  const there = lately(place);
  // what was far when it was said, and is not any more, was put right
  const isFar = there !== undefined && sideOf(there.word.aheadMs) === side && isJumped(place);
  return isFar ? Math.round(there.now) : undefined;
}

/**
 * Whether this clock does not stand where it should, going by the hub's last word and a clock that nobody sets: it was set
 * since, or the machine slept. Only the hub's next word tells which.
 */
export function isJumped(place: Place): boolean {
  const there = lately(place);
  return there !== undefined && sideOf(place.clock.now() - there.now) !== undefined;
}

/** A word that was on its way while this clock was set looks old: that a clock that was right runs ahead takes two. */
function note(place: Place, word: HubTime): void {
  const before = lately(place)?.word;
  const isNews = before !== undefined && sideOf(before.aheadMs) !== "AHEAD" && before.isDoubted !== true;
  const isDoubtful = isNews && sideOf(word.aheadMs) === "AHEAD";
  heard.set(place.store, isDoubtful ? { ...before, isDoubted: true } : word);
} // prettier-ignore

/**
 * Reads what our hub answered to a question of ours, and compares its time with ours.
 *
 * @throws {Fault} CLOCK_BEHIND when it is dated further ahead than clocks may differ; RECEIPT_INVALID when it is not a hub's;
 * as `verifyReceipt`
 */
export function readHubWord(office: Pick<Office, "agency" | "store" | "clock" | "register">, answer: Bytes): Receipt {
  const { clock, agency } = office;
  const { issuedAt } = parseReceipt(answer).receipt;
  const place = { register: office.register(), agency };
  // by its own time at first: what a clock that stands wrong cannot prove, would never tell us that it stands wrong
  const { isHub } = verifyReceipt(answer, { ...place, now: issuedAt });
  if (!isHub) throw new Fault("RECEIPT_INVALID", "only a hub says where its streams stand");
  const now = clock.now();
  note(office, { issuedAt, heardAt: clock.elapsed(), aheadMs: now - issuedAt });
  if (issuedAt > now + limits.maxAheadMs) {
    const minutes = Math.ceil((issuedAt - now) / 60_000);
    throw new Fault("CLOCK_BEHIND", `the hub's time is ${minutes} min after this clock's; set it right`);
  }
  return verifyReceipt(answer, { ...place, now }).receipt;
} // prettier-ignore
