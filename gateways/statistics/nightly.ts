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
import type { Store, StoredDraft, StoredTable } from "../store/index.ts";
import { countCrime } from "./count-crime.ts";
import { countTip } from "./count-tip.ts";
import type { Fact } from "./fact.ts";
import { type Period, periodAt, type PeriodLength } from "./period.ts";
import { loadSources } from "./sources.ts";
import { type Figure, makeFigures, renderBody, type Reporter, type TableType } from "./tables.ts"; // prettier-ignore

/** What the operator chose. */
export interface StatisticsChoice {
  /** QUARTER when left out. */
  readonly period?: PeriodLength | undefined;
  /** As whom we report; our agency's name when left out. */
  readonly entity?: string | undefined;
  /** Whether a table is sent without an officer; so only when it is said. */
  readonly sends?: boolean | undefined;
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
  /** Sends a draft. */
  readonly send: (draft: string) => Promise<unknown>;
}

/** Who drafts stand under that no person began. */
export const keeper = "gateway";

const dayMs = 86_400_000;
const keptMs = 90 * dayMs;
/** Times that are over and are counted again as long as they were not sent. */
const looksBack = 3;

const counters: readonly { readonly type: TableType; readonly crimes: readonly string[]; readonly reads: readonly MessageType[]; readonly count: (sources: Parameters<typeof countTip>[0], agency: string) => readonly Fact[] }[] = [
  { type: "tip.statistics", crimes: ["tip"], reads: ["tip.case", "tip.victim", "tip.perpetrator", "tip.referral"], count: countTip },
  { type: "statistics.crime", crimes: ["other"], reads: ["alert.incident", "seizure.report", "som.movement", "outcome.judicial", "request.information", "core_data.request", "firearm.trace_request", "asset.trace_request", "mla.request"], count: countCrime },
]; // prettier-ignore

/** States report, not communities. */
export function countryOf(agency: string): string | undefined {
  const [state = ""] = agency.split("/");
  return state.length === 2 ? state.toUpperCase() : undefined;
}

/** One table that is being made. */
interface Making {
  readonly type: TableType;
  readonly crimes: readonly string[];
  readonly period: Period;
  readonly figures: readonly Figure[];
  readonly messages: number;
  readonly reporter: Reporter;
}

function submissionOf({ type, crimes, period, figures, reporter }: Making, { clock, recsFor }: NightlyParts): Readonly<Record<string, unknown>> {
  const body = renderBody(reporter, period, { figures, now: clock.now() });
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

/**
 * Counts every table anew: those of the time that runs, and of the last ones as long as they were not sent. The same
 * messages give the same tables, however often; a crash between leaves whole tables.
 */
export async function makeTables(parts: NightlyParts): Promise<void> {
  const { agency, store, clock, choice } = parts;
  const country = countryOf(agency);
  if (country === undefined) return;
  const reporter = { country, entity: choice.entity ?? agency, source: parts.source() };
  const now = clock.now();
  for (const { type, crimes, reads, count } of counters) {
    const facts = count(await loadSources({ store, now }, reads), agency);
    for (let before = 0; before <= looksBack; before += 1) {
      const period = periodAt(choice.period ?? "QUARTER", now, before);
      const own = facts.filter(({ at }) => at >= period.from && at < period.until);
      const messages = new Set(own.flatMap((one) => one.messages)).size;
      const figures = makeFigures(type, own, period);
      const draft = await keep(parts, { type, crimes, period, figures, messages, reporter });
      if (draft !== undefined && choice.sends === true) await sendSafely(parts, draft);
    }
  }
} // prettier-ignore

const nightSetting = "statistics.night";
const lookMs = 60_000;
/** The night is over at one o'clock in UTC. */
const nightMs = 3_600_000;

/** Makes the tables once each night, and once at the start when a night was missed. */
export function startNightly(parts: NightlyParts): { stop(): void } {
  const { store, clock, log } = parts;
  let isBusy = false;
  const look = async (): Promise<void> => {
    const night = String(Math.floor((clock.now() - nightMs) / dayMs));
    if (isBusy || store.settings.get(nightSetting) === night) return;
    isBusy = true;
    try {
      await makeTables(parts);
      await store.write(() => store.settings.set(nightSetting, night));
    } catch (error) {
      log.error("statistics not counted", { code: toFault(error, "INTERNAL").code });
    } finally {
      isBusy = false;
    }
  };
  const timer = clock.every(lookMs, () => void look());
  return { stop: () => timer.stop() };
}
