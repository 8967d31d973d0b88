import type { VNode } from "preact";

import { type Problem, Refusal } from "../ground/problem.ts";
import { say } from "../ground/words.ts";

function Errors({ errors }: { readonly errors: NonNullable<Problem["errors"]> }): VNode {
  return (
    <ul>
      {errors.map(({ pointer, code, detail }) => (
        <li key={pointer + code}>
          <bdi dir="ltr">{pointer}</bdi> – <span lang="en" dir="ltr">{detail}</span>
        </li>
      ))}
    </ul>
  );
} // prettier-ignore

/** Its own words, which are for whoever helps, and field by field where it has them. */
function Details({ of: { detail, errors } }: { readonly of: Problem }): VNode | null {
  if (errors !== undefined) return <Errors errors={errors} />;
  if (detail === undefined) return null;
  return (
    <p class="aside" lang="en" dir="ltr">
      {detail}
    </p>
  );
}

/**
 * What went wrong, as the gateway says it in the language of the page, with the code to read out on the phone. Another try is
 * offered where one may go otherwise.
 */
export function ProblemBox({ error, again }: { readonly error: unknown; readonly again?: () => void }): VNode {
  const problem = error instanceof Refusal ? error.problem : undefined;
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{problem?.title ?? say("problem.unreached")}</strong>
      </p>
      {problem === undefined ? null : <Details of={problem} />}
      <p>
        {say("problem.code")} <bdi dir="ltr">{problem?.code ?? "GATEWAY_UNREACHABLE"}</bdi>
      </p>
      {again === undefined || problem?.retry === "never" ? null : (
        <button type="button" onClick={again}>
          {say("act.again")}
        </button>
      )}
    </div>
  );
} // prettier-ignore
