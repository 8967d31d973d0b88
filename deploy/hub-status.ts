import type { ToldStatus } from "../broker/index.ts";
import { renderInstant } from "../schemas/index.ts";
import type { EpochMs } from "../schemas/ground/index.ts";

/** One figure of a hub. */
interface Figure {
  readonly name: string;
  readonly help: string;
  readonly value: number | undefined;
}

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
  return [
    { name: "log_entries", help: "Entries of the log", value: log?.size },
    { name: "log_checkpoint_age_seconds", help: "Seconds since its newest checkpoint", value: seconds(log?.checkpointAt, now) },
    { name: "log_bytes", help: "Bytes of the log", value: room?.bytes },
    { name: "log_max_bytes", help: "Bytes that the log may have; full, nothing is accepted", value: room?.maxBytes },
    { name: "log_days_left", help: "Days until the log is full, at its pace", value: room?.daysLeft },
    { name: "log_stopped", help: "Whether the log has stopped, 1 or 0", value: log && flag(log.stopped !== undefined) },
    { name: "log_waiting", help: "Whether the log waits, 1 or 0", value: log && flag(log.waiting !== undefined) },
  ];
} // prettier-ignore

function witnessFigures({ witnesses }: ToldStatus, now: EpochMs): readonly Figure[] {
  return [
    { name: "log_cosigned_entries", help: "Entries that enough witnesses cosigned", value: witnesses?.size },
    { name: "log_cosigned_age_seconds", help: "Seconds since the last of them did", value: seconds(witnesses?.at, now) },
    { name: "log_witnesses_missing", help: "Witnesses who have not cosigned what is offered", value: witnesses?.missing.length },
    { name: "log_quorum_missing_seconds", help: "Seconds since too few did; left out while enough have", value: seconds(witnesses?.missingSince, now) },
    { name: "log_disputed", help: "Whether a witness holds another tree, 1 or 0", value: flag(witnesses?.isDisputed) },
  ];
} // prettier-ignore

function figuresOf(told: ToldStatus, now: EpochMs): readonly Figure[] {
  return [
    { name: "ready", help: "Whether it judges by a register in date, 1 or 0", value: flag(told.ready) },
    { name: "stopped_seconds", help: "Seconds since it was stopped and takes in nothing new; left out while it is not", value: seconds(told.stopped?.since, now) },
    { name: "register_epoch", help: "Epoch of its register", value: told.epoch },
    { name: "accepted", help: "Messages accepted since its start", value: told.accepted },
    { name: "refused", help: "Messages refused since its start", value: told.refused },
    { name: "held_back", help: "Times that a message was held back since its start", value: told.heldBack },
    { name: "status_age_seconds", help: "Seconds since it said so", value: seconds(told.at, now) },
    ...logFigures(told, now),
    ...witnessFigures(told, now),
  ];
} // prettier-ignore

/** The figures as Prometheus reads them from a file. */
export function renderHubMetrics(told: ToldStatus, now: EpochMs): string {
  return figuresOf(told, now)
    .flatMap(({ name, help, value }) =>
      value === undefined ? [] : [`# HELP atumpan_hub_${name} ${help}.\n# TYPE atumpan_hub_${name} gauge\natumpan_hub_${name} ${value}\n`],
    )
    .join("");
} // prettier-ignore

/** What is wrong with the hub's log, in words; nothing where all is well. */
export function findHubTroubles({ ready, stopped: button, log, witnesses }: ToldStatus, now: EpochMs): readonly string[] {
  const { room, stopped, waiting } = log ?? {};
  const days = room?.daysLeft === undefined ? "" : ` (about ${Math.floor(room.daysLeft)} days are left)`;
  const told: readonly (readonly [boolean, string])[] = [
    [!ready, "the hub does not judge by a register in date, or its streams do not stand"],
    [button !== undefined, `the hub was stopped (${button?.reason}): it takes in nothing new since ${renderInstant(button?.since ?? 0)}; atumpan hub resume`],
    [stopped !== undefined, `the log has stopped: ${stopped}; nothing is accepted`],
    [waiting !== undefined, `the log waits: ${waiting}; nothing is accepted`],
    [room !== undefined && room.bytes >= 0.8 * room.maxBytes, `the log has used more than 80 percent of its room${days}`],
    [now - (witnesses?.missingSince ?? now) > hourMs / 4, `too few witnesses cosign the log; missing: ${witnesses?.missing.join(", ")}`],
    [now - (witnesses?.at ?? now) > staleCosignedMs, "the witnesses' word about the log is more than three hours old"],
    [witnesses?.isDisputed === true, "a witness holds another tree than this log: look into it"],
  ];
  return told.filter(([is]) => is).map(([, words]) => words);
} // prettier-ignore

/** How a hub stands, a line a fact, and what is wrong. */
export function renderHubStatus(told: ToldStatus, now: EpochMs): string {
  const facts = figuresOf(told, now).flatMap(({ help, value }) => (value === undefined ? [] : [`${help}: ${Math.round(value * 10) / 10}`]));
  return [...facts, ...findHubTroubles(told, now).map((one) => `WRONG: ${one}`)].join("\n");
} // prettier-ignore
