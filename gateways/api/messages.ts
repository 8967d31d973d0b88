import { explainViolation } from "../../schemas/explain/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { type FileEstimate, secondsFor } from "../attachments/index.ts";
import { outfitOf } from "./attachments.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";
import { parseIdempotencyKey } from "./read-query.ts";
import { keepForSecond } from "./releases.ts";
import { checkMayWrite } from "./visible.ts";

/** Stores a message in the outbox: 201 the first time, 200 when the same key brought the same content; 202 when it takes two officers. */
export async function postMessage(desk: Desk, call: Call): Promise<Response> {
  const { request, caller, record } = call;
  const key = parseIdempotencyKey(request.headers.get("idempotency-key"));
  const json = await readJsonBody(request);
  checkMayWrite(caller, json);
  const files = outfitOf(desk, call);
  const also = (kept: string): void => {
    record.keep(kept);
    files?.bind(kept);
  };
  const ways = { also, by: caller.id, fill: files?.fill };
  try {
    const sent = await desk.exchange.submit(json, key, ways);
    record.about(sent.id);
    const headers = { location: `/v1/messages/${sent.id}` };
    return renderAnswer(sent, { status: sent.created ? 201 : 200, headers });
  } catch (error) {
    if (!isFault(error, "RELEASE_NEEDED")) throw error;
    return await keepForSecond(desk, call, { submission: json, key });
  }
}

function typeOf(json: unknown): string | undefined {
  const members = new Map(typeof json === "object" && json !== null ? Object.entries(json) : []);
  const type: unknown = members.get("type");
  return typeof type === "string" ? type : undefined;
}

/** What a message costs on the link: its own seconds, and each file's. */
function estimate(
  { exchange }: Desk,
  bytes: number,
  files: readonly FileEstimate[] | undefined,
): Record<string, unknown> {
  const { sentPerSecond } = exchange.status().hub;
  const seconds = secondsFor(bytes, sentPerSecond);
  return {
    ...(seconds === undefined ? {} : { seconds, bytesPerSecond: sentPerSecond }),
    ...(files === undefined ? {} : { attachments: files }),
  };
}

/**
 * Checks a message and says who would read it and what it costs on the link; stores nothing. Every problem is told with its pointer, its code,
 * and the field's name and one sentence in six languages.
 */
export async function postValidation(desk: Desk, call: Call): Promise<Response> {
  const json = await readJsonBody(call.request);
  checkMayWrite(call.caller, json);
  const files = outfitOf(desk, call);
  const found = await desk.exchange.validate(files === undefined ? json : files.fill(json));
  const type = typeOf(json);
  const problems = found.problems.map((one) => ({ ...one, ...explainViolation(one, type) }));
  return renderAnswer({
    ...found,
    problems,
    ...estimate(desk, found.bytes, files?.estimate(json)),
  });
}
