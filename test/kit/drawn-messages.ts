/**
 * Messages that figures are counted from, drawn at random and put into a store past the gateway: of us and of another, in place
 * of each other, taken back, corrected, of one moment, refused, only practised.
 */
import type { Store } from "../../gateways/store/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { decodeInnerHeader, encodeInnerHeader } from "../../schemas/gen/index.ts";
import { type Bytes, parseUuid, systemChance } from "../../schemas/ground/index.ts";
import { decodeParts, encodeBody, joinParts, makeParts, type MessageType, parseBody, renderParts } from "../../schemas/index.ts"; // prettier-ignore
import { type Dice, makeDice, pick } from "./dice.ts";

const dayMs = 86_400_000;
const variants = 20;
const poolSize = 200;

type Said = Readonly<Record<string, unknown>>;

/** The id of the drawn message of a number, the same in every draw, so that bodies can name it. */
function idOf(number: number): string {
  return `01a1f000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

const some = (dice: Dice): string => idOf(dice(poolSize));
const country = (dice: Dice): string => pick(dice, ["ZM", "MW", "BI"]);

function maybe<T>(dice: Dice, value: T): T | undefined {
  return dice(3) === 0 ? undefined : value;
}

function profile(dice: Dice, role: string): Said {
  return { role, sex: pick(dice, ["F", "M", "X"]), ageBand: pick(dice, ["AGE_30_38", "MINOR", "UNKNOWN"]), nationality: country(dice), count: 1 + dice(14) };
} // prettier-ignore

function happened(dice: Dice): Said {
  return { arrested: maybe(dice, dice(30)), victims: maybe(dice, dice(40)), profiles: [profile(dice, "VICTIM"), profile(dice, "WITNESS")], persons: [], relatedIds: [] };
} // prettier-ignore

function goods(dice: Dice): Said {
  return { kind: pick(dice, ["IVORY", "COCAINE"]), quantity: { value: String(dice(9) / 4), unit: pick(dice, ["KG", "KG", "PIECE"]) }, estimatedValue: { amount: String(100 + dice(900)), currency: pick(dice, ["USD", "USD", "ZMW"]) } };
} // prettier-ignore

function held(dice: Dice): Said {
  const persons = Array.from({ length: 1 + dice(9) }, (_, i) => ({ roles: ["SUSPECT"], names: [{ kind: "LEGAL", full: `A. Example ${i}` }], ref: `p${i}`, sex: pick(dice, ["F", "M"]), birth: { year: 1985 + dice(30) }, nationalities: [country(dice)] }));
  return { stage: "DETAINED", persons, care: persons.map(({ ref }) => ({ ref, guardian: true })), acceptedBy: undefined, detainedBy: maybe(dice, pick(dice, ["ng/tcu", "gh/tcu"])) };
} // prettier-ignore

/** What corrections say: of persons, of trafficking, and what leads nowhere. */
const corrected: readonly ((dice: Dice) => Said)[] = [
  (dice) => ({ pointer: pick(dice, ["/arrests", "/victims", "/nothing"]), change: "REPLACED", newValue: String(dice(25)) }),
  () => ({ pointer: "/traffickingStatus", change: "REPLACED", newValue: '"POSSIBLE"' }),
  () => ({ pointer: "/movement", change: "REPLACED", newValue: '"DOMESTIC"' }),
]; // prettier-ignore

const changes: Readonly<Partial<Record<MessageType, (dice: Dice) => Said>>> = {
  "seizure.report": (dice) => ({ arrests: dice(15), profiles: [profile(dice, "SUSPECT"), profile(dice, "WITNESS")], persons: [], operationId: undefined, relatedIds: pick(dice, [[], [some(dice)]]), commodities: [goods(dice), goods(dice)] }),
  "alert.incident": (dice) => ({ ...happened(dice), relatedIds: pick(dice, [[], [some(dice)]]) }),
  "alert.update": (dice) => ({ ...happened(dice), targetId: some(dice) }),
  "suspect.handover": held,
  "som.movement": (dice) => ({ caseRef: `M-${dice(30)}`, smuggled: [profile(dice, "SMUGGLED_PERSON")], smuggledTotal: 14 + dice(30), price: { amount: String(500 + dice(9)), currency: "USD" } }),
  "outcome.judicial": (dice) => ({ personsCharged: 40, personsConvicted: dice(20), personsAcquitted: dice(20), crimes: [pick(dice, ["arms", "drugs"])], parentIds: [some(dice)] }),
  "tip.victim": (dice) => ({ victimRef: `NG-V-${100 + dice(900)}`, caseRef: `C-${dice(90)}`, traffickingStatus: pick(dice, ["ACTUAL", "ACTUAL", "POSSIBLE", "NOT"]), sex: pick(dice, ["F", "M"]), ageBand: pick(dice, ["MINOR", "ADULT"]), citizenships: [country(dice)], exploitation: [pick(dice, ["SERVITUDE", "FORCED_LABOUR"])] }),
  "tip.case": (dice) => ({ caseRef: `C-${dice(90)}`, movement: pick(dice, ["DOMESTIC", "CROSS_BORDER"]), exploitation: [pick(dice, ["SERVITUDE", "FORCED_LABOUR"])], events: Array.from({ length: 1 + dice(4) }, () => ({ type: "TRANSIT" })) }),
  "tip.perpetrator": (dice) => ({ perpetratorRef: `NG-P-${100 + dice(40)}`, caseRef: `C-${dice(20)}`, justiceStage: pick(dice, ["INVESTIGATED", "PROSECUTED", "CONVICTED", "ACQUITTED", "WITHDRAWN"]) }),
  "tip.referral": (dice) => ({ victimRef: `NG-V-${100 + dice(40)}`, stage: "STARTED", acceptedOn: { year: 2026 }, sex: undefined, ageBand: undefined }),
  "data.correct": (dice) => ({ targetId: some(dice), correctionReason: "ERROR", subjectRefs: undefined, changes: [pick(dice, corrected)(dice)], effectiveAt: "2026-01-01T00:00:00Z" }),
}; // prettier-ignore

const types: readonly MessageType[] = [
  "seizure.report", "seizure.report", "alert.incident", "alert.incident", "alert.update", "suspect.handover", "som.movement", "som.movement", "outcome.judicial",
  "suspect.handover", "request.information", ...Array<MessageType>(6).fill("tip.victim"), ...Array<MessageType>(5).fill("tip.case"), "tip.perpetrator", "tip.perpetrator", "tip.referral", "tip.referral", "data.correct", "data.correct", "data.correct", "data.correct",
]; // prettier-ignore

/** To make one body takes longer than all else of a message, so a few of each type serve for all. */
function makeBodies(dice: Dice): ReadonlyMap<MessageType, readonly Bytes[]> {
  return new Map([...new Set(types)].map((type) => [type, Array.from({ length: variants }, () => encodeBody(type, parseBody(type, { ...exampleOf(type).body, ...changes[type]?.(dice) })))]));
} // prettier-ignore

/** What of a stored message every drawn one has too. */
interface Mould {
  readonly raw: Bytes;
  readonly digest: Bytes;
  readonly parts?: Bytes | undefined;
}

interface Drawn {
  readonly id: string;
  readonly type: MessageType;
  readonly from: string;
  readonly at: number;
}

function drawOne(dice: Dice, { number, before, now }: { readonly number: number; readonly before: readonly Drawn[]; readonly now: number }): Drawn {
  const last = before.at(-1);
  if (last !== undefined && dice(6) === 0) return { ...last, id: idOf(number) };
  return { id: idOf(number), type: pick(dice, types), from: pick(dice, ["ng/tcu", "ng/tcu", "ng/tcu", "gh/tcu"]), at: now - dice(500) * (dayMs / 2) };
} // prettier-ignore

/** A message drawn before of the same sender; nobody may put his word in the place of another's. */
function earlierOf(dice: Dice, { from, type }: Drawn, before: readonly Drawn[]): string | undefined {
  const own = before.filter((one) => one.from === from && one.type === type);
  return own.length === 0 ? undefined : pick(dice, own).id;
} // prettier-ignore

/** What the store knows of a message beside it: that it takes back another, its thread, that it only passes something on. */
function noteDrawn(store: Store, dice: Dice, { seq, one, before, now }: { readonly seq: number; readonly one: Drawn; readonly before: readonly Drawn[]; readonly now: number }): void {
  const target = earlierOf(dice, one, before);
  if (target !== undefined && dice(10) === 0) store.lookups.stop(seq, [{ target: parseUuid(target), originator: one.from, word: "WITHDRAWN", at: now - dice(2) * dayMs }]);
  if (one.type === "suspect.handover") store.threads.add({ message: seq, thread: parseUuid(idOf(1_000 + dice(4))), digest: "00", follows: [] });
  if (one.type === "data.correct" && dice(6) === 0 && seq > 1) store.recalls.noteOnward(seq, seq - 1);
} // prettier-ignore

const drawnBodies = makeBodies(makeDice("bodies"));

/** Draws as many messages as bodies may name, and puts them into a store; all of it follows from the seed. */
export async function fillDrawn(store: Store, { mould, seed, now }: { readonly mould: Mould; readonly seed: string; readonly now: number }): Promise<void> {
  const dice = makeDice(seed);
  const inner = decodeInnerHeader(joinParts(decodeParts(mould.parts!).parts).innerHeader);
  const before: Drawn[] = [];
  await store.write(() => {
    for (let number = 0; number < poolSize; number += 1) {
      const one = drawOne(dice, { number, before, now });
      const { id, type, from, at } = one;
      const supersedes = dice(8) === 0 ? earlierOf(dice, one, before) : undefined;
      const header = encodeInnerHeader({ ...inner, supersedes: supersedes === undefined ? undefined : parseUuid(supersedes) });
      const parts = renderParts(makeParts(header, pick(dice, drawnBodies.get(type)!), systemChance));
      const seq = store.messages.add({
        box: from === "ng/tcu" ? "out" : "in", id: parseUuid(id), originator: from, type, raw: mould.raw, digest: mould.digest, parts,
        crimes: type.startsWith("tip.") ? ["tip"] : pick(dice, [["drugs"], ["arms", "drugs"], ["drugs", "tip"]]), recs: ["ecowas"], handling: "H1", urgency: "NORMAL",
        status: dice(15) === 0 ? "EXERCISE" : "ACTUAL", createdAt: at, expiresAt: now + dayMs, storedAt: at, state: dice(15) === 0 ? "REFUSED" : "DELIVERED", audience: [],
      });
      noteDrawn(store, dice, { seq, one, before, now });
      before.push(one);
    }
  });
} // prettier-ignore
