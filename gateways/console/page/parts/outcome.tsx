import type { VNode } from "preact";

import { membersOf, textOf } from "../ground/members.ts";
import { renderMoment } from "../ground/moments.ts";
import { say } from "../ground/words.ts";

/** What a change of people or machines came to: done, with what is shown this once, or waiting for another person. */
export function Outcome({ of }: { readonly of: unknown }): VNode | null {
  const { done, code, endsAt, proof } = membersOf(of);
  if (done === false) {
    return <p role="status" data-outcome="waits">{say("people.waits", { time: renderMoment(textOf(endsAt)) })}</p>;
  }
  if (done !== true) return null;
  const secret = textOf(code) || textOf(membersOf(proof)["secret"]);
  return (
    <div class="done" role="status" data-outcome="done">
      <p>{say("people.done")}</p>
      {secret === "" ? null : (
        <p>
          {say("people.once")} <code dir="ltr">{secret}</code>
        </p>
      )}
    </div>
  );
} // prettier-ignore
