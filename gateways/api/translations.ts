import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";
import { findVisible, readMessage } from "./visible.ts";

/** Which text, and into which language. */
export const translationWishShape = z.strictObject({
  pointer: z.string().max(300),
  to: z.string().max(35),
});

function readWish(json: unknown): z.infer<typeof translationWishShape> {
  try {
    return translationWishShape.parse(json);
  } catch (cause) {
    // the library throws in two ways: it also asks the length of whatever says it has one
    const says =
      "send pointer, such as /narrative, and to, a language such as fr, and nothing else";
    throw new Fault("REQUEST_INVALID", says, { cause });
  }
}

/**
 * A machine translation of one text of a message, as a message that a person may address and send. Nothing is
 * stored and nothing is sent to anybody but the gateway's translation service.
 */
export async function postTranslation(desk: Desk, call: Call): Promise<Response> {
  const wish = readWish(await readJsonBody(call.request));
  const { id } = readMessage(desk, call, call.params["id"] ?? "");
  return renderAnswer(await desk.exchange.translate({ id, ...wish }));
}

/** Whether a translation that is stored here is of the message it names; its code when it is not. */
export function getTranslationCheck(desk: Desk, call: Call): Response {
  const { id } = findVisible(desk, call, call.params["id"] ?? "");
  return renderAnswer(desk.exchange.checkTranslation(id));
}
