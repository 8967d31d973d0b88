import {
  digestCarried,
  encodePublication,
  limits,
  parseFraming,
  parseRelayClaim,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, isFault, sha256 } from "../../schemas/ground/index.ts";
import { findRelayWay, type RelayWay } from "../../certs/trust/index.ts";
import { type ProvenOutside, readClaim, verifyOutside } from "../exchange/index.ts";
import type { RelayedItem } from "../store/index.ts";
import { type RelayGround, signRelay } from "./ground.ts";

/** A publication for somebody else, as a hub handed it to us. */
export interface FarMail {
  readonly hub: string;
  /** Whose mailbox it lies in. */
  readonly recipient: string;
  readonly subject: string;
  readonly bytes: Bytes;
}

/** What is kept of it; nothing where it is another relay's to take, or cannot be told anybody. */
export type TakenMail = Omit<RelayedItem, "seq"> | undefined;

/** A copy at a hub lies there so long at most; after that nothing of it comes again. */
const keptMs = 30 * 86_400_000;

function endOf(expiresAt: EpochMs, now: EpochMs): EpochMs {
  return Math.min(expiresAt, now + keptMs);
}

/** The way it goes by us; undefined where it goes by another relay. @throws {Fault} RELAY_NOT_AGREED */
function ownWay(ground: RelayGround, mail: FarMail, { envelope }: ProvenOutside): RelayWay | undefined {
  const { originator: sender, handling } = envelope;
  const { hub, recipient } = mail;
  const way = findRelayWay(ground.register(), { sender, recipient, handling }, ground.clock.now());
  if (way === undefined || way.fromHub !== hub) {
    throw new Fault("RELAY_NOT_AGREED", `no agreement in force has this relayed from ${hub}`);
  }
  return way.agreement.relay === ground.agency ? way : undefined;
} // prettier-ignore

/** With our statement beside. @throws {Fault} CODEC_TOO_LARGE, KEY_* */
function seal(ground: RelayGround, way: RelayWay, { bytes }: FarMail): Required<Pick<RelayedItem, "digest" | "bytes" | "sentDigest">> {
  const { publication } = parseFraming(bytes);
  const carried = digestCarried(publication);
  const { fromHub, toHub, agreement } = way;
  const { agreementRef } = agreement;
  const stated = { agreementRef, fromHub, toHub, carried, takenAt: ground.clock.now() };
  const sent = encodePublication({ ...publication, ...signRelay(ground, stated) });
  if (sent.length > limits.maxPublicationBytes) {
    throw new Fault("CODEC_TOO_LARGE", "with the relay's statement it is larger than a hub takes");
  }
  return { digest: carried, bytes: sent, sentDigest: sha256(sent) };
} // prettier-ignore

function proveFar({ register, clock }: RelayGround, { recipient, subject, bytes }: FarMail): ProvenOutside {
  const { publication } = parseFraming(bytes);
  if (parseRelayClaim(publication) !== undefined) {
    throw new Fault("RELAY_INVALID", "somebody relayed it before; there is one relay on a way and no more");
  }
  // as its reader will prove it, but for what is sealed
  const place = { register: register(), agency: recipient, keys: [], now: clock.now() };
  return verifyOutside({ bytes, subject }, place);
} // prettier-ignore

/** What its sender is told by: nothing of it is believed, so it goes to whom the mail itself names. */
function refused(ground: RelayGround, mail: FarMail, code: string): TakenMail {
  const { clock, log } = ground;
  const { hub, recipient, bytes } = mail;
  const now = clock.now();
  log.warn("mail is not relayed", { code, hub });
  try {
    const { envelope, envelopeDigest, channel } = readClaim(mail);
    const { originator: sender, handling, id: messageId, expiresAt } = envelope;
    const said = { sender, recipient, handling, channel, messageId, envelopeDigest };
    const none = { toHub: hub, agreementRef: "-", series: 0, sequence: 0 };
    return { ...said, ...none, fromHub: hub, digest: sha256(bytes), state: "DONE", code, takenAt: now, expiresAt: endOf(expiresAt, now) };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
} // prettier-ignore

/**
 * Judges mail that a hub handed us for somebody else: proved as far as it is not sealed, on a way that is ours, and within the
 * agreement. Without that it goes no further, and its sender is told the code.
 *
 * @throws {Fault} SIGNATURE_KEY_MISSING, KEY_* where we cannot sign; then it is not taken
 */
export function judgeMail(ground: RelayGround, mail: FarMail): TakenMail {
  try {
    const outside = proveFar(ground, mail);
    const way = ownWay(ground, mail, outside);
    if (way === undefined) return undefined;
    const { envelope, envelopeDigest, channel, slip } = outside;
    const { originator: sender, handling, id: messageId, expiresAt } = envelope;
    const { series, sequence } = slip;
    const now = ground.clock.now();
    const { recipient } = mail;
    const said = { sender, recipient, handling, channel, series, sequence, messageId, envelopeDigest };
    const { fromHub, toHub, agreement } = way;
    const { agreementRef } = agreement;
    const times = { takenAt: now, expiresAt: endOf(expiresAt, now) };
    return { ...said, fromHub, toHub, agreementRef, ...seal(ground, way, mail), state: "WAITING", ...times };
  } catch (error) {
    if (!isFault(error) || error.code.startsWith("KEY_") || error.code === "SIGNATURE_KEY_MISSING") throw error;
    return refused(ground, mail, error.code);
  }
} // prettier-ignore
