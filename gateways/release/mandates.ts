import { Fault, type FaultCode, type Violation } from "../../schemas/ground/index.ts";
import { type InnerHeader, typeOptions } from "../../schemas/index.ts";
import type { ShapedSubmission } from "../../schemas/submission/index.ts";
import {
  audienceOf,
  decide,
  type Decision,
  provenCertificates,
  type Question,
} from "../../certs/trust/index.ts";
import type { SubmissionPlace } from "./parse-submission.ts";

type Asked = Pick<ShapedSubmission, "type" | "crimes"> & {
  readonly recs: readonly string[];
  readonly recipients: readonly string[];
  readonly handling: string;
  /** Whom the sender keeps it from, whatever the register allows. */
  readonly kept: Pick<InnerHeader, "protectedFrom" | "excludedRecipients">;
};

interface Denied {
  readonly path: string;
  readonly decision: Decision;
  /** What was asked, in words that repeat no content. */
  readonly says: string;
}

function codeOf(decision: Decision): FaultCode | undefined {
  if (decision.allow) return undefined;
  const suspended = decision.reason === "AGENCY_SUSPENDED" || decision.reason === "STATE_SUSPENDED";
  return suspended ? "MANDATE_SUSPENDED" : "MANDATE_MISSING";
}

function refuse(denied: readonly Denied[]): void {
  const violations = denied.flatMap(({ path, decision, says }): readonly Violation[] => {
    const code = codeOf(decision);
    if (code === undefined || decision.allow) return [];
    return [{ path, code, message: `${says}: ${decision.reason}` }];
  });
  const [first] = violations;
  if (first === undefined) return;
  const missing = violations.find(({ code }) => code === "MANDATE_MISSING");
  throw new Fault((missing ?? first).code, (missing ?? first).message, { violations });
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
    const question: Question = {
      action: "PUBLISH",
      agency,
      originator: agency,
      scope,
      type,
      crime,
      handling,
    };
    return decide(register, question, now);
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

function checkRecipients(asked: Asked, { register, agency, now }: SubmissionPlace): void {
  const { type, crimes, handling, recipients } = asked;
  refuse(
    recipients.flatMap((recipient, i) =>
      crimes.map((crime) => ({
        path: `/recipients/${i}`,
        decision: decide(
          register,
          {
            action: "READ",
            agency: recipient,
            originator: agency,
            scope: "direct",
            type,
            crime,
            handling,
          },
          now,
        ),
        says: `${recipient} reading ${type} about ${crime} at ${handling}`,
      })),
    ),
  );
}

/** Whether an agency has a sealing certificate that holds; one that was revoked does not. */
function canBeSealedTo({ register, now }: SubmissionPlace, agency: string): boolean {
  return provenCertificates(register, { agency, kind: "SEALING" }, now).length > 0;
}

/** Whether the sender keeps the message from an agency: by its state, or by its name. */
function isKeptFrom({ protectedFrom, excludedRecipients }: Asked["kept"], agency: string): boolean {
  const state = agency.split("/", 1)[0]?.toUpperCase() ?? "";
  return protectedFrom.includes(state) || excludedRecipients.includes(agency);
}

/**
 * The exact set of agencies that will read the message. For a direct message the agencies addressed, each of
 * which must be allowed to; for a feed, everyone the register allows. An agency whose sealing certificates
 * were revoked is left out of what is sealed to a feed, so that it keeps nothing from the others; so is whoever the
 * sender keeps it from.
 *
 * @throws {Fault} MANDATE_MISSING, MANDATE_SUSPENDED, SEAL_NO_RECIPIENTS
 */
export function readersOf(asked: Asked, place: SubmissionPlace): readonly string[] {
  if (asked.recs.length === 0) {
    checkRecipients(asked, place);
    return asked.recipients;
  }
  const header = { ...asked, originator: place.agency };
  const isSealed = typeOptions(asked.type)?.form === "SEALED";
  const audience = audienceOf(place.register, header, place.now).filter(
    (agency) => !isSealed || (canBeSealedTo(place, agency) && !isKeptFrom(asked.kept, agency)),
  );
  if (audience.length === 0) {
    throw new Fault("SEAL_NO_RECIPIENTS", "nobody may read this message, so it is not sent");
  }
  return audience;
}
