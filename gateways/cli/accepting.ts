import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { makeAsker } from "./asker.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { readId } from "./read-message.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const wordsShape = z.looseObject({
  id: z.string(),
  originator: z.string(),
  needed: z.boolean(),
  words: z.looseObject({ text: z.string(), lang: z.string() }).optional(),
  digest: z.string().optional(),
  accepted: z.looseObject({ by: z.string(), at: z.string() }).optional(),
});

type Shown = z.infer<typeof wordsShape>;

/** Shows the words and asks whether they are meant to be kept to; no other answer than yes is one. */
async function askWhether(desk: Desk, { originator, words }: Shown): Promise<void> {
  const say = sayOf(desk);
  const shown = `${say("accept.words", { agency: originator })}\n\n  ${words?.text ?? ""}  (${words?.lang ?? ""})\n`;
  if (desk.common.yes === true) {
    desk.say(shown);
    return;
  }
  // whoever is asked is shown what he is asked about
  desk.world.err(`${shown}\n`);
  const said = await makeAsker(desk).line(say("accept.ask", { yes: say("accept.yes") }));
  if (![say("accept.yes"), "yes"].includes(said.trim().toLowerCase())) {
    throw new Fault("USAGE_INVALID", "the answer was not yes; nothing was accepted");
  }
} // prettier-ignore

/** Accepts, as a person of this agency, the words by which a message of others may be used. */
export async function runAccept(desk: Desk, id: string): Promise<number> {
  const client = desk.client();
  const path = `/v1/messages/${readId(id)}`;
  const shown = await client.askFor(wordsShape, { path: `${path}/words` });
  const say = sayOf(desk);
  let done = shown;
  if (shown.needed) {
    await askWhether(desk, shown);
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ digest: shown.digest });
    done = await client.askFor(wordsShape, { method: "POST", path: `${path}/accept`, headers, body });
  }
  const { accepted } = done;
  const text = accepted === undefined ? say("accept.none") : say("accept.done", { by: accepted.by, at: renderMinute(accepted.at) });
  desk.result(done, `${done.id}\n${text}`);
  if (accepted !== undefined) desk.say(`Next: atumpan message show ${done.id}`);
  return exitCodes.ok;
} // prettier-ignore
