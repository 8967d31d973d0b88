import type { EpochMs } from "../../schemas/ground/index.ts";
import { isKnownType, typeOptions } from "../../schemas/index.ts";
import { decide, type DenialReason, type Question, type RegisterView } from "../../certs/trust/index.ts"; // prettier-ignore

/** Something that an agency might say in a matter. */
export interface PossibleAct {
  readonly agency: string;
  readonly type: string;
  /** To whom it would say it; undefined where nobody took up yet what went to a feed. */
  readonly to: string | undefined;
  /** The communities whose feed the matter began in. */
  readonly recs: readonly string[];
  readonly crimes: readonly string[];
  readonly handling: string;
  readonly purposes?: readonly string[] | undefined;
}

/** By which register, and when. */
export interface RightsPlace {
  readonly register: RegisterView;
  readonly now: EpochMs;
}

type Asking = Pick<Question, "action" | "agency" | "scope"> & Pick<Question, "recipient">;

function ask({ agency: originator, type, crimes, handling, purposes }: PossibleAct, questions: readonly Asking[], { register, now }: RightsPlace): readonly DenialReason[] {
  const reasons = crimes.flatMap((crime) =>
    questions.flatMap((question) => {
      const decision = decide(register, { ...question, originator, type, crime, handling, purposes }, now);
      return decision.allow ? [] : decision.reasons;
    }),
  );
  return [...new Set(reasons)];
} // prettier-ignore

/** What is asked when a message by name is handed in: to say it at all, to say it to him, and that he may read it. */
function byName(agency: string, to: string | undefined): readonly Asking[] {
  const publish = { action: "PUBLISH", agency, scope: "direct" } as const;
  if (to === undefined) return [publish];
  return [publish, { ...publish, recipient: to }, { action: "READ", agency: to, scope: "direct" }];
}

/** Whether a type may be said to a feed. */
function isForFeeds(type: string): boolean {
  return isKnownType(type) && typeOptions(type)?.scope === "FEED";
}

/**
 * Why an agency may not say something, by the register alone: the reasons for which it would be refused when it is handed in,
 * by name, or where the matter began in a feed, there. Empty where it may say it in one of the two ways.
 */
export function findBars(act: PossibleAct, place: RightsPlace): readonly DenialReason[] {
  const named = ask(act, byName(act.agency, act.to), place);
  const { type, agency, recs } = act;
  if (named.length === 0 || recs.length === 0 || !isForFeeds(type)) return named;
  const fed = ask(act, recs.map((scope): Asking => ({ action: "PUBLISH", agency, scope })), place);
  return fed.length === 0 ? [] : named;
} // prettier-ignore
