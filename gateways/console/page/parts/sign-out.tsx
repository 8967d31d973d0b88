import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { listLocal } from "../ground/local.ts";
import { session, signOut } from "../ground/session.ts";
import { say } from "../ground/words.ts";
import { saveWriting } from "../ground/writing.ts";
import { Act } from "./act.tsx";

function Asked({ kept, stay }: { readonly kept: number; readonly stay: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="unsent" onClose={stay}>
      <h2 id="unsent">{say("kept.title", { n: kept })}</h2>
      <p>{say("kept.signOut")}</p>
      <div class="acts">
        <button type="button" class="main" data-act="stay-signed-in" onClick={stay}>
          {say("kept.stay")}
        </button>
        <Act name="sign-out-anyway" act={signOut}>
          {say("act.signOut")}
        </Act>
      </div>
    </dialog>
  );
}

/** Signs out; what was typed goes to the gateway first. What cannot go there stays in this browser, encrypted, and that is said before. */
export function SignOut(): VNode {
  const kept = useSignal(0);
  const leave = async (): Promise<void> => {
    await saveWriting();
    const here = await listLocal(session.peek()?.id ?? "").catch(() => []);
    if (here.length === 0) await signOut();
    else kept.value = here.length;
  };
  return (
    <>
      <Act act={leave} name="sign-out">
        {say("act.signOut")}
      </Act>
      {kept.value === 0 ? null : <Asked kept={kept.value} stay={() => (kept.value = 0)} />}
    </>
  );
}
