import type { VNode } from "preact";

import type { Summary } from "../ground/messages.ts";
import { renderLeft, renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { labelOf, say, typeName } from "../ground/words.ts";

function Marks({ of }: { readonly of: Summary }): VNode {
  const { urgency = "", status, state, wordsWait } = of;
  return (
    <>
      {urgency === "FLASH" ? (
        <strong class="mark flash">{labelOf("URGENCY", urgency)}</strong>
      ) : null}
      {status === "EXERCISE" ? (
        <strong class="mark drill">{labelOf("STATUS", status)}</strong>
      ) : null}
      {state === "QUARANTINED" ? (
        <strong class="mark bad">{say("state.QUARANTINED")}</strong>
      ) : null}
      {wordsWait === true ? <strong class="mark">{say("read.wordsWait")}</strong> : null}
    </>
  );
}

function Line({ of }: { readonly of: Summary }): VNode {
  const { id = "", type = "", crimes = [], originator = "", createdAt = "", dueAt, handling = "", state = "" } = of;
  return (
    <li class={of.status === "EXERCISE" ? "drill" : undefined}>
      <a class="line" href={hrefOf(`message/${id}`)} data-message={id}>
        <span class="what">{typeName(type)}</span>
        <span>{crimes.map((crime) => labelOf("CRIME", crime)).join(" · ")}</span>
        <span>
          <bdi dir="ltr">{originator}</bdi> · {renderMoment(createdAt)} · <bdi dir="ltr">{handling}</bdi> · {say(`state.${stateWord(state)}`)}
        </span>
        {dueAt === undefined ? null : (
          <span class="due">
            {renderLeft(dueAt)} ({renderMoment(dueAt)})
          </span>
        )}
        <Marks of={of} />
      </a>
    </li>
  );
} // prettier-ignore

const states = ["QUEUED", "ACCEPTED", "DELIVERED", "REFUSED", "EXPIRED", "STOPPED", "VERIFIED", "ERASED", "QUARANTINED"] as const; // prettier-ignore

/** The state as words know it. */
export function stateWord(state: string): (typeof states)[number] {
  return states.find((one) => one === state) ?? "QUARANTINED";
}

/** Lines of messages; the whole line is one link. */
export function MessageList({ items, empty }: { readonly items: readonly Summary[]; readonly empty: string }): VNode {
  if (items.length === 0) return <p class="note">{empty}</p>;
  return (
    <ul class="lines">
      {items.map((one) => (
        <Line key={one.id} of={one} />
      ))}
    </ul>
  );
} // prettier-ignore
