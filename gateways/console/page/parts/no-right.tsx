import type { VNode } from "preact";

import { say, type WordId } from "../ground/words.ts";
import { Heading } from "./heading.tsx";

/** Where one may not go: it is said who may, and who gives that right. */
export function NoRight({ title, role }: { readonly title: WordId; readonly role: WordId }): VNode {
  return (
    <>
      <Heading title={say(title)} />
      <p data-no-right>{say("denied.who", { role: say(role) })}</p>
      <p class="note">{say("denied.ask")}</p>
      <p>
        {say("problem.code")} <bdi dir="ltr">ROLE_MISSING</bdi>
      </p>
    </>
  );
}
