import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

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
  if (liftedBy !== undefined) return "hold.lifted";
  if (!isStanding) return "hold.ended";
  return confirmedBy === undefined ? "hold.unconfirmed" : "hold.stands";
}

function renderHolds(say: Say, items: readonly Hold[]): string {
  const rows = items.map((one) => [one.id, one.message, one.ref, renderMinute(one.until), say(stateOf(one))]);
  return renderList(rows, { say, none: "holds", heads: ["hold", "message", "order", "until", "state"] });
} // prettier-ignore

/** Shows which messages an authority has kept. */
export async function runHoldList(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(holdsShape, { path: "/v1/holds" });
  desk.result(answer, renderHolds(sayOf(desk), answer.items));
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
  const say = sayOf(desk);
  const next = say("hold.next", { command: "atumpan hold confirm ID" });
  desk.result(answer, `${renderHolds(say, answer.items)}\n${next}`);
  return exitCodes.ok;
} // prettier-ignore

/** Agrees to a hold, or ends it. */
export async function runHoldWord(desk: Desk, id: string, word: { readonly lift?: string }): Promise<number> {
  const path = `/v1/holds/${encodeURIComponent(id)}/${word.lift === undefined ? "confirmation" : "lifting"}`;
  const body = word.lift === undefined ? {} : { headers: json, body: JSON.stringify({ ground: word.lift }) };
  const answer = await desk.client().askFor(hold, { method: "POST", path, ...body });
  desk.result(answer, renderHolds(sayOf(desk), [answer]));
  return exitCodes.ok;
} // prettier-ignore

/** Shows what is to be looked at again, and what goes within thirty days. */
export async function runRetention(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(retentionShape, { path: "/v1/retention" });
  const say = sayOf(desk);
  const rows = answer.items.map(({ id, originator, type, isHeld, reviewAt, deleteAt }) =>
    [id, originator, type, reviewAt === undefined ? "" : renderMinute(reviewAt), renderMinute(deleteAt), isHeld ? say("hold.byOrder") : ""]); // prettier-ignore
  const heads = ["message", "of", "type", "lookAgain", "goes"];
  desk.result(answer, renderList(rows, { say, none: "retention", heads }));
  return exitCodes.ok;
} // prettier-ignore
