import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { tryShape } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { objectShape, readMessage } from "./read-message.ts";

const leftOutShape = z.looseObject({
  message: z.string(),
  type: z.string(),
  owner: z.string(),
  use: z.string(),
  askWith: z.string(),
});
const draftShape = z.looseObject({
  message: objectShape,
  complete: z.boolean(),
  missing: z.array(z.looseObject({ path: z.string(), code: z.string(), message: z.string() })),
  used: z.array(z.string()),
  leftOut: z.array(leftOutShape),
});

/** To whom a request goes. */
export interface DraftOptions {
  readonly to?: string;
  readonly country?: string;
}

/** How a document is wanted. */
export interface DocumentOptions {
  readonly form?: string;
  readonly zone?: string;
}

/** Prints a formal request begun from a police thread; says what it lacks, and what was left out and whom to ask. */
export async function runMlaDraft(desk: Desk, thread: string, options: DraftOptions): Promise<number> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (typeof value === "string") search.set(name, value);
  const path = `/v1/threads/${encodeURIComponent(thread)}/mla-draft?${search.toString()}`;
  const draft = await desk.client().askFor(draftShape, { path });
  desk.result(draft, JSON.stringify(draft.message, undefined, 2));
  desk.say(`${draft.used.length} messages of the thread stand in it.`);
  for (const { message, type, owner, use, askWith } of draft.leftOut) {
    const then = askWith === "" ? "It is kept from who is asked." : `Ask ${owner} with ${askWith}.`;
    desk.say(`Left out: ${type} ${message} of ${owner} (${use}). ${then}`);
  }
  for (const { path: place, message } of draft.missing) desk.say(`Missing: ${place || "/"}  ${message}`);
  return exitCodes.ok;
} // prettier-ignore

/** Prints a completed request as a document. What is missing is refused field by field. */
export async function runMlaDocument(desk: Desk, file: string, options: DocumentOptions): Promise<number> {
  const text = await readMessage(desk, file);
  const json = parseJsonText(text, limits.maxRequestBytes);
  // what was piped out of `mla draft --json` holds the request among other things
  const piped = tryShape(z.looseObject({ message: objectShape, leftOut: z.unknown() }), json);
  const message = piped.success ? piped.data.message : json;
  const type = options.form === "html" ? "text/html" : "text/plain";
  const accept = `${type};lang=${desk.common.lang ?? "en"};zone=${options.zone ?? "UTC"}`;
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/mla-documents", accept, headers, body: JSON.stringify({ message }) } as const;
  const document = await (await desk.client().ask(question)).text();
  desk.result({ document }, document.trimEnd());
  return exitCodes.ok;
} // prettier-ignore
