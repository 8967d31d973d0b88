import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { MessageDetail, WordsOfUse } from "../exchange/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";
import { renderSummary } from "./render-message.ts";
import { findVisible } from "./visible.ts";

/** Which words are accepted. */
export const acceptanceShape = z.strictObject({
  digest: z.string().length(43).meta({ description: "of the words that were shown, as they were read" }),
}); // prettier-ignore

/** By which words a message may be used, and who accepted them; of the message what lists show, and nothing of its content. */
export const wordsOfUseShape = z.strictObject({
  id: z.string(),
  originator: z.string(),
  type: z.string(),
  handling: z.string().meta({ description: "as it was signed" }),
  createdAt: z.iso.datetime(),
  needed: z
    .boolean()
    .meta({ description: "a person has to accept the words before anybody is given the content" }),
  words: z
    .strictObject({ text: z.string(), lang: z.string(), script: z.string().optional() })
    .optional(),
  digest: z.string().optional(),
  accepted: z.strictObject({ by: z.string(), at: z.iso.datetime() }).optional(),
});

function renderWords(message: MessageDetail, said: WordsOfUse | undefined): Response {
  const { id, originator, type, handling, createdAt } = renderSummary(message);
  const { words, digest, accepted } = said ?? {};
  const when = accepted === undefined ? {} : { accepted: { ...accepted, at: renderInstant(accepted.at) } };
  const needed = said !== undefined && accepted === undefined;
  return renderAnswer({ id, originator, type, handling, createdAt, needed, words, digest, ...when });
} // prettier-ignore

/** By which words a message may be used; the content stays closed. */
export function getWords(desk: Desk, call: Call): Response {
  const message = findVisible(desk, call, call.params["id"] ?? "");
  return renderWords(message, desk.exchange.words(message.id));
}

/**
 * A person accepts the words by which a message may be used, for this agency. Accepted once, they stand until their owner
 * says others.
 *
 * @throws {Fault} REQUEST_INVALID, ROLE_MISSING, NOT_FOUND, PRECONDITION_FAILED
 */
export async function postAcceptance(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record, request } = call;
  const found = tryShape(acceptanceShape, await readJsonBody(request));
  if (!found.success) throw new Fault("REQUEST_INVALID", `say {"digest": "…"}, as GET /v1/messages/{id}/words gave it`);
  if (caller.kind === "machine") throw new Fault("ROLE_MISSING", "a person accepts words of use; a machine cannot");
  const message = findVisible(desk, call, params["id"] ?? "");
  const { digest } = found.data;
  const taken = { by: caller.id, digest, also: () => record.keep(message.id) };
  return renderWords(message, await desk.exchange.acceptWords(message.id, taken));
} // prettier-ignore
