import {
  channelsOf,
  checkFresh,
  commitToMessage,
  decodeInnerHeader,
  decodeParts,
  type Envelope,
  innerHeaderPart,
  isDirectChannel,
  leafChannel,
  limits,
  type LogLeaf,
  parseFeedChannel,
  parseReceipt,
  statedHeader,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import {
  checkQuorum,
  leafHash,
  parseCheckpoint,
  parseNote,
  type VerifierKey,
  verifyCheckpoint,
  verifyInclusion,
  verifyNote,
} from "../log/index.ts";
import { decide, denialCode, isStatementProven } from "../trust/index.ts";
import { type EvidenceCase, type ReadMessage, use } from "./case.ts";
import { ofMessage } from "./check-message.ts";
import { cannotSay, holds, type Verdict } from "./verdict.ts"; // prettier-ignore

function refuse(detail: string): never {
  throw new Fault("SUBJECT_MISMATCH", detail);
}

function checkFeedLeaf(leaf: LogLeaf, channel: string): void {
  const said = leafChannel(channel);
  const names = ["rec", "crime", "handling", "family", "type"] as const;
  const wrong = names.find((name) => leaf[name] !== said[name]);
  if (wrong !== undefined) refuse(`leaf: its ${wrong} is not that of the channel`);
}

/** Whether the entry of the log binds this message in this channel, and says of it what is so. */
export function checkEntry({ evidence, leaf: read, message }: EvidenceCase): Verdict {
  const { id, channel, envelopeDigest, salt } = evidence.subject;
  const leaf = use(read);
  const { commitment, kind, origin } = leaf;
  const isDirect = isDirectChannel(channel);
  if (kind !== (isDirect ? "DIRECT" : "FEED")) refuse("leaf: it is of another kind");
  if (!isDirect) checkFeedLeaf(leaf, channel);
  const bound = commitToMessage(salt, { id, envelopeDigest, channel });
  if (commitment === undefined || !sameBytes(commitment, bound)) refuse("leaf: it binds another message");
  const known = message !== undefined && "value" in message ? message.value : undefined;
  if (known === undefined || isDirect || known.envelope.originator === origin) return holds();
  return refuse("leaf: it names another originator");
} // prettier-ignore

/** Whether the entry stands at its place in the tree of the checkpoint. */
export function checkInclusion({ evidence, proof }: EvidenceCase): Verdict {
  const { index, hashes, checkpoint, extra } = use(proof);
  if (extra !== undefined) throw new Fault("LOG_PROOF_INVALID", "proof: extra data, which nothing proves");
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text);
  verifyInclusion({ index, size, leafHash: leafHash(evidence.leaf), proof: hashes, root });
  return holds();
} // prettier-ignore

function momentsOf({ leaf, now }: EvidenceCase): readonly number[] {
  return "value" in leaf ? [leaf.value.time, now] : [now];
}

interface NotePart {
  readonly checkpoint: Bytes;
  readonly keys: readonly VerifierKey[];
}

function noteOf(one: EvidenceCase): NotePart | Verdict {
  const { checkpoint } = use(one.proof);
  const { origin } = parseCheckpoint(parseNote(checkpoint).text);
  if (one.trust === undefined) return cannotSay("NEEDS_LOG_KEY");
  return { checkpoint, keys: one.trust.logKeys(origin, momentsOf(one)) };
}

/** Whether the log signed the checkpoint. */
export function checkCheckpoint(one: EvidenceCase): Verdict {
  const part = noteOf(one);
  if ("says" in part) return part;
  const { checkpoint, keys } = part;
  const { note } = verifyCheckpoint(checkpoint, ...keys);
  const policies = momentsOf(one).flatMap((at) => one.trust?.policy(at).witnesses ?? []);
  const known = [...keys, ...policies.flatMap((witness) => witness.keys)];
  // a line that nobody known wrote says nothing, and has no place in what is shown to a court
  const isKnown = note.signatures.every(({ keyId, name }) => known.some((key) => key.name === name && sameBytes(key.keyId, keyId)));
  if (isKnown) return holds();
  throw new Fault("LOG_NOTE_INVALID", "checkpoint: a line of somebody who is not known here");
} // prettier-ignore

/** Whether as many witnesses as are asked for saw the same tree. */
export function checkWitnesses(one: EvidenceCase): Verdict {
  const { checkpoint } = use(one.proof);
  const note = parseNote(checkpoint);
  const { trust } = one;
  if (trust === undefined) return cannotSay("NEEDS_LOG_KEY");
  const policies = momentsOf(one).map((at) => trust.policy(at));
  if (policies.every(({ quorum }) => quorum === undefined)) return cannotSay("NO_WITNESSES_ASKED");
  const answers = policies.map((policy) => checkQuorum(note, policy));
  if (answers.some(({ isMet }, i) => isMet && policies[i]?.quorum !== undefined)) return holds();
  const missing = answers[0]?.missing.join(", ") ?? "";
  throw new Fault("LOG_CHECKPOINT_INVALID", `too few witnesses cosigned; missing: ${missing}`);
}

function checkMandate(one: EvidenceCase, { envelope }: ReadMessage): Verdict {
  const { trust, evidence, leaf } = one;
  const register = trust?.register;
  if (register === undefined) return cannotSay("NEEDS_REGISTER");
  if (!("value" in leaf)) return cannotSay("UNREADABLE");
  const { channel } = evidence.subject;
  const { originator, handling } = envelope;
  const where = isDirectChannel(channel) ? { scope: "direct" } : { ...parseFeedChannel(channel) };
  const { rec: scope = "direct", ...rest } = { rec: undefined, ...where };
  const asked = { action: "PUBLISH", agency: originator, originator, handling, ...rest, scope } as const;
  const decision = decide(register, asked, leaf.value.time);
  if (decision.allow) return holds("AS_OF_ENTRY");
  throw new Fault(denialCode(decision.reason), `the originator may not publish this: ${decision.reasons.join(", ")}`);
} // prettier-ignore

/** Whether the message is for this channel at all, and its sender might publish it there. */
export function checkAudience(one: EvidenceCase): Verdict {
  return ofMessage(one, (read) => {
    const { channel } = one.evidence.subject;
    if (!channelsOf(read.envelope).includes(channel)) refuse("subject.channel: the envelope does not name it");
    return checkMandate(one, read);
  });
} // prettier-ignore

/** Whether each line of a receipt speaks of this message, as far as it speaks of messages at all. */
export function isAboutMessage(raw: Bytes, { id, envelopeDigest }: { readonly id: Bytes; readonly envelopeDigest: Bytes }): boolean {
  const { accepted, refused, held, opened, admission, erasures, heads } = parseReceipt(raw).receipt;
  if (refused.length + opened.length + heads.length > 0 || erasures !== undefined) return false;
  const lines = [...accepted, ...(admission === undefined ? [] : [admission])];
  const isOwn = lines.every((line) => sameBytes(line.messageId ?? id, id) && sameBytes(line.envelopeDigest, envelopeDigest));
  return isOwn && held.length === 0 && lines.length > 0;
} // prettier-ignore

/** Whether those whom the receipts name signed them, and they speak of this message. */
export function checkReceipts(one: EvidenceCase): Verdict {
  const { evidence, trust, now } = one;
  if (evidence.receipts.length === 0) return cannotSay("NO_RECEIPTS");
  for (const raw of evidence.receipts) {
    if (!isAboutMessage(raw, evidence.subject)) refuse("receipts: one speaks of something else");
  }
  const register = trust?.register;
  if (register === undefined) return cannotSay("NEEDS_REGISTER");
  for (const raw of evidence.receipts) {
    const { receipt, bytes, signature } = parseReceipt(raw);
    const { issuer: signer, issuedAt } = receipt;
    const statement = { typ: "atumpan-receipt", bytes, signature, signer, algorithmsAt: [issuedAt] } as const;
    if (issuedAt > now + limits.maxAheadMs) throw new Fault("RECEIPT_INVALID", "receipts: one is dated in the future");
    if (!isStatementProven(register, statement, issuedAt)) throw new Fault("RECEIPT_INVALID", "receipts: a signature does not fit");
  }
  return holds();
} // prettier-ignore

function witnessTimes({ trust, proof, leaf, now }: EvidenceCase): readonly number[] {
  if (trust === undefined || !("value" in proof) || !("value" in leaf)) return [];
  const { witnesses } = trust.policy(leaf.value.time);
  try {
    const seen = verifyNote(parseNote(proof.value.checkpoint), witnesses.flatMap(({ keys }) => keys));
    return seen.flatMap(({ at }) => at ?? []).map((at) => Math.min(at, now + limits.maxAheadMs + 1));
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
} // prettier-ignore

/** Its times: direct mail says its own end inside. Whether that is what was signed is asked of the body. */
function timesOf({ message: { open }, envelope }: ReadMessage): Envelope {
  if (open === undefined) return envelope;
  try {
    const first = decodeParts(open).parts.find(({ number }) => number === innerHeaderPart);
    if (first?.value === undefined) return envelope;
    return statedHeader(envelope, decodeInnerHeader(first.value));
  } catch (error) {
    if (isFault(error)) return envelope;
    throw error;
  }
}

/**
 * Whether the times go together: written before it was taken, taken before it ended, seen by witnesses after, and
 * nothing of it in the future. The time of the entry is the hub's word; witnesses bound it from above.
 */
export function checkTime(one: EvidenceCase): Verdict {
  const { time } = use(one.leaf);
  const latest = one.now + limits.maxAheadMs;
  if (time > latest) throw new Fault("ENVELOPE_FROM_FUTURE", "leaf: its time lies in the future");
  const { message } = one;
  if (message !== undefined && "value" in message) checkFresh(timesOf(message.value), time);
  const seen = witnessTimes(one);
  if (seen.some((at) => at > latest || at < time - limits.maxAheadMs)) {
    throw new Fault("LOG_CHECKPOINT_INVALID", "a witness saw the tree at a time that cannot be");
  }
  return seen.length === 0 ? holds("HUB_CLOCK") : holds();
}
