import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { putBack } from "../../gateways/store/index.ts";
import { concatBytes, toFault } from "../../schemas/ground/index.ts";
import { effectsOf } from "../kit/replays.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startTwoHubs, type TwoHubs } from "../kit/two-hubs.ts";

/** Angola is of both communities, Cameroon of the first hub's alone, South Africa of the second's. */
const both = "ao/moc";
const west = "cm/moc";
const south = "za/moc";
const day = 86_400_000;

let region: TwoHubs;
let gateways: Readonly<Record<string, Gateway>> = {};
let copy: Uint8Array;

function gateway(agency: string): Gateway {
  const found = gateways[agency];
  if (found === undefined) throw new Error(`${agency} is not started`);
  return found;
}

async function start(agency: string): Promise<void> {
  gateways = { ...gateways, [agency]: await region.world.gateway(agency) };
}

async function send(agency: string, recs: readonly string[], key: string): Promise<string> {
  const flag = example("red-flag", { recs, crimes: ["drugs"] });
  return (await gateway(agency).exchange.submit(flag, key)).id;
}

function isHeld(agency: string, id: string): boolean {
  return gateway(agency).exchange.find(id)?.box === "in";
}

async function sent(recs: readonly string[], key: string, readers: readonly string[]): Promise<string> {
  const id = await send(both, recs, key);
  await until("it is read", () => readers.every((one) => isHeld(one, id)));
  return id;
} // prettier-ignore

/** How far the store that was put back has caught up with a hub. */
function caughtUp(hub: string): string {
  const { settings } = gateway(both).office.store;
  return settings.get(`restored@${hub}`)?.split(" ")[1] ?? "";
}

const markOf = (): string | undefined => gateway(both).office.store.restored.mark()?.state;

beforeAll(async () => {
  region = await startTwoHubs({ states: ["ao", "cm", "za"], recs: ["eccas", "sadc"], secondRecs: ["sadc"], isApart: true }); // prettier-ignore
  for (const agency of [both, west, south]) await start(agency);
  await until("all hubs are reached", () => {
    return [both, west, south].every((one) => gateway(one).exchange.status().hubs.every(({ isUp }) => isUp));
  }); // prettier-ignore
});

afterAll(async () => {
  await region?.stop();
});

describe("T-26 a store is put back while one of its two hubs is away", () => {
  it("reads on by the one that is there, takes nothing new before both have spoken, and then nothing is lost or twice", async () => {
    const { world, second, first } = region;
    await sent(["eccas", "sadc"], "early", [west, south]);
    copy = await gateway(both).office.store.hold(async (still) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of still.chunks()) pieces.push(piece);
      return concatBytes(...pieces);
    });
    // what the copy does not know: one by each hub, and one from each
    const late = [await sent(["eccas"], "late west", [west]), await sent(["sadc"], "late south", [south])];
    const came = { west: await send(west, ["eccas"], "came"), south: await send(south, ["sadc"], "came") };
    await until("both came", () => isHeld(both, came.west) && isHeld(both, came.south));
    const before = { west: effectsOf(gateway(west)).read, south: effectsOf(gateway(south)).read };

    await second.stopBroker();
    await second.server.kill();
    await world.stopGateway(both);
    const path = join(world.layout.gateway(both), "store.db");
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    writeFileSync(`${path}.new`, copy, { mode: 0o600 });
    putBack({ path, copy: `${path}.new`, at: world.clock.now(), copiedAt: world.clock.now() - day });
    await start(both);
    await until(() => `the first has spoken: ${caughtUp(first)}`, () => caughtUp(first) === "SYNCED");
    await until("what came by it is there again", () => isHeld(both, came.west));
    expect([markOf(), caughtUp(second.hub)]).not.toContain("SYNCED");
    expect(isHeld(both, came.south)).toBe(false);
    const last = gateway(both).office.store.outbox.last();
    for (const recs of [["eccas"], ["sadc"], ["eccas", "sadc"]]) {
      const refused = await send(both, recs, `new ${recs.join()}`).catch((error: unknown) => toFault(error, "INTERNAL").code);
      expect(refused).toBe("STORE_RESTORED");
    }
    expect(gateway(both).office.store.outbox.last()).toBe(last);

    await second.server.start();
    await second.startBroker();
    await until(() => `both have spoken: ${markOf() ?? ""}`, () => markOf() === "SYNCED");
    await until("all that came is there again", () => isHeld(both, came.south));
    const inbox = effectsOf(gateway(both)).read;
    expect(new Set(inbox).size).toBe(inbox.length);
    for (const [at, key] of ["late west", "late south"].entries()) {
      const recs = at === 0 ? ["eccas"] : ["sadc"];
      await expect(send(both, recs, key)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED", detail: expect.stringContaining(late[at] ?? "-") as string });
    }
    const next = await sent(["eccas", "sadc"], "next", [west, south]);
    for (const [name, agency] of [["west", west], ["south", south]] as const) {
      const read = effectsOf(gateway(agency)).read;
      expect(read.filter((one) => !before[name].includes(one))).toEqual([`${both} ${next}`]);
      expect(gateway(agency).office.store.chains.countBroken()).toBe(0);
      expect(gateway(agency).exchange.status().quarantined).toBe(0);
    }
    expect(gateway(both).office.store.chains.countBroken()).toBe(0);
  }); // prettier-ignore
});

describe("a hub that does not hear of a newer register", () => {
  it("is brought it by a gateway of two hubs, proves it itself, and keeps it over a restart with its old file", async () => {
    const { world, second } = region;
    const behind = second.broker.status().epoch;
    const file = join(world.layout.home, "second.bin");
    const old = readFileSync(file);
    await world.publish({ region: (now) => ({ ...now, mandates: now.mandates.filter(({ agency }) => agency !== "sadc/centre") }) });
    const { epoch } = world.register();
    await until("the gateway has it", () => gateway(both).register().epoch === epoch);
    expect([second.broker.status().epoch, behind < epoch]).toEqual([behind, true]);
    // its word on a message says by which register it judges
    await sent(["sadc"], "by the old one", [south]);
    await until(() => `it has it: ${second.broker.status().epoch} of ${epoch}`, () => second.broker.status().epoch === epoch);
    await until("its other gateways have it of it", () => gateway(south).register().epoch === epoch);
    expect(readFileSync(file).equals(old)).toBe(true);
    await second.stopBroker();
    await second.startBroker();
    expect(second.broker.status().epoch).toBe(epoch);
    await sent(["sadc"], "by the new one", [south]);
  }); // prettier-ignore
});
