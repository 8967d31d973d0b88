import type { VNode } from "preact";

import { dropUndo, undoable, undoLast } from "../ground/undo.ts";
import { say } from "../ground/words.ts";
import { Act } from "./act.tsx";

/** What was just done, and how it is taken back. */
export function Undo(): VNode | null {
  const last = undoable.value;
  if (last === undefined) return null;
  return (
    <div class="strip" role="status">
      <span>{say(last.word, { n: last.n ?? 1 })}</span>
      <Act name="undo" act={undoLast}>
        {say("act.undo")}
      </Act>
      <button type="button" onClick={dropUndo}>
        {say("act.close")}
      </button>
    </div>
  );
}
