import { type EpochMs, type FaultCode, isFault, type Log } from "../../schemas/ground/index.ts";
import { type Crl, parseCrl } from "../shape/index.ts";
import type { RegisterView } from "../trust/index.ts";
import { isNamed, type OwnPair } from "./pairs.ts";

/** Until when something holds that somebody's work rests on, and how near that is. */
export interface CertificateEnd {
  /** A certificate of its own, a revocation list of its own state, or the register. */
  readonly kind: "LINK" | "SERVER" | "SIGNING" | "SEALING" | "LIST" | "REGISTER";
  readonly notAfter: EpochMs;
  /** Whole days. */
  readonly daysLeft: number;
  readonly level: EndLevel;
}

type EndLevel = "ok" | "notice" | "warning" | "urgent" | "expired";

/** What ends are looked at in. */
export interface EndsPlace {
  readonly agency: string;
  readonly register: RegisterView;
  readonly pairs: readonly OwnPair[];
  readonly now: EpochMs;
}

const dayMs = 86_400_000;
/** A register is in date for three days; only its end stands in it. */
const registerLifeMs = 3 * dayMs;

/** Thirty, fourteen and three days; of what lives short, a third, a sixth and a twenty-fourth of its life. */
function levelOf(left: number, life: number): EndLevel {
  if (left <= 0) return "expired";
  if (left <= Math.min(3 * dayMs, life / 24)) return "urgent";
  if (left <= Math.min(14 * dayMs, life / 6)) return "warning";
  return left <= Math.min(30 * dayMs, life / 3) ? "notice" : "ok";
}

function endOf(
  kind: CertificateEnd["kind"],
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
  now: EpochMs,
): CertificateEnd {
  const left = until - now;
  const daysLeft = Math.max(0, Math.floor(left / dayMs));
  return { kind, notAfter: until, daysLeft, level: levelOf(left, until - from) };
}

/** Of each kind of certificate and key the one that holds longest, of those that the register names. */
function ownEnds({ agency, register, pairs, now }: EndsPlace): readonly CertificateEnd[] {
  const groups = Map.groupBy(
    pairs,
    ({ kind, certificate }) => `${kind} ${certificate.keyType}`,
  ).values();
  return [...groups].flatMap((group) => {
    const longest = group.toSorted((a, b) => b.certificate.notAfter - a.certificate.notAfter);
    const named = longest.find((one) => isNamed(register, agency, one));
    const [best = named] = named === undefined ? longest : [named];
    if (best === undefined) return [];
    const { notBefore: from, notAfter: until } = best.certificate;
    const end = endOf(best.kind, { from, until }, now);
    // one that the register does not name is believed by nobody, however long it would hold
    return [named === undefined ? { ...end, daysLeft: 0, level: "expired" } : end];
  });
}

function readList(der: Uint8Array): readonly Crl[] {
  try {
    return [parseCrl(der)];
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}

/** What was read of lists, for as long as the register that holds them is held. */
const lists = new WeakMap<RegisterView, readonly Crl[]>();

function listsOf(agency: string, register: RegisterView): readonly Crl[] {
  const known = lists.get(register);
  if (known !== undefined) return known;
  const { crls = [] } = register.authority(register.agency(agency)?.authority ?? "") ?? {};
  const newest = new Map<string, Crl>();
  for (const crl of crls.flatMap(readList)) {
    const held = newest.get(crl.authorityKeyId);
    if (held === undefined || held.nextUpdate < crl.nextUpdate) newest.set(crl.authorityKeyId, crl);
  }
  lists.set(register, [...newest.values()]);
  return [...newest.values()];
}

/** Until when everything holds that one's own standing rests on: certificates, lists, the register. */
export function findEnds(place: EndsPlace): readonly CertificateEnd[] {
  const { agency, register, now } = place;
  const { expiresAt } = register;
  return [
    ...ownEnds(place),
    ...listsOf(agency, register).map(({ thisUpdate: from, nextUpdate: until }) =>
      endOf("LIST", { from, until }, now),
    ),
    endOf("REGISTER", { from: expiresAt - registerLifeMs, until: expiresAt }, now),
  ];
}

const expiredCodes = { LIST: "CERT_STATUS_UNKNOWN", REGISTER: "REGISTER_STALE" } as const;

function codeOf({ kind, level }: CertificateEnd): FaultCode {
  if (level !== "expired") return "CERT_ENDS_SOON";
  return kind === "LIST" || kind === "REGISTER" ? expiredCodes[kind] : "CERT_EXPIRED";
}

/**
 * Builds what writes ends that come near to the log, with a code: when one comes nearer, and once a day as long as
 * nothing is done. What is well is not mentioned.
 *
 * @param tell hears of each that is written
 */
export function makeAlarms(
  log: Log,
  tell: (end: CertificateEnd, code: FaultCode) => void = () => undefined,
): (ends: readonly CertificateEnd[], now: EpochMs) => void {
  let told = new Map<string, EpochMs>();
  return (ends, now) => {
    const next = new Map<string, EpochMs>();
    for (const [at, end] of ends.entries()) {
      if (end.level === "ok") continue;
      const key = `${at} ${end.kind} ${end.level}`;
      const before = told.get(key);
      const isDue = before === undefined || now - before >= dayMs;
      next.set(key, isDue ? now : before);
      if (!isDue) continue;
      const fields = { code: codeOf(end), type: end.kind, count: end.daysLeft };
      tell(end, fields.code);
      if (end.level === "urgent" || end.level === "expired")
        log.error("what we rest on ends", fields);
      else log.warn("what we rest on ends", fields);
    }
    told = next;
  };
}
