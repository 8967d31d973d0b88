import { describe, expect, it } from "vitest";

import { makeFuzzGround } from "./ground.ts";
import { runTarget } from "./run-target.ts";
import { makeTargets } from "./targets/index.ts";

/** Enough to meet each kind of change on each kind of piece; the campaign is `npm run fuzz`. */
const runs = 120;
const seed = 20_261_121;
const targets = await makeTargets(await makeFuzzGround());

describe("whatever is handed to a reader of what comes from outside", () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    "%s takes it or refuses it with a fault",
    async (_, target) => {
      const tally = await runTarget(target, { seed, from: 0, isOver: (done) => done >= runs });
      expect(tally.finding).toBeUndefined();
      expect(tally.runs).toBe(runs);
      // every change refused would mean that no input was ever near a good one
      expect(tally.taken + tally.codes.size).toBeGreaterThan(0);
    },
  );
});
