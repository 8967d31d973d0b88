import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderTable } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";

const hold = z.looseObject({
  id: z.string(),
  message: z.string(),
  ref: z.string(),
  until: z.string(),
  confirmedBy: z.string().optional(),
  liftedBy: z.string().optional(),
  isStanding: z.boolean(),
});
const holdsShape = z.looseObject({ items: z.array(hold) });
const retentionShape = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      originator: z.string(),
      type: z.string(),
      isHeld: z.boolean(),
      reviewAt: z.string().optional(),
      deleteAt: z.string(),
    }),
  ),
});

type Hold = z.infer<typeof hold>;

const json = { "content-type": "application/json" };

function stateOf({ isStanding, confirmedBy, liftedBy }: Hold): string {
  if (liftedBy !== undefined) return "lifted";
  if (!isStanding) return "ended";
  return confirmedBy === undefined ? "until another person agrees" : "stands";
}

function renderHolds(items: readonly Hold[]): string {
  const rows = items.map((one) => [one.id, one.message, one.ref, renderMinute(one.until), stateOf(one)]);
  return rows.length === 0 ? "Nothing is kept." : renderTable([["HOLD", "MESSAGE", "ORDER", "UNTIL", "STATE"], ...rows]);
} // prettier-ignore

/** Shows which messages an authority has kept. */
export async function runHoldList(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(holdsShape, { path: "/v1/holds" });
  desk.result(answer, renderHolds(answer.items));
  return exitCodes.ok;
}

/** What an authority orders. */
export interface HoldOptions {
  readonly ref: string;
  readonly country: string;
  readonly ground: string;
  readonly until: string;
}

/** Keeps messages on an authority's order. */
export async function runHoldSet(desk: Desk, ids: readonly string[], options: HoldOptions): Promise<number> {
  const { ref, country, ground, until } = options;
  const body = JSON.stringify({ ids, ref, country, ground, until });
  const answer = await desk.client().askFor(holdsShape, { method: "POST", path: "/v1/holds", headers: json, body });
  desk.result(answer, `${renderHolds(answer.items)}\nAnother person has to agree within 72 hours: atumpan hold confirm ID`);
  return exitCodes.ok;
} // prettier-ignore

/** Agrees to a hold, or ends it. */
export async function runHoldWord(desk: Desk, id: string, word: { readonly lift?: string }): Promise<number> {
  const path = `/v1/holds/${encodeURIComponent(id)}/${word.lift === undefined ? "confirmation" : "lifting"}`;
  const body = word.lift === undefined ? {} : { headers: json, body: JSON.stringify({ ground: word.lift }) };
  const answer = await desk.client().askFor(hold, { method: "POST", path, ...body });
  desk.result(answer, renderHolds([answer]));
  return exitCodes.ok;
} // prettier-ignore

/** Shows what is to be looked at again, and what goes within thirty days. */
export async function runRetention(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(retentionShape, { path: "/v1/retention" });
  const rows = answer.items.map(({ id, originator, type, isHeld, reviewAt, deleteAt }) =>
    [id, originator, type, reviewAt === undefined ? "" : renderMinute(reviewAt), renderMinute(deleteAt), isHeld ? "kept by an order" : ""]); // prettier-ignore
  const header = ["MESSAGE", "OF", "TYPE", "LOOK AGAIN", "GOES", ""];
  desk.result(answer, rows.length === 0 ? "Nothing is due." : renderTable([header, ...rows]));
  return exitCodes.ok;
} // prettier-ignore
