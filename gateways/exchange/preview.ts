import {
  compose,
  type Composed,
  type Draft,
  publicationSize,
  type SubmissionPlace,
} from "../release/index.ts";
import { checkOperation } from "../operations/index.ts";
import { checkHolderWord, decideUses } from "../onward/index.ts";
import { checkTurn } from "../work/index.ts";
import { draftEditions } from "./editions.ts";
import type { MessageDetail } from "./exchange.ts";
import { previewFeedKey } from "./keys/feed-key.ts";
import { checkWays } from "./ways.ts";
import type { Office } from "./office.ts";
import { barsOf } from "./bars-of.ts";
import { messageOf } from "./outgoing.ts";
import { showDetail } from "./show.ts";
import { findTwoOfficers } from "./two-officers.ts"; // prettier-ignore

/** A message as it would be sent now; nothing of it is kept. */
interface PreviewedDraft {
  /** With exactly the agencies that would get it. */
  readonly draft: Draft;
  readonly composed: Composed;
}

/** A submission as it would be sent now. */
export interface SubmissionPreview extends PreviewedDraft {
  /** Its regional edition, where there is one. */
  readonly regional?: PreviewedDraft | undefined;
}

async function previewDraft(
  office: Office,
  parsed: Draft,
  place: SubmissionPlace,
): Promise<PreviewedDraft> {
  const feedKey = previewFeedKey(office, parsed, place);
  const draft = { ...parsed, audience: feedKey?.audience ?? parsed.audience };
  decideUses(office, draft);
  const sealing = { ...place, audienceKey: feedKey?.audienceKey };
  const composed = await compose(draft, office.signer, sealing);
  return { draft, composed };
}

/**
 * Makes a submission as it would be sent now, and keeps nothing.
 *
 * @throws {Fault} all of `draftEditions`, `checkTurn`, `checkOperation`, `checkWays`, `decideUses` and `compose`
 */
export async function previewSubmission(
  office: Office,
  submission: unknown,
): Promise<SubmissionPreview> {
  const { chance } = office;
  const chances = { own: chance, regional: chance };
  const { draft, regional, place } = draftEditions(office, submission, chances);
  checkTurn(office, draft, barsOf(office));
  checkHolderWord(office, draft);
  checkOperation(office, draft);
  checkWays(office, draft);
  const own = await previewDraft(office, draft, place);
  if (regional === undefined) return own;
  checkOperation(office, regional);
  return { ...own, regional: await previewDraft(office, regional, place) };
}

/** One message as people look at it before it is sent. */
export interface ShownDraft {
  /** What its readers would read; its id and times are of this moment. */
  readonly message: MessageDetail;
  /** As it would travel. */
  readonly bytes: number;
}

/** A submission as people look at it before it is sent. */
export interface ShownPreview extends ShownDraft {
  readonly twoOfficers: readonly string[];
  /** Its regional edition, where there is one. */
  readonly regional?: ShownDraft | undefined;
}

function showDraft({ store, clock }: Office, { draft, composed }: PreviewedDraft): ShownDraft {
  const stored = { ...messageOf({ draft, composed, storedAt: clock.now() }), seq: 0 };
  return { message: showDetail(store, stored), bytes: publicationSize(composed) };
}

/** As `previewSubmission`, for people to look at. @throws {Fault} as there */
export async function showPreview(office: Office, submission: unknown): Promise<ShownPreview> {
  const found = await previewSubmission(office, submission);
  const { draft, regional } = found;
  const reasons = [draft, ...(regional === undefined ? [] : [regional.draft])].flatMap((one) =>
    findTwoOfficers(office, one),
  );
  const shown = { ...showDraft(office, found), twoOfficers: [...new Set(reasons)] };
  return regional === undefined ? shown : { ...shown, regional: showDraft(office, regional) };
}
