import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { objectShape } from "./read-message.ts";

const draftShape = z.looseObject({ id: z.string() });
const wholeShape = z.looseObject({
  id: z.string(),
  message: objectShape,
  problems: z.array(z.looseObject({ path: z.string(), code: z.string() })).default([]),
});

/**
 * Has the gateway make a draft of a message of ours that never left, and prints it or writes it to a new file that its owner
 * alone may read. What is wrong with it now is said.
 */
export async function runRedraft(desk: Desk, id: string, { out }: { readonly out?: string }): Promise<number> {
  const client = desk.client();
  const path = `/v1/messages/${encodeURIComponent(id)}/redraft`;
  const { id: draft } = await client.askFor(draftShape, { method: "POST", path });
  const { message, problems } = await client.askFor(wholeShape, { path: `/v1/drafts/${draft}` });
  const text = JSON.stringify(message, undefined, 2);
  if (out === undefined) desk.result({ draft, message }, text);
  else {
    try {
      writeFileSync(resolve(desk.world.cwd, out), `${text}\n`, { flag: "wx", mode: 0o600 });
    } catch (error) {
      throw toFault(error, "USAGE_INVALID", `${out} cannot be written; is it there already?`);
    }
    desk.result({ draft, file: out }, out);
  }
  for (const one of problems) desk.say(`${one.path}: ${one.code}`);
  desk.say("Nothing was sent. Mend it, then:");
  desk.say(`atumpan message send ${out ?? "FILE"} --key ${draft}`);
  return exitCodes.ok;
} // prettier-ignore
