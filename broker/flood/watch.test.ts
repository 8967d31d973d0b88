import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { Fault, silentLog } from "../../schemas/ground/index.ts";
import { accountOf, intakeStreamOf, parsePause, type Refused } from "../../schemas/index.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { type AccountTraffic, hubLimits, type StreamState } from "../nats/index.ts";
import { makePauses, type Pauses } from "./pauses.ts";
import { type FloodWatch, startFloodWatch } from "./watch.ts";

const { floodPauseMs, floodUnits, floodTellMs, floodLookMs } = hubLimits;
type Counted = { -readonly [Key in keyof AccountTraffic]: AccountTraffic[Key] };

interface Hub {
  readonly watch: FloodWatch;
  readonly clock: StillClock;
  readonly pauses: Pauses;
  /** What happened, in order. */
  readonly acts: string[];
  readonly told: Refused[];
  /** Of each agency, what its server counts. */
  readonly traffic: Map<string, Counted>;
  /** Numbers of connections by agency; nobody counts by them. */
  readonly open: Map<string, number[]>;
  isAway: boolean;
  /** Whether what is told is stored. */
  isStoring: boolean;
  /** An agency sends so many that are turned away. */
  send(agency: string, messages: number): void;
  /** Looks once, with what follows. */
  look(): Promise<boolean>;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await turn();
}

function makeHub(agencies: readonly string[] = ["ng/tcu", "gh/tcu"]): Hub {
  const clock = makeStillClock(1_780_272_000_000);
  const pauses = makePauses(clock);
  const [acts, told] = [[], []] as [string[], Refused[]];
  const traffic = new Map<string, Counted>(agencies.map((agency) => [agency, { account: accountOf(agency), connections: 1, messages: 0, bytes: 0, answers: 0 }]));
  const open = new Map(agencies.map((agency, at) => [agency, [at + 1]]));
  const ownerOf = (account?: string): string => agencies.find((one) => accountOf(one) === account) ?? "";
  const hub: Omit<Hub, "watch" | "look"> = {
    clock, pauses, acts, told, traffic, open, isAway: false, isStoring: true,
    send: (agency, messages) => {
      const counted = traffic.get(agency);
      if (counted !== undefined) counted.messages += messages;
    },
  };
  const watch = startFloodWatch({
    readTraffic: async () => {
      if (hub.isAway) throw new Fault("HUB_UNREACHABLE", "it is away");
      return [...traffic.values()].map((one) => ({ ...one }));
    },
    control: {
      sessions: async (account) =>
        (open.get(ownerOf(account)) ?? []).map((id) => ({ id, server: { id: "N", name: "hub" }, host: "h", account: account ?? "", fingerprint: "" })),
      close: async ({ id, account }) => {
        const agency = ownerOf(account);
        open.set(agency, (open.get(agency) ?? []).filter((one) => one !== id));
        const counted = traffic.get(agency);
        if (counted !== undefined) counted.connections = open.get(agency)?.length ?? 0;
      },
    },
    jetStream: {
      stream: async () => ({ messages: 0, lastSequence: 0 }) as StreamState,
      purgeStream: async (name) => void acts.push(`empty ${name}`),
    },
    pauses,
    clock,
    log: silentLog,
    agencies: () => agencies,
    tell: (agency, line, done) => {
      acts.push(`tell ${agency}`);
      told.push(line);
      if (hub.isStoring) done();
    },
    onPaused: (agency, forMs) => void acts.push(`pause ${agency} ${forMs}`),
    onClosed: ({ agency, session, fault }) => void acts.push(`close ${agency} ${session.id} ${fault.code}`),
  });
  return Object.assign(hub, { watch, look: async () => {
    const looked = watch.look();
    await settle();
    clock.move(floodTellMs);
    return await looked;
  } });
} // prettier-ignore

describe("startFloodWatch", () => {
  it("tells whoever floods, closes all of its connections and none of another, and empties its intake", async () => {
    const hub = makeHub();
    hub.open.set("ng/tcu", [1, 7, 9]);
    await hub.look();
    hub.send("ng/tcu", floodUnits + 500);
    await hub.look();
    expect(hub.acts).toEqual([
      `pause ng/tcu ${floodPauseMs}`,
      "tell ng/tcu",
      "close ng/tcu 1 LINK_PAUSED",
      "close ng/tcu 7 LINK_PAUSED",
      "close ng/tcu 9 LINK_PAUSED",
      `empty ${intakeStreamOf("ng/tcu")}`,
    ]);
    expect(hub.told[0]).toMatchObject({ code: "LINK_PAUSED" });
    expect(parsePause(hub.told[0]?.detail)).toBe(floodPauseMs);
    expect(hub.pauses.isOn("ng/tcu")).toBe(true);
    expect(hub.pauses.isOn("gh/tcu")).toBe(false);
    expect(hub.watch.paused).toBe(1);
  });

  it("counts what several connections of one agency send together", async () => {
    const hub = makeHub();
    hub.open.set("ng/tcu", [1, 7]);
    await hub.look();
    for (const half of [1, 2]) hub.send("ng/tcu", floodUnits / 2 + half * 100);
    await hub.look();
    expect(hub.watch.paused).toBe(1);
  });

  it("does nothing to whoever stays under it, and says when somebody comes near", async () => {
    const hub = makeHub();
    expect(await hub.look()).toBe(false);
    hub.send("ng/tcu", floodUnits / 2 + 600);
    expect(await hub.look()).toBe(true);
    hub.clock.move(10_000);
    expect(await hub.look()).toBe(false);
    expect(hub.acts).toEqual([]);
  });

  it("closes without being able to tell", async () => {
    const hub = makeHub();
    hub.isStoring = false;
    await hub.look();
    hub.send("ng/tcu", floodUnits + 500);
    await hub.look();
    expect(hub.open.get("ng/tcu")).toEqual([]);
  });

  it("closes a login that was under way when the pause began, and pauses no second time for it", async () => {
    const hub = makeHub();
    await hub.look();
    hub.send("ng/tcu", floodUnits + 500);
    await hub.look();
    hub.open.set("ng/tcu", [20]);
    hub.traffic.set("ng/tcu", { account: accountOf("ng/tcu"), connections: 1, messages: 90_000, bytes: 0, answers: 0 });
    await hub.look();
    expect(hub.open.get("ng/tcu")).toEqual([]);
    expect(hub.watch.paused).toBe(1);
  }); // prettier-ignore

  it("lets it come again with its ordinary allowance, and the next pause is longer", async () => {
    const hub = makeHub();
    await hub.look();
    hub.send("ng/tcu", floodUnits + 500);
    await hub.look();
    hub.clock.move(floodPauseMs);
    hub.open.set("ng/tcu", [20]);
    await hub.look();
    hub.send("ng/tcu", floodUnits - 100);
    await hub.look();
    expect(hub.watch.paused).toBe(1);
    hub.send("ng/tcu", 1_000);
    await hub.look();
    expect(hub.acts).toContain(`pause ng/tcu ${2 * floodPauseMs}`);
  });

  it("outlives a server that is away, and looks again by itself", async () => {
    const hub = makeHub();
    await hub.look();
    hub.isAway = true;
    hub.send("ng/tcu", floodUnits + 500);
    expect(await hub.look()).toBe(false);
    expect(hub.acts).toEqual([]);
    hub.isAway = false;
    for (let at = 0; at < 3; at += 1) {
      await settle();
      hub.clock.move(floodLookMs);
    }
    await settle();
    expect(hub.watch.paused).toBe(1);
    hub.watch.stop();
    hub.clock.move(floodPauseMs * 4);
    hub.send("gh/tcu", 3 * floodUnits);
    hub.clock.move(floodLookMs);
    await settle();
    expect(hub.watch.paused).toBe(1);
  });

  it("looks at nobody the register does not know, whatever is counted there", async () => {
    const hub = makeHub();
    hub.traffic.set("x", { account: "HUB", connections: 4, messages: 0, bytes: 0, answers: 0 });
    await hub.look();
    hub.send("x", 100 * floodUnits);
    await hub.look();
    expect(hub.acts).toEqual([]);
  });
});
