import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  findRelayWay,
  hubsOf,
  type ProvenRegister,
  verifyRegister,
} from "../../certs/trust/index.ts";
import { Fault, systemChance } from "../../schemas/ground/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { type Layout, makeLayout, secondLayout } from "./layout.ts";
import { planRegion } from "./plan.ts";
import { makeRegion, openRegion } from "./region.ts";
import { withSecondHub } from "./second-hub.ts";

const from = Date.UTC(2025, 0, 29);
const now = Date.now();
const ports = { base: 7400, host: "127.0.0.1", natsServer: "nats-server", second: 7500 };
const plan = withSecondHub(planRegion(from, { states: ["ng", "ke"] }), from);

let layout: Layout;
let register: ProvenRegister;

const hubs = (agency: string): readonly string[] => hubsOf(register, agency).map(({ hub }) => hub);

beforeAll(async () => {
  layout = makeLayout(mkdtempSync(join(tmpdir(), "second-hub-")));
  const offices = await makeRegion(plan, layout, { now, chance: systemChance, from, ports });
  for (const { journal } of offices.all.values()) journal.stop();
  register = verifyRegister(readFileSync(layout.register), { root: readFileSync(layout.root) });
});
afterAll(() => rmSync(layout.home, { recursive: true, force: true }));

describe("npm start -- --hubs 2", () => {
  it("gives East Africa a hub of its own, and its centre a link to both", () => {
    expect([hubs("ng/tcu"), hubs("ke/tcu")]).toEqual([["au/hub-one"], ["au/hub-two"]]);
    expect(hubs("eac/centre")).toEqual(["au/hub-one", "au/hub-two"]);
    const config = (of: Layout): unknown => JSON.parse(readFileSync(of.brokerConfig, "utf8"));
    const second = secondLayout(layout);
    expect(config(second)).toMatchObject({ hub: "au/hub-two", url: "tls://127.0.0.1:7500", registerFile: layout.register });
    expect(second.logs).not.toBe(layout.logs);
  }); // prettier-ignore

  it("relays what the agreement lets pass between the two states, and nothing else", () => {
    const way = (by: string, to: string, differs: object = {}): string | undefined => {
      const usual = { sender: by, recipient: to, type: "request.information", handling: "H2" };
      return findRelayWay(register, { ...usual, ...differs }, now)?.toHub;
    };
    expect([way("ng/tcu", "ke/tcu"), way("ke/tcu", "ng/tcu", { type: "reply.final" })]).toEqual(["au/hub-two", "au/hub-one"]);
    expect([way("ng/tcu", "ke/tcu", { type: "alert.incident" }), way("ng/tcu", "ke/tcu", { handling: "H3" })]).toEqual([undefined, undefined]);
    expect(way("ecowas/centre", "ke/tcu")).toBeUndefined();
  }); // prettier-ignore

  it("is not begun without those it is about", () => {
    expect(codeOf(() => withSecondHub(planRegion(from, { states: ["ng", "gh"] }), from))).toBe("CONFIG_INVALID");
  }); // prettier-ignore

  it("a region is gone on with as it was made", async () => {
    const ground = { now, chance: systemChance, from, ports };
    const one = planRegion(from, { states: ["ng", "ke"] });
    const fault = await openRegion(one, layout, ground).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code: "CONFIG_INVALID", detail: expect.stringContaining("2 hubs") as string });
    const { isNew, offices } = await openRegion(plan, layout, ground);
    for (const { journal } of offices.all.values()) journal.stop();
    expect(isNew).toBe(false);
  }); // prettier-ignore
});
