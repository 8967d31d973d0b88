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

/** The hub of an idle line is asked every ten minutes at the least, and twice in this; a machine that slept asks at once. */
const heardForMs = 1_260_000;

/** By hub. The messages of a store are the same in every view of it. */
const heard = new WeakMap<Store["messages"], Map<string, HubTime>>();

function sideOf(aheadMs: number): Side | undefined {
  if (Math.abs(aheadMs) <= limits.maxAheadMs) return undefined;
  return aheadMs > 0 ? "AHEAD" : "BEHIND";
}

/** A hub's last word, and its time now by it. */
interface Lately {
  readonly word: HubTime;
  readonly now: EpochMs;
}

/** Of each hub; none of one that was not heard for some minutes. */
function lately({ store, clock }: Place): readonly Lately[] {
  return [...(heard.get(store.messages)?.values() ?? [])].flatMap((word) => {
    const age = clock.elapsed() - word.heardAt;
    return age > heardForMs ? [] : [{ word, now: word.issuedAt + age }];
  });
}

/**
 * The hub's time, when this machine's clock is further from it than clocks may differ; else undefined, and undefined too
 * where the hub was not heard of lately. Of several hubs all have to say so: one whose clock is wrong stops nothing but its own
 * line. Told by what hubs answered to our own questions, and by no other's word; kept in no store, so that a hub whose clock
 * lied does no harm past its lie.
 */
export function findHubTime(place: Place, side: Side): EpochMs | undefined {
  const [first, ...others] = lately(place);
  if (first === undefined) return undefined;
  // what was far when it was said, and is not any more, was put right
  const isFar = [first, ...others].every(({ word }) => sideOf(word.aheadMs) === side);
  return isFar && isJumped(place) ? Math.round(first.now) : undefined;
}

/**
 * Whether this clock does not stand where it should, going by every hub's last word and a clock that nobody sets: it was set
 * since, or the machine slept. Only the next word of one of them tells which.
 */
export function isJumped(place: Place): boolean {
  const there = lately(place);
  const isOff = ({ now }: Lately): boolean => sideOf(place.clock.now() - now) !== undefined;
  return there.length > 0 && there.every(isOff);
}

/** A word that was on its way while this clock was set looks old: that a clock that was right runs ahead takes two. */
function note({ store, clock }: Place, hub: string, word: HubTime): void {
  const words = heard.get(store.messages) ?? new Map<string, HubTime>();
  heard.set(store.messages, words);
  const last = words.get(hub);
  const before = last !== undefined && clock.elapsed() - last.heardAt <= heardForMs ? last : undefined;
  const isNews = before !== undefined && sideOf(before.aheadMs) !== "AHEAD" && before.isDoubted !== true;
  const isDoubtful = isNews && sideOf(word.aheadMs) === "AHEAD";
  words.set(hub, isDoubtful ? { ...before, isDoubted: true } : word);
} // prettier-ignore

/**
 * Reads what our hub answered to a question of ours, and compares its time with ours.
 *
 * @throws {Fault} CLOCK_BEHIND when it is dated further ahead than clocks may differ; RECEIPT_INVALID when it is not a hub's;
 * as `verifyReceipt`
 *
 * @param hub who was asked; any when left out
 */
export function readHubWord(office: Pick<Office, "agency" | "store" | "clock" | "register">, answer: Bytes, hub?: string): Receipt {
  const { clock, agency } = office;
  const { issuedAt, issuer } = parseReceipt(answer).receipt;
  const place = { register: office.register(), agency };
  // by its own time at first: what a clock that stands wrong cannot prove, would never tell us that it stands wrong
  const { isHub } = verifyReceipt(answer, { ...place, now: issuedAt });
  if (!isHub) throw new Fault("RECEIPT_INVALID", "only a hub says where its streams stand");
  if (hub !== undefined && issuer !== hub) throw new Fault("RECEIPT_INVALID", "another hub answers than was asked");
  const now = clock.now();
  note(office, issuer, { issuedAt, heardAt: clock.elapsed(), aheadMs: now - issuedAt });
  if (issuedAt > now + limits.maxAheadMs) {
    const minutes = Math.ceil((issuedAt - now) / 60_000);
    throw new Fault("CLOCK_BEHIND", `the hub's time is ${minutes} min after this clock's; set it right`);
  }
  return verifyReceipt(answer, { ...place, now }).receipt;
} // prettier-ignore
