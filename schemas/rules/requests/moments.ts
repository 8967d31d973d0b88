import type { EpochMs } from "../../ground/index.ts";
import type { MessageContext, Rule } from "../rule.ts";

/** What a body says of moments: the pointer of each, and the moment when it is given. */
export type Moments<B> = (body: B) => Readonly<Record<string, EpochMs | undefined>>;

/** A case system's clock may be this much ahead of the gateway's that stamps the message. */
const clockSlackMs = 300_000;

function findMoments<B>(
  { body, createdAt }: MessageContext<B>,
  {
    momentsOf,
    isWrong,
  }: { momentsOf: Moments<B>; isWrong: (at: EpochMs, now: EpochMs) => boolean },
): readonly string[] {
  return Object.entries(momentsOf(body)).flatMap(([path, at]) =>
    at !== undefined && isWrong(at, createdAt) ? [path] : [],
  );
}

/** A deadline that is over when the message is made can be kept by nobody. */
export function deadlinesAhead<B>(momentsOf: Moments<B>): Rule<MessageContext<B>> {
  return {
    code: "RULE_DEADLINE_PAST",
    says: "the deadline is not after the moment the message is made; choose a later one",
    find: (context) => findMoments(context, { momentsOf, isWrong: (at, now) => at <= now }),
  };
}

/** What is told as done was done before it is told. */
export function eventsBefore<B>(momentsOf: Moments<B>): Rule<MessageContext<B>> {
  return {
    code: "RULE_EVENT_IN_FUTURE",
    says: "the moment of an act that is told as done lies after the message is made; correct it",
    find: (context) =>
      findMoments(context, { momentsOf, isWrong: (at, now) => at > now + clockSlackMs }),
  };
}
