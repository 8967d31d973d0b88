import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";

import { after } from "../ground/clock.ts";
import type { Loading } from "../ground/load.ts";
import { renderHour } from "../ground/moments.ts";
import { Refusal } from "../ground/problem.ts";
import { say } from "../ground/words.ts";
import { ProblemBox } from "./problem.tsx";

/** What is quicker than this shows no sign of waiting. */
const skeletonMs = 300;
const slowMs = 10_000;

function Skeleton({ giveUp }: { readonly giveUp: () => void }): VNode | null {
  const stage = useSignal(0);
  useEffect(() => {
    const soon = after(skeletonMs, () => (stage.value = 1));
    const late = after(slowMs, () => (stage.value = 2));
    return () => {
      soon.stop();
      late.stop();
    };
  }, []);
  if (stage.value === 0) return null;
  return (
    <p class="skeleton" aria-live="polite">
      {say(stage.value === 1 ? "load.wait" : "load.slow")}{" "}
      {stage.value === 1 ? null : (
        <button type="button" data-act="give-up" onClick={giveUp}>
          {say("act.stop")}
        </button>
      )}
    </p>
  );
}

function GivenUp({ again }: { readonly again: () => void }): VNode {
  return (
    <p class="note">
      {say("load.stopped")}{" "}
      <button type="button" data-act="again" onClick={again}>
        {say("act.again")}
      </button>
    </p>
  );
}

function Denied(): VNode {
  return <p class="note">{say("load.denied")}</p>;
}

/**
 * One panel of a screen: it fails alone, keeps what it had, says of when that is, and offers another try. Where the person may not see
 * it, it says who gives that right.
 */
export function Panel<T>({ of, children }: { readonly of: Loading<T>; readonly children: (value: T) => ComponentChildren }): VNode {
  const { value, error, at, isGivenUp } = of.state.value;
  const waiting = isGivenUp ? <GivenUp again={of.again} /> : <Skeleton giveUp={of.giveUp} />;
  const isDenied = error instanceof Refusal && error.message === "ROLE_MISSING";
  return (
    <>
      {error === undefined ? null : isDenied ? <Denied /> : <ProblemBox error={error} again={of.again} />}
      {error !== undefined && value !== undefined && at !== undefined ? (
        <p class="note">{say("load.stale", { time: renderHour(at) })}</p>
      ) : null}
      {value === undefined ? (error === undefined ? waiting : null) : children(value)}
    </>
  );
} // prettier-ignore
