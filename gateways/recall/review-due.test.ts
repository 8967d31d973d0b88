import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { Fault, parseUuid } from "../../schemas/ground/index.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  makeRecallParts,
  makeRecallWorld,
  openRecallRegion,
  type RecallRegion,
  type RecallSide,
} from "../../test/kit/recall-world.ts";
import type { RecallParts } from "./parts.ts";
import { makeReviews, type Reviews } from "./review-due.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const names = ["ng/tcu", "gh/tcu", "ci/tcu"];
let world: GatewayWorld;
let region: RecallRegion;
let owner: RecallSide;

beforeAll(async () => {
  world = await makeRecallWorld(names, now);
});
beforeEach(() => {
  region = openRecallRegion(world, names);
  owner = region.side("ng/tcu");
});
afterEach(async () => {
  await region.close();
}); // prettier-ignore

/** An alert that is to be looked at again after a day, and goes after three. */
async function send(key: string): Promise<string> {
  const at = (days: number): string => new Date(now + days * day).toISOString();
  const id = await owner.submit({ ...alert, expiresAt: undefined, inner: { reviewBy: at(1), deleteBy: at(3) } }, key);
  await region.carry();
  return id;
} // prettier-ignore

/** The work of a gateway that begins anew, sending as it is told here. */
function reviews(submit: RecallSide["submit"], more: Partial<RecallParts> = {}): Reviews {
  return makeReviews(makeRecallParts(owner.office, { submit } as never, more));
}

function words({ office }: RecallSide, box: "in" | "out"): readonly string[] {
  const wish = { codes: [["type", ["data.review_due"]]] } as const;
  return office.store.messages.list({ wish, box, limit: 9 }).map(({ originator }) => originator);
}

describe("the day to look again (T6)", () => {
  it("each holder is told on that day, by its owner alone, and once", async () => {
    await send("alert");
    await region.settle();
    expect(words(owner, "out")).toEqual([]);
    region.clock.move(day + 1_000);
    await region.settle();
    expect(words(owner, "out")).toHaveLength(2);
    for (const name of names.slice(1)) {
      expect(words(region.side(name), "in")).toEqual(["ng/tcu"]);
      expect(words(region.side(name), "out")).toEqual([]);
    }
    region.clock.move(120_000);
    await region.settle();
    // a gateway that begins anew says it no second time
    await reviews(owner.submit).tend();
    expect(words(owner, "out")).toHaveLength(2);
  });

  it("nobody is told of what is erased, and by a clock that is known to be wrong nobody at all", async () => {
    await send("kept");
    const taken = await send("taken");
    const wish = { ids: [taken], scope: "MESSAGE", reason: "PURPOSE_ACHIEVED", deadline: now + day };
    await owner.desk.start(wish, "back");
    await region.settle();
    region.clock.move(day + 1_000);
    await reviews(owner.submit, { isClockRight: () => false }).tend();
    expect(words(owner, "out")).toEqual([]);
    await reviews(owner.submit).tend();
    expect(words(owner, "out")).toHaveLength(2);
    expect(owner.office.store.messages.find(parseUuid(taken))?.state).toBe("ERASED");
  });

  it("whoever could not be told for now is told later", async () => {
    await send("alert");
    region.clock.move(day + 1_000);
    let isFull = true;
    const telling = reviews((submission, key) => {
      if (isFull) throw new Fault("STORE_WRITE_FAILED", "no room");
      return owner.submit(submission, key);
    });
    await telling.tend();
    expect(words(owner, "out")).toEqual([]);
    isFull = false;
    region.clock.move(61_000);
    await telling.tend();
    expect(words(owner, "out")).toHaveLength(2);
  });
}); // prettier-ignore
