import type { z } from "zod";

import { renderEnds } from "./render-ends.ts";
import { renderWaiting, renderWays } from "./render-link.ts";
import { renderStanding } from "./logs.ts";
import { renderTable } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import type { statusShape } from "./shapes.ts";
import type { Say } from "./words.ts";

type Status = z.infer<typeof statusShape>;
type Rows = readonly (readonly string[])[];

function renderKeyCounts({ changed, unconfirmed }: Status["sealingKeys"], say: Say): string {
  if (changed + unconfirmed === 0) return say("keysNone");
  const needed = unconfirmed > 0 ? [say("keysNeeded", { count: unconfirmed })] : [];
  const told = changed > 0 ? [say("keysTold", { count: changed })] : [];
  return `${[...needed, ...told].join("; ")}: atumpan keys list`;
}

/** What a register that is past its time is still used for, and what stopped; no line while it is in date. */
function renderUse(uses: Status["registerUse"], say: Say): Rows {
  const old = uses.filter(({ state }) => state !== "fresh");
  if (old.length === 0) return [];
  const parts = old.map(({ handling, state, until }) =>
    state === "stale"
      ? say("useStopped", { handling })
      : say("useUntil", { handling, until: renderMinute(until) }),
  );
  return [[`  ${say("outOfDate")}`, `${parts.join("; ")}: ${say("fetchNewer")}`]];
}

function renderClock({ clockBehind, clockAhead }: Status, say: Say): Rows {
  if (clockBehind !== undefined) {
    return [[say("clock"), say("clockBehind", { floor: renderMinute(clockBehind) })]];
  }
  if (clockAhead === undefined) return [];
  return [[say("clock"), say("clockAhead", { there: renderMinute(clockAhead) })]];
}

function renderStore({ disk, catchingUp }: Status, say: Say): Rows {
  return [
    ...(disk === undefined ? [] : [[say("disk"), say(`disk.${disk}`)]]),
    ...(catchingUp === true ? [[say("store"), say("catchingUp")]] : []),
  ];
}

/** The gateway's state in a few lines, in the words of one language; it answered after so long. */
export function renderStatus(
  status: Status,
  { answerMs, say, store }: { readonly answerMs: number; readonly say: Say; readonly store: Rows },
): string {
  const { agency, registerEpoch: epoch, registerExpiresAt } = status;
  const until = renderMinute(registerExpiresAt);
  return renderTable([
    [say("agency"), agency],
    ...renderWays(status, answerMs, say),
    [say("register"), say("epoch", { epoch, until })],
    ...renderUse(status.registerUse, say),
    ...renderClock(status, say),
    ...renderStore(status, say),
    ...(status.log === undefined ? [] : [[say("log"), renderStanding(status.log, say)]]),
    ...renderWaiting(status, say),
    [say("inbox"), String(status.inbox)],
    [say("quarantined"), String(status.quarantined)],
    [say("sealingKeys"), renderKeyCounts(status.sealingKeys, say)],
    ...renderEnds(status.certificates, say),
    ...store,
  ]);
}
