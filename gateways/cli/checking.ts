import { parseInstant } from "../../schemas/index.ts";
import { type Finding, sayFinding } from "../doctor/index.ts";
import type { Desk } from "./desk.ts";
import { examineHere } from "./doctoring.ts";
import { exitCodes } from "./exit-codes.ts";

/** The numbers from which on a monitor is told. */
export interface CheckOptions {
  readonly folder?: string;
  readonly warn?: number;
  readonly crit?: number;
}

interface CheckWord {
  readonly name: string;
  readonly says: string;
  /** What is counted. */
  readonly unit: string;
  /** Which findings it is about. */
  readonly of: readonly string[];
  /** Whether little of it is bad. */
  readonly isLowBad: boolean;
  readonly label: string;
  /** The number of one finding. */
  readonly count: (finding: Finding, now: number) => number | undefined;
}

const hourMs = 3_600_000;

function fact(name: string, isZeroWhenWell = false): CheckWord["count"] {
  return ({ facts, state }) => {
    const value = facts[name];
    if (typeof value === "number") return value;
    return isZeroWhenWell && state === "ok" ? 0 : undefined;
  };
}

function hoursLeft({ facts }: Finding, now: number): number | undefined {
  const until = parseInstant(String(facts["until"] ?? ""));
  return until === undefined ? undefined : Math.floor((until - now) / hourMs);
}

/** Every check there is. */
export const checkWords: readonly CheckWord[] = [
  { name: "link", says: "whether the hub is reached", unit: "milliseconds there and back", of: ["link", "api"], isLowBad: false, label: "round_trip_ms", count: (one) => (one.check === "link" ? fact("ms")(one, 0) : undefined) },
  { name: "queue", says: "how long the oldest message waits", unit: "minutes", of: ["queue", "api"], isLowBad: false, label: "oldest_min", count: fact("minutes", true) },
  { name: "overdue", says: "whether anything is awaited past its deadline", unit: "deadlines", of: ["overdue"], isLowBad: false, label: "overdue", count: fact("count") },
  { name: "certs", says: "until when certificates hold", unit: "days left", of: ["certs"], isLowBad: true, label: "days_left", count: fact("days") },
  { name: "clock", says: "whether the clock is behind what has passed", unit: "minutes", of: ["clock"], isLowBad: false, label: "behind_min", count: fact("minutes", true) },
  { name: "register", says: "until when the register is in date", unit: "hours left", of: ["register"], isLowBad: true, label: "hours_left", count: hoursLeft },
  { name: "store", says: "whether the store is whole and has room", unit: "MiB free", of: ["store", "disk"], isLowBad: true, label: "free_mib", count: fact("free") },
]; // prettier-ignore

const levels = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
const byState = { ok: 0, warn: 1, bad: 2 } as const;

function worstCount(word: CheckWord, findings: readonly Finding[], now: number): number | undefined {
  const counts = findings.flatMap((one) => word.count(one, now) ?? []);
  if (counts.length === 0) return undefined;
  return word.isLowBad ? Math.min(...counts) : Math.max(...counts);
} // prettier-ignore

/** What the operator's own numbers say; they stand in place of ours where something was counted. */
function judge(
  { isLowBad }: CheckWord,
  count: number,
  { warn, crit }: CheckOptions,
): number | undefined {
  if (warn === undefined && crit === undefined) return undefined;
  const isOver = (limit: number | undefined): boolean =>
    limit !== undefined && (isLowBad ? count <= limit : count >= limit);
  return isOver(crit) ? 2 : isOver(warn) ? 1 : 0;
}

/** What has no number is as bad as it is, whatever the numbers say. */
function levelOf(
  word: CheckWord,
  findings: readonly Finding[],
  { options, now }: { readonly options: CheckOptions; readonly now: number },
): number {
  if (findings.length === 0) return 3;
  const found = findings.map((one) => {
    const count = word.count(one, now);
    return (count === undefined ? undefined : judge(word, count, options)) ?? byState[one.state];
  });
  return Math.max(...found);
}

/** One line and one number for a monitor: OK, WARNING, CRITICAL or UNKNOWN, and what was counted. */
export async function runCheck(desk: Desk, name: string, options: CheckOptions): Promise<number> {
  const word = checkWords.find((one) => one.name === name);
  const found = await examineHere(desk, options);
  const now = desk.world.clock.now();
  const about = word === undefined ? [] : found.filter(({ check }) => word.of.includes(check));
  if (word === undefined || about.length === 0) {
    desk.result({ level: "UNKNOWN" }, `ATUMPAN ${name.toUpperCase()} UNKNOWN - nothing to look at; name the gateway with --folder`);
    return exitCodes.checkUnknown;
  }
  const level = levelOf(word, about, { options, now });
  const worst = about.toSorted((a, b) => byState[b.state] - byState[a.state])[0];
  const says = worst === undefined ? "" : sayFinding(worst, desk.common.lang ?? "en").says;
  const count = worstCount(word, about, now);
  const limits = `${options.warn ?? ""};${options.crit ?? ""}`;
  const perf = count === undefined ? "" : ` | ${word.label}=${count};${limits}`;
  const said = levels[level] ?? "UNKNOWN";
  desk.result({ level: said, count, findings: about }, `ATUMPAN ${name.toUpperCase()} ${said} - ${says.replaceAll("|", "/")}${perf}`);
  return level;
} // prettier-ignore
