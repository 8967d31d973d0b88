import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { say } from "../ground/words.ts";
import { ProblemBox } from "./problem.tsx";

type Screen = (props: { readonly id: string }) => VNode;

/** A screen whose code comes when it is first gone to. Where it cannot be had, that is said and tried again. */
export function lazily(load: () => Promise<Screen>): Screen {
  let known: Screen | undefined;
  return function Lazy({ id }) {
    const found = useSignal(known);
    const error = useSignal<unknown>(undefined);
    const turn = useSignal(0);
    useEffect(() => {
      const bring = async (): Promise<void> => {
        known = await load();
        found.value = known;
      };
      bring().catch((caught: unknown) => (error.value = caught));
    }, [turn.value]);
    const Shown = found.value;
    if (Shown !== undefined) return <Shown id={id} />;
    if (error.value === undefined) return <p class="skeleton">{say("load.wait")}</p>;
    const again = (): void => {
      error.value = undefined;
      turn.value += 1;
    };
    return <ProblemBox error={error.value} again={again} />;
  };
}
