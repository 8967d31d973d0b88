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

/** In whose hand it is, and whether nobody here has read it; only where that was asked. */
function Hands({ of: { claim, opened } }: { readonly of: Summary }): VNode {
  return (
    <>
      {opened === undefined ? <strong class="mark new">{say("inbox.isNew")}</strong> : null}
      {claim === undefined ? null : (
        <span class="mark hand" data-claimed={claim.by}>
          {claim.mine ? say("inbox.isMine") : say("inbox.isTheirs", { name: claim.name })}
        </span>
      )}
    </>
  );
}

/** How lines are chosen, so that something is done with several at once. */
export interface Choosing {
  isChosen(id: string): boolean;
  choose(id: string, isRange: boolean): void;
}

interface LineProps {
  readonly of: Summary;
  readonly choosing: Choosing | undefined;
}

function Box({ of, choosing }: { readonly of: Summary; readonly choosing: Choosing }): VNode {
  const { id = "", type = "", originator = "" } = of;
  return (
    <label class="choose">
      <input
        type="checkbox"
        checked={choosing.isChosen(id)}
        aria-label={`${say("inbox.choose")}: ${typeName(type)}, ${originator}`}
        onClick={({ shiftKey }) => choosing.choose(id, shiftKey)}
      />
    </label>
  );
}

function Due({ at }: { readonly at: string | undefined }): VNode | null {
  if (at === undefined) return null;
  return (
    <span class="due">
      {renderLeft(at)} ({renderMoment(at)})
    </span>
  );
}

function Line({ of, choosing }: LineProps): VNode {
  const { id = "", type = "", crimes = [], originator = "", createdAt = "", dueAt, handling = "", state = "" } = of;
  return (
    <li class={`${of.status === "EXERCISE" ? "drill" : ""} ${choosing === undefined ? "" : "choosable"}`}>
      {choosing === undefined ? null : <Box of={of} choosing={choosing} />}
      <a class="line" href={hrefOf(`message/${id}`)} data-message={id}>
        <span class="what">{typeName(type)}</span>
        <span>{crimes.map((crime) => labelOf("CRIME", crime)).join(" · ")}</span>
        <span>
          <bdi dir="ltr">{originator}</bdi> · {renderMoment(createdAt)} · <bdi dir="ltr">{handling}</bdi> · {say(`state.${stateWord(state)}`)}
        </span>
        <Due at={dueAt} />
        <Marks of={of} />
        {choosing === undefined ? null : <Hands of={of} />}
      </a>
    </li>
  );
} // prettier-ignore

const states = ["QUEUED", "ACCEPTED", "DELIVERED", "REFUSED", "EXPIRED", "STOPPED", "VERIFIED", "ERASED", "QUARANTINED"] as const; // prettier-ignore

/** The state as words know it. */
export function stateWord(state: string): (typeof states)[number] {
  return states.find((one) => one === state) ?? "QUARANTINED";
}

/** Lines of messages; the whole line is one link. Where they can be chosen, it is also said who works on each. */
export function MessageList({ items, empty, choosing }: { readonly items: readonly Summary[]; readonly empty: string; readonly choosing?: Choosing }): VNode {
  if (items.length === 0) return <p class="note">{empty}</p>;
  return (
    <ul class="lines">
      {items.map((one) => (
        <Line key={one.id} of={one} choosing={choosing} />
      ))}
    </ul>
  );
} // prettier-ignore
