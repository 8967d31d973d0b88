import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeReleaseDesk, type ReleaseDesk } from "../approval/index.ts";
import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { silentLog } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { alert, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeCaller } from "../../test/kit/audit-world.ts";

const now = 1_780_272_000_000;
let office: MadeOffice;
let desk: ReleaseDesk;
let cli: CliWorld;
const yaw = makeCaller("yaw");

beforeAll(async () => {
  const world = await makeGatewayWorld(["gh/tcu", "ng/tcu"], { now });
  office = Object.assign(makeOffice(world, "gh/tcu"), { fourEyes: () => ["HANDLING"] });
  const duties = {
    watchers: makeWatchers(office.store, silentLog),
    wake: () => undefined,
    link: () => undefined,
  };
  const exchange = makeExchange(office, duties);
  desk = makeReleaseDesk({ office, exchange, note: () => undefined });
  const directory = { agencies: () => [], servedRecs: () => ["ecowas"] };
  cli = makeCliWorld(["gh/tcu"], directory, () => ({ releases: desk }));
  const row = { id: "yaw", name: "yaw", languages: [], roles: ["officer"], handling: "H2" };
  await office.store.write(() => office.store.people.put({ ...row, state: "active", madeAt: now }));
});
afterAll(() => office.close());

let keys = 0;
const handIn = async (): Promise<string> =>
  (await desk.keep({ caller: yaw, submission: alert, key: `cli-${(keys += 1)}` })).id;

describe("release …", () => {
  it("shows who would read it, what it costs and its words, and how to send just that", async () => {
    const id = await handIn();
    expect((await cli.run("release", "ls", "--state", "WAITING")).out).toContain(id);
    const shown = await cli.run("release", "show", id);
    expect(shown.out).toMatch(/to be read by {2}ng\/tcu/);
    expect(shown.out).toContain("Two hundred kilos found");
    const [, version = ""] = /--shown ([0-9a-f]{32})/.exec(shown.err) ?? [];
    const wrong = await cli.run("release", "approve", id, "--shown", "0".repeat(32));
    expect([wrong.code, office.store.messages.count("out", "QUEUED")]).toEqual([1, 0]);
    expect(wrong.err).toContain("PRECONDITION_FAILED");
    expect((await cli.run("release", "approve", id, "--shown", version)).code).toBe(0);
    expect(office.store.messages.count("out", "QUEUED")).toBeGreaterThan(0);
  });

  it("gives back with a reason; who did not hand it in does not take it back", async () => {
    const id = await handIn();
    expect((await cli.run("release", "withdraw", id)).err).toContain("SECOND_PERSON_NEEDED");
    const back = await cli.run("release", "return", id, "--reason", "Say which port.");
    expect(back.code).toBe(0);
    expect((await cli.run("release", "show", id)).out).toMatch(/RETURNED[^]*Say which port\./);
    const ended = await cli.run("release", "approve", id, "--shown", "x");
    expect([ended.code, /RELEASE_ENDED/.test(ended.err)]).toEqual([6, true]);
  });

  it("what is not there is not found, and stopped no more", async () => {
    const id = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
    expect((await cli.run("release", "show", id)).code).toBe(5);
    expect((await cli.run("message", "stop", id)).code).toBe(5);
  });
});
