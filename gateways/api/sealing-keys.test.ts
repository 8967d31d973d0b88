import { beforeEach, describe, expect, it } from "vitest";

import type { SealingKeyEntry } from "../exchange/index.ts";
import { type Answer, type ApiWorld, makeApiWorld, start } from "../../test/kit/api-world.ts";

let world: ApiWorld;

const digits = "0123456789abcdef".repeat(4);

function key(
  state: SealingKeyEntry["state"],
  change: Partial<SealingKeyEntry> = {},
): SealingKeyEntry {
  const isBelieved = state !== "UNENDORSED" && state !== "REFUSED";
  const when = { since: start - 60_000, at: start - 60_000 };
  return {
    agency: "gh/fiu",
    fingerprint: digits,
    state,
    ...when,
    isBelieved,
    isListed: true,
    ...change,
  };
}

beforeEach(() => {
  world = makeApiWorld();
  world.exchange.keys = [
    key("FIRST", { fingerprint: "a".repeat(64) }),
    key("UNENDORSED"),
    key("ENDORSED", { agency: "sn/fiu" }),
  ];
});

function decide(body: unknown): Promise<Answer> {
  return world.ask("/v1/sealing-keys:decide", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
}

const word = { agency: "gh/fiu", fingerprint: digits, state: "CONFIRMED", by: "A. Mensah" };

describe("GET /v1/sealing-keys", () => {
  it("shows what a person should look at, in plain words and RFC 3339", async () => {
    const { status, json } = await world.ask("/v1/sealing-keys");
    expect(status).toBe(200);
    expect(json["items"]).toEqual([
      expect.objectContaining({
        agency: "gh/fiu",
        fingerprint: digits,
        state: "UNENDORSED",
        since: "2026-03-09T14:04:00.000Z",
        says: expect.stringMatching(/nothing is sealed to it; ask the agency/) as unknown,
      }),
      expect.objectContaining({
        agency: "sn/fiu",
        says: expect.stringMatching(/vouched for, and sealed to/) as unknown,
      }),
    ]);
  });

  it("shows every key that was met when asked for all", async () => {
    const { json } = await world.ask("/v1/sealing-keys?all=true");
    expect(json["items"]).toHaveLength(3);
  });

  it.each(["?all=false", "?all", "?all=true&all=true", "?state=FIRST", "?all=true&x=1"])(
    "%s is no question",
    async (query) => {
      expect(await world.ask(`/v1/sealing-keys${query}`)).toMatchObject({
        status: 400,
        json: { code: "REQUEST_INVALID" },
      });
    },
  );

  it("the state says how many there are", async () => {
    const { json } = await world.ask("/v1/status");
    expect(json["sealingKeys"]).toEqual({ changed: 1, unconfirmed: 1 });
  });
});

describe("POST /v1/sealing-keys:decide", () => {
  it("writes down who says what, and answers with the key as it stands", async () => {
    expect(await decide(word)).toMatchObject({
      status: 200,
      json: {
        state: "CONFIRMED",
        by: "A. Mensah",
        isBelieved: true,
        at: "2026-03-09T14:05:00.000Z",
      },
    });
    expect((await decide({ ...word, state: "REFUSED" })).json).toMatchObject({
      state: "REFUSED",
      isBelieved: false,
    });
  });

  it.each<[string, object]>([
    ["without a person", { by: "" }],
    ["by a name of more than a line", { by: "A\nB" }],
    ["by a name of more than 100 characters", { by: "x".repeat(101) }],
    ["of half a fingerprint", { fingerprint: digits.slice(32) }],
    ["of a fingerprint in other digits", { fingerprint: digits.toUpperCase() }],
    ["of a state that only the gateway gives", { state: "FIRST" }],
    ["of no agency", { agency: "GH" }],
    ["with something more", { force: true }],
  ])("a word %s is none", async (...[, change]) => {
    expect(await decide({ ...word, ...change })).toMatchObject({
      status: 400,
      json: { code: "REQUEST_INVALID" },
    });
    expect(world.exchange.keys[1]?.state).toBe("UNENDORSED");
  });

  it("a key that was never met is not found", async () => {
    expect(await decide({ ...word, agency: "ng/fiu" })).toMatchObject({ status: 404 });
  });

  it("nobody without the token confirms anything", async () => {
    const answer = await world.ask("/v1/sealing-keys:decide", {
      method: "POST",
      body: JSON.stringify(word),
      headers: { "content-type": "application/json", authorization: "Bearer wrong" },
    });
    expect([answer.status, world.exchange.keys[1]?.state]).toEqual([401, "UNENDORSED"]);
  });
});
