import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";
import {
  type ChoicePlace,
  chooseHand,
  chooseLinks,
  type OwnLink,
  type OwnSealing,
  type OwnSigning,
} from "../../certs/renewal/index.ts";
import { chooseSealing, chooseShown } from "./choice.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
let world: RenewalWorld;
let place: ChoicePlace;

beforeEach(async () => {
  world = await makeRenewalWorld(start);
  const register = world.register();
  place = { agency: "ng/tcu", register, now: start, isSettled: () => true };
});

afterEach(() => world.stop());

/** A pair like one in use, with a certificate of other times that the register does not name. */
function unnamed<T extends OwnLink | OwnSealing | OwnSigning>(pair: T, days: number): T {
  const { certificate } = pair;
  const { notBefore, notAfter } = certificate;
  const times = { notBefore: notBefore + days * day, notAfter: notAfter + days * day };
  return { ...pair, certificate: { ...certificate, ...times, thumbprint: Buffer.alloc(32, 7) } };
}

describe("what is shown to the hub", () => {
  it("is one that the register names and that holds; none is shown before it is named", () => {
    const [old] = world.party("ng/tcu").renewal.links();
    const next = unnamed(old!, 60);
    expect(chooseLinks([old!, next], place)).toEqual([old]);
    // when none is good the hub says why, and the newest is asked about first
    expect(chooseLinks([old!, next], { ...place, now: start + 91 * day })).toEqual([next, old]);
  });

  it("changes after three dials in vain, and comes round again", () => {
    const [old] = world.party("ng/tcu").renewal.links();
    const both = [unnamed(old!, 60), old!];
    const shown = [0, 2, 3, 5, 6].map((failed) => both.indexOf(chooseShown(both, failed)!));
    expect(shown).toEqual([0, 0, 1, 1, 0]);
    expect(chooseShown([], 4)).toBeUndefined();
  });
});

describe("what signs", () => {
  it("is what the register proves, however new another is; with a register out of date work goes on", () => {
    const { signer } = world.party("ng/tcu").renewal;
    const { options } = world.party("ng/tcu");
    const old = options.configured.find((one) => one.kind === "SIGNING")!;
    const next = unnamed(old, 60);
    expect(chooseHand([next, old], [], place)?.signers).toEqual([old.signer]);
    const stale = { ...place, now: start + 20 * day };
    expect(chooseHand([old], [], stale)?.signers).toEqual([old.signer]);
    expect(chooseHand([], [], place)).toBeUndefined();
    expect(signer.signer).toBe("ng/tcu");
  });
});

describe("what opens", () => {
  it("is every sealing key to which something may still come, the newest first", () => {
    const [old] = world.party("ng/tcu").renewal.sealing();
    const next = unnamed(old!, 60);
    expect(chooseSealing([old!, next], start)).toEqual([next, old]);
    expect(chooseSealing([old!, next], start + 400 * day)).toEqual([next, old]);
    // five years after the end of the older no message that was sealed to it lives
    expect(chooseSealing([old!, next], start + (90 + 5 * 366) * day)).toEqual([next]);
  });
});
