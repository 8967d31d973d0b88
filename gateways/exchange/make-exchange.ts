import {
  type EpochMs,
  Fault,
  isFault,
  parseBase64url,
  parseUuid,
  renderBase64url,
  utf8,
  type Violation,
} from "../../schemas/ground/index.ts";
import { decide, previewAudience } from "../../certs/trust/index.ts";
import { compose, parseSubmission, publicationSize } from "../release/index.ts";
import { checkCopy, copyOf } from "./copies.ts";
import type { Exchange, ExchangeStatus, ListQuery, MessagePage, Validation } from "./exchange.ts";
import type { Office } from "./office.ts";
import { showDetail, showSummary } from "./show.ts";
import { previewFeedKey } from "./keys/feed-key.ts";
import { placeOf } from "./place.ts";
import { findClockFloor, registerUses } from "./staleness.ts";
import { submit } from "./submit.ts";
import { checkTranslation, translate } from "./translations.ts";
import { makeTurnstile } from "./turnstile.ts";
import type { Watchers } from "./watchers.ts";

/** What an exchange needs beside the office. */
export interface ExchangeDuties {
  readonly watchers: Watchers;
  /** Something was added to the outbox. */
  wake(): void;
  link(): { readonly isUp: boolean; readonly lastContactAt?: EpochMs | undefined };
  /** Nothing when left out. */
  ends?(): ExchangeStatus["certificates"];
}

const maxPage = 200;
/** About ten milliseconds' work, and enough to share a commit. */
const submissionsATurn = 16;

async function validate(office: Office, submission: unknown): Promise<Validation> {
  const place = placeOf(office);
  try {
    const parsed = parseSubmission(submission, place);
    const feedKey = previewFeedKey(office, parsed, place);
    const audience = feedKey?.audience ?? parsed.audience;
    const sealing = { ...place, audienceKey: feedKey?.audienceKey };
    const composed = await compose({ ...parsed, audience }, office.signer, sealing);
    return { valid: true, problems: [], bytes: publicationSize(composed), audience };
  } catch (error) {
    if (!isFault(error)) throw error;
    const { code, detail, violations } = error;
    const whole: Violation = { path: "", code, message: detail };
    return {
      valid: false,
      problems: violations.length > 0 ? violations : [whole],
      bytes: 0,
      audience: [],
    };
  }
}

function renderCursor(seq: number): string {
  return renderBase64url(utf8(String(seq)));
}

function parseCursor(cursor: string): number {
  try {
    const seq = Number(Buffer.from(parseBase64url(cursor)).toString("utf8"));
    if (Number.isSafeInteger(seq) && seq > 0) return seq;
  } catch (error) {
    if (!isFault(error)) throw error;
  }
  throw new Fault("REQUEST_INVALID", "the cursor is not one a page gave");
}

function list({ store }: Office, query: ListQuery): MessagePage {
  const { box, state, type, crime, cursor, limit } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw new Fault("REQUEST_INVALID", `a page has 1 to ${maxPage} messages`);
  }
  const before = cursor === undefined ? undefined : parseCursor(cursor);
  const found = store.messages.list({ box, state, type, crime, before, limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items: items.map(showSummary), ...(hasMore ? { next: renderCursor(last.seq) } : {}) };
}

function statusOf(office: Office, duties: ExchangeDuties): ExchangeStatus {
  const { store, agency } = office;
  const { isUp, lastContactAt } = duties.link();
  const register = office.register();
  const { epoch, expiresAt } = register;
  const floor = findClockFloor(office);
  return {
    agency,
    linkUp: isUp,
    ...(lastContactAt === undefined ? {} : { lastContactAt }),
    registerEpoch: epoch,
    registerExpiresAt: expiresAt,
    registerUse: registerUses(register, office.clock.now()),
    ...(floor === undefined ? {} : { clockBehind: floor }),
    waiting: store.outbox.countWaiting(),
    inbox: store.messages.count("in", "VERIFIED"),
    quarantined: store.messages.count("in", "QUARANTINED"),
    sealingKeys: office.pins.counts(),
    certificates: duties.ends?.() ?? [],
  };
}

/** Builds the exchange over an office. Everything it does works with no hub in reach. */
export function makeExchange(office: Office, duties: ExchangeDuties): Exchange {
  const { store } = office;
  const pass = makeTurnstile(submissionsATurn);
  return {
    agency: office.agency,
    submit: async (submission, key) => {
      await pass();
      const submitted = await submit(office, submission, key);
      if (submitted.created) duties.wake();
      return submitted;
    },
    validate: (submission) => validate(office, submission),
    list: (query) => list(office, query),
    find: (id) => {
      let bytes;
      try {
        bytes = parseUuid(id);
      } catch (error) {
        if (isFault(error, "ID_INVALID")) return undefined;
        throw error;
      }
      const stored = store.messages.find(bytes);
      return stored === undefined ? undefined : showDetail(store, stored);
    },
    copy: (id, wish) => copyOf(office, id, wish),
    checkCopy: (bytes) => checkCopy(office, bytes),
    translate: (asked) => translate(office, asked),
    checkTranslation: (id) => checkTranslation(office, id),
    status: () => statusOf(office, duties),
    sealingKeys: (isAll) => office.pins.list(isAll),
    decideSealingKey: (word) => office.pins.decide(word),
    decision: (question) => decide(office.register(), question, office.clock.now()),
    readers: (header) => previewAudience(office.register(), header, office.clock.now()),
    watch: (listener) => duties.watchers.watch(listener),
  };
}
