import { rawAgency, type RawAgency, loadLinkPair, dial, loadAgencySigner } from "./agency.ts";
import { forge } from "./forge.ts";
import { type RevokeRun, runRevoke } from "./revoke.ts";
import { until } from "./server.ts";
import { example } from "./submissions.ts";
import type { World } from "./world.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { storedSubject } from "../../schemas/index.ts";
import { renderUuid, systemClock } from "../../schemas/ground/index.ts";

/** How long after the command's return something was so, in milliseconds; below nought: before it. */
export interface RevocationTimes {
  readonly command: number;
  readonly sessionClosed: number;
  readonly loginRefused: number;
  /** Every gateway that was online leaves the agency out of what it seals. */
  readonly leftOut: number;
  /** Every gateway that was online refuses what the stolen key signs, though it lies in the hub's feed. */
  readonly refused: number;
  /** Every gateway that took what the stolen key signed, before it knew, has taken that out of its inbox. */
  readonly takenBack: number;
  /** From its link's coming up: a gateway that was away knows. */
  readonly offline: number;
}

/** What a revocation left behind, to be looked at. */
export interface RevocationRun {
  readonly times: RevocationTimes;
  readonly command: RevokeRun;
  /** How each gateway that was online holds the agency's message that the hub took before. */
  readonly before: readonly (string | undefined)[];
  /** How it holds what an insider had put there, signed with the stolen key, before anybody knew. */
  readonly planted: readonly (string | undefined)[];
}

/** The agencies that a run takes part with. */
export const revocationParts = {
  states: ["ng", "gh", "sn"],
  revoked: "ng/tcu",
  online: ["gh/tcu", "sn/tcu"],
  offline: "ecowas/centre",
} as const;

async function timeOf(what: string, holds: () => boolean | Promise<boolean>): Promise<number> {
  await until(what, holds, 40);
  return performance.now();
}

async function leavesOut({ exchange }: Gateway, agency: string): Promise<boolean> {
  const { audience } = await exchange.validate(example("lagos-alert"));
  return audience.length > 0 && !audience.includes(agency);
}

async function isRefusedLogin(world: World, agency: string): Promise<boolean> {
  try {
    const link = await dial(world, loadLinkPair(world, agency), { agency });
    await link.close();
    return false;
  } catch {
    return true;
  }
}

/** What the stolen key signs, put into the feed by somebody inside the hub: readers alone can refuse it. */
async function plantForged(world: World, agency: string): Promise<string> {
  const { bytes, channel, id } = forge(loadAgencySigner(world, agency), { now: Date.now() });
  const subject = storedSubject(channel, agency, renderUuid(id));
  await world.desk.link.request(subject, bytes);
  return renderUuid(id);
}

/** How many publications were refused when they came; what was taken back bears its own id and is not counted. */
function refusedBy({ exchange }: Gateway, planted: readonly string[]): number {
  const { items } = exchange.list({ box: "in", state: "QUARANTINED", limit: 200 });
  return items.filter(({ code, id }) => code === "CERT_REVOKED" && !planted.includes(id)).length;
}

function heldAs({ exchange }: Gateway, id: string): string | undefined {
  const { state, code } = exchange.find(id) ?? {};
  return code ?? state;
}

/**
 * Revokes an agency by the command, in a world with a real hub and gateways, and takes the time until it is out: its
 * session, its logins, what is sealed, what it signs; and for a gateway that was away until it knows.
 */
export async function measureRevocation(world: World): Promise<RevocationRun> {
  const { revoked, online, offline } = revocationParts;
  const gateways = await Promise.all(online.map((agency) => world.gateway(agency)));
  const away = await world.gateway(offline);
  await world.stopGateway(offline);
  void away;
  const sender = await world.gateway(revoked);
  const { id } = await sender.exchange.submit(example("lagos-alert"), "before the revocation");
  await until("the hub took it", () => sender.exchange.find(id)?.state === "ACCEPTED");
  await until("those online hold it", () =>
    gateways.every(({ exchange }) => exchange.find(id)?.state === "VERIFIED"),
  );
  const thief: RawAgency = await rawAgency(world, revoked);
  let closedAt = Number.POSITIVE_INFINITY;
  void thief.link.closed().then(() => (closedAt = performance.now()));

  // a list tells times in whole seconds, the earlier one: what was taken in that same second is not sure to be before
  await systemClock.sleep(1_100);
  // an insider at the hub puts it there; nobody can know yet
  const planted = [await plantForged(world, revoked)];
  const [first = ""] = planted;
  await until("those online hold what was planted", () =>
    gateways.every((one) => heldAs(one, first) === "VERIFIED"),
  );
  const command = await runRevoke(world, [revoked, "--reason", "KEY_COMPROMISE"]);
  const sessionClosed = timeOf("the session is closed", () => closedAt < Infinity);
  const loginRefused = timeOf("logins are refused", () => isRefusedLogin(world, revoked));
  const leftOut = timeOf("nobody seals to it", async () => {
    const all = await Promise.all(gateways.map((one) => leavesOut(one, revoked)));
    return all.every(Boolean);
  });
  const refused = timeOf("nobody takes what it signs", async () => {
    if (gateways.every((one) => refusedBy(one, planted) > 0)) return true;
    planted.push(await plantForged(world, revoked));
    return false;
  });
  const takenBack = timeOf("what was planted is taken back", () =>
    gateways.every((one) => heldAs(one, first) === "CERT_REVOKED"),
  );
  const at = await Promise.all([sessionClosed, loginRefused, leftOut, refused, takenBack]);
  await until("none of it is left in an inbox", () =>
    gateways.every((one) => planted.every((forged) => heldAs(one, forged) !== "VERIFIED")),
  );
  const back = await world.gateway(offline);
  const upAt = performance.now();
  const { epoch } = world.register();
  const offlineAt = await timeOf("who was away knows", () => back.register().epoch >= epoch);
  await until("who was away holds what was taken before", () => back.exchange.find(id)?.state === "VERIFIED");
  await until("who was away refuses what came after", () => refusedBy(back, planted) > 0);
  await world.stopGateway(revoked);
  const after = (moment: number): number => Math.round(moment - command.endedAt);
  return {
    command,
    before: gateways.map((one) => heldAs(one, id)),
    planted: gateways.map((one) => heldAs(one, first)),
    times: {
      command: Math.round(command.endedAt - command.beganAt),
      sessionClosed: after(Math.min(closedAt, at[0])),
      loginRefused: after(at[1]),
      leftOut: after(at[2]),
      refused: after(at[3]),
      takenBack: after(at[4]),
      offline: Math.round(offlineAt - upAt),
    },
  };
} // prettier-ignore

/** What each time is of, in the order they are shown. */
export const revocationWords: readonly (readonly [keyof RevocationTimes, string])[] = [
  ["command", "the command itself"],
  ["sessionClosed", "session closed"],
  ["loginRefused", "login refused"],
  ["leftOut", "left out of what every gateway seals"],
  ["refused", "its messages refused by every gateway"],
  ["takenBack", "what it signed taken out of every inbox again"],
  ["offline", "known to a gateway that was away, from its link up"],
];

/** The times as lines, in milliseconds. */
export function renderRevocation(times: RevocationTimes): string {
  const rows = revocationWords.map(
    ([name, word]) => `${word.padEnd(52)} ${String(times[name]).padStart(7)} ms`,
  );
  return `${rows.join("\n")}\n`;
}
