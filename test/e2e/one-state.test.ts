import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import type { Mandate, ReleaseRule } from "../../schemas/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

/** Agencies of one state, each with a gateway of its own. */
const kinds: Readonly<Record<string, string>> = {
  "ng/tcu": "TCU",
  "ng/police": "POLICE",
  "ng/customs": "CUSTOMS",
  "ng/fiu": "FIU",
  "ng/court": "COURT",
  "ng/welfare": "SOCIAL_WELFARE",
  "ng/dpa": "DATA_PROTECTION_AUTHORITY",
};

/** Who belongs to the unit, and who does not. */
const members = ["ng/police", "ng/customs"];
const apart = ["ng/fiu", "ng/court", "ng/welfare", "ng/dpa"];

/** What members tell their unit, and what the unit asks them; nobody else is mandated for either. */
const unitTypes = ["alert.*", "request.*", "reply.*"];
/** What the others say, each to its own. */
const apartTypes = ["bulletin.*", "fiu.*", "outcome.*", "tip.*", "data.*"];

/** The unit may read bulletins; the state keeps those of the others from it, and everything in mandates does not. */
const keptFromUnit: ReleaseRule = {
  effect: "DENY",
  originators: apart,
  authorities: ["ng"],
  kinds: [],
  agencies: ["ng/tcu"],
  types: ["bulletin.*"],
  crimes: [],
  askedAssurances: [],
  from: 0,
};

/** In one state mandates part its agencies, and its own release policy where it names them. */
function mandatesOf(agency: string, from: number): readonly Mandate[] {
  const any = { agency, crimes: ["*"], handlingUpTo: "H2", from };
  const own = apart.includes(agency) ? apartTypes : unitTypes;
  const unit = agency === "ng/tcu" ? ["bulletin.*"] : [];
  const reads = members.includes(agency) ? [] : [...own, ...unit];
  return [
    { ...any, action: "PUBLISH", scope: "ecowas", types: own },
    ...(reads.length === 0 ? [] : [{ ...any, action: "READ", scope: "ecowas", types: reads }]),
    ...["PUBLISH", "READ"].map((action) => ({ ...any, action, scope: "direct", types: [...own, "key.*"] })),
  ];
} // prettier-ignore

let world: World;
let tcu: Gateway;

beforeAll(async () => {
  world = await startWorld({
    states: ["ng"],
    recs: ["ecowas"],
    plan: (usual) => {
      const from = Date.UTC(2025, 0, 29);
      const { name = "", languages = [] } = usual.agencies[0] ?? {};
      const own = Object.entries(kinds).map(([agency, kind]) => ({ agency, kind, authority: "ng", name: `${kind} ${name}`, languages }));
      return {
        ...usual,
        agencies: [...own, ...usual.agencies.filter(({ authority }) => authority !== "ng")],
        mandates: Object.keys(kinds).flatMap((agency) => mandatesOf(agency, from)),
        releaseOf: (authority) => (authority === "ng" ? [keptFromUnit] : []),
      };
    },
  });
  tcu = await world.gateway("ng/tcu");
}, 180_000); // prettier-ignore

afterAll(async () => {
  await world?.stop();
});

let keys = 0;

/** Sends the example of a type from an agency, to some of its state or into the feed. */
async function send(
  agency: string,
  type: "alert.incident" | "bulletin.red_flag" | "request.information",
  recipients?: readonly string[],
): Promise<string> {
  const { body, inner, crimes, handling } = exampleOf(type);
  const by = Date.now() - exampleInstant;
  const to = recipients === undefined ? { recs: ["ecowas"] } : { recipients };
  const message = { type, ...to, crimes, handling, inner: shiftInstants(inner, by), body: shiftInstants(body, by) };
  keys += 1;
  const { exchange } = await world.gateway(agency);
  const { id } = await exchange.submit(message, `one state ${keys}`);
  return id;
} // prettier-ignore

async function refusalOf(act: Promise<string>): Promise<string> {
  try {
    await act;
  } catch (error) {
    return toFault(error, "INTERNAL").code;
  }
  return "sent";
}

function read(originator: string, agency: string, type = "alert.incident"): boolean {
  const question = { action: "READ", originator, agency, scope: "ecowas", type, crime: "drugs", handling: "H1" } as const;
  return tcu.exchange.decision(question).allow;
} // prettier-ignore

describe("T35 one gateway for each agency of one state", () => {
  it("each runs under its own certificate, and none reads in another's name", () => {
    const names = Object.keys(kinds).map((agency) => world.register().agency(agency)?.certificates);
    const seen = names.flatMap((all) => (all ?? []).map(({ thumbprint }) => Buffer.from(thumbprint).toString("hex"))); // prettier-ignore
    expect(names).not.toContain(undefined);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("the unit reads what its members release to it", async () => {
    for (const agency of members) {
      expect(read(agency, "ng/tcu")).toBe(true);
      const id = await send(agency, "alert.incident");
      await until(
        `what ${agency} released is at the unit`,
        () => tcu.exchange.find(id)?.state === "VERIFIED",
      );
    }
  });

  it("and a member reads nothing of another: only what is written to it by name", async () => {
    expect(read("ng/customs", "ng/police")).toBe(false);
    const police = await world.gateway("ng/police");
    const id = await send("ng/customs", "alert.incident");
    const later = await send("ng/tcu", "request.information", ["ng/police"]);
    await until(
      "the unit's request is at the police",
      () => police.exchange.find(later) !== undefined,
    );
    expect(police.exchange.find(id)).toBeUndefined();
  });

  it.each(apart)("the unit never reads the traffic of %s: not in a feed, not by name", async (agency) => {
    for (const type of ["bulletin.red_flag", "fiu.spontaneous", "tip.referral"]) {
      expect(read(agency, "ng/tcu", type)).toBe(false);
    }
    // its mandate would let it read bulletins: it is the state's word that keeps these from it
    expect(read("ng/police", "ng/tcu", "bulletin.red_flag")).toBe(true);
    const others = apart.filter((one) => one !== agency);
    const [friend = ""] = others;
    const reader = await world.gateway(friend);
    const inFeed = await send(agency, "bulletin.red_flag");
    await until("it is where it was released to", () => reader.exchange.find(inFeed)?.state === "VERIFIED");
    // it passed the hub after that one, on every channel of the unit
    const mark = await send("ng/police", "alert.incident");
    await until("the unit has what came later", () => tcu.exchange.find(mark)?.state === "VERIFIED");
    expect(tcu.exchange.find(inFeed)).toBeUndefined();
    const { audience } = (await world.gateway(agency)).exchange.find(inFeed) ?? {};
    expect(audience).not.toContain("ng/tcu");
    // nor can it say anything that the unit reads, in the feed or by name
    expect(await refusalOf(send(agency, "alert.incident"))).toBe("MANDATE_MISSING");
    expect(await refusalOf(send(agency, "request.information", ["ng/tcu"]))).not.toBe("sent");
  }); // prettier-ignore

  it("nor does the unit hold anything at all of them, in quarantine or otherwise", () => {
    const held = tcu.exchange.list({ box: "in", limit: 200 }).items;
    expect(held.length).toBeGreaterThan(0);
    expect(held.filter(({ originator }) => apart.includes(originator))).toEqual([]);
    expect(tcu.exchange.status().quarantined).toBe(0);
  });
});
