import { z } from "zod";

import { labelOf, type Language } from "../../schemas/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { contactsShape, renderContacts } from "./late-contacts.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

const breachesShape = z.looseObject({
  items: z.array(
    z.looseObject({
      // an overseer is told of every one, and led to none
      thread: z.string().optional(),
      workflow: z.string(),
      closing: z.string(),
      of: z.string(),
      by: z.string(),
      isOpen: z.boolean(),
      stands: z.boolean(),
      endedAt: z.string().optional(),
      escalatedAt: z.string().optional(),
      contacts: contactsShape.optional(),
    }),
  ),
});

type Breach = z.infer<typeof breachesShape>["items"][number];

/** A code in English, which is what people type and look up; its name in every other language. */
function awaitedName(closing: string, lang: Language): string {
  return lang === "en" ? closing : labelOf("AWAITED", closing, lang);
}

function renderSince(say: Say, { isOpen, stands, endedAt, escalatedAt }: Breach): string {
  if (!stands) return say("breach.inTime");
  if (isOpen) return say(escalatedAt === undefined ? "breach.open" : "breach.twice");
  return endedAt === undefined ? "" : renderMinute(endedAt);
}

/** Shows the deadlines that passed, the latest first: of whom what was awaited, and when it came. */
export async function runBreaches(
  desk: Desk,
  { open, of }: { readonly open?: true; readonly of?: string },
): Promise<number> {
  const search = new URLSearchParams();
  if (open === true) search.set("open", "true");
  if (of !== undefined) search.set("of", of);
  const path = `/v1/breaches?${search.toString()}`;
  const say = sayOf(desk);
  const lang = desk.common.lang ?? "en";
  const headers = { "accept-language": lang };
  const answer = await desk.client().askFor(breachesShape, { path, headers });
  const rows = answer.items.map((one) => [
    one.thread ?? "-",
    awaitedName(one.closing, lang),
    one.of,
    renderMinute(one.by),
    one.workflow,
    renderSince(say, one),
  ]);
  const heads = ["thread", "awaited", "of", "due", "matter", "came"];
  const list = renderList(rows, { say, none: "breaches", heads });
  const calls = answer.items.map((one) => renderContacts(one, { say, lang }));
  desk.result(answer, [list, ...calls.filter((one) => one !== "")].join("\n"));
  return exitCodes.ok;
}
