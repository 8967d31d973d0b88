import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";

const wishShape = z.strictObject({
  pointer: z.string().max(300),
  to: z.string().max(35),
});

function readWish(json: unknown): z.infer<typeof wishShape> {
  try {
    return wishShape.parse(json);
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
export async function postTranslation(desk: Desk, { request, params }: Call): Promise<Response> {
  const wish = readWish(await readJsonBody(request));
  return renderAnswer(await desk.exchange.translate({ id: params["id"] ?? "", ...wish }));
}

/** Whether a translation that is stored here is of the message it names; its code when it is not. */
export function getTranslationCheck(desk: Desk, { params }: Call): Response {
  return renderAnswer(desk.exchange.checkTranslation(params["id"] ?? ""));
}
