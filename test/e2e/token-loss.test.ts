import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Signer } from "../../certs/keys/index.ts";
import { submit } from "../../gateways/exchange/submit.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { bulletin, makeOffice, type MadeOffice } from "../kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";

const away: unknown = expect.objectContaining({ code: "KEY_TOKEN_AWAY" });

describe("F30: the device that holds an agency's signing key is lost for a while", () => {
  let world: GatewayWorld;
  let office: MadeOffice;
  let isAway = false;

  beforeAll(async () => {
    world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: 1_780_272_000_000 });
    office = makeOffice(world, "ng/tcu");
  });
  afterAll(() => office.close());

  /** An office whose key is in a device that comes and goes, and says so as tokens do. */
  function withDevice(): MadeOffice {
    const { signer } = world.agency("ng/tcu");
    const present = <T>(act: () => T): T => {
      if (isAway) throw new Fault("KEY_TOKEN_AWAY", "token tcu does not answer");
      return act();
    };
    const device: Signer = {
      signer: signer.signer,
      sign: (...args) => present(() => signer.sign(...args)),
      signAll: (...args) => present(() => signer.signAll(...args)),
    };
    return { ...office, signer: device };
  }

  const waiting = (): readonly number[] => office.store.outbox.waiting(1000);

  it("submitting is refused with its code, what waits is not lost, nothing else signs, and it heals by itself", async () => {
    const desk = withDevice();
    await submit(desk, bulletin, "before");
    const before = waiting().map((seq) => Buffer.from(office.store.outbox.raw(seq) ?? []));
    expect(before.length).toBeGreaterThan(0);

    isAway = true;
    for (let i = 0; i < 5; i += 1) {
      await expect(submit(desk, bulletin, "during")).rejects.toThrow(away);
    }
    const during = waiting().map((seq) => Buffer.from(office.store.outbox.raw(seq) ?? []));
    expect(during).toEqual(before);

    isAway = false;
    const after = await submit(desk, bulletin, "during");
    expect(after.created).toBe(true);
    expect(waiting().length).toBe(2 * before.length);
    const all = waiting().map((seq) => Buffer.from(office.store.outbox.raw(seq) ?? []));
    expect(all.slice(0, before.length)).toEqual(before);
  });
});
