import type { VNode } from "preact";

import type { DraftWork } from "../ground/draft.ts";
import { renderHour } from "../ground/moments.ts";
import { say } from "../ground/words.ts";

/** Where what was typed lies: at the gateway, or still here. */
export function SavingLine({ of }: { readonly of: DraftWork }): VNode {
  const at = of.savedAt.value;
  const time = at === undefined ? "" : renderHour(at);
  return (
    <p class="note" data-saving={of.saving.value} role="status">
      {of.saving.value === "saved" && at !== undefined
        ? say("saving.savedAt", { time })
        : say(`saving.${of.saving.value}`)}
    </p>
  );
}
