import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { newShell, takeShell } from "../ground/shell.ts";
import { say } from "../ground/words.ts";
import { isWriting } from "../ground/writing.ts";

/** A newer console lies ready: that is said, and it is taken when one says so; never while something is being written in any window. */
export function ShellNews(): VNode | null {
  const isHeldBack = useSignal(false);
  if (newShell.value === undefined) return null;
  const take = async (): Promise<void> => {
    isHeldBack.value = !(await takeShell());
  };
  const isLater = isWriting.value || isHeldBack.value;
  return (
    <p class="note shell-news" role="status">
      {say("shell.new")} {isLater ? say("shell.later") : null}{" "}
      {isWriting.value ? null : (
        <button type="button" data-act="take-shell" onClick={() => void take()}>
          {say("shell.take")}
        </button>
      )}
    </p>
  );
}
