import type { VNode } from "preact";

import { place } from "../ground/place.ts";
import { newShell, takeShell } from "../ground/shell.ts";
import { say } from "../ground/words.ts";

/** A newer console lies ready: it is taken when one says so, and never offered while something is being written. */
export function ShellNews(): VNode | null {
  const [room, id] = place.value.path;
  const isWriting = room === "write" && id !== undefined;
  if (newShell.value === undefined || isWriting) return null;
  return (
    <p class="note" role="status">
      {say("shell.new")}{" "}
      <button type="button" onClick={takeShell}>
        {say("shell.take")}
      </button>
    </p>
  );
}
