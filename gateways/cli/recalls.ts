import { z } from "zod";

import { renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderList, renderTable } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const line = {
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  holders: z.number(),
  done: z.number(),
  kept: z.number(),
  overdue: z.number(),
  unreached: z.number(),
  unanswered: z.number().optional(),
};
const listShape = z.looseObject({ items: z.array(z.looseObject(line)) });
const answerShape = z.looseObject({ done: z.string(), onwardPending: z.array(z.string()) });
const copyShape = z.looseObject({
  agency: z.string(),
  held: z.string(),
  state: z.string(),
  isOverdue: z.boolean(),
  due: z.string().optional(),
  code: z.string().optional(),
  answer: answerShape.optional(),
});
const beyondShape = z.looseObject({
  hub: z.string(),
  relay: z.string(),
  state: z.string().optional(),
  askedAt: z.string(),
  due: z.string().optional(),
  at: z.string().optional(),
});

type Beyond = z.infer<typeof beyondShape>;

const recallShape = z.looseObject({
  ...line,
  copies: z.array(copyShape),
  hub: z.array(z.looseObject({ stream: z.string(), at: z.string() })),
  beyond: z.array(beyondShape).optional(),
  files: z.looseObject({ asked: z.number(), gone: z.number() }).optional(),
});
const startedShape = z.looseObject({
  sent: z.array(z.looseObject({ holder: z.string(), id: z.string() })),
  unreached: z.array(z.looseObject({ holder: z.string(), code: z.string() })),
});
const ordersShape = z.looseObject({
  items: z.array(
    z.looseObject({
      order: z.string().optional(),
      message: z.string(),
      originator: z.string(),
      kind: z.string(),
      state: z.string(),
      told: z.string().optional(),
      trouble: z.string().optional(),
      onwardPending: z.array(z.string()),
      outside: z.array(z.looseObject({ use: z.number() })),
    }),
  ),
});

type Copy = z.infer<typeof copyShape>;

/** Shows which of our messages are taken back, and how far each is. */
export async function runRecallList(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(listShape, { path: "/v1/recalls" });
  const rows = answer.items.map(({ id, kind, state, holders, done, kept, overdue, unreached }) =>
    [id, kind, state, `${done}/${holders}`, String(kept), String(overdue), String(unreached)]); // prettier-ignore
  const heads = ["message", "what", "state", "done", "kept", "late", "notReached"];
  const silent = answer.items.flatMap(({ id, unanswered = 0 }) =>
    unanswered === 0 ? [] : [`${id}: hubs beyond that have not answered in time: ${unanswered}; "atumpan recall show" names them.`]);
  const table = renderList(rows, { say: sayOf(desk), none: "recalls", heads });
  desk.result(answer, [table, ...silent].join("\n"));
  return exitCodes.ok;
} // prettier-ignore

function answerOf({ answer, code }: Copy): string {
  if (answer === undefined) return code ?? "no answer";
  const { done, onwardPending } = answer;
  return onwardPending.length === 0 ? done : `${done}, waits for ${onwardPending.join(", ")}`;
}

function renderCopy(copy: Copy): readonly string[] {
  const { agency, held, state, isOverdue, due } = copy;
  const by = due === undefined ? "" : renderMinute(due);
  return [agency, held, state, answerOf(copy), isOverdue ? `${by}  LATE` : by];
}

/** What a hub that we are not linked to says, by the relay that brought the message there. */
function renderBeyond({ hub, relay, state, askedAt, due, at }: Beyond): string {
  const since = renderMinute(askedAt);
  if (at === undefined && state === "UNANSWERED") return `Not answered by the hub ${hub}, asked by ${relay} since ${since}; no relay and no hub keeps mail so long, and it is asked no more.`;
  if (at === undefined && state === "OVERDUE") return `Not answered by the hub ${hub}, asked by ${relay} since ${since}; it was to answer by ${renderMinute(due ?? askedAt)}, and is asked on.`;
  if (at === undefined) return `The hub ${hub} was asked by ${relay} since ${since}, and has not answered.`;
  return `The hub ${hub}, to which ${relay} brought it, keeps no bytes of it since ${renderMinute(at)}.`;
} // prettier-ignore

/** Shows who holds a message that is taken back, and what each has answered. */
export async function runRecallShow(desk: Desk, id: string): Promise<number> {
  const path = `/v1/recalls/${encodeURIComponent(id)}`;
  const recall = await desk.client().askFor(recallShape, { path });
  const heads = ["agency", "held", "state", "answer", "due"];
  const say = sayOf(desk);
  const table = renderTable([heads.map((head) => say(`head.${head}`)), ...recall.copies.map(renderCopy)]);
  const hub = recall.hub.map(({ stream, at }) => `The hub keeps no bytes of it in ${stream} since ${renderMinute(at)}.`);
  const beyond = (recall.beyond ?? []).map(renderBeyond);
  const { asked = 0, gone = 0 } = recall.files ?? {};
  const files = asked === 0 ? [] : [`Pieces of its files gone from the hub: ${gone} of ${asked}.`];
  desk.result(recall, [`${recall.kind}  ${recall.state}  ${recall.done} of ${recall.holders}`, table, ...hub, ...beyond, ...files].join("\n"));
  return exitCodes.ok;
} // prettier-ignore

/** What is said when messages are taken back. */
export interface RecallOptions {
  readonly reason: string;
  readonly by: string;
  readonly scope?: string;
  readonly orderRef?: string;
  /** Of files alone: their SHA-256 in hex. */
  readonly file?: readonly string[];
  readonly key?: string;
}

/** The same command again is the same recall: whoever was asked is not asked twice. */
function keyOf({ key }: RecallOptions, wish: object): string {
  return key ?? `cli:${renderHex(sha256(utf8(JSON.stringify(wish))))}`;
}

/** What is signed together goes together: a list of persons is one part, and texts beside it name them. */
const wholeCopy =
  "Each holder deletes the whole copy; send a new message without these persons to keep the rest.";

/** Takes messages of ours back: an order to each who holds a copy. */
export async function runRecallStart(desk: Desk, ids: readonly string[], options: RecallOptions): Promise<number> {
  const { reason, by, scope = "MESSAGE", orderRef, file = [] } = options;
  const attachmentDigests = file.map((hex) => Buffer.from(hex, "hex").toString("base64url"));
  const said = { ...(orderRef === undefined ? {} : { orderRef }), ...(file.length === 0 ? {} : { attachmentDigests }) };
  const more = Object.keys(said).length === 0 ? {} : { more: said };
  const wish = { ids, scope, reason, deadline: by, ...more };
  const answer = await desk.client().askFor(startedShape, {
    method: "POST",
    path: "/v1/recalls",
    headers: { "content-type": "application/json", "idempotency-key": keyOf(options, wish) },
    body: JSON.stringify(wish),
  });
  const lines = [
    `Asked of ${answer.sent.length}: ${answer.sent.map(({ holder }) => holder).join(", ")}`,
    ...(scope === "PERSON_IN_MESSAGE" ? [wholeCopy] : []),
    ...answer.unreached.map(({ holder, code }) => `Not reached: ${holder} (${code}); it stays open, tell them by another way.`),
  ];
  desk.result(answer, lines.join("\n"));
  return answer.unreached.length === 0 ? exitCodes.ok : exitCodes.other;
} // prettier-ignore

/** Shows what others ordered us, and how far it is. */
export async function runRecallOrders(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(ordersShape, { path: "/v1/orders" });
  const rows = answer.items.map(({ order = "", message, originator, kind, state, told = "", trouble, onwardPending, outside }) => {
    const waits = [...onwardPending, ...outside.map(({ use }) => `use ${use}`)].join(", ");
    return [order, message, originator, kind, state, trouble ?? told, waits];
  });
  const heads = ["order", "message", "of", "what", "state", "told", "waitsFor"];
  desk.result(answer, renderList(rows, { say: sayOf(desk), none: "orders", heads }));
  return exitCodes.ok;
} // prettier-ignore

/** Says that a body outside the network has undone what it was given. */
export async function runRecallConfirm(desk: Desk, order: string, { use, ref }: { readonly use: number; readonly ref: string }): Promise<number> {
  const answer = await desk.client().askFor(z.looseObject({ state: z.string() }), {
    method: "POST",
    path: `/v1/orders/${encodeURIComponent(order)}/outside`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ use, ref }),
  });
  desk.result(answer, `Noted; the order is ${answer.state}.`);
  return exitCodes.ok;
} // prettier-ignore
