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
import type { DuePlace, IndexWish, Store, StoredQuery, StoredSummary } from "../store/index.ts";
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

/** The gateway's own work is no question of anybody's: it reads for no purpose, and nobody accepts words for it. */
function isAskedOfContent(query: ListQuery): boolean {
  return query.sight !== undefined && isOfContent(query);
}

/** Of content that waits for its words of use to be accepted nothing is found. */
function freeFor({ clock }: Pick<Office, "clock">, query: ListQuery): Pick<StoredQuery, "freeAt"> {
  return isAskedOfContent(query) ? { freeAt: clock.now() } : {};
}

/** What nobody here has read is asked of the record of reading. */
function unopenedFor({ isUnopened }: ListQuery): Pick<StoredQuery, "unopenedBy"> {
  return isUnopened === true ? { unopenedBy: "MESSAGE_READ" } : {};
}

function wishOf(store: Store, query: ListQuery): IndexWish {
  const { q, about, filters = {}, purpose } = query;
  const codes = listFilters.flatMap((filter) => {
    const values = filters[filter];
    return values === undefined ? [] : [[kinds[filter], valuesOf(filter, values)] as const];
  });
  const isLimited = isAskedOfContent(query);
  const purposes = [anyPurpose, ...(purpose === undefined ? [] : [purpose])];
  return {
    text: q === undefined ? undefined : parseWish(q),
    any: about === undefined ? undefined : codesAbout(store, parseUuid(about)),
    codes: isLimited ? [...codes, ["purpose", purposes] as const] : codes,
  };
}

/** As lists show it, with whether its words of use wait to be accepted. */
function showListed({ store, clock }: Office, row: StoredSummary): MessageSummary {
  const doesWait = row.box === "in" && store.wordsOfUse.waits(row.seq, clock.now());
  return { ...showSummary(row), ...(doesWait ? { wordsWait: true } : {}) };
}

type Listed = readonly [item: MessageSummary, cursor: string];

function listDue(office: Office, query: ListQuery): readonly Listed[] {
  const { store, clock } = office;
  const { box = "in", cursor, limit, state, since, until } = query;
  const [dueAt = clock.now(), seq = 0] = cursor === undefined ? [] : parseCursor(cursor, 2);
  const after: DuePlace = { dueAt, seq };
  const [wish, classes] = [wishOf(store, query), classesOf(query.sight)];
  const found = store.messages.listDue({ box, state, since, until, wish, classes, after, limit, ...freeFor(office, query), ...unopenedFor(query) });
  return found.map((row) => [{ ...showListed(office, row), dueAt: row.dueAt }, renderCursor(row.dueAt, row.seq)]);
} // prettier-ignore

function listNewest(office: Office, query: ListQuery): readonly Listed[] {
  const { store } = office;
  const { box, cursor, limit, state, since, until } = query;
  const [before] = cursor === undefined ? [] : parseCursor(cursor, 1);
  const [wish, classes] = [wishOf(store, query), classesOf(query.sight)];
  const found = store.messages.list({
    box,
    state,
    since,
    until,
    wish,
    classes,
    before,
    limit,
    ...freeFor(office, query),
    ...unopenedFor(query),
  });
  return found.map((row) => [showListed(office, row), renderCursor(row.seq)]);
}

function countOf(office: Office, query: ListQuery): MessagePage["count"] {
  const { store } = office;
  const { box, state, since, until, sight } = query;
  const [wish, classes] = [wishOf(store, query), classesOf(sight)];
  const asked = {
    box,
    state,
    since,
    until,
    wish,
    classes,
    limit: maxCount + 1,
    ...freeFor(office, query),
    ...unopenedFor(query),
  };
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
