import type { Bytes } from "../../ground/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

interface Step {
  readonly step: string;
  readonly targetId?: Bytes | undefined;
}

const first = new Set(["PROPOSED", "REQUEST"]);

/** An answer, a change or an end is about one earlier message: both sides must mean the same one. */
export const stepNamesTarget: Rule<BodyContext<Step>> = {
  code: "RULE_STEP_WITHOUT_TARGET",
  says: "targetId is missing; name the message that this step answers or changes",
  find: ({ body }) => (!first.has(body.step) && body.targetId === undefined ? ["/targetId"] : []),
};

/** Who is refused learns the ground, or he asks again in the same way. */
export const refusalHasGround: Rule<
  BodyContext<{ readonly step: string; readonly refusalGround?: string | undefined }>
> = {
  code: "RULE_REFUSAL_WITHOUT_GROUND",
  says: "refusalGround is missing; say on which ground it is refused",
  find: ({ body }) =>
    body.step === "REFUSED" && body.refusalGround === undefined ? ["/refusalGround"] : [],
};

const proposing = new Set(["PROPOSED", "AMENDED"]);

/** Whether this step sets out what is proposed, so that it must be complete. */
export function isProposal(step: string): boolean {
  return proposing.has(step);
}
