import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { every, now, instantMs } from "../ground/clock.ts";
import { askSession, session } from "../ground/session.ts";
import { say } from "../ground/words.ts";
import { Act } from "./act.tsx";

const warnMs = 2 * 60_000;
const lookMs = 5_000;

/** Two minutes before the session ends it says so, and one key prolongs it; what is being written stays either way. */
export function SessionEnd(): VNode | null {
  const left = useSignal(Infinity);
  useEffect(() => {
    const timer = every(lookMs, () => {
      const ends = [session.value?.endsAt, session.value?.idleEndsAt].map((at) =>
        typeof at === "string" ? instantMs(at) : Infinity,
      );
      left.value = Math.min(...ends) - now();
    });
    return () => timer.stop();
  }, []);
  if (left.value > warnMs) return null;
  return (
    <div class="session-end" role="alertdialog" aria-label={say("session.ending")}>
      <p>{say("session.ending")}</p>
      <Act kind="main" name="stay" act={askSession}>
        {say("session.stay")}
      </Act>
    </div>
  );
}
