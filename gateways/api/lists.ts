import { renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { ListQuery, MessagePage } from "../exchange/index.ts";
import { sightOf } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { renderHands } from "./claims.ts";
import { filterShape, searchShape } from "./list-shapes.ts";
import { summaryFields } from "./message-shapes.ts";
import { readJsonBody } from "./read-body.ts";
import { pickFields, takeFields } from "./read-fields.ts";
import { parseListMembers, parseListQuery, parseListWish } from "./read-list.ts";
import { renderSummary } from "./render-message.ts";
import { findVisible } from "./visible.ts";

/** What is asked, as this caller may see it and for what he reads. */
function listFor(desk: Desk, { caller, purpose, record }: Call, query: ListQuery): MessagePage {
  const page = desk.exchange.list({ ...query, sight: sightOf(caller), purpose });
  record.count(page.items.length);
  return page;
}

/** What a list shows, and what of it was asked for. */
interface ShownPage {
  readonly page: MessagePage;
  readonly fields?: ReadonlySet<string> | undefined;
}

function renderPage(desk: Desk, call: Call, { page, fields }: ShownPage): object {
  const { items, next, count } = page;
  const isWanted = fields === undefined || fields.has("claim") || fields.has("opened");
  return {
    items: items.map((item) => {
      const hands = isWanted ? renderHands(desk, call, item.id) : {};
      return pickFields({ ...renderSummary(item), ...hands }, fields);
    }),
    next: next ?? null,
    ...(count === undefined ? {} : { count }),
  };
}

function renderNext({ pathname, searchParams }: URL, next: string): string {
  const search = new URLSearchParams(searchParams);
  search.set("cursor", next);
  return `<${pathname}?${search.toString()}>; rel="next"`;
}

function answerPage(desk: Desk, call: Call, shown: ShownPage): Response {
  const headers = new Headers();
  const { next } = shown.page;
  if (next !== undefined) headers.set("link", renderNext(call.url, next));
  return renderAnswer(renderPage(desk, call, shown), { headers });
}

/** A page of the inbox or outbox, newest first or by their terms, with a Link to the next. */
export function getMessages(desk: Desk, call: Call): Response {
  const { fields, rest } = takeFields(call.url.searchParams, summaryFields);
  return answerPage(desk, call, { page: listFor(desk, call, parseListQuery(rest)), fields });
}

/** Messages in which a text is found, newest first. Both boxes where none is named. */
export async function postSearch(desk: Desk, call: Call): Promise<Response> {
  const found = tryShape(searchShape, await readJsonBody(call.request));
  if (!found.success) throw new Fault("REQUEST_INVALID", `say {"q": "words to find"}, and filters as a list has them`);
  return renderAnswer(renderPage(desk, call, { page: listFor(desk, call, parseListMembers(found.data)) }));
} // prettier-ignore

function parsePlace(url: URL): ListQuery {
  const wish = parseListWish(url.searchParams);
  const names = [...url.searchParams.keys()];
  if (names.every((name) => name === "cursor" || name === "limit")) return wish;
  throw new Fault("REQUEST_INVALID", "only cursor and limit are asked here");
}

/** The messages of a thread, newest first; one that is not there has none. */
export function getThread(desk: Desk, call: Call): Response {
  const thread = call.params["id"] ?? "";
  const { filters } = parseListWish(new URLSearchParams({ thread }));
  const page = listFor(desk, call, { ...parsePlace(call.url), filters: filters ?? {} });
  return answerPage(desk, call, { page });
}

/** What stands together with a message, itself among it, newest first. */
export function getRelated(desk: Desk, call: Call): Response {
  const { id } = findVisible(desk, call, call.params["id"] ?? "");
  const page = listFor(desk, call, { ...parsePlace(call.url), about: id });
  return answerPage(desk, call, { page });
}

const triedDays = 30;
const dayMs = 86_400_000;

/** What a filter would have met among what came here in the last days; gives numbers and ids, no content. */
export async function postFilterTest(desk: Desk, call: Call): Promise<Response> {
  const found = tryShape(filterShape, await readJsonBody(call.request));
  if (!found.success) throw new Fault("REQUEST_INVALID", "send the parameters of a list, and q for a text");
  const wish = parseListMembers(found.data);
  const since = wish.since ?? desk.clock.now() - triedDays * dayMs;
  const { items, count } = listFor(desk, call, { ...wish, since, limit: 200, isCounted: true });
  const types = Map.groupBy(items, ({ type }) => type);
  return renderAnswer({
    since: renderInstant(since),
    messages: count?.messages ?? items.length,
    isMore: count?.isMore ?? false,
    byType: Object.fromEntries([...types].map(([type, all]) => [type, all.length])),
    newest: items.slice(0, 10).map(({ id }) => id),
  });
} // prettier-ignore
