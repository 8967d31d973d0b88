import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { tick } from "../ground/live.ts";
import { listLocal } from "../ground/local.ts";
import { hrefOf } from "../ground/place.ts";
import { session } from "../ground/session.ts";
import { say } from "../ground/words.ts";

/** What this person typed in this browser and what has not reached the gateway: it is there, and one opens it. */
export function KeptHere(): VNode | null {
  const kept = useSignal<readonly string[]>([]);
  const person = session.value?.id ?? "";
  useEffect(() => {
    // a browser that keeps nothing has nothing to show
    listLocal(person).then((ids) => (kept.value = ids), () => undefined);
  }, [person, tick.value]); // prettier-ignore
  if (kept.value.length === 0) return null;
  return (
    <section class="kept-here" aria-labelledby="kept-here">
      <h2 id="kept-here">{say("kept.title", { n: kept.value.length })}</h2>
      <p>{say("kept.says")}</p>
      <ul>
        {kept.value.map((id) => (
          <li key={id}>
            <a href={hrefOf(`write/${id}`)} data-kept={id}>
              {say("kept.open")} <bdi dir="ltr">{id.slice(-8)}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
