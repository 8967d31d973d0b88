import type { z } from "zod";

import { parseInstant } from "../../schemas/index.ts";
import { type EpochMs, Fault, tryShape } from "../../schemas/ground/index.ts";
import { visibleTo } from "../people/index.ts";
import type { RecallDesk } from "../recall/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { holdWishShape, liftShape } from "./hold-shapes.ts";
import { readJsonBody } from "./read-body.ts";
import { outsideShape, recallWishShape } from "./recall-shapes.ts";

function deskOf({ services }: Desk): RecallDesk {
  if (services?.recalls !== undefined) return services.recalls;
  throw new Fault("NOT_FOUND", "this gateway tells nothing of recalls");
}

async function readShape<T extends z.ZodType>(shape: T, { request }: Call, example: string): Promise<z.infer<T>> {
  const found = tryShape(shape, await readJsonBody(request));
  if (found.success) return found.data;
  throw new Fault("REQUEST_INVALID", `say ${example}`);
} // prettier-ignore

function momentOf(text: string): EpochMs {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  throw new Fault("REQUEST_INVALID", "the moment is not in RFC 3339 with its offset");
}

/**
 * What is said of a message is told to who may see it; of one that is not here, to every reader: only its id is known. None of
 * it is content, so an auditor sees all of it, as in the record.
 */
function isTold({ exchange }: Desk, { caller }: Call, id: unknown): boolean {
  const seen = typeof id === "string" ? exchange.glance(id) : undefined;
  return seen === undefined || caller.roles.has("auditor") || visibleTo(caller, seen);
}

function answerList(desk: Desk, call: Call, { items, by }: { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly by: string }): Response {
  const told = items.filter((item) => isTold(desk, call, item[by]));
  call.record.count(told.length);
  return renderAnswer({ items: told });
} // prettier-ignore

/** Takes messages of ours back: an order to each holder. The same key sends nothing twice. */
export async function postRecall(desk: Desk, call: Call): Promise<Response> {
  const key = call.request.headers.get("idempotency-key") ?? "";
  const example = `{"ids": ["…"], "reason": "PURPOSE_ACHIEVED", "deadline": "2026-12-01T12:00:00Z"}`;
  const { deadline, ...wish } = await readShape(recallWishShape, call, example);
  if (key === "" || key.length > 120) throw new Fault("IDEMPOTENCY_KEY_MISSING", "an Idempotency-Key of a recall has 1 to 120 characters");
  if (wish.ids.some((id) => !isTold(desk, call, id))) throw new Fault("NOT_FOUND", "no message of this agency here has this id; only its sender takes a message back");
  const started = await deskOf(desk).start({ ...wish, deadline: momentOf(deadline) }, `recall ${key}`);
  call.record.about(wish.ids[0] ?? "");
  call.record.count(wish.ids.length);
  return renderAnswer(started, { status: 201 });
} // prettier-ignore

/** Messages of ours that are taken back. */
export function getRecalls(desk: Desk, call: Call): Response {
  return answerList(desk, call, { items: deskOf(desk).list(), by: "id" });
}

/** One of them, holder by holder. */
export function getRecall(desk: Desk, call: Call): Response {
  const id = call.params["id"] ?? "";
  const shown = deskOf(desk).show(id);
  if (!isTold(desk, call, id)) throw new Fault("NOT_FOUND", "nothing was ordered of a message of ours with this id");
  return renderAnswer(shown);
} // prettier-ignore

/** What others ordered us, and how far it is. */
export function getOrders(desk: Desk, call: Call): Response {
  return answerList(desk, call, { items: deskOf(desk).asked(), by: "message" });
}

/** A body outside the network has undone what it was given. */
export async function postOutside(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record } = call;
  const said = await readShape(outsideShape, call, `{"use": 7, "ref": "letter 3"}`);
  const by = { by: caller.id, also: (id: string) => record.keep(id) };
  return renderAnswer(await deskOf(desk).confirmOutside({ ...said, order: params["id"] ?? "" }, by));
} // prettier-ignore

/** Sets holds on messages. */
export async function postHold(desk: Desk, call: Call): Promise<Response> {
  const { caller, record } = call;
  const example = `{"ids": ["…"], "ref": "HC/88", "country": "GH", "ground": "…", "until": "2027-05-01T00:00:00Z"}`;
  const wish = await readShape(holdWishShape, call, example);
  const by = { by: caller.id, also: (id: string) => record.keep(id) };
  const holds = await deskOf(desk).setHolds({ ...wish, until: momentOf(wish.until) }, by);
  return renderAnswer({ items: holds }, { status: 201 });
}

/** Another person agrees to a hold. */
export async function postHoldConfirmed(desk: Desk, { caller, params, record }: Call): Promise<Response> {
  const by = { by: caller.id, also: (id: string) => record.keep(id) };
  return renderAnswer(await deskOf(desk).confirmHold(params["id"] ?? "", by));
} // prettier-ignore

/** Another person lifts a hold. */
export async function postHoldLifted(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record } = call;
  const { ground } = await readShape(liftShape, call, `{"ground": "…"}`);
  const word = { by: caller.id, ground, also: (id: string) => record.keep(id) };
  return renderAnswer(await deskOf(desk).liftHold(params["id"] ?? "", word));
}

/** Legal holds, those that keep nothing any more too. */
export function getHolds(desk: Desk, call: Call): Response {
  return answerList(desk, call, { items: deskOf(desk).holds(), by: "message" });
}

/** What is to be looked at again, and what goes within thirty days. */
export function getRetention(desk: Desk, call: Call): Response {
  return answerList(desk, call, { items: deskOf(desk).retention(), by: "id" });
}

/** What was erased here: ids and digests. */
export function getErasures(desk: Desk, call: Call): Response {
  return answerList(desk, call, { items: deskOf(desk).erasures(), by: "id" });
}
