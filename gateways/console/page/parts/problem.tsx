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

/** What went wrong, as the gateway says it in the language of the page, with the code to read out on the phone. */
export function ProblemBox({ error, again }: { readonly error: unknown; readonly again?: () => void }): VNode {
  const problem = error instanceof Refusal ? error.problem : undefined;
  const title = problem?.title ?? say("problem.unreached");
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      {problem?.detail === undefined || problem.errors !== undefined ? null : (
        <p class="aside" lang="en" dir="ltr">
          {problem.detail}
        </p>
      )}
      {problem?.errors === undefined ? null : <Errors errors={problem.errors} />}
      <p>
        {say("problem.code")} <bdi dir="ltr">{problem?.code ?? "GATEWAY_UNREACHABLE"}</bdi>
      </p>
      {again === undefined ? null : (
        <button type="button" onClick={again}>
          {say("act.again")}
        </button>
      )}
    </div>
  );
} // prettier-ignore
