import type { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ReaderOptions } from "./explaining.ts";
import { readId } from "./read-message.ts";
import { renderCarried, renderLadder, renderMessages } from "./render-lists.ts";
import { renderStatus } from "./render-status.ts";
import { detailShape, pageShape, statusShape } from "./shapes.ts";
import { lockedShape, renderLocked, renderStoreRow } from "./store.ts";
import { renderProofs } from "./logs.ts";
import { makeSay, sayOf } from "./words.ts";
import { tryShape } from "../../schemas/ground/index.ts";

const pageSize = 200;

/** Which messages a person wants to see. */
export interface ListOptions {
  readonly box: string;
  readonly state?: string;
  readonly type?: string;
  readonly crime?: string;
  readonly limit: number;
}

type Item = z.infer<typeof pageShape>["items"][number];

/** Lists messages, as many as wanted, over as many pages as that takes. */
export async function runList(desk: Desk, options: ListOptions): Promise<number> {
  const client = desk.client();
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const limit = Math.min(pageSize, options.limit - items.length);
    const search = new URLSearchParams({ box: options.box, limit: String(limit) });
    for (const name of ["state", "type", "crime"] as const) {
      const value = options[name];
      if (value !== undefined) search.set(name, value);
    }
    if (typeof cursor === "string") search.set("cursor", cursor);
    const page = await client.askFor(pageShape, { path: `/v1/messages?${search.toString()}` });
    items.push(...page.items);
    cursor = page.items.length === 0 ? null : page.next;
  } while (cursor !== null && items.length < options.limit);
  desk.result({ items, next: cursor }, renderMessages(items, sayOf(desk)));
  if (cursor !== null)
    desk.say(`There are more. Next: atumpan message ls --limit ${options.limit * 2}`);
  return exitCodes.ok;
}

/** Shows one message; a message that could not be proved is shown as such and ends with its own exit code. */
export async function runShow(
  desk: Desk,
  id: string,
  { lang, zone }: ReaderOptions,
): Promise<number> {
  const client = desk.client();
  const path = `/v1/messages/${readId(id)}`;
  const message = await client.askFor(detailShape, { path });
  let text = "";
  if (desk.common.json !== true) {
    const words = await client.ask({ path, accept: `text/plain;lang=${lang};zone=${zone}` });
    text = (await words.text()).trimEnd();
    if (message.box === "in" && message.carried.length > 0) {
      text += `\n\n${renderCarried(message, lang)}`;
    }
    if (message.box === "out") text += `\n\n${renderLadder(message, lang)}`;
    if (message.log.length > 0) text += `\n\n${renderProofs(message.log, makeSay(lang))}`;
  }
  desk.result(message, text);
  return message.state === "QUARANTINED" ? exitCodes.verificationFailed : exitCodes.ok;
}

/** What waits and what works. */
export async function runStatus(desk: Desk): Promise<number> {
  const { clock } = desk.world;
  const say = sayOf(desk);
  const began = clock.elapsed();
  const said = await desk.client().askFor(statusShape.or(lockedShape), { path: "/v1/status" });
  const open = tryShape(statusShape, said);
  if (!open.success) {
    desk.result(said, renderLocked(said, say));
    return exitCodes.ok;
  }
  const status = open.data;
  const answerMs = clock.elapsed() - began;
  const gateway = { answeredAt: renderInstant(clock.now()), answerMs: Math.round(answerMs) };
  const store = renderStoreRow(status, say);
  desk.result({ ...status, gateway }, renderStatus(status, { answerMs, say, store }));
  return exitCodes.ok;
}
