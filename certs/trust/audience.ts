import type { Envelope } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { decide } from "./decide.ts";
import type { Decision, Kept } from "./question.ts";
import type { RegisterView } from "./register.ts";

/** What of a message decides who may read it. */
export type AudienceHeader = Pick<
  Envelope,
  "originator" | "type" | "recs" | "crimes" | "handling"
> & {
  /** Whom its sender keeps it from. */
  readonly kept?: Kept | undefined;
};

/** One agency, and whether it may read, with the reason. */
export interface Reader {
  readonly agency: string;
  readonly decision: Decision;
}

function decideReader(
  register: RegisterView,
  { agency, header }: { agency: string; header: AudienceHeader },
  at: EpochMs,
): Decision {
  const { originator, type, handling, kept } = header;
  const decisions = header.recs.flatMap((scope) =>
    header.crimes.map((crime) =>
      decide(
        register,
        { action: "READ", agency, originator, scope, type, crime, handling, kept },
        at,
      ),
    ),
  );
  return (
    decisions.find((decision) => decision.allow) ??
    decisions.at(0) ?? { allow: false, reason: "NO_MANDATE", reasons: ["NO_MANDATE"] }
  );
}

/** Every agency of the register with whether it may read a feed message: the exact-audience preview. */
export function previewAudience(
  register: RegisterView,
  header: AudienceHeader,
  at: EpochMs,
): readonly Reader[] {
  return register.agencies
    .filter(({ kind }) => kind !== "HUB")
    .map(({ agency }) => ({ agency, decision: decideReader(register, { agency, header }, at) }));
}

/** The agencies that may read a feed message, in the register's order. Empty means: nobody, so do not send. */
export function audienceOf(
  register: RegisterView,
  header: AudienceHeader,
  at: EpochMs,
): readonly string[] {
  return previewAudience(register, header, at)
    .filter(({ decision }) => decision.allow)
    .map(({ agency }) => agency);
}
