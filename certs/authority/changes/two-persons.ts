import { renderInstant } from "../../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  renderHex,
  sameBytes,
  sha256,
  utf8,
} from "../../../schemas/ground/index.ts";
import { makeSigner, type SigningKey } from "../../keys/index.ts";
import { isSignatureValid, parseSignature, renderCanonical } from "../../trust/index.ts";
import type { Change, Proposal } from "./change.ts";
import { findOfficer, type Officer } from "./officers.ts";

/** An office and who may propose and accept its changes. */
export interface OfficerDesk {
  /** `region`, or an authority. */
  readonly office: string;
  readonly officers: readonly Officer[];
}

/** What each of the two signs; the words keep one act from being shown as the other, or as another office's. */
function proposedBytes(office: string, proposal: Proposal): Bytes {
  return utf8(`atumpan register change 1\nproposed\n${office}\n${spell(proposal)}`);
}

/** The one spelling of a proposal. @throws {Fault} CHANGE_INVALID */
function spell(proposal: Proposal): string {
  try {
    return renderCanonical(proposal);
  } catch (cause) {
    throw new Fault(
      "CHANGE_INVALID",
      "the content holds a number that is not whole, or text that is not Unicode",
      { cause },
    );
  }
}

function acceptedBytes(
  office: string,
  proposal: Proposal,
  { by, at }: { readonly by: string; readonly at: string },
): Bytes {
  const digest = renderHex(sha256(proposedBytes(office, proposal)));
  return utf8(`atumpan register change 1\naccepted\n${office}\n${at}\n${digest}\n${by}`);
}

function sign(office: string, key: SigningKey, bytes: Bytes): string {
  const signer = makeSigner({ signer: office, key, thumbprint: sha256(key.spki) });
  return signer.sign("atumpan-register", bytes);
}

/** An office changes its own part and its own officers. @throws {Fault} CHANGE_NOT_PERMITTED */
function checkPart(office: string, part: string): void {
  if (part === office || part === "officers") return;
  throw new Fault(
    "CHANGE_NOT_PERMITTED",
    `the office of ${office} changes its own part and its own officers; take this to the office of ${part}`,
  );
}

/**
 * Proposes a change in the name of the officer whose key signs.
 *
 * @throws {Fault} CHANGE_NOT_PERMITTED, KEY_UNUSABLE
 */
export function proposeChange(
  desk: OfficerDesk,
  proposal: Omit<Proposal, "by" | "at">,
  { key, at }: { readonly key: SigningKey; readonly at: EpochMs },
): Change {
  const { office } = desk;
  checkPart(office, proposal.part);
  const { name: by } = findOfficer(desk, sha256(key.spki));
  const whole = { ...proposal, by, at: renderInstant(at) };
  return { proposal: whole, signature: sign(office, key, proposedBytes(office, whole)) };
}

/**
 * Accepts a change in the name of another officer than the one who proposed it.
 *
 * @throws {Fault} CHANGE_NOT_PERMITTED, CHANGE_NOT_ACCEPTED, KEY_UNUSABLE
 */
export function acceptChange(
  desk: OfficerDesk,
  change: Change,
  { key, at }: { readonly key: SigningKey; readonly at: EpochMs },
): Change {
  const { office } = desk;
  const proposer = checkProposed(desk, change);
  const { name: by } = findOfficer(desk, sha256(key.spki));
  if (change.accepted !== undefined) {
    throw new Fault("CHANGE_NOT_PERMITTED", "the change was accepted already; sign it next");
  }
  if (by === proposer.name) {
    throw new Fault(
      "CHANGE_NOT_PERMITTED",
      `${by} proposed this; another officer of ${office} reads it and accepts it`,
    );
  }
  const said = { by, at: renderInstant(at) };
  const { proposal } = change;
  const signature = sign(office, key, acceptedBytes(office, proposal, said));
  return { ...change, accepted: { ...said, signature } };
}

function isSignedBy({ office, officers }: OfficerDesk, text: string, bytes: Bytes): Officer | undefined {
  try {
    const parsed = parseSignature(text);
    if (parsed.typ !== "atumpan-register" || parsed.kid !== office) return undefined;
    const signer = officers.find(({ key }) => sameBytes(sha256(key.spki), parsed.thumbprint));
    const isValid = signer !== undefined && isSignatureValid(parsed, bytes, signer.key.publicKey);
    return isValid ? signer : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
} // prettier-ignore

/**
 * Checks that a change is what an officer of today proposed, word for word.
 *
 * @returns who proposed it
 * @throws {Fault} CHANGE_NOT_PERMITTED, CHANGE_NOT_ACCEPTED
 */
export function checkProposed(desk: OfficerDesk, { proposal, signature }: Change): Officer {
  checkPart(desk.office, proposal.part);
  const signer = isSignedBy(desk, signature, proposedBytes(desk.office, proposal));
  if (signer?.name === proposal.by) return signer;
  throw new Fault(
    "CHANGE_NOT_ACCEPTED",
    `no officer of ${desk.office} proposed it as it stands: it was changed since, or ${proposal.by} is an officer no longer; propose it anew`,
  );
}

/**
 * Checks that one officer proposed a change and another accepted it, both officers of today.
 *
 * @throws {Fault} CHANGE_NOT_PERMITTED, CHANGE_NOT_ACCEPTED
 */
export function checkAccepted(desk: OfficerDesk, change: Change): NonNullable<Change["accepted"]> {
  const proposer = checkProposed(desk, change);
  const { accepted, proposal } = change;
  if (accepted === undefined) {
    const way = `another officer than ${proposer.name} runs: atumpan register accept ${proposal.part}`;
    throw new Fault("CHANGE_NOT_ACCEPTED", `the change was proposed and not accepted yet; ${way}`);
  }
  const bytes = acceptedBytes(desk.office, proposal, accepted);
  const signer = isSignedBy(desk, accepted.signature, bytes);
  if (signer !== undefined && signer.name === accepted.by && signer !== proposer) return accepted;
  throw new Fault(
    "CHANGE_NOT_ACCEPTED",
    `no second officer of ${desk.office} accepted it as it stands; withdraw it and propose it anew`,
  );
}
