import {
  type Admission,
  type AdmissionQuestion,
  encodeAdmissionQuestion,
  isDirectChannel,
  limits,
  parseFeedChannel,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import type { SenderChannel } from "./hubs.ts";
import type { Office } from "./office.ts";
import { type Claim, type PublicationBytes, readClaim } from "./verify/outside.ts";
import { verifyReceipt } from "./verify/receipt.ts";

/** Asks the hub of a sender's channel when it took a message; undefined when nobody answered. */
export type AskAdmission = (question: Bytes, of: SenderChannel) => Promise<Bytes | undefined>;

function refuse(detail: string): never {
  throw new Fault("RECEIPT_INVALID", detail);
}

function questionOf({ envelope, envelopeDigest, channel }: Claim): AdmissionQuestion {
  const { originator, id: messageId } = envelope;
  return { originator, messageId, envelopeDigest, channel };
}

/** Whether a hub is one that takes messages into this channel. */
function serves(office: Office, issuer: string, channel: string): boolean {
  const hub = office.register().hubs.find((one) => one.hub === issuer);
  if (hub === undefined) return false;
  return isDirectChannel(channel) || hub.recs.includes(parseFeedChannel(channel).rec);
}

function checkSame(admission: Admission, claim: Claim): void {
  const { originator, messageId, envelopeDigest, channel } = questionOf(claim);
  const isSame =
    admission.originator === originator &&
    admission.channel === channel &&
    sameBytes(admission.messageId, messageId) &&
    sameBytes(admission.envelopeDigest, envelopeDigest);
  if (!isSame) refuse("the hub's word is on another message");
}

/**
 * What a hub's signed answer says: when it took this message, or that it has none such.
 *
 * @throws {Fault} RECEIPT_INVALID and all of `verifyReceipt`
 */
function readAnswer(office: Office, claim: Claim, answer: Bytes): EpochMs | undefined {
  const { agency, clock } = office;
  const place = { register: office.register(), agency, now: clock.now() };
  const { receipt, isHub } = verifyReceipt(answer, place);
  if (!isHub || !serves(office, receipt.issuer, claim.channel)) {
    refuse("only a hub of this channel says when it took a message");
  }
  const { admission, issuedAt } = receipt;
  if (admission === undefined) return undefined;
  checkSame(admission, claim);
  const { admittedAt } = admission;
  // no hub takes what is dated further ahead: one of the two times is a lie
  if (admittedAt + limits.maxAheadMs < claim.envelope.createdAt || admittedAt > issuedAt) {
    refuse("the hub's word contradicts itself or the message");
  }
  return admittedAt;
}

async function askHub(
  office: Office,
  claim: Claim,
  ask: AskAdmission,
): Promise<EpochMs | undefined> {
  const { originator } = claim.envelope;
  const of = { originator, channel: claim.channel };
  const answer = await ask(encodeAdmissionQuestion(questionOf(claim)), of);
  if (answer === undefined) throw new Fault("HUB_UNREACHABLE", "no hub answers");
  const admittedAt = readAnswer(office, claim, answer);
  if (admittedAt === undefined) return undefined;
  const { envelopeDigest: digest, channel } = claim;
  const { store } = office;
  await store.write(() => store.admissions.add({ digest, channel, admittedAt, receipt: answer }));
  return admittedAt;
}

/**
 * When the hub took a message into a channel, for one whose signer's certificate was revoked since: what it took before
 * stays valid. Rests on the hub's signed word, which is kept. The word alone proves nothing: it is believed together with
 * the signature, so a thief of the key needs a hub that lies for him; the public log of what was taken closes that.
 *
 * @returns undefined when the hub has no such message
 * @throws {Fault} ADMISSION_AWAITED when no believable answer came
 */
export async function findClaimAdmittedAt(
  office: Office,
  claim: Claim,
  ask: AskAdmission,
): Promise<EpochMs | undefined> {
  const kept = office.store.admissions.admittedAt(claim.envelopeDigest, claim.channel);
  if (kept !== undefined) return kept;
  try {
    return await askHub(office, claim, ask);
  } catch (error) {
    if (!isFault(error)) throw error;
    office.log.warn("not known when a message was taken", { code: error.code });
    const why = "the hub has to say when it took the message; it is asked again";
    throw new Fault("ADMISSION_AWAITED", why, { cause: error });
  }
}

/**
 * The same for a publication as it was found.
 *
 * @throws {Fault} ADMISSION_AWAITED; all that reading the publication throws
 */
export async function findAdmittedAt(
  office: Office,
  publication: PublicationBytes,
  ask: AskAdmission,
): Promise<EpochMs | undefined> {
  return await findClaimAdmittedAt(office, readClaim(publication), ask);
}
