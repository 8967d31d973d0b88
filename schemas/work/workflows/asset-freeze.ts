import type { Bodies } from "../../gen/index.ts";
import type { EpochMs } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import { type Awaited, move, type Workflow } from "../workflow.ts";
import { acknowledgement, result } from "./awaited.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { patienceIn, told, toldBy } from "./what-came.ts";

type Update = Bodies["asset.management_update"];
type Row = StepRow<"asset.management_update">;

const dayMs = 86_400_000;
const open = ["SENT", "ACKNOWLEDGED"] as const;
const held = ["HELD", "FORMALLY_ASKED"] as const;
const freezing = ["FROZEN", "SEIZED"];
const keeping = ["EXTENDED", "VALUED", "MANAGER_APPOINTED", "RENTED", "REPAIRED", "LOST_VALUE", "SOLD", ...freezing]; // prettier-ignore
const ending = ["RELEASED", "CONFISCATED", "RETURNED", "SHARED", "DESTROYED"];

function refsOf(assets: Update["assets"]): readonly string[] {
  return assets.flatMap(({ ref }) => ref ?? []);
}

/** Assets of the request that are still held after this event; one without names is about all. */
function stillHeld({ opening, applied }: Lane, now: Update): readonly string[] {
  const refs = refsOf(now.assets);
  if (refs.length === 0) return [];
  const before = applied.map((step) => step.read("asset.management_update"));
  const ends = before.filter((one) => one !== undefined && ending.includes(one.event));
  const gone = new Set([...refs, ...ends.flatMap((one) => refsOf(one?.assets ?? []))]);
  const asked = opening.read("asset.freeze_request")?.assets ?? [];
  return refsOf(asked).filter((ref) => !gone.has(ref));
}

/** A hold ends by itself: on the day that was said, or after the days that were asked for. */
function heldUntil({ holdUntil, at }: Update, { opening, marks }: Lane): EpochMs | undefined {
  const asked = opening.read("asset.freeze_request");
  const { maxHoldDays } = asked ?? {};
  const byDays = maxHoldDays === undefined ? undefined : at + maxHoldDays * dayMs;
  return holdUntil ?? marks.resultBy ?? asked?.holdUntil ?? byDays;
}

const rows: readonly Row[] = [
  {
    says: freezing,
    by: "OTHER",
    from: open,
    to: "HELD",
    marks: (body, { lane }) => ({ resultBy: heldUntil(body, { ...lane, marks: { ...lane.marks, resultBy: undefined } }) }),
  },
  { says: ["NOT_FROZEN"], by: "OTHER", from: open, to: "NOT_HELD" },
  {
    says: keeping,
    by: "OTHER",
    from: held,
    to: (_, { state }) => state,
    marks: (body, { lane }) => ({ resultBy: heldUntil(body, lane) }),
  },
  {
    says: ending,
    by: "OTHER",
    from: held,
    to: (body, lane) => (stillHeld(lane, body).length > 0 ? lane.state : "ENDED"),
  },
  // what was confiscated is returned, shared or destroyed later
  { says: ["RETURNED", "SHARED", "DESTROYED", "SOLD"], by: "OTHER", from: ["ENDED"], to: "ENDED" },
]; // prettier-ignore

function formalBy({ opening, marks }: Lane): EpochMs | undefined {
  const ends = [opening.read("asset.freeze_request")?.mlaBy, marks.resultBy];
  const known = ends.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The formal request is to come before the hold ends by itself. */
const beforeItEnds: Awaited = { closing: "DECISION", of: "OPENER", by: formalBy };
const untilItEnds: Awaited = { closing: "RESULT", of: "OTHER", by: ({ marks }) => marks.resultBy };

/**
 * Assets held so that nobody moves them (domain §2.9). Who holds them says every change; a hold ends by itself on its day, and
 * before that the formal request is to come. It is over when every asset of the request was released, confiscated,
 * returned, shared or destroyed; then who asked says what came of it.
 */
export const assetFreeze: Workflow = {
  name: "ASSET_FREEZE",
  opens: ["asset.freeze_request"],
  first: "SENT",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "ACKNOWLEDGED" }),
    move({ on: "reply.refuse", by: "OTHER", from: open, to: "REFUSED" }),
    ...movesBySteps({ on: "asset.management_update", stepOf: ({ event }) => event, rows }),
    move({ on: "mla.request", by: "OPENER", from: ["HELD"], to: "FORMALLY_ASKED" }),
    ...patienceIn(open),
    // taking it back lets the assets go, and who holds them says that they are
    move({ on: "request.withdraw", by: "OPENER", from: held, to: "RELEASE_ASKED" }),
    ...movesBySteps({
      on: "asset.management_update",
      stepOf: ({ event }) => event,
      rows: [
        {
          says: ending,
          by: "OTHER",
          from: ["RELEASE_ASKED"],
          to: (body, lane) => (stillHeld(lane, body).length > 0 ? "RELEASE_ASKED" : "ENDED"),
        },
      ],
    }),
    ...toldBy("OPENER", ["ENDED"]),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    HELD: [beforeItEnds],
    FORMALLY_ASKED: [untilItEnds],
    RELEASE_ASKED: [untilItEnds],
    ENDED: [told("OPENER")],
  },
};
