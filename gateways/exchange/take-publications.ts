import { decodeMessage, decodePublication, parseEnvelope } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  type FaultCode,
  isFault,
  makeUuid,
  renderUuid,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import type { StoredMessage } from "../store/index.ts";
import type { Office } from "./office.ts";
import { type ProvenInside, verifyInside } from "./verify/inside.ts";
import { type ProvenOutside, verifyOutside, type VerifyPlace } from "./verify/outside.ts";

/** A publication as it was found. Nothing of it is believed. */
export interface Arrival {
  readonly subject: string;
  readonly bytes: Bytes;
  /** Its place in the store, when it lies in quarantine and is judged again. */
  readonly quarantined?: number | undefined;
}

/** What a batch needs beside the office. */
export interface TakeDuties {
  /** Fetches a newer register if there may be one; says whether it changed. */
  refreshRegister(): Promise<boolean>;
  /** Chains that moved. */
  held(chains: readonly number[]): void;
}

type Judged =
  | { readonly arrival: Arrival; readonly outside: ProvenOutside; readonly inside?: ProvenInside }
  | { readonly arrival: Arrival; readonly fault: Fault };

/** Faults that a newer register, or only time, may undo; what lies there for them is judged again. */
export const registerCodes: readonly FaultCode[] = [
  "AGENCY_UNKNOWN",
  "CERT_UNKNOWN",
  "CERT_STATUS_UNKNOWN",
  "CERT_NOT_YET_VALID",
  "CERT_EXPIRED",
  "MANDATE_MISSING",
  "MANDATE_SUSPENDED",
  "REGISTER_STALE",
  "ENVELOPE_FROM_FUTURE",
];

/** Faults that come with time to what was good before. */
const agingCodes: readonly FaultCode[] = [...registerCodes, "CERT_REVOKED", "ENVELOPE_EXPIRED"];

/** Bodies opened at the same time; the arithmetic runs on four threads. */
const openedAtOnce = 8;

function isKnown({ store }: Office, { envelope, envelopeDigest }: ProvenOutside): boolean {
  const known = store.messages.known("in", envelope.originator, envelope.id);
  return known !== undefined && sameBytes(known.digest, envelopeDigest);
}

async function judge(office: Office, arrival: Arrival): Promise<Judged> {
  const { agency, keys, clock, log } = office;
  const place: VerifyPlace = { register: office.register(), agency, keys, now: clock.now() };
  try {
    if (place.register.expiresAt <= place.now) {
      throw new Fault("REGISTER_STALE", "the register is out of date; nothing can be judged by it");
    }
    const outside = verifyOutside(arrival, place);
    // the body of a message held already was proved when it came first
    if (isKnown(office, outside)) return { arrival, outside };
    return { arrival, outside, inside: await verifyInside(outside, place) };
  } catch (error) {
    if (!isFault(error))
      log.error("a publication could not be judged", { subject: arrival.subject });
    return { arrival, fault: toFault(error, "INTERNAL") };
  }
}

async function judgeAll(office: Office, arrivals: readonly Arrival[]): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (let at = 0; at < arrivals.length; at += openedAtOnce) {
    const some = arrivals.slice(at, at + openedAtOnce);
    judged.push(...(await Promise.all(some.map((arrival) => judge(office, arrival)))));
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
  const { envelope, envelopeDigest: digest, message: raw } = outside;
  const { type, crimes, recipients, parts } = inside;
  const { id, originator, recs, handling, urgency, status, createdAt, expiresAt } = envelope;
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
  return {
    ...shown,
    box: "in",
    state: "VERIFIED",
    storedAt,
    digest,
    audience: recipients,
    raw,
    parts,
  };
}

type Claimed = Pick<
  StoredMessage,
  | "originator"
  | "type"
  | "crimes"
  | "recs"
  | "handling"
  | "urgency"
  | "status"
  | "createdAt"
  | "expiresAt"
>;

const unreadable: Claimed = {
  originator: "",
  type: "",
  crimes: [],
  recs: [],
  handling: "",
  urgency: "",
  status: "",
  createdAt: 0,
  expiresAt: 0,
};

/** What an unproved publication claims to be, for the one who looks into the quarantine. */
function claimsOf({ bytes }: Arrival): Claimed & { readonly id?: Bytes; readonly digest?: Bytes } {
  try {
    const { envelope } = decodeMessage(decodePublication(bytes).message);
    const {
      originator,
      type = "",
      crimes,
      recs,
      handling,
      urgency,
      status,
      createdAt,
      expiresAt,
      id,
    } = parseEnvelope(envelope);
    const shown = {
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
    return { ...shown, id, digest: sha256(envelope) };
  } catch (error) {
    if (isFault(error)) return unreadable;
    throw error;
  }
}

/** Whether this is a message we proved and hold, handed over again when it no longer could be proved. */
function isHeldAlready({ store }: Office, arrival: Arrival, { code }: Fault): boolean {
  if (!agingCodes.includes(code)) return false;
  const { originator, id, digest } = claimsOf(arrival);
  if (id === undefined || digest === undefined) return false;
  const known = store.messages.known("in", originator, id);
  return known !== undefined && sameBytes(known.digest, digest);
}

/** Stores what could not be proved, under an id of our own: what it calls itself is not believed. */
function quarantine(office: Office, arrival: Arrival, fault: Fault): readonly number[] {
  const { store, clock, chance, log } = office;
  const digest = sha256(arrival.bytes);
  if (store.messages.isQuarantined(digest) || isHeldAlready(office, arrival, fault)) return [];
  const { subject, bytes: raw } = arrival;
  const storedAt = clock.now();
  const { id: _claimed, digest: _envelope, ...claims } = claimsOf(arrival);
  const id = makeUuid(storedAt, chance);
  log.warn("quarantined", { code: fault.code, subject, messageId: renderUuid(id) });
  const own = { box: "in", id, digest, storedAt, audience: [], subject, raw } as const;
  return [store.messages.add({ ...claims, ...own, state: "QUARANTINED", code: fault.code })];
}

/** Puts a proven publication in its place. Runs inside a write. */
function keep(
  office: Office,
  judged: Exclude<Judged, { fault: Fault }>,
): { messages: readonly number[]; chain?: number } {
  const { store, clock, log } = office;
  const { arrival, outside, inside } = judged;
  const { envelope, envelopeDigest, slip, slipDigest, channel } = outside;
  const known = store.messages.known("in", envelope.originator, envelope.id);
  if (known !== undefined && !sameBytes(known.digest, envelopeDigest)) {
    const fault = new Fault("ENVELOPE_ID_REUSED", "this sender used the id for other content");
    return { messages: quarantine(office, arrival, fault) };
  }
  const now = clock.now();
  if (arrival.quarantined !== undefined) store.messages.remove(arrival.quarantined);
  const messages =
    known === undefined && inside !== undefined
      ? [store.messages.add(messageOf(outside, inside, now))]
      : [];
  const { originator } = envelope;
  const { series, sequence, previous, voided } = slip;
  const held = { originator, channel, series, sequence, previous, voided, digest: slipDigest };
  const { chain, breaks } = store.chains.advance(held, now);
  if (breaks)
    log.error("a sender's slips contradict each other", {
      code: "SLIP_CHAIN_BROKEN",
      agency: originator,
      channel,
    });
  return { messages, chain: chain.seq };
}

/**
 * Builds what takes publications: proves each of a batch, stores the proved in the inbox and the others in
 * quarantine in one write, and moves the senders' chains on. Resolves when all of it is on the disk; taking
 * the same batch again changes nothing.
 */
export function makeTakePublications(
  office: Office,
  duties: TakeDuties,
): (arrivals: readonly Arrival[]) => Promise<void> {
  const { store } = office;
  return async (arrivals) => {
    let judged = await judgeAll(office, arrivals);
    if (judged.some(hangsOnRegister) && (await duties.refreshRegister())) {
      const again = await judgeAll(
        office,
        judged.filter(hangsOnRegister).map(({ arrival }) => arrival),
      );
      judged = [...judged.filter((one) => !hangsOnRegister(one)), ...again];
    }
    const kept = await store.write(() =>
      judged.map((one) =>
        "fault" in one
          ? { messages: quarantine(office, one.arrival, one.fault) }
          : keep(office, one),
      ),
    );
    duties.held(kept.flatMap(({ chain }) => chain ?? []));
    office.changed(kept.flatMap(({ messages }) => messages));
  };
}
