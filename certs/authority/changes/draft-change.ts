import { type EpochMs, Fault, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { parseStatePart, renderCanonical, type RepositoryFiles } from "../../trust/index.ts";
import { encodeStatePart } from "../../../schemas/index.ts";
import type { Draft } from "../repository/draft.ts";
import { draftRegion, draftState } from "../repository/drafts.ts";
import { findNewest, readMetadata } from "../repository/read.ts";
import { proveCandidate } from "./candidate.ts";
import { type Change, parseMoment, type Proposal } from "./change.ts";
import { type PartContent, parsePartContent } from "./content.ts";
import { applyContent } from "./read-content.ts";
import { checkAccepted, type OfficerDesk } from "./two-persons.ts";

const dayMs = 86_400_000;

/** The role of the repository under which a part stands. */
export function roleOfPart(part: string): string {
  return part === "region" ? "targets" : part;
}

/** Checks that a change was made on its part as it is. @throws {Fault} CHANGE_OUTDATED */
export function checkBase(files: RepositoryFiles, { part, base }: Proposal): void {
  const newest = findNewest(files, roleOfPart(part));
  if (newest === base) return;
  const told = `the change was made on version ${base} of ${part}, and ${newest} is the newest`;
  throw new Fault("CHANGE_OUTDATED", `${told}: take that one, and make the change there again`);
}

/**
 * Reads what is proposed for a part, and has it read as everybody will.
 *
 * @throws {Fault} CHANGE_OUTDATED, CHANGE_INVALID, SCHEMA_INVALID
 */
export function checkProposal(
  files: RepositoryFiles,
  proposal: Proposal,
  at: EpochMs,
): PartContent {
  checkBase(files, proposal);
  const content = parsePartContent(proposal.part, proposal.content);
  if (content.kind === "state") checkOwn(content.state.authority, encodeStatePart(content.state));
  proveCandidate(applyContent(files, content), at);
  return content;
}

function checkOwn(authority: string, bytes: Uint8Array): void {
  try {
    parseStatePart(authority, bytes);
  } catch (cause) {
    const why = `an agency stands twice, or is none of ${authority}: names begin with ${authority}/`;
    throw new Fault("CHANGE_INVALID", why, { cause });
  }
}

function draftContent(files: RepositoryFiles, content: PartContent, expiresAt: EpochMs): Draft {
  if (content.kind === "state") return draftState(files, { state: content.state, expiresAt });
  const { region, delegations } = content;
  return draftRegion(files, { region, delegations, expiresAt });
}

/**
 * The metadata that an accepted change comes to: the same on every machine, with the signatures it bears so far.
 *
 * @throws {Fault} CHANGE_OUTDATED, CHANGE_NOT_ACCEPTED, CHANGE_NOT_PERMITTED, CHANGE_INVALID, SCHEMA_INVALID
 */
export function draftChange(files: RepositoryFiles, desk: OfficerDesk, change: Change): Draft {
  const accepted = checkAccepted(desk, change);
  const acceptedAt = parseMoment(accepted.at);
  const content = checkProposal(files, change.proposal, acceptedAt);
  const draft = draftContent(files, content, acceptedAt + change.proposal.days * dayMs);
  return change.metadata === undefined ? draft : adoptSignatures(draft, change.metadata);
}

/** What is signed, whoever signed it. */
function signedBytes(metadata: Uint8Array): Uint8Array {
  return utf8(renderCanonical(readMetadata(metadata).signed));
}

function adoptSignatures(draft: Draft, text: string): Draft {
  const metadata = utf8(text);
  if (sameBytes(signedBytes(metadata), signedBytes(draft.metadata))) return { ...draft, metadata };
  throw new Fault(
    "CHANGE_INVALID",
    "what was signed is not what was accepted; withdraw the change and propose it anew",
  );
}
