import { renderInstant } from "../../schemas/index.ts";
import { type Finding, makeFinding } from "./finding.ts";
import type { Probes } from "./probes.ts";

const nodeFloor = { major: 24, minor: 12 } as const;
/** Two machines that both ask for the time differ by less. */
const graceMs = 120_000;
const minuteMs = 60_000;

/** Whether this Node is new enough, and knows the zones and languages that are shown. */
export function checkMachine(probes: Probes): readonly Finding[] {
  const { nodeVersion } = probes;
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const isNew = major > nodeFloor.major || (major === nodeFloor.major && minor >= nodeFloor.minor);
  const floor = `${nodeFloor.major}.${nodeFloor.minor}`;
  return [
    makeFinding(isNew ? "NODE_FITS" : "NODE_OLD", { version: nodeVersion, floor }),
    makeFinding(probes.knowsZones() ? "ZONES_THERE" : "ZONES_MISSING"),
  ];
}

/**
 * Whether this machine's clock stands before a time that has passed for certain: signed by a hub, by an authority in its
 * lists, or when a file here was written. That a clock is ahead is not seen so; what the hub says is (`judgeAhead`).
 *
 * @param passed times that have passed, in milliseconds
 */
export function checkClock(passed: readonly number[], { clock }: Pick<Probes, "clock">): Finding {
  const now = clock.now();
  const latest = Math.max(0, ...passed);
  if (latest <= now + graceMs) return makeFinding("CLOCK_PLAUSIBLE", { now: renderInstant(now) });
  return makeFinding("CLOCK_BEHIND", {
    now: renderInstant(now),
    known: renderInstant(latest),
    minutes: Math.ceil((latest - now) / minuteMs),
  });
}

/** That this machine's clock is ahead of its hub's, as the gateway that asked the hub says. */
export function judgeAhead(hubTime: number, { clock }: Pick<Probes, "clock">): Finding {
  const now = clock.now();
  return makeFinding("CLOCK_AHEAD", {
    now: renderInstant(now),
    known: renderInstant(hubTime),
    minutes: Math.max(0, Math.floor((now - hubTime) / minuteMs)),
  });
}
