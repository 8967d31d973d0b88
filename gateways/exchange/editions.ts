import { regionalFields } from "../../schemas/index.ts";
import { type Chance, Fault, isFault, renderUuid } from "../../schemas/ground/index.ts";
import {
  compose,
  type Composed,
  type Draft,
  parseSubmission,
  type SubmissionPlace,
} from "../release/index.ts";
import { draftAlone } from "./alone.ts";
import { type FeedKey, findFeedKey } from "./keys/feed-key.ts";
import type { Office } from "./office.ts";
import { bodyFor, findPair, type Members, membersOf, pairSubmission } from "./paired.ts";
import { pairCorrection } from "./paired-correction.ts";
import { placeOf } from "./place.ts";
import { withPlainReason } from "./plain-reason.ts"; // prettier-ignore

/** What a submission becomes: one message, or the nominal and the regional edition of one. */
export interface DraftedEditions {
  readonly draft: Draft;
  readonly regional?: Draft | undefined;
  readonly place: SubmissionPlace;
}

/**
 * What the region is told of a submission: of its body the fields that the schema lets the region see, and of its inner header
 * whom it is kept from. No case number, no words about urgency, no judgement of a source.
 *
 * @throws {Fault} COPY_NOT_POSSIBLE of what passes on another's words
 */
export function regionalSubmission(submission: Members, nominal: Draft): Members | undefined {
  const { project, type, crimes, status, languages, expiresAt } = submission;
  const shown = regionalFields(nominal.type);
  if (project === undefined || shown === undefined) return undefined;
  if (nominal.inner.passesOn.length > 0) {
    const why = "it passes on what another sent; ask its sender for a regional edition";
    throw new Fault("COPY_NOT_POSSIBLE", why);
  }
  const { recs, handling } = membersOf(project);
  const { protectedFrom, excludedRecipients } = nominal.inner;
  const body = Object.entries(membersOf(submission["body"])).filter(([name]) => shown.has(name));
  const said = { type, crimes, recs, handling, status, languages, expiresAt };
  const inner = { protectedFrom, excludedRecipients };
  return { ...said, inner, body: withPlainReason(nominal.type, Object.fromEntries(body)) };
}

/** What goes to the region beside a submission, in the ids that its messages have there. */
function regionalOf(office: Office, submission: Members, draft: Draft): Members | undefined {
  const { store } = office;
  const told = regionalSubmission(submission, draft);
  const pair = findPair(store, submission);
  if (told === undefined || pair === undefined) return told;
  const { type } = draft;
  if (submission["supersedes"] !== undefined) return { ...told, supersedes: renderUuid(pair.regional.id) };
  const body = bodyFor(store, { type, body: membersOf(told["body"]) }, "regional");
  return { ...told, body: withPlainReason(type, body) };
} // prettier-ignore

/** A submission as it goes to those named, and how what goes to the region follows from it. */
function readPair(office: Office, submission: unknown): { readonly own: unknown; readonly other: (draft: Draft) => Members | undefined } {
  const members = membersOf(submission);
  const pair = findPair(office.store, members);
  if (pair !== undefined && members["type"] === "data.correct") {
    const { own, regional } = pairCorrection(office.store, members, pair);
    return { own, other: ({ inner: { protectedFrom, excludedRecipients } }) => regional && { ...regional, inner: { protectedFrom, excludedRecipients } } };
  }
  const both = pairSubmission(office.store, members, pair);
  // what is no object is refused as what it is
  return { own: pair === undefined ? submission : both, other: (draft) => regionalOf(office, both, draft) };
} // prettier-ignore

/** A fault of the regional edition, pointing into the submission as it was handed in. */
function placed(error: unknown): unknown {
  if (!isFault(error)) return error;
  const violations = error.violations.map((one) => {
    const isOwn = /^\/(?:recs|handling)/.test(one.path);
    return { ...one, path: isOwn ? `/project${one.path}` : one.path };
  });
  return new Fault(error.code, `the regional edition: ${error.detail}`, { violations });
}

function parseRegional(json: Members, place: SubmissionPlace): Draft {
  try {
    return parseSubmission(json, { ...place, edition: "REGIONAL" });
  } catch (error) {
    throw placed(error);
  }
}

/**
 * Reads a submission, and its regional edition where one is asked for. The nominal one begins in the thread of the regional, so
 * that its readers see both together; the regional one says nothing of the other.
 *
 * @throws {Fault} COPY_NOT_POSSIBLE, and as `parseSubmission`; faults of the regional edition point to `/project`
 */
export function draftEditions(
  office: Office,
  submission: unknown,
  chances: { readonly own: Chance; readonly regional: Chance },
): DraftedEditions {
  const own = (json: unknown): { draft: Draft; place: SubmissionPlace } =>
    draftAlone(placeOf(office), (now) => parseSubmission(json, { ...now, chance: chances.own }));
  const paired = readPair(office, submission);
  const { draft, place } = own(paired.own);
  const json = paired.other(draft);
  if (json === undefined) return { draft, place };
  const regional = parseRegional(json, { ...place, chance: chances.regional });
  if (draft.inner.threadId !== undefined) return { draft, place, regional };
  const threadId = renderUuid(regional.header.id);
  return { ...own({ ...membersOf(paired.own), threadId }), regional };
}

/** A draft that was sealed and signed, with exactly the agencies that have its key. */
export interface SealedDraft {
  readonly draft: Draft;
  readonly composed: Composed;
  readonly feedKey: FeedKey | undefined;
}

/** Seals a draft, with its audience's key where it goes to a feed. Whoever stores it or not says `feedKey.done()`. @throws {Fault} as `findFeedKey` and `compose` */
export async function sealDraft(office: Office, parsed: Draft, place: SubmissionPlace): Promise<SealedDraft> {
  const feedKey = await findFeedKey(office, parsed, place);
  try {
    const draft = { ...parsed, audience: feedKey?.audience ?? parsed.audience };
    const composed = await compose(draft, office.signer, { ...place, audienceKey: feedKey?.audienceKey });
    return { draft, composed, feedKey };
  } catch (error) {
    feedKey?.done();
    throw error;
  }
} // prettier-ignore
