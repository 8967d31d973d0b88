import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { renderInstant } from "../../schemas/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { dialHub } from "../kit/hub-insider.ts";
import { startCapture } from "../kit/replays.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const hour = 3_600_000;
/** Hours after the last arrival that a warning which led to nothing is kept. */
const hoursAfterArrival = 6;

let world: World;
let sender: Gateway;
let number = 0;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  for (const agency of ["gh/tcu", "sn/tcu"]) await world.gateway(agency);
  sender = await world.gateway("ng/tcu");
});

afterAll(async () => {
  await world?.stop();
});

function time(hours: number): string {
  return renderInstant(world.clock.now() + hours * hour);
}

/** A passenger in the air, from Lagos over Accra to Dakar; the units at all of them are told. */
function warning(expiresInHours: number): Record<string, unknown> {
  const airport = (code: string, country: string): object => ({ airport: code, country });
  return {
    type: "target.warning",
    recipients: ["gh/tcu", "sn/tcu"],
    crimes: ["drugs"],
    handling: "H2",
    status: "EXERCISE",
    urgency: "FLASH",
    expiresAt: time(expiresInHours),
    inner: {
      caseRef: "EX-2026-0333",
      purposes: ["INVESTIGATION", "BORDER_CONTROL"],
      urgencyReason: { text: "Exercise. The passenger is in the air.", lang: "en" },
    },
    body: {
      subject: {
        passenger: { person: { roles: ["SUSPECT"], names: [{ full: "Ama Example-Mensah", kind: "LEGAL" }], sex: "F" }, sources: ["PNR"] },
      },
      reasons: ["ROUTE_RISK"],
      suspected: ["COCAINE"],
      legs: [
        { mode: "AIR", conveyance: "XX 101", from: airport("LOS", "NG"), to: airport("ACC", "GH"), departs: time(-0.5), arrives: time(0.6) },
        { mode: "AIR", conveyance: "XX 102", from: airport("ACC", "GH"), to: airport("DSS", "SN"), departs: time(1), arrives: time(3) },
      ],
      eta: time(0.6),
      requestedControls: ["INTERVIEW"],
    },
  }; // prettier-ignore
}

async function send(expiresInHours: number): Promise<string> {
  const { id } = await sender.exchange.submit(warning(expiresInHours), `warning-${(number += 1)}`);
  return id;
}

function deliveredTo(id: string): readonly string[] {
  const { ladder = [] } = sender.exchange.find(id) ?? {};
  return ladder.filter(({ kind }) => kind === "DELIVERED").map(({ by }) => by);
}

/** The warning that ended while one of its readers was away. */
let late = "";

describe("T33 a warning about a passenger in the air", () => {
  it("reaches the units at all legs' airports within a minute", async () => {
    const began = performance.now();
    const id = await send(3 + hoursAfterArrival);
    expect(sender.exchange.find(id)?.audience.toSorted()).toEqual(["gh/tcu", "sn/tcu"]);
    await until("both have it", () => sender.exchange.find(id)?.state === "DELIVERED");
    expect(performance.now() - began).toBeLessThan(60_000);
    for (const agency of ["gh/tcu", "sn/tcu"]) {
      const { exchange } = await world.gateway(agency);
      expect(exchange.find(id)).toMatchObject({ state: "VERIFIED", type: "target.warning" });
    }
  });

  it("lives until the last arrival at least", async () => {
    try {
      await send(2);
      expect.unreachable("it was taken");
    } catch (error) {
      if (!isFault(error)) throw error;
      expect(error.violations.map(({ code }) => code)).toContain("RULE_WARNING_EXPIRES_EARLY");
    }
  });

  it("ends so many hours after the last arrival: it says so, and who did not get it until then is seen", async () => {
    await world.stopGateway("sn/tcu");
    const id = await send(3 + hoursAfterArrival);
    await until("one has it", () =>
      sender.exchange.find(id)?.ladder.some(({ kind, by }) => kind === "DELIVERED" && by === "gh/tcu") ?? false,
    ); // prettier-ignore
    world.shift((3 + hoursAfterArrival) * hour + 60_000);
    await until("it says so", () => sender.exchange.find(id)?.state === "EXPIRED");
    expect(deliveredTo(id)).toEqual(["gh/tcu"]);
    expect(sender.exchange.status().waiting).toBe(0);
    late = id;
  });

  it("nobody gets it afterwards: who comes back then is handed it, and keeps it apart without reading it", async () => {
    const held = (await world.gateway("gh/tcu")).exchange;
    const reader = (await world.gateway("sn/tcu")).exchange;
    const expired = { box: "in", state: "QUARANTINED", limit: 50 } as const;
    await until("it came", () =>
      reader.list(expired).items.some(({ code }) => code === "ENVELOPE_EXPIRED"),
    );
    const [apart] = reader.list(expired).items;
    expect(apart).toMatchObject({ type: "", originator: "ng/tcu", code: "ENVELOPE_EXPIRED" });
    expect(reader.find(apart?.id ?? "")).not.toHaveProperty("body");
    expect([reader.find(late), reader.original(late)]).toEqual([undefined, undefined]);
    // who was told in time still holds it, and the sender hears of no one more
    expect(held.find(late)).toMatchObject({ state: "VERIFIED" });
    expect(deliveredTo(late)).toEqual(["gh/tcu"]);
    // a start judges again what may have become good; this does not
    await world.stopGateway("sn/tcu");
    const again = (await world.gateway("sn/tcu")).exchange;
    expect(again.status()).toMatchObject({ inbox: 1, quarantined: 1 });
  });

  it("nobody gets one afterwards that lay at the hub while the hub itself stood still: when it ends stands inside its seal, and readers keep it apart", async () => {
    const apart = async (agency: string): Promise<number> =>
      (await world.gateway(agency)).exchange.status().quarantined;
    const before = [await apart("gh/tcu"), await apart("sn/tcu")];
    await world.stopBroker();
    const insider = await dialHub(world, "hub");
    const captured = await startCapture(insider);
    const id = await send(3 + hoursAfterArrival);
    await until("it lies at the hub", () => captured.length > 0);
    world.shift((3 + hoursAfterArrival) * hour + 60_000);
    await world.startBroker();
    await until("its sender knows", () => sender.exchange.find(id)?.state === "EXPIRED");
    await until("both readers were handed it", async () => {
      const now = [await apart("gh/tcu"), await apart("sn/tcu")];
      return now.every((count, at) => count === (before[at] ?? 0) + 1);
    });
    expect(deliveredTo(id)).toEqual([]);
    for (const agency of ["gh/tcu", "sn/tcu"]) {
      expect((await world.gateway(agency)).exchange.find(id)).toBeUndefined();
    }
    await insider.close();
  });
});
