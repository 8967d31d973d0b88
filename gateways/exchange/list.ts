import {
  type Bytes,
  Fault,
  isFault,
  parseBase64url,
  parseUuid,
  renderBase64url,
  renderHex,
  utf8,
} from "../../schemas/ground/index.ts";
import { anyPurpose, codeOf, type CodeKind, parseWish, wordsOf } from "../search/index.ts";
import type { DuePlace, IndexWish, Store } from "../store/index.ts";
import type { ListFilter, ListQuery, MessagePage, MessageSummary, Sight } from "./exchange.ts";
import type { Office } from "./office.ts";
import { showSummary } from "./show.ts";

const maxPage = 200;
/** More are not counted: who filters wants to know whether to filter more. */
const maxCount = 1_000;

const kinds: Readonly<Record<ListFilter, CodeKind>> = {
  type: "type", crime: "crime", country: "country", originator: "from", rec: "rec", handling: "handling",
  urgency: "urgency", thread: "thread",
}; // prettier-ignore

const listFilters: readonly ListFilter[] = [
  "type", "crime", "country", "originator", "rec", "handling", "urgency", "thread",
]; // prettier-ignore

/** Filters that only content can answer: as with a text, only messages that may be read for the purpose are found. */
const ofContent: readonly ListFilter[] = ["country", "thread"];

function renderCursor(...numbers: readonly number[]): string {
  return renderBase64url(utf8(numbers.join(" ")));
}

/** @throws {Fault} REQUEST_INVALID */
function parseCursor(cursor: string, parts: number): readonly number[] {
  try {
    const numbers = Buffer.from(parseBase64url(cursor)).toString("utf8").split(" ").map(Number);
    if (numbers.length === parts && numbers.every((one) => Number.isSafeInteger(one) && one > 0))
      return numbers;
  } catch (error) {
    if (!isFault(error)) throw error;
  }
  throw new Fault("REQUEST_INVALID", "the cursor is not one that a page of this order gave");
}

function classesOf(sight: Sight | undefined): readonly string[] | undefined {
  if (sight === undefined) return undefined;
  return sight.quarantined ? [...sight.handlings, "QUARANTINED"] : sight.handlings;
}

function valuesOf(filter: ListFilter, values: readonly string[]): readonly string[] {
  return filter === "thread" ? values.map((id) => renderHex(parseUuid(id))) : values;
}

/** What stands together with a message: its thread, what it answers or replaces, what answers or replaces it. */
function codesAbout({ messages }: Store, id: Bytes): readonly string[] {
  const message = messages.find(id);
  if (message === undefined) return [];
  const own = renderHex(id);
  const said = message.parts === undefined ? [] : wordsOf(message).codes.split(" ");
  const named = said.flatMap((code) => {
    if (code.startsWith("thread_")) return [code];
    return /^(?:reply|replaces)_/.test(code) ? [code.replace(/^[a-z]+_/, "id_")] : [];
  });
  return [...named, codeOf("reply", own), codeOf("replaces", own)];
}

function isOfContent({ q, about, filters = {} }: ListQuery): boolean {
  return q !== undefined || about !== undefined || ofContent.some((one) => filters[one] !== undefined);
} // prettier-ignore

function wishOf(store: Store, query: ListQuery): IndexWish {
  const { q, about, filters = {}, purpose, sight } = query;
  const codes = listFilters.flatMap((filter) => {
    const values = filters[filter];
    return values === undefined ? [] : [[kinds[filter], valuesOf(filter, values)] as const];
  });
  // the gateway's own work reads for no purpose
  const isLimited = sight !== undefined && isOfContent(query);
  const purposes = [anyPurpose, ...(purpose === undefined ? [] : [purpose])];
  return {
    text: q === undefined ? undefined : parseWish(q),
    any: about === undefined ? undefined : codesAbout(store, parseUuid(about)),
    codes: isLimited ? [...codes, ["purpose", purposes] as const] : codes,
  };
}

type Listed = readonly [item: MessageSummary, cursor: string];

function listDue({ store, clock }: Office, query: ListQuery): readonly Listed[] {
  const { box = "in", cursor, limit, state, since, until } = query;
  const [dueAt = clock.now(), seq = 0] = cursor === undefined ? [] : parseCursor(cursor, 2);
  const after: DuePlace = { dueAt, seq };
  const [wish, classes] = [wishOf(store, query), classesOf(query.sight)];
  const found = store.messages.listDue({ box, state, since, until, wish, classes, after, limit });
  return found.map((row) => [{ ...showSummary(row), dueAt: row.dueAt }, renderCursor(row.dueAt, row.seq)]);
} // prettier-ignore

function listNewest({ store }: Office, query: ListQuery): readonly Listed[] {
  const { box, cursor, limit, state, since, until } = query;
  const [before] = cursor === undefined ? [] : parseCursor(cursor, 1);
  const [wish, classes] = [wishOf(store, query), classesOf(query.sight)];
  const found = store.messages.list({ box, state, since, until, wish, classes, before, limit });
  return found.map((row) => [showSummary(row), renderCursor(row.seq)]);
}

function countOf({ store }: Office, query: ListQuery): MessagePage["count"] {
  const { box, state, since, until, sight } = query;
  const [wish, classes] = [wishOf(store, query), classesOf(sight)];
  const asked = { box, state, since, until, wish, classes, limit: maxCount + 1 };
  const found = store.messages.countListed(asked);
  return { messages: Math.min(found, maxCount), isMore: found > maxCount };
}

/**
 * A page of messages. A cursor is a place in the order, so that pages neither repeat nor leave out what was there when the
 * first was asked, whatever comes meanwhile.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function listMessages(office: Office, query: ListQuery): MessagePage {
  const { limit, order, isCounted } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw new Fault("REQUEST_INVALID", `a page has 1 to ${maxPage} messages`);
  }
  const found = (order === "due" ? listDue : listNewest)(office, { ...query, limit: limit + 1 });
  const page = found.slice(0, limit);
  const [, next] = page.at(-1) ?? [];
  const hasMore = found.length > limit && next !== undefined;
  const count = isCounted === true ? { count: countOf(office, query) } : {};
  return { items: page.map(([item]) => item), ...(hasMore ? { next } : {}), ...count };
}
