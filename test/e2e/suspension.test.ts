import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let ng: Gateway;
let gh: Gateway;
let sn: Gateway;
let keys = 0;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  [ng, gh, sn] = [
    await world.gateway("ng/tcu"),
    await world.gateway("gh/tcu"),
    await world.gateway("sn/tcu"),
  ];
});

afterAll(async () => {
  await world?.stop();
});

/** A recall, which goes on whoever is suspended. */
function recall(): object {
  const { type, crimes, handling, inner, body } = exampleOf("alert.cancel");
  const moved = shiftInstants(body, Date.now() - exampleInstant);
  return { type, crimes, handling, recs: ["ecowas"], status: "EXERCISE", inner, body: moved };
}

async function send(gateway: Gateway, submission: unknown): Promise<string> {
  keys += 1;
  return (await gateway.exchange.submit(submission, `key ${keys}`)).id;
}

describe("a state suspended in a community", () => {
  it("has its feeds stopped both ways, and the others go on", async () => {
    const before = await send(ng, example("red-flag"));
    await until("gh/tcu reads", () => gh.exchange.find(before) !== undefined);
    await world.publish({
      region: (now) => ({
        ...now,
        memberships: now.memberships.map((one) =>
          one.authority === "gh" ? { ...one, suspendedFrom: Date.now() - 1000 } : one,
        ),
      }),
    });
    const { epoch } = world.register();
    for (const agency of ["ng/tcu", "gh/tcu", "sn/tcu"]) {
      await world.stopGateway(agency);
      const gateway = await world.gateway(agency);
      await until(`${agency} knows`, () => gateway.register().epoch === epoch);
    }
    [ng, gh, sn] = [
      await world.gateway("ng/tcu"),
      await world.gateway("gh/tcu"),
      await world.gateway("sn/tcu"),
    ];
    const after = await send(ng, example("red-flag"));
    await until("sn/tcu reads", () => sn.exchange.find(after) !== undefined);
    expect(gh.exchange.find(after)).toBeUndefined();
    const { audience } = await ng.exchange.validate(example("lagos-alert"));
    expect(audience).not.toContain("gh/tcu");
    const refused = await send(gh, example("red-flag")).catch((error: unknown) => toFault(error, "INTERNAL").code); // prettier-ignore
    expect(refused).toBe("MANDATE_SUSPENDED");
  });

  it("still hears a recall and can recall, under the same login", async () => {
    const to = await send(ng, recall());
    await until("gh/tcu is told", () => gh.exchange.find(to)?.state === "VERIFIED");
    const from = await send(gh, recall());
    await until("ng/tcu is told", () => ng.exchange.find(from)?.state === "VERIFIED");
  });
});
