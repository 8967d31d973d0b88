import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { objectShape } from "./read-message.ts";

const reasons: Readonly<Record<string, string>> = {
  NOT_FOUND: "its original is not here",
  TRANSLATION_WITHHELD: "names or numbers of its original are not in it unchanged",
};

const checkShape = z.object({ bound: z.boolean(), code: z.string().optional() });

/** What is to be translated, into what, and where the draft goes. */
export interface TranslateOptions {
  readonly field: string;
  readonly to: string;
  readonly out?: string;
}

/**
 * Has the gateway translate one text of a message and prints what could be sent of it, or writes it to a new
 * file that its owner alone may read.
 */
export async function runTranslate(
  desk: Desk,
  id: string,
  { field, to, out }: TranslateOptions,
): Promise<number> {
  const question = {
    method: "POST",
    path: `/v1/messages/${encodeURIComponent(id)}/translations`,
    body: JSON.stringify({ pointer: field, to }),
    headers: { "content-type": "application/json" },
  } as const;
  const draft = await desk.client().askFor(objectShape, question);
  const text = JSON.stringify(draft, undefined, 2);
  if (out === undefined) desk.result(draft, text);
  else {
    try {
      writeFileSync(resolve(desk.world.cwd, out), `${text}\n`, { flag: "wx", mode: 0o600 });
    } catch (error) {
      throw toFault(error, "USAGE_INVALID", `${out} cannot be written; is it there already?`);
    }
    desk.result({ file: out }, out);
  }
  desk.say(
    "A machine made this and nobody checked it; nothing was sent. Choose its recipients, then:",
  );
  desk.say(`atumpan message validate ${out ?? "FILE"}`);
  return exitCodes.ok;
}

/** Says whether a translation is of the message it names, as that message stands at the gateway. */
export async function runCheckTranslation(desk: Desk, id: string): Promise<number> {
  const path = `/v1/messages/${encodeURIComponent(id)}/translation-check`;
  const { bound, code } = await desk.client().askFor(checkShape, { path });
  const why = reasons[code ?? ""] ?? "it is not of its original as that stands here";
  const says = bound
    ? "Bound: it is of the message it names, as that stands here."
    : `Not bound: ${why}; do not rely on it.  (${code ?? "TRANSLATION_UNBOUND"})`;
  desk.result({ bound, ...(code === undefined ? {} : { code }) }, says);
  return bound ? exitCodes.ok : exitCodes.verificationFailed;
}
