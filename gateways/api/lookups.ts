import { renderInstant } from "../../schemas/index.ts";
import { Fault, isFault, renderUuid } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import {
  type CopyAge,
  type LookupDesk,
  lookupLimits,
  type LookupMatch,
  type LookupTold,
  makeHitDraft,
} from "../lookups/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import {
  type AnswerShape,
  type HitShape,
  type LookupShape,
  lookupShape,
  type SubjectShape,
} from "./lookup-shapes.ts";
import { readShape } from "./people-body.ts";
import { findPurposeOf } from "./purpose.ts";
import { findVisible } from "./visible.ts";
import { checkWordsAccepted } from "./words-first.ts";

/** Everything one question is answered with. */
interface Asking {
  readonly desk: Desk;
  readonly call: Call;
  readonly lookups: LookupDesk;
  readonly age: CopyAge;
  readonly recordKinds: LookupShape["recordKinds"];
}

/** A match that the caller may see, and what it may be read for. */
interface Seen {
  readonly match: LookupMatch;
  readonly told: LookupTold;
  readonly message: MessageDetail;
  readonly purpose: string | undefined;
  /** Whether its owner lets it be read for that, and its words of use were accepted. */
  readonly isAllowed: boolean;
}

function deskOf({ services }: Desk): LookupDesk {
  if (services?.lookups !== undefined) return services.lookups;
  throw new Fault("NOT_FOUND", "this gateway looks nothing up");
}

/** What a caller may not see is answered as what is not there. */
function findSeen({ desk, call }: Asking, { stored }: LookupMatch): MessageDetail | undefined {
  try {
    const message = findVisible(desk, call, renderUuid(stored.id));
    // another sender may have taken the same id
    return message.originator === stored.originator ? message : undefined;
  } catch (error) {
    if (isFault(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

function askPurpose(
  { desk, call }: Asking,
  message: MessageDetail,
): Pick<Seen, "purpose" | "isAllowed"> {
  try {
    const purpose = findPurposeOf(desk, call, message);
    checkWordsAccepted(desk, message);
    return { purpose, isAllowed: true };
  } catch (error) {
    const isKept = isFault(error, "PURPOSE_NOT_ALLOWED") || isFault(error, "WORDS_NOT_ACCEPTED");
    if (isKept) return { purpose: undefined, isAllowed: false };
    throw error;
  }
}

function seeMatches(asking: Asking, subject: SubjectShape): readonly Seen[] {
  const { lookups, recordKinds } = asking;
  return lookups.find(subject).flatMap((match) => {
    const told = lookups.tell(match);
    if (told === undefined || recordKinds?.includes(told.recordKind) === false) return [];
    const message = findSeen(asking, match);
    if (message === undefined) return [];
    return [{ match, told, message, ...askPurpose(asking, message) }];
  });
}

function renderHit({ lookups, age, desk }: Asking, subject: SubjectShape, seen: Seen): HitShape {
  const { match, told, message, purpose } = seen;
  const { id, originator, type, handling, crimes, threadId } = message;
  const isOurs = originator === lookups.agency;
  const record = { id, originator, crimes, handling, threadId };
  const { dataAsOf } = age;
  const hit = { subject, record, basis: match.basis, purpose, foundAt: desk.clock.now(), dataAsOf };
  return {
    record: id,
    owner: originator,
    type,
    ...told,
    matchBasis: match.basis,
    handling,
    createdAt: renderInstant(message.createdAt),
    expiresAt: renderInstant(message.expiresAt),
    correctedBy: match.corrections.map((one) => renderUuid(one.id)),
    confirm: isOurs ? "OURS" : "CONFIRM_WITH_OWNER",
    ...(isOurs ? {} : { hitNotice: makeHitDraft(hit) }),
  };
}

/** One subject's answer. That there is something which may not be read now, or for other purposes only, is said, and no more. */
function answerSubject(asking: Asking, subject: SubjectShape, ref: string): AnswerShape {
  const seen = seeMatches(asking, subject);
  const allowed = seen.filter(({ isAllowed }) => isAllowed);
  const shown = allowed.slice(0, lookupLimits.maxHits);
  for (const { message } of shown) asking.call.record.opened(message.id);
  const none = seen.length > allowed.length ? "CALL_US" : "NO_HIT";
  return {
    ref,
    answer: shown.length > 0 ? "HIT" : none,
    hits: shown.map((one) => renderHit(asking, subject, one)),
    more: allowed.length > shown.length,
  };
}

/** A program that may try names is a register of persons to whoever holds its credentials. */
function checkMayAsk({ caller }: Call, { subjects }: LookupShape): void {
  if (caller.kind !== "machine" || subjects.every(({ kind }) => kind !== "PERSON")) return;
  throw new Fault("ROLE_MISSING", "persons are looked up by name by people only; a machine asks by document");
} // prettier-ignore

/**
 * Looks things and persons up in what this gateway holds, with a link or without one. A hit is a lead and no more: it names the
 * owner, who confirms before anybody acts, and brings the notice to him begun.
 *
 * @throws {Fault} REQUEST_INVALID, ROLE_MISSING, LOOKUP_COPY_OLD, NOT_FOUND
 */
export async function postLookup(desk: Desk, call: Call): Promise<Response> {
  const lookups = deskOf(desk);
  const asked = await readShape(lookupShape, call.request);
  checkMayAsk(call, asked);
  const age = lookups.age();
  const asking = { desk, call, lookups, age, recordKinds: asked.recordKinds };
  const answers = asked.subjects.map((one, at) =>
    answerSubject(asking, one, one.ref ?? `q${at + 1}`),
  );
  call.record.count(answers.reduce((sum, { hits }) => sum + hits.length, 0));
  return renderAnswer({
    searchedAt: renderInstant(desk.clock.now()),
    dataAsOf: renderInstant(age.dataAsOf),
    ageSeconds: Math.floor(age.ageMs / 1000),
    old: age.isOld,
    answers,
  });
}
