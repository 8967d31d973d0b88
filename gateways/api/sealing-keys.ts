import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { SealingKeyEntry } from "../exchange/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";
import { isTrial } from "./trial.ts";

/** What a person says of a key. */
export const sealingWordShape = z.strictObject({
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  state: z.enum(["CONFIRMED", "REFUSED"]),
  by: z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u),
});

const sentences: Readonly<Record<SealingKeyEntry["state"], string>> = {
  FIRST: "met together with its agency; taken as registered",
  ENDORSED:
    "changed; vouched for, and sealed to; shown for fourteen days, or until somebody confirms its fingerprint",
  UNENDORSED:
    "changed; nobody who counts vouches for it, so nothing is sealed to it; ask the agency for its fingerprint, then confirm or refuse it",
  CONFIRMED: "confirmed by a person; sealed to",
  REFUSED: "refused by a person; nothing is sealed to it",
};

function renderKey(entry: SealingKeyEntry): Record<string, unknown> {
  const [since, at] = [renderInstant(entry.since), renderInstant(entry.at)];
  return { ...entry, since, at, says: sentences[entry.state] };
}

/** Sealing keys that changed: those that need a person, and for information those vouched for; all with `?all=true`. */
export function getSealingKeys({ exchange }: Desk, { url }: Call): Response {
  const asked = [...url.searchParams];
  const isAll = asked.length === 1 && asked[0]?.join("=") === "all=true";
  if (asked.length > 0 && !isAll) {
    throw new Fault("REQUEST_INVALID", "ask with all=true or with nothing");
  }
  return renderAnswer({ items: exchange.sealingKeys(isAll).map(renderKey) });
}

/** Writes down what a person says of a key, or only tries that; answers with the key as it stands then. */
export async function postSealingKeyWord(desk: Desk, call: Call): Promise<Response> {
  const isTried = isTrial(call);
  const word = tryShape(sealingWordShape, await readJsonBody(call.request));
  if (!word.success) {
    throw new Fault(
      "REQUEST_INVALID",
      "send agency, fingerprint (64 hexadecimal digits), state (CONFIRMED or REFUSED) and by, and nothing else",
    );
  }
  if (!isTried) return renderAnswer(renderKey(await desk.exchange.decideSealingKey(word.data)));
  call.record.tried();
  const { before, after } = desk.exchange.trySealingKey(word.data);
  return renderAnswer({ tried: true, before: renderKey(before), after: renderKey(after) });
}
