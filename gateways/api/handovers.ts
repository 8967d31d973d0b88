import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { ColleagueDesk } from "../colleagues/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { colleaguesOf, listClaims } from "./claims.ts";
import { handoverWishShape } from "./colleague-shapes.ts";
import { readShape } from "./people-body.ts";
import { countApprovals, countCame, listOverdue, listSeen } from "./standing.ts";

type Handover = ReturnType<ColleagueDesk["handovers"]["list"]>[number];

/** A shift is this long where nobody has handed one over. */
const shiftMs = 12 * 3_600_000;
const mostDue = 50;

const keptShape = z.strictObject({
  note: z.string(),
  since: z.number(),
  came: z.strictObject({ messages: z.number(), isMore: z.boolean() }),
  due: z.array(z.strictObject({ id: z.string(), dueAt: z.number() })),
  overdue: z.number(),
  claims: z.array(z.strictObject({ message: z.string(), name: z.string() })),
  approvals: z.number(),
  waiting: z.number(),
});

type Kept = z.infer<typeof keptShape>;

/** How things stand for this caller: numbers, and ids of messages. */
function standAt(desk: Desk, call: Call): Omit<Kept, "note"> {
  const now = desk.clock.now();
  const since = colleaguesOf(desk).handovers.lastAt() ?? now - shiftMs;
  const { items } = listSeen(desk, call, { box: "in", order: "due", limit: mostDue });
  const due = items.flatMap(({ id, dueAt }) =>
    dueAt === undefined || dueAt > now + shiftMs ? [] : [{ id, dueAt }],
  );
  return {
    since,
    came: countCame(desk, call, since),
    due,
    overdue: listOverdue(desk, call).length,
    claims: listClaims(desk, call).map(({ message, name }) => ({ message, name })),
    approvals: countApprovals(desk, call),
    waiting: desk.exchange.status().waiting,
  };
}

/** Of messages only what this caller may see now: they may have been erased, or be above his ceiling. */
function renderStanding({ exchange }: Desk, { caller }: Call, { since, due, claims, ...rest }: Omit<Kept, "note">): Record<string, unknown> {
  const glance = (id: string): { readonly type: string; readonly urgency: string } | undefined => {
    const seen = exchange.glance(id);
    return seen !== undefined && visibleTo(caller, seen) ? seen : undefined;
  };
  const shown = due.flatMap(({ id, dueAt }) => {
    const { type, urgency } = glance(id) ?? {};
    return type === undefined ? [] : [{ id, type, urgency, dueAt: renderInstant(dueAt) }];
  });
  const held = claims.filter(({ message }) => glance(message) !== undefined);
  return { ...rest, since: renderInstant(since), due: shown, claims: held };
} // prettier-ignore

function readKept(content: string): Kept {
  const read = tryShape(keptShape, JSON.parse(content));
  if (read.success) return read.data;
  throw new Fault("INTEGRITY_STORE", "a hand-over in the store is not what was kept");
}

function renderHandover(desk: Desk, call: Call, { id, at, giver, giverName, content, ...end }: Handover): Record<string, unknown> {
  const { note, ...kept } = readKept(content);
  const { taker, takerName, takenAt } = end;
  const taken = takenAt === undefined ? {} : { taken: { by: taker, name: takerName, at: renderInstant(takenAt) } };
  const said = { id, at: renderInstant(at), by: giver, name: giverName, note };
  return { ...said, ...renderStanding(desk, call, kept), ...taken };
} // prettier-ignore

/** What there is to hand over now. */
export function getStanding(desk: Desk, call: Call): Response {
  return renderAnswer(renderStanding(desk, call, standAt(desk, call)));
}

/** Shifts that were handed over, the newest first. */
export function getHandovers(desk: Desk, call: Call): Response {
  const items = colleaguesOf(desk).handovers.list();
  return renderAnswer({ items: items.map((one) => renderHandover(desk, call, one)) });
}

/** Hands a shift over: how things stand, and what is to be known. */
export async function postHandover(desk: Desk, call: Call): Promise<Response> {
  const { handovers } = colleaguesOf(desk);
  const { note } = await readShape(handoverWishShape, call.request);
  const content = JSON.stringify({ note, ...standAt(desk, call) });
  const { caller, record } = call;
  const given = await handovers.give({ caller, content, also: (id) => record.keep(id) });
  return renderAnswer(renderHandover(desk, call, given), { status: 201 });
}

/** Another person signs for it. */
export async function postTaking(desk: Desk, call: Call): Promise<Response> {
  const { handovers } = colleaguesOf(desk);
  const { caller, record, params } = call;
  const act = { caller, id: params["id"] ?? "", also: (id: string) => record.keep(id) };
  return renderAnswer(renderHandover(desk, call, await handovers.take(act)));
}
