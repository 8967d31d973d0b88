import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { components } from "../../../client/api-types.ts";
import { isSoundOn, turnSound } from "../ground/flash.ts";
import { hrefOf } from "../ground/place.ts";
import { may } from "../ground/session.ts";
import { say } from "../ground/words.ts";
import { LanguageChoice } from "./header.tsx";

const keptAs = "atumpan-first-day";

/** What one does first: choose a language and whether FLASH is heard, and send a drill. Gone once something was begun, or when it is not wanted. */
export function FirstDay({ of }: { readonly of: components["schemas"]["Home"] }): VNode | null {
  const isDone = useSignal(localStorage.getItem(keptAs) === "done");
  const hasBegun = of.continue.length > 0 || of.drafts.count > 0;
  if (isDone.value || hasBegun || !may("POST", "/v1/messages")) return null;
  const done = (): void => {
    localStorage.setItem(keptAs, "done");
    isDone.value = true;
  };
  return (
    <section class="card" aria-labelledby="first-day">
      <h2 id="first-day">{say("first.title")}</h2>
      <ol>
        <li>
          {say("language.choose")}: <LanguageChoice kind="first-language" />
        </li>
        <li>
          <label class="switch">
            <input type="checkbox" name="sound" checked={isSoundOn()} onChange={({ currentTarget }) => turnSound(currentTarget.checked)} />
            {say("flash.sound")}
          </label>
        </li>
        <li>
          <a href={hrefOf("write")}>{say("first.drill")}</a>
        </li>
      </ol>
      <button type="button" data-act="first-done" onClick={done}>
        {say("first.done")}
      </button>
    </section>
  );
} // prettier-ignore
