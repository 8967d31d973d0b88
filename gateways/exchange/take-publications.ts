import { checkFresh } from "../../schemas/index.ts";
import { Fault, type EpochMs, isFault, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { checkUsable } from "../../certs/trust/index.ts";
import { noteLookups } from "../lookups/index.ts";
import type { CameKey, StoredMessage } from "../store/index.ts";
import { type AskAdmission, findAdmittedAt } from "./admitted.ts";
import { noteOperation } from "../operations/index.ts";
import { noteOwnerWords, noteWords } from "../onward/index.ts";
import { noteStep } from "../work/index.ts";
import { noteKept } from "./inherited.ts";
import { findContentKey } from "./keys/content-key.ts";
import { takeKeys } from "./keys/take-keys.ts";
import { hasKeyNow, judgeWaiting } from "./keys/wait.ts";
import type { Office } from "./office.ts";
import { placeArrival } from "./log-place.ts";
import { shownOf } from "./shown.ts";
import {
  type Arrival,
  isHeldAlready,
  isKeyless,
  quarantine,
  type Refused,
  registerCodes,
} from "./quarantine.ts";
import { type ProvenInside, verifyInside } from "./verify/inside.ts";
import { type ProvenOutside, verifyOutside, type VerifyPlace } from "./verify/outside.ts";
import { checkRelayedType } from "./verify/relayed.ts";

/** What a batch needs beside the office. */
export interface TakeDuties {
  /** Fetches a newer register if there may be one; says whether it changed. */
  refreshRegister(): Promise<boolean>;
  /** Asks the hub when it took a message; nobody is asked when it is left out. */
  readonly askAdmission?: AskAdmission | undefined;
  /** Chains that moved. */
  held(chains: readonly number[]): void;
}

interface Proven {
  readonly arrival: Arrival;
  readonly outside: ProvenOutside;
  /** Absent when the message is held already. */
  readonly inside?: ProvenInside;
}

type Judged = Proven | Refused;

/** What one publication changed, and what is to be done for it once that is on the disk. */
interface Kept {
  readonly messages: readonly number[];
  readonly chain?: number;
  /** Keys it brought. */
  readonly came?: readonly CameKey[];
  /** It waits for a key that came while it was judged. */
  readonly again?: Arrival;
}

/** Bodies opened at the same time; the arithmetic runs on four threads. */
const openedAtOnce = 8;

function isKnown({ store }: Office, { envelope, envelopeDigest }: ProvenOutside): boolean {
  const known = store.messages.known("in", envelope.originator, envelope.id);
  return known !== undefined && sameBytes(known.digest, envelopeDigest);
}

function placeOf(office: Office): VerifyPlace {
  const { agency, keys, store, clock } = office;
  const findKey: VerifyPlace["findContentKey"] = (message, name) =>
    findContentKey(store, message, name);
  const { ceiling } = office;
  return {
    agency,
    keys,
    findContentKey: findKey,
    register: office.register(),
    ceiling,
    now: clock.now(),
  };
}

const nobodyAnswers: AskAdmission = () => Promise.resolve(undefined);

/** When the hub took it; what it is refused for stands where that is not known and time alone may have ended it. */
async function findThen(
  office: Office,
  arrival: Arrival,
  { ask, refusal }: { ask: AskAdmission; refusal: Fault },
): Promise<EpochMs | undefined> {
  try {
    return await findAdmittedAt(office, arrival, ask);
  } catch (error) {
    if (refusal.code === "CERT_EXPIRED" && isFault(error, "ADMISSION_AWAITED")) throw refusal;
    throw error;
  }
}

const endedCodes: readonly string[] = ["CERT_REVOKED", "CERT_EXPIRED"];

/** What was signed with a certificate that was revoked since, or ended, is good when the hub took it before. */
async function proveOutside(
  office: Office,
  arrival: Arrival,
  { place, ask = nobodyAnswers }: { place: VerifyPlace; ask: AskAdmission | undefined },
): Promise<{ readonly outside: ProvenOutside; readonly place: VerifyPlace }> {
  try {
    return { outside: verifyOutside(arrival, place), place };
  } catch (error) {
    if (!isFault(error) || !endedCodes.includes(error.code)) throw error;
    if (isHeldAlready(office, arrival, error)) throw error;
    const provenAt = await findThen(office, arrival, { ask, refusal: error });
    if (provenAt === undefined) throw error;
    const then = { ...place, provenAt };
    return { outside: verifyOutside(arrival, then), place: then };
  }
}

/** Keys disclose nothing by themselves; each body that one opens is judged by its own class. */
function checkClass(
  { register, now }: VerifyPlace,
  { envelope }: ProvenOutside,
  { type }: ProvenInside,
): void {
  if (!type.startsWith("key.")) checkUsable(register, now, envelope.handling);
}

async function judge(office: Office, arrival: Arrival, ask?: AskAdmission): Promise<Judged> {
  const { log } = office;
  const asked = placeOf(office);
  let keyless: ProvenOutside | undefined;
  let inside: ProvenInside | undefined;
  try {
    checkUsable(asked.register, asked.now);
    const { outside, place } = await proveOutside(office, arrival, { place: asked, ask });
    // the body of a message held already was proved when it came first
    if (isKnown(office, outside)) return { arrival, outside };
    keyless = outside;
    inside = await verifyInside(outside, place);
    // direct mail says its own end inside
    checkFresh(inside.header, place.now);
    checkClass(place, outside, inside);
    checkRelayedType(place, outside, inside.type);
    return { arrival, outside, inside };
  } catch (error) {
    if (!isFault(error))
      log.error("a publication could not be judged", { subject: arrival.subject });
    return { arrival, fault: toFault(error, "INTERNAL"), keyless, header: inside?.header };
  }
}

async function judgeAll(
  office: Office,
  arrivals: readonly Arrival[],
  ask: AskAdmission | undefined,
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (let at = 0; at < arrivals.length; at += openedAtOnce) {
    const some = arrivals.slice(at, at + openedAtOnce);
    judged.push(...(await Promise.all(some.map((arrival) => judge(office, arrival, ask)))));
  }
  return judged;
}

function hangsOnRegister(judged: Judged): boolean {
  return "fault" in judged && registerCodes.includes(judged.fault.code);
}

function messageOf(
  outside: ProvenOutside,
  inside: ProvenInside,
  storedAt: EpochMs,
): Omit<StoredMessage, "seq"> {
  const { envelopeDigest: digest, message: raw } = outside;
  const { type, crimes, recipients, parts, header } = inside;
  return {
    ...shownOf(header),
    type,
    crimes,
    box: "in",
    state: "VERIFIED",
    storedAt,
    digest,
    audience: recipients,
    raw,
    parts,
  };
}

/** Puts the message of a proven publication, which is not there, into the inbox. */
function addMessage(office: Office, { outside, inside }: Proven): Kept {
  const { store, clock } = office;
  const { originator } = outside.envelope;
  if (inside === undefined) return { messages: [] };
  // it was taken back, and is proved now
  store.rechecks.drop(outside.envelopeDigest);
  const message = store.messages.add(messageOf(outside, inside, clock.now()));
  noteKept(store, outside.envelope, inside);
  const { type, parts } = inside;
  const { envelope, envelopeDigest } = outside;
  noteLookups(store, { message, envelope, type, parts });
  noteStep(store, { message, envelope, envelopeDigest, type, parts });
  noteOwnerWords(store, { message, type, parts });
  noteOperation(store, { message, type, parts });
  noteWords(office, { message, type, parts });
  return { messages: [message], came: takeKeys(office, { message, originator, type, parts }) };
}

/** Puts a proven publication in its place. Runs inside a write. */
function keep(office: Office, proven: Proven): Kept {
  const { store, clock, log } = office;
  const { arrival, outside } = proven;
  const { envelope, envelopeDigest, slip, slipDigest, channel } = outside;
  const { originator } = envelope;
  const known = store.messages.known("in", originator, envelope.id);
  if (known !== undefined && !sameBytes(known.digest, envelopeDigest)) {
    const fault = new Fault("ENVELOPE_ID_REUSED", "this sender used the id for other content");
    return { messages: quarantine(office, { arrival, fault }) };
  }
  if (arrival.quarantined !== undefined) store.messages.remove(arrival.quarantined);
  else if (known !== undefined && arrival.byHand !== true)
    store.carried.link(envelopeDigest, clock.now());
  const added = known === undefined ? addMessage(office, proven) : { messages: [] };
  const { series, sequence, previous, voided } = slip;
  const held = { originator, channel, series, sequence, previous, voided, digest: slipDigest };
  const { chain, breaks } = store.chains.advance(held, clock.now());
  if (breaks)
    log.error("a sender's slips contradict each other", {
      code: "SLIP_CHAIN_BROKEN",
      agency: originator,
      channel,
    });
  return { ...added, chain: chain.seq };
}

function settle(office: Office, judged: Judged): Kept {
  placeArrival(office, judged);
  if (!("fault" in judged)) return keep(office, judged);
  if (isKeyless(judged) && hasKeyNow(office, judged.keyless)) {
    return { messages: [], again: judged.arrival };
  }
  return { messages: quarantine(office, judged) };
}

/** A batch, and by which register it was judged. */
interface JudgedBatch {
  readonly judged: readonly Judged[];
  readonly key: string;
}

/** Judges a batch, once more when a newer register came for what hangs on it. */
async function judgeBatch(
  office: Office,
  arrivals: readonly Arrival[],
  duties: TakeDuties,
): Promise<JudgedBatch> {
  const { key } = office.register();
  const judged = await judgeAll(office, arrivals, duties.askAdmission);
  if (!judged.some(hangsOnRegister) || !(await duties.refreshRegister())) return { judged, key };
  const newer = office.register().key;
  const again =
    newer === key ? judged.filter(hangsOnRegister).map(({ arrival }) => arrival) : arrivals;
  const others = newer === key ? judged.filter((one) => !hangsOnRegister(one)) : [];
  const more = await judgeAll(office, again, duties.askAdmission);
  return { judged: [...others, ...more], key: newer };
}

/** Judges and stores a batch. What was judged by a register that is not in force any more is judged again: what the next one revokes has been looked for already. */
async function judgeAndStore(
  office: Office,
  arrivals: readonly Arrival[],
  duties: TakeDuties,
): Promise<readonly Kept[]> {
  for (;;) {
    const { judged, key } = await judgeBatch(office, arrivals, duties);
    const kept = await office.store.write(() =>
      office.register().key === key ? judged.map((one) => settle(office, one)) : undefined,
    );
    if (kept !== undefined) return kept;
  }
}

/**
 * Builds what takes publications: proves each of a batch, stores the proved in the inbox and the others in
 * quarantine in one write, and moves the senders' chains on. A key that comes opens what waited for it. Resolves when
 * all of it is on the disk; taking the same batch again changes nothing.
 */
export function makeTakePublications(
  office: Office,
  duties: TakeDuties,
): (arrivals: readonly Arrival[]) => Promise<void> {
  const takeBatch = async (arrivals: readonly Arrival[]): Promise<readonly Kept[]> => {
    const kept = await judgeAndStore(office, arrivals, duties);
    duties.held(kept.flatMap(({ chain }) => chain ?? []));
    office.changed(kept.flatMap(({ messages }) => messages));
    return kept;
  };
  return async (arrivals) => {
    const kept = await takeBatch(arrivals);
    const again = kept.flatMap((one) => one.again ?? []);
    if (again.length > 0) await takeBatch(again);
    const came = kept.flatMap((one) => one.came ?? []);
    await judgeWaiting(office, came, async (lying) => void (await takeBatch(lying)));
  };
}
