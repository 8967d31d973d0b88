import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import type { Agreement, Mandate, StatePart } from "../../schemas/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const terms: Agreement = {
  agreementRef: "EX-MoU-1",
  parties: ["ng", "gh"],
  partyAgencies: ["ng/fiu", "gh/fiu"],
  types: ["fiu.request", "fiu.reply"],
  crimes: ["ml"],
  allowedPurposes: ["AML_CFT_ANALYSIS"],
  handlingUpTo: "H2",
  from: Date.UTC(2025, 0, 1),
};

function nominate(agency: string): readonly Mandate[] {
  const any = { scope: "direct", types: ["fiu.*"], crimes: ["*"], handlingUpTo: "H3", from: 0 };
  return ["PUBLISH", "READ"].map((action) => ({ agency, action, ...any }));
}

let world: World;
let ng: Gateway;
let gh: Gateway;

beforeAll(async () => {
  // no regional act: no mandate of anybody, so no nomination either
  world = await startWorld({
    states: ["ng", "gh", "sn"],
    plan: (usual) => ({ ...usual, mandates: [] }),
  });
});

afterAll(async () => {
  await world?.stop();
});

/** Both gateways judge by the register that was published last. */
async function bothKnow(): Promise<void> {
  const { epoch } = world.register();
  for (const agency of ["ng/fiu", "gh/fiu"]) {
    await world.stopGateway(agency);
    const gateway = await world.gateway(agency);
    await until(`${agency} has the register`, () => gateway.register().epoch === epoch);
  }
  [ng, gh] = [await world.gateway("ng/fiu"), await world.gateway("gh/fiu")];
}

async function codeOf(submission: unknown, key: string): Promise<string> {
  try {
    await ng.exchange.submit(submission, key);
  } catch (error) {
    return toFault(error, "INTERNAL").message;
  }
  return "sent";
}

describe("two gateways and one agreement", () => {
  it("one state's word alone moves nothing", async () => {
    const alone = (name: string) => (now: StatePart) => ({
      ...now,
      nominations: nominate(`${name}/fiu`),
      agreements: name === "ng" ? [terms] : [],
    });
    await world.publish({ states: { ng: alone("ng"), gh: alone("gh") } });
    await bothKnow();
    expect(await codeOf(example("fiu-request"), "alone")).toContain("MANDATE_MISSING");
  });

  it("exchange what both states signed, before any regional act exists", async () => {
    await world.publish({ states: { gh: (now) => ({ ...now, agreements: [terms] }) } });
    await bothKnow();
    const request = await ng.exchange.submit(example("fiu-request"), "request");
    await until("gh/fiu holds it", () => gh.exchange.find(request.id) !== undefined);
    expect(gh.exchange.find(request.id)?.state).toBe("VERIFIED");
    const answer = example("fiu-reply", { inReplyTo: request.id });
    const reply = await gh.exchange.submit(answer, "reply");
    await until("ng/fiu holds it", () => ng.exchange.find(reply.id) !== undefined);
    expect(ng.exchange.find(reply.id)?.state).toBe("VERIFIED");
    await until("gh/fiu knows", () => gh.exchange.find(reply.id)?.state === "DELIVERED");
  });

  it("and nothing beyond its terms", async () => {
    const purposes = { inner: { purposes: ["INVESTIGATION"] } };
    expect(await codeOf(example("fiu-request", purposes), "purpose")).toContain("MANDATE_MISSING");
    expect(await codeOf(example("fiu-request", { recipients: ["sn/fiu"] }), "third")).toContain("MANDATE_MISSING"); // prettier-ignore
  });

  it("until one of the two takes its word back", async () => {
    await world.publish({ states: { gh: (now) => ({ ...now, agreements: [] }) } });
    await bothKnow();
    expect(await codeOf(example("fiu-request"), "after")).toContain("MANDATE_MISSING");
  });
});
