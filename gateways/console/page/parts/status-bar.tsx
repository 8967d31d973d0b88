import { useComputed } from "@preact/signals";
import type { VNode } from "preact";

import { instantMs } from "../ground/clock.ts";
import { status, type Status } from "../ground/live.ts";
import { renderAgo, renderHour } from "../ground/moments.ts";
import { reached } from "../ground/reach.ts";
import { say } from "../ground/words.ts";

interface Standing {
  readonly kind: "good" | "waiting" | "away";
  readonly sign: string;
  readonly text: string;
}

function standingOf({ linkUp, lastContactAt, hub, waiting = 0 }: Status): Standing {
  if (linkUp === false) {
    const since = typeof hub?.["since"] === "string" ? hub["since"] : (lastContactAt ?? "");
    const text = say("status.linkDown", { time: renderHour(since), n: waiting });
    return { kind: "waiting", sign: "!", text };
  }
  const ago = lastContactAt === undefined ? "" : renderAgo(instantMs(lastContactAt));
  if (waiting > 0) return { kind: "waiting", sign: "↑", text: say("status.sending", { n: waiting }) };
  return { kind: "good", sign: "✓", text: say("status.good", { ago }) };
} // prettier-ignore

/** The two ways a connection may be missing, kept apart: this PC to the gateway, and the gateway to the network. */
export function StatusBar(): VNode {
  const standing = useComputed<Standing>(() => {
    const { isUp, since } = reached.value;
    if (!isUp) return { kind: "away", sign: "⨯", text: say("status.unreached", { time: renderHour(since) }) };
    const now = status.value;
    return now === undefined ? { kind: "good", sign: "…", text: say("load.wait") } : standingOf(now);
  });
  const { kind, sign, text } = standing.value;
  return (
    <p class={`status ${kind}`} role="status">
      <span aria-hidden="true">{sign}</span> {text}
    </p>
  );
} // prettier-ignore
