import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type CarryDesk, makeCarryDesk } from "../carry/index.ts";
import { submit } from "../exchange/submit.ts";
import { type ApiWorld, type Answer, makeApiWorld } from "../../test/kit/api-world.ts";
import { makeParts } from "../../test/kit/carry-world.ts";
import { bulletin, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const carryType = "application/vnd.atumpan.carry";
let world: GatewayWorld;
let dir: string;
let desks: CarryDesk[];
let offices: MadeOffice[];
let ng: ApiWorld;
let gh: ApiWorld;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

function open(agency: string): ApiWorld {
  const office = makeOffice(world, agency);
  const parts = { ...makeParts(office), registerBytes: () => world.register };
  const desk = makeCarryDesk({ office, parts, dir: join(dir, agency.replace("/", "-")) });
  offices.push(office);
  desks.push(desk);
  return makeApiWorld({ carry: desk });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "carry-api-"));
  [desks, offices] = [[], []];
  ng = open("ng/tcu");
  gh = open("gh/tcu");
});

afterEach(async () => {
  for (const desk of desks) await desk.stop();
  for (const office of offices) office.close();
  rmSync(dir, { recursive: true });
});

async function write(body: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  return await ng.ask("/v1/carry/exports", { method: "POST", headers, body: JSON.stringify(body) });
}

async function bring(
  body: string | Uint8Array<ArrayBuffer>,
  query = "",
  type = carryType,
): Promise<Answer> {
  const headers = { "content-type": type };
  return await gh.ask(`/v1/carry/imports${query}`, { method: "POST", headers, body });
}

async function end(begun: Answer): Promise<Record<string, unknown>> {
  expect(begun.status).toBe(202);
  for (;;) {
    const { json } = await gh.ask(String(begun.headers.get("location")));
    if (json["state"] !== "RUNNING") return json;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("carry files over HTTP", () => {
  it("are written for one agency, and taken in by its gateway", async () => {
    await submit(offices[0]!, bulletin, "a");
    const file = await write({ to: "gh/tcu" });
    expect(file.status).toBe(200);
    expect(file.headers.get("content-type")).toBe(carryType);
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; filename="[A-Z2-9]{8}\.ATC"$/);
    expect(JSON.parse(file.headers.get("atumpan-carry") ?? "")).toMatchObject({ to: "gh/tcu", messages: 1 });
    const looked = await end(await bring(file.bytes, "?only=check"));
    expect(looked).toMatchObject({ state: "CHECKED", writer: "ng/tcu", publications: 1 });
    expect(offices[1]!.store.messages.count("in", "VERIFIED")).toBe(0);
    const taken = await end(await bring(file.bytes));
    expect(taken).toMatchObject({ state: "TAKEN", added: 1, known: 0, quarantined: 0, writtenAt: "2026-03-09T14:05:00.000Z" });
    expect(offices[1]!.store.messages.count("in", "VERIFIED")).toBe(1);
    // what came in lies nowhere any more
    expect(readdirSync(join(dir, "gh-tcu", "carry"))).toEqual([]);
  }); // prettier-ignore

  it("that are refused say why, and leave nothing behind", async () => {
    const file = await write({ to: "gh/tcu" });
    const cut = file.bytes.slice(0, -5);
    expect(await end(await bring(cut))).toMatchObject({ state: "REFUSED", code: "CARRY_INVALID" });
    expect(await end(await bring("nothing of ours"))).toMatchObject({ code: "CARRY_INVALID" });
    expect(readdirSync(join(dir, "gh-tcu", "carry"))).toEqual([]);
  });

  it("want a known agency, the right type, a body and no other parameter", async () => {
    for (const body of [{}, { to: "Ghana" }, { to: "gh/tcu", more: 1 }, { to: "ng/tcu" }]) {
      expect((await write(body)).json["code"]).toBe("REQUEST_INVALID");
    }
    expect((await write({ to: "ml/tcu" })).json["code"]).toBe("AGENCY_UNKNOWN");
    expect((await bring("x", "", "text/plain")).json["code"]).toBe("REQUEST_TYPE_UNSUPPORTED");
    expect((await bring("x", "?only=half")).json["code"]).toBe("REQUEST_INVALID");
    const headers = { "content-type": carryType };
    const empty = await gh.ask("/v1/carry/imports", { method: "POST", headers });
    expect(empty.json["code"]).toBe("REQUEST_INVALID");
    expect((await gh.ask("/v1/carry/imports/none")).json["code"]).toBe("NOT_FOUND");
  });

  it("come one at a time", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      await promise;
      yield new Uint8Array(1);
    };
    const first = desks[1]!.begin(slow(), "TAKE");
    expect((await bring("x")).json["code"]).toBe("QUOTA_EXCEEDED");
    resolve();
    await first;
  });

  it("are not there where the gateway has no such service", async () => {
    const bare = makeApiWorld();
    expect((await bare.ask("/v1/carry/imports/x")).json["code"]).toBe("NOT_FOUND");
  });
});
