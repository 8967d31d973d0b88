import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { examine, makeSystemProbes } from "../../gateways/doctor/index.ts";
import { renderStatus } from "../../gateways/api/render-message.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type Clock, isFault, makeShiftedClock } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const hour = 3_600_000;
const day = 24 * hour;

let world: World;
let honest: Gateway;
let wrong: Gateway;
/** Whose clock alone is wrong, and by how much. */
const name = "gh/tcu";
let offset = 0;
let number = 0;

beforeAll(async () => {
  // made so long ago that a clock of the day before finds its certificates in force
  world = await startWorld({ states: ["ng", "gh"], agoMs: 36 * hour });
  world.shift(36 * hour);
  honest = await world.gateway("ng/tcu");
  const clock: Clock = makeShiftedClock(() => offset);
  wrong = await world.gateway(name, clock);
});

afterEach(() => {
  offset = 0;
});

afterAll(async () => {
  await world?.stop();
});

/** An alert that lives six hours: less than the clock is wrong by. */
async function send(from: Gateway): Promise<string> {
  const { id } = await from.exchange.submit(
    {
      type: "alert.incident",
      recs: ["ecowas"],
      crimes: ["drugs"],
      handling: "H1",
      status: "EXERCISE",
      expiresAt: renderInstant(Date.now() + 6 * hour),
      inner: {},
      body: {
        kind: "drugs",
        occurredFrom: "2026-03-09T14:05:00.000Z",
        place: { country: "NG", lat: 6.4, lon: 3.4 },
        narrative: { text: "Exercise. Two hundred kilos found", lang: "en" },
        caseStatus: "REPORTED",
        caseRef: "EX-1",
      },
    },
    `clock ${(number += 1)}`,
  );
  return id;
}

async function codeOfSending(from: Gateway): Promise<string> {
  try {
    return await send(from);
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

async function findings(): Promise<readonly string[]> {
  const face = {
    url: "http://127.0.0.1:1",
    ask: (path: string) =>
      Promise.resolve({
        status: 200,
        body: path === "/v1/status" ? renderStatus(wrong.exchange.status()) : { items: [] },
      }),
  };
  const found = await examine(
    { face: () => face },
    makeSystemProbes(makeShiftedClock(() => offset)),
  );
  return found.filter(({ check }) => check === "clock").map(({ code }) => code);
}

/** Whether a reader's signed word on a message came back to its sender. */
function isHeard(from: Gateway, by: string, id: string): boolean {
  const { ladder = [] } = from.exchange.find(id) ?? {};
  return ladder.some((rung) => rung.kind === "DELIVERED" && rung.by === by);
}

const logged = (): string => readFileSync(join(world.layout.logs, "gateways.log"), "utf8");

const stateAt = (gateway: Gateway, id: string): string | undefined =>
  gateway.exchange.find(id)?.state;

describe.each([
  ["a day ahead", day, "CLOCK_AHEAD", "clockAhead"],
  ["a day behind", -day, "CLOCK_BEHIND", "clockBehind"],
] as const)("T-16 a gateway whose own clock is %s", (...[, shift, code, field]) => {
  it("notices it by its hub's word, says so, dates nothing by it, and loses nothing when it is put right", async () => {
    const before = await send(wrong);
    await until("what was sent by a right clock is delivered", () => isHeard(wrong, "ng/tcu", before));
    const { inbox } = wrong.exchange.status();
    // it starts with a clock that is wrong, as after a battery died
    offset = shift;
    await world.stopGateway(name);
    wrong = await world.gateway(name);
    await until("it is noticed", () => wrong.exchange.status()[field] !== undefined, 60);
    await until("it is logged", () => logged().includes(code), 60);
    expect(await findings()).toEqual([code]);
    expect(await codeOfSending(wrong)).toBe(code);
    const sent = [await send(honest), await send(honest)];
    await until("the hub has them", () => sent.every((id) => stateAt(honest, id) === "ACCEPTED"));
    expect(wrong.exchange.status().inbox).toBe(inbox);
    expect(sent.map((id) => isHeard(honest, name, id))).toEqual([false, false]);
    // the clock is put right, and nobody does anything else
    offset = 0;
    await until("all is read", () => sent.every((id) => stateAt(wrong, id) === "VERIFIED"));
    await until("all is told", () => sent.every((id) => isHeard(honest, name, id)));
    expect(wrong.exchange.status()).toMatchObject({ inbox: inbox + sent.length, quarantined: 0 });
    expect(wrong.exchange.status()[field]).toBeUndefined();
    expect(await findings()).toEqual([]);
    const after = await send(wrong);
    await until("and it is heard again", () => isHeard(wrong, "ng/tcu", after));
  }, 240_000);
}); // prettier-ignore
