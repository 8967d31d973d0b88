import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";

import { ProblemBox } from "./problem.tsx";

/** What a button is. */
export interface ActProps {
  readonly act: () => Promise<void>;
  readonly children: ComponentChildren;
  readonly kind?: "main" | "plain";
  /** The name tests and keys find it by. */
  readonly name?: string;
}

/** A button that does something at the gateway: once at a time, and what went wrong stands beside it. */
export function Act({ act, children, kind = "plain", name }: ActProps): VNode {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const run = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    error.value = undefined;
    try {
      await act();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <>
      <button type="button" class={kind} aria-disabled={isBusy.value} data-act={name} onClick={() => void run()}>
        {children}
      </button>
      {error.value === undefined ? null : <ProblemBox error={error.value} />}
    </>
  );
} // prettier-ignore
