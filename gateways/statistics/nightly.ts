import {
  type Chance,
  type Clock,
  isFault,
  makeUuid,
  renderUuid,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import type { MessageType } from "../../schemas/index.ts";
import { standingTerms, type Terms } from "../../schemas/work/index.ts";
import type { Store, StoredDraft, StoredTable } from "../store/index.ts";
import { countCrime } from "./count-crime.ts";
import { countExchange } from "./count-exchange.ts";
import { countTip } from "./count-tip.ts";
import type { Facts } from "./fact.ts";
import type { Figure } from "./gather.ts";
import { makePace, type Pace } from "./pace.ts";
import { type Period, periodAt, type PeriodLength } from "./period.ts";
import { loadSources, type Source } from "./sources.ts";
import {
  type Counting,
  renderBody,
  renderExchangeBody,
  type Reporter,
  startCounting,
  type TableType,
} from "./tables.ts";

/** What may be chosen of the figures of the exchange. */
export const exchangeChoices = ["DRAFT", "SEND"] as const;

/** One of `exchangeChoices`. */
export type ExchangeChoice = (typeof exchangeChoices)[number];

/** What the operator chose. */
export interface StatisticsChoice {
  /** QUARTER when left out. */
  readonly period?: PeriodLength | undefined;
  /** As whom we report; our agency's name when left out. */
  readonly entity?: string | undefined;
  /** Whether a table is sent without an officer; so only when it is said. */
  readonly sends?: boolean | undefined;
  /** Whether how the exchange itself goes is counted at all, and then drafted or sent without an officer; not when left out. */
  readonly exchange?: ExchangeChoice | undefined;
}

/** What tables are made with. */
export interface NightlyParts {
  readonly agency: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly choice: StatisticsChoice;
  /** A code of STATISTICS_SOURCE. */
  readonly source: () => string;
  /** The communities to which we may publish a type. */
  readonly recsFor: (type: string) => readonly string[];
  /** How many things are wrong with a submission as it stands. */
  readonly countWrong: (submission: unknown) => Promise<number>;
  /** How long things may take; what holds without a register when left out. */
  readonly terms?: (() => Terms) | undefined;
  /** Sends a draft. */
  readonly send: (draft: string) => Promise<unknown>;
}

/** Who drafts stand under that no person began. */
export const keeper = "gateway";

const dayMs = 86_400_000;
const keptMs = 90 * dayMs;
/** Times that are over and are counted again as long as they were not sent. */
const looksBack = 3;

/** By what one kind of table is counted, all of its times in one go. */
interface CountPlace {
  readonly now: number;
  /** When the first of the times begins. */
  readonly since: number;
  readonly pace: Pace;
}

/** How one kind of table is counted. */
interface Counter {
  readonly type: TableType;
  readonly crimes: readonly string[];
  readonly isChosen: (choice: StatisticsChoice) => boolean;
  readonly sends: (choice: StatisticsChoice) => boolean;
  readonly count: (parts: NightlyParts, place: CountPlace) => Promise<Facts>;
  readonly render: typeof renderBody;
}

/** What is told of crime is counted from the newest words of messages of some types. */
function ofCrime(wish: { readonly types: readonly MessageType[]; readonly readsOthers: boolean }, count: (sources: readonly Source[], agency: string) => Facts): Pick<Counter, "isChosen" | "sends" | "count" | "render"> {
  return {
    isChosen: () => true,
    sends: ({ sends }) => sends === true,
    count: async ({ agency, store }, { now, pace }) => {
      const from = wish.readsOthers ? undefined : agency;
      return count(await loadSources({ store, now, pace }, { types: wish.types, from }), agency);
    },
    render: renderBody,
  };
} // prettier-ignore

const counters: readonly Counter[] = [
  { type: "tip.statistics", crimes: ["tip"], ...ofCrime({ readsOthers: true, types: ["tip.case", "tip.victim", "tip.perpetrator", "tip.referral"] }, countTip) },
  { type: "statistics.crime", crimes: ["other"], ...ofCrime({ readsOthers: false, types: ["alert.incident", "alert.update", "seizure.report", "suspect.handover", "som.movement", "outcome.judicial", "request.information", "core_data.request", "firearm.trace_request", "asset.trace_request", "mla.request"] }, countCrime) },
  {
    type: "statistics.exchange",
    crimes: ["other"],
    isChosen: ({ exchange }) => exchange !== undefined,
    sends: ({ exchange }) => exchange === "SEND",
    count: ({ agency, store, terms }, { now, since }) => Promise.resolve(countExchange({ agency, store, terms: terms?.() ?? standingTerms, now, since })),
    render: renderExchangeBody,
  },
]; // prettier-ignore

/** States report, not communities. */
export function countryOf(agency: string): string | undefined {
  const [state = ""] = agency.split("/");
  return state.length === 2 ? state.toUpperCase() : undefined;
}

/** One table that is being made. */
interface Making extends Pick<Counter, "type" | "crimes" | "render"> {
  readonly period: Period;
  readonly figures: readonly Figure[];
  readonly messages: number;
  readonly reporter: Reporter;
}

function submissionOf({ type, crimes, render, period, figures, reporter }: Making, { clock, recsFor }: NightlyParts): Readonly<Record<string, unknown>> {
  const body = render(reporter, period, { figures, now: clock.now() });
  return { type, recs: recsFor(type), crimes, handling: "H0", inner: { purposes: ["STATISTICS"], tlp: "GREEN" }, body };
} // prettier-ignore

/** Whether another time that reaches into this one was sent: the difference of the two would tell what neither does. */
function isTold({ store }: NightlyParts, { type, period }: Making): boolean {
  const all = store.tables.list({ type, limit: 200 });
  return all.some((one) => one.sent !== undefined && one.period !== period.name && one.from < period.until && one.until > period.from);
} // prettier-ignore

/** The message a draft of ours became. */
function sentAs({ store }: NightlyParts, table: StoredTable | undefined): string | undefined {
  if (table?.draft === undefined) return undefined;
  return table.sent ?? store.drafts.get(table.draft)?.message;
}

/** A draft that a person changed or threw away is his; nobody writes over it or puts it back. */
function isOurs(drafts: Store["drafts"], id: string | undefined): boolean {
  return id === undefined || drafts.get(id)?.changedBy === keeper;
}

function draftOf(making: Making, { id, content, missing, now, before }: { readonly id: string; readonly content: string; readonly missing: number; readonly now: number; readonly before: StoredDraft | undefined }): StoredDraft {
  const version = (before?.version ?? 0) + (before?.content === content ? 0 : 1);
  return {
    id, owner: keeper, isShared: true, content, type: making.type, handling: "H0", version, missing, changedBy: keeper,
    madeAt: before?.madeAt ?? now, changedAt: now, endsAt: now + keptMs,
  };
} // prettier-ignore

/** Keeps a table, and the draft of one whose time is over, in one write; says which draft waits to be sent. */
async function keep(parts: NightlyParts, making: Making): Promise<string | undefined> {
  const { store, clock, chance } = parts;
  const { type, period, figures, messages } = making;
  const now = clock.now();
  const before = store.tables.get(type, period.name);
  const sent = sentAs(parts, before);
  if (sent !== undefined || isTold(parts, making)) {
    if (before !== undefined && before.sent !== sent) await store.write(() => store.tables.put({ ...before, sent }));
    return undefined;
  }
  if (before === undefined && figures.length === 0) return undefined;
  const submission = submissionOf(making, parts);
  const isOver = period.until <= now && isOurs(store.drafts, before?.draft);
  const isDrafted = isOver && figures.length > 0;
  const missing = isDrafted ? await parts.countWrong(submission) : 0;
  return await store.write(() => {
    const id = before?.draft ?? (isDrafted ? renderUuid(makeUuid(now, chance)) : undefined);
    const stored = { type, period: period.name, from: period.from, until: period.until, madeAt: now, content: JSON.stringify(figures), messages };
    store.tables.put({ ...stored, draft: id });
    // of what was all taken back nothing is sent
    if (isOver && !isDrafted && id !== undefined) store.drafts.remove(id);
    if (!isDrafted || id === undefined) return undefined;
    const content = JSON.stringify(submission);
    store.drafts.put(draftOf(making, { id, content, missing, now, before: store.drafts.get(id) }));
    return id;
  });
} // prettier-ignore

async function sendSafely({ send, log }: NightlyParts, draft: string): Promise<void> {
  try {
    await send(draft);
  } catch (error) {
    if (!isFault(error)) throw error;
    // it stays a draft, and an officer sees what is wrong with it
    log.warn("statistics not sent", { code: error.code });
  }
}

/** One time that is counted. */
interface CountedTime {
  readonly period: Period;
  readonly counting: Counting;
}

/**
 * All times in one go over the messages: each fact goes into the sums of its time and is forgotten, so that neither facts nor
 * the times grow with the number of messages.
 */
async function countTimes(parts: NightlyParts, counter: Counter, { now, pace }: { readonly now: number; readonly pace: Pace }): Promise<readonly CountedTime[]> {
  const { choice } = parts;
  const { type, count } = counter;
  const times = Array.from({ length: looksBack + 1 }, (_, before): CountedTime => {
    return { period: periodAt(choice.period ?? "QUARTER", now, before), counting: startCounting(type) };
  });
  const since = Math.min(...times.map(({ period }) => period.from));
  for (const fact of await count(parts, { now, since, pace })) {
    if (pace.isDue()) await pace.rest();
    if (fact === undefined) continue;
    times.find(({ period }) => fact.at >= period.from && fact.at < period.until)?.counting.add(fact);
  }
  return times;
} // prettier-ignore

/**
 * Counts every table anew: those of the time that runs, and of the last ones as long as they were not sent. The same
 * messages give the same tables, however often; a crash between leaves whole tables. Others have their turn between.
 */
export async function makeTables(parts: NightlyParts): Promise<void> {
  const { agency, clock, choice } = parts;
  const country = countryOf(agency);
  if (country === undefined) return;
  const reporter = { country, entity: choice.entity ?? agency, source: parts.source() };
  const [now, pace] = [clock.now(), makePace(clock)];
  for (const counter of counters.filter(({ isChosen }) => isChosen(choice))) {
    const { type, crimes, render } = counter;
    for (const { period, counting } of await countTimes(parts, counter, { now, pace })) {
      const figures = await counting.figures(pace);
      const messages = counting.messages();
      const draft = await keep(parts, { type, crimes, render, period, figures, messages, reporter });
      await pace.rest();
      if (draft !== undefined && counter.sends(choice)) await sendSafely(parts, draft);
    }
  }
} // prettier-ignore

const nightSetting = "statistics.night";
const lookMs = 60_000;
/** The night is over at one o'clock in UTC. */
const nightMs = 3_600_000;

/** The night that is over, and what is counted in it: whoever chooses more need not wait for the next. */
function nightOf({ clock, choice }: NightlyParts): string {
  const night = Math.floor((clock.now() - nightMs) / dayMs);
  return choice.exchange === undefined ? String(night) : `${night} with exchange`;
}

/** Makes the tables once each night, and once at the start when a night was missed. */
export function startNightly(parts: NightlyParts): { stop(): Promise<void> } {
  const { store, clock, log } = parts;
  let isBusy = false;
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    isBusy = true;
    try {
      const night = nightOf(parts);
      if (store.settings.get(nightSetting) === night) return;
      await makeTables(parts);
      await store.write(() => store.settings.set(nightSetting, night));
    } catch (error) {
      log.error("statistics not counted", { code: toFault(error, "INTERNAL").code });
    } finally {
      isBusy = false;
    }
  };
  const timer = clock.every(lookMs, () => {
    if (!isBusy) running = look();
  });
  return {
    stop: async () => {
      timer.stop();
      await running;
    },
  };
}
