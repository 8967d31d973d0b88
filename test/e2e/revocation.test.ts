import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  measureRevocation,
  renderRevocation,
  revocationParts,
  type RevocationRun,
} from "../kit/revocation-run.ts";
import { startWorld, type World } from "../kit/world.ts";

/** What is promised; the aim is a sixth of it. */
const promisedMs = 60_000;

let world: World;
let run: RevocationRun;

beforeAll(async () => {
  world = await startWorld({ states: [...revocationParts.states] });
  run = await measureRevocation(world);
  process.stderr.write(renderRevocation(run.times));
}, 180_000);

afterAll(async () => {
  await world?.stop();
});

describe("T-1 an agency that was revoked by one command", () => {
  it("is told of before and after in plain words", () => {
    expect(run.command.code).toBe(0);
    expect(run.command.err).toMatch(/ng\/tcu \(TCU\) loses 3 certificates/);
    expect(run.command.out).toMatch(/3 certificates are revoked/);
    expect(run.command.out).toMatch(/Epoch \d+ is published/);
  });

  it.each(["sessionClosed", "loginRefused", "leftOut", "refused", "takenBack", "offline"] as const)(
    "is out within the minute that is promised: %s",
    (what) => {
      expect(run.times[what]).toBeLessThan(promisedMs);
    },
  );

  it("keeps its word of before: what the hub took then stays in every inbox", () => {
    expect(run.before).toEqual(["VERIFIED", "VERIFIED"]);
  });

  it("loses what an insider planted with its key before anybody knew", () => {
    expect(run.planted).toEqual(["CERT_REVOKED", "CERT_REVOKED"]);
  });
});
