import { z } from "zod";

import { tryShape } from "../../schemas/ground/index.ts";
import type { ColleagueDesk } from "../colleagues/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { colleaguesOf } from "./claims.ts";
import { viewTextShape } from "./colleague-shapes.ts";
import { readShape } from "./people-body.ts";
import { parseListMembers } from "./read-list.ts";

type View = ReturnType<ColleagueDesk["views"]["list"]>[number];

const parameters = z.record(z.string(), z.string());

/** What a newer edition kept and this one cannot read is shown as a list of everything. */
function renderView({ id, name, owner, isShared: shared, query }: View, { caller }: Pick<Call, "caller">): Record<string, unknown> {
  const read = tryShape(parameters, JSON.parse(query));
  return { id, name, shared, mine: owner === caller.id, query: read.success ? read.data : {} };
} // prettier-ignore

/** Lists that are kept: one's own and the shared ones. */
export function getViews(desk: Desk, call: Call): Response {
  const items = colleaguesOf(desk).views.list(call.caller);
  return renderAnswer({ items: items.map((one) => renderView(one, call)) });
}

/** Keeps a list, new or changed. */
export async function putView(desk: Desk, call: Call): Promise<Response> {
  const { views } = colleaguesOf(desk);
  const { name, shared: isShared, query } = await readShape(viewTextShape, call.request);
  parseListMembers(query);
  const text = { name, isShared, query: JSON.stringify(query) };
  const { view, created } = await views.put(call.caller, call.params["id"] ?? "", text);
  return renderAnswer(renderView(view, call), { status: created ? 201 : 200 });
}

/** Keeps a list no more. */
export async function deleteView(desk: Desk, call: Call): Promise<Response> {
  await colleaguesOf(desk).views.remove(call.caller, call.params["id"] ?? "");
  return new Response(null, { status: 204 });
}
