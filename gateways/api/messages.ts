import { explainViolation } from "../../schemas/explain/index.ts";
import { Fault, parseUuid } from "../../schemas/ground/index.ts";
import type { ListQuery } from "../exchange/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseTextWish, renderShown, showMessage } from "./message-text.ts";
import { readJsonBody } from "./read-body.ts";
import { parseIdempotencyKey, parseListQuery } from "./read-query.ts";
import { renderDetail, renderSummary } from "./render-message.ts";

/** Stores a message in the outbox: 201 the first time, 200 when the same key brought the same content. */
export async function postMessage(desk: Desk, { request }: Call): Promise<Response> {
  const key = parseIdempotencyKey(request.headers.get("idempotency-key"));
  const { id, created, audience } = await desk.exchange.submit(await readJsonBody(request), key);
  return renderAnswer(
    { id, created, audience },
    { status: created ? 201 : 200, headers: { location: `/v1/messages/${id}` } },
  );
}

function typeOf(json: unknown): string | undefined {
  const members = new Map(typeof json === "object" && json !== null ? Object.entries(json) : []);
  const type: unknown = members.get("type");
  return typeof type === "string" ? type : undefined;
}

/**
 * Checks a message and says who would read it; stores nothing. Every problem is told with its pointer, its code,
 * and the field's name and one sentence in six languages.
 */
export async function postValidation(desk: Desk, { request }: Call): Promise<Response> {
  const json = await readJsonBody(request);
  const found = await desk.exchange.validate(json);
  const type = typeOf(json);
  const problems = found.problems.map((one) => ({ ...one, ...explainViolation(one, type) }));
  return renderAnswer({ ...found, problems });
}

function renderNext(query: ListQuery, next: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: next })) {
    search.set(name, String(value));
  }
  return `</v1/messages?${search.toString()}>; rel="next"`;
}

/** A page of the inbox or outbox, newest first, with a Link to the next. */
export function getMessages(desk: Desk, { url }: Call): Response {
  const query = parseListQuery(url.searchParams);
  const { items, next } = desk.exchange.list(query);
  const headers = new Headers();
  if (next !== undefined) headers.set("link", renderNext(query, next));
  return renderAnswer({ items: items.map(renderSummary), next: next ?? null }, { headers });
}

/** One message in full: as JSON, or as text for people when that is what they accept. */
export function getMessage(desk: Desk, { request, params }: Call): Response {
  const id = params["id"] ?? "";
  parseUuid(id);
  const message = desk.exchange.find(id);
  if (message === undefined) throw new Fault("NOT_FOUND", "no message here has this id");
  const wish = parseTextWish(request.headers.get("accept"));
  if (wish === undefined) return renderAnswer(renderDetail(message));
  return renderShown(showMessage(message, wish), wish);
}
