import { Fault, type Violation } from "../../schemas/ground/index.ts";
import { typeOptions } from "../../schemas/index.ts";
import type { ShapedSubmission } from "../../schemas/submission/index.ts";
import {
  audienceOf,
  decide,
  type Decision,
  denialCode,
  type Kept,
  type Question,
} from "../../certs/trust/index.ts";
import { findSealRecipient } from "../crypto/index.ts";
import type { SubmissionPlace } from "./parse-submission.ts";

type Asked = Pick<ShapedSubmission, "type" | "crimes"> & {
  readonly recs: readonly string[];
  readonly recipients: readonly string[];
  readonly handling: string;
  readonly purposes: readonly string[];
  /** Whom the sender keeps it from, whatever the register allows. */
  readonly kept: Kept;
};

interface Denied {
  readonly path: string;
  readonly decision: Decision;
  /** What was asked, in words that repeat no content. */
  readonly says: string;
}

function refuse(denied: readonly Denied[]): void {
  const violations = denied.flatMap(({ path, decision, says }): readonly Violation[] => {
    if (decision.allow) return [];
    const message = `${says}: ${decision.reasons.join(", ")}`;
    return [{ path, code: denialCode(decision.reason), message }];
  });
  const [first] = violations;
  if (first === undefined) return;
  const missing = violations.find(({ code }) => code === "MANDATE_MISSING");
  throw new Fault((missing ?? first).code, (missing ?? first).message, { violations });
}

function makeQuestion(
  { type, handling, purposes, kept }: Asked,
  agency: string,
  crime: string,
): Omit<Question, "action" | "agency" | "scope"> {
  return { originator: agency, type, crime, handling, purposes, kept };
}

/**
 * Refuses what we may not publish: every channel is asked for, each community with each crime.
 *
 * @throws {Fault} MANDATE_MISSING, MANDATE_SUSPENDED; the violations point at the community and name the crime
 */
export function checkMayPublish(asked: Asked, { register, agency, now }: SubmissionPlace): void {
  const { type, crimes, handling, recs } = asked;
  const scopes = recs.length > 0 ? recs : ["direct"];
  const ask = (scope: string, crime: string): Decision => {
    const about = makeQuestion(asked, agency, crime);
    return decide(register, { ...about, action: "PUBLISH", agency, scope }, now);
  };
  refuse(
    scopes.flatMap((scope, i) =>
      crimes.map((crime) => ({
        path: recs.length > 0 ? `/recs/${i}` : "/type",
        decision: ask(scope, crime),
        says: `publishing ${type} about ${crime} at ${handling} in ${scope}`,
      })),
    ),
  );
}

/** Each recipient may read it, and we may write it to each: an agreement binds the two of us and nobody else. */
function checkRecipients(asked: Asked, { register, agency, now }: SubmissionPlace): void {
  const { type, crimes, handling, recipients } = asked;
  const ask = (recipient: string, crime: string): Decision => {
    const about = { ...makeQuestion(asked, agency, crime), scope: "direct" };
    const read = decide(register, { ...about, action: "READ", agency: recipient }, now);
    return read.allow
      ? decide(register, { ...about, action: "PUBLISH", agency, recipient }, now)
      : read;
  };
  refuse(
    recipients.flatMap((recipient, i) =>
      crimes.map((crime) => ({
        path: `/recipients/${i}`,
        decision: ask(recipient, crime),
        says: `${recipient} reading ${type} about ${crime} at ${handling}`,
      })),
    ),
  );
}

/** Whether an agency has a sealing key that is sealed to: one that was revoked, or is not believed, is not. */
function canBeSealedTo(place: SubmissionPlace, agency: string): boolean {
  return findSealRecipient(place, agency) !== undefined;
}

/**
 * What is sealed in a feed still reaches everyone who may read the feed, and shows that it exists. For a person who is
 * protected from a state that is too much.
 */
function checkReachesNoneProtected(
  header: Parameters<typeof audienceOf>[1],
  { kept }: Asked,
  { register, now }: SubmissionPlace,
): void {
  if (kept.states.length === 0) return;
  const reached = audienceOf(register, { ...header, kept: undefined }, now).filter((agency) =>
    kept.states.includes(register.agency(agency)?.authority.toUpperCase() ?? ""),
  );
  if (reached.length === 0) return;
  const message =
    "agencies of a state in protectedFrom read this feed; send a type that goes to named recipients";
  const code = "FEED_REACHES_PROTECTED";
  throw new Fault(code, message, { violations: [{ path: "/inner/protectedFrom", code, message }] });
}

/**
 * The exact set of agencies that will read the message. For a direct message the agencies addressed, each of
 * which must be allowed to; for a feed, everyone the register allows and the sender does not keep it from. An agency
 * whose sealing certificates were revoked is left out of what is sealed to a feed, so that it keeps nothing
 * from the others.
 *
 * @throws {Fault} MANDATE_MISSING, MANDATE_SUSPENDED, FEED_REACHES_PROTECTED, SEAL_NO_RECIPIENTS
 */
export function readersOf(asked: Asked, place: SubmissionPlace): readonly string[] {
  if (asked.recs.length === 0) {
    checkRecipients(asked, place);
    return asked.recipients;
  }
  const header = { ...asked, originator: place.agency };
  checkReachesNoneProtected(header, asked, place);
  const isSealed = typeOptions(asked.type)?.form === "SEALED";
  const audience = audienceOf(place.register, header, place.now).filter(
    (agency) => !isSealed || canBeSealedTo(place, agency),
  );
  if (audience.length === 0) {
    throw new Fault("SEAL_NO_RECIPIENTS", "nobody may read this message, so it is not sent");
  }
  return audience;
}
