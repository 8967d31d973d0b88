import type { ToldStatus } from "../broker/index.ts";
import { type HubFigure, hubFigures } from "../broker/metrics/index.ts";
import { renderInstant } from "../schemas/index.ts";
import type { EpochMs } from "../schemas/ground/index.ts";

/** One figure of a hub, as `/metrics` of its broker names it. */
interface Figure {
  readonly of: HubFigure;
  readonly value: number | undefined;
  /** The label's value, where it has one. */
  readonly outcome?: string;
}

/** Only who reads a file can tell how old it is. */
const statusAge: HubFigure = { name: "status_age_seconds", help: "seconds since it said so" };
const daySeconds = 86_400;
const hourMs = 3_600_000;
/** Cosignatures that are older have not been renewed, though the hub asks for it each hour. */
const staleCosignedMs = 3 * hourMs;

function seconds(since: EpochMs | undefined, now: EpochMs): number | undefined {
  return since === undefined ? undefined : Math.max(0, Math.round((now - since) / 1000));
}

function flag(is: boolean | undefined): number | undefined {
  return is === undefined ? undefined : Number(is);
}

function logFigures({ log }: ToldStatus, now: EpochMs): readonly Figure[] {
  const { room } = log ?? {};
  const left = room?.daysLeft === undefined ? undefined : room.daysLeft * daySeconds;
  return [
    { of: hubFigures.logEntries, value: log?.size },
    { of: hubFigures.logAge, value: seconds(log?.checkpointAt, now) },
    { of: hubFigures.logBytes, value: room?.bytes },
    { of: hubFigures.logMax, value: room?.maxBytes },
    { of: hubFigures.logLeft, value: left },
    { of: hubFigures.logStopped, value: log && flag(log.stopped !== undefined) },
    { of: hubFigures.logWaiting, value: log && flag(log.waiting !== undefined) },
  ];
}

function witnessFigures({ witnesses }: ToldStatus, now: EpochMs): readonly Figure[] {
  const lacking = witnesses && (seconds(witnesses.missingSince, now) ?? 0);
  return [
    { of: hubFigures.cosigned, value: witnesses?.size },
    { of: hubFigures.cosignedAge, value: seconds(witnesses?.at, now) },
    { of: hubFigures.witnessesMissing, value: witnesses?.missing.length },
    { of: hubFigures.quorumMissing, value: lacking },
    { of: hubFigures.disputed, value: flag(witnesses?.isDisputed) },
  ];
}

function figuresOf(told: ToldStatus, now: EpochMs): readonly Figure[] {
  const { admissions } = hubFigures;
  return [
    { of: hubFigures.ready, value: flag(told.ready && told.standby === undefined) },
    { of: hubFigures.standby, value: flag(told.standby !== undefined) },
    { of: hubFigures.stopped, value: flag(told.stopped !== undefined) },
    { of: hubFigures.stoppedFor, value: seconds(told.stopped?.since, now) ?? 0 },
    { of: hubFigures.epoch, value: told.epoch },
    { of: hubFigures.registerEnd, value: (told.registerExpiresAt - now) / 1_000 },
    { of: admissions, outcome: "ACCEPTED", value: told.accepted },
    { of: admissions, outcome: "REFUSED", value: told.refused },
    { of: admissions, outcome: "HELD_BACK", value: told.heldBack },
    { of: statusAge, value: seconds(told.at, now) },
    ...logFigures(told, now),
    ...witnessFigures(told, now),
  ];
}

function renderFigure({ of: { name, label }, value, outcome }: Figure): string {
  const of = label === undefined || outcome === undefined ? "" : `{${label}="${outcome}"}`;
  return `atumpan_hub_${name}${of} ${value}\n`;
}

/** The figures as Prometheus reads them from a file: under the names that the broker itself serves. */
export function renderHubMetrics(told: ToldStatus, now: EpochMs): string {
  const known = figuresOf(told, now).filter(({ value }) => value !== undefined);
  return [...Map.groupBy(known, ({ of }) => of)]
    .map(([{ name, help }, figures]) => {
      const type = name.endsWith("_total") ? "counter" : "gauge";
      const head = `# HELP atumpan_hub_${name} ${help}\n# TYPE atumpan_hub_${name} ${type}\n`;
      return head + figures.map(renderFigure).join("");
    })
    .join("");
}

/** Somebody stopped it on purpose: that has to be known, and is not to be mended by whoever looks. */
function troublesOfStop(button: ToldStatus["stopped"]): readonly string[] {
  if (button === undefined) return [];
  const since = renderInstant(button.since);
  return [
    `the hub takes in nothing new since ${since}: its stop button was pressed (${button.reason})`,
  ];
}

/** What is wrong with the hub's log, in words; nothing where all is well. */
export function findHubTroubles({ ready, stopped: button, log, witnesses }: ToldStatus, now: EpochMs): readonly string[] {
  const { room, stopped, waiting } = log ?? {};
  const days = room?.daysLeft === undefined ? "" : ` (about ${Math.floor(room.daysLeft)} days are left)`;
  const told: readonly (readonly [boolean, string])[] = [
    [!ready && stopped === undefined, "the hub does not judge by a register in date, or its streams do not stand"],
    [stopped !== undefined, `the log has stopped: ${stopped}; nothing is accepted`],
    [waiting !== undefined, `the log waits: ${waiting}; nothing is accepted`],
    [room !== undefined && room.bytes >= 0.8 * room.maxBytes, `the log has used more than 80 percent of its room${days}`],
    [now - (witnesses?.missingSince ?? now) > hourMs / 4, `too few witnesses cosign the log; missing: ${witnesses?.missing.join(", ")}`],
    [now - (witnesses?.at ?? now) > staleCosignedMs, "the witnesses' word about the log is more than three hours old"],
    [witnesses?.isDisputed === true, "a witness holds another tree than this log: look into it"],
  ];
  return [...troublesOfStop(button), ...told.filter(([is]) => is).map(([, words]) => words)];
} // prettier-ignore

function renderFact({ of: { name, help }, value = 0, outcome }: Figure): string {
  const words = help.charAt(0).toUpperCase() + help.slice(1);
  const isLong = name.endsWith("_seconds") && value >= 2 * daySeconds;
  const [number, unit] = isLong ? [value / daySeconds, " (in days)"] : [value, ""];
  const which = outcome === undefined ? "" : `, ${outcome}`;
  return `${words}${which}${unit}: ${Math.round(number * 10) / 10}`;
}

/** How a hub stands, a line a fact, and what is wrong. */
export function renderHubStatus(told: ToldStatus, now: EpochMs): string {
  const facts = figuresOf(told, now).filter(({ value }) => value !== undefined);
  const wrong = findHubTroubles(told, now).map((one) => `WRONG: ${one}`);
  return [...facts.map(renderFact), ...wrong].join("\n");
}
