import { describe, expect, it } from "vitest";

import { makeDice, pick } from "../../test/kit/dice.ts";
import { tellStory } from "../../test/kit/story.ts";
import { correctStep } from "./correct-body.ts";

type Changes = Parameters<typeof correctStep>[1];
type Change = Changes[number];

const own = "zm/tcu";
const profiles = [1, 2].map((count) => ({ role: "SUSPECT", sex: "M", count }));
const seized = tellStory().say({
  from: own,
  to: [],
  type: "seizure.report",
  at: 0,
  body: { arrests: 4, profiles },
});

const replace = (pointer: string, newValue: string): Change => ({
  pointer,
  change: "REPLACED",
  newValue,
});

function read(changes: Changes): {
  readonly arrests: number | undefined;
  readonly counts: readonly unknown[];
} {
  const body = correctStep(seized, changes).read("seizure.report")!;
  return { arrests: body.arrests, counts: body.profiles.map(({ count }) => count) };
}

const before = { arrests: 4, counts: [1, 2] };

describe("a correction of single fields", () => {
  it.each<[string, Changes, object]>([
    ["replaces a field", [replace("/arrests", "9")], { arrests: 9 }],
    ["replaces what lies deeper", [replace("/profiles/1/count", "7")], { counts: [1, 7] }],
    ["removes a field", [{ pointer: "/arrests", change: "REMOVED", newValue: undefined }], { arrests: undefined }],
    ["removes one of a list", [{ pointer: "/profiles/0", change: "REMOVED", newValue: undefined }], { counts: [2] }],
    ["adds one to a list", [{ pointer: "/profiles/-", change: "ADDED", newValue: '{"role":"WITNESS","sex":"F","count":5}' }], { counts: [1, 2, 5] }],
    ["adds one in its place", [{ pointer: "/profiles/0", change: "ADDED", newValue: '{"role":"WITNESS","sex":"F","count":5}' }], { counts: [5, 1, 2] }],
    ["takes its changes one after the other", [replace("/arrests", "5"), replace("/arrests", "6")], { arrests: 6 }],
  ])("%s", (...row) => {
    const [, changes, after] = row;
    expect(read(changes)).toEqual({ ...before, ...after });
  });

  it.each<[string, Change]>([
    ["leads to nothing", replace("/persons/99/sex", '"F"')],
    ["names no place of a list", replace("/profiles/-", "{}")],
    ["leads past a text", replace("/office/name", '"x"')],
    ["names no field", replace("/nothing", "1")],
    ["names what every object has", replace("/__proto__/arrests", "1")],
    ["takes away what must be there", { pointer: "/place", change: "REMOVED", newValue: undefined }],
    ["is of another kind", replace("/arrests", '"nine"')],
    ["is no JSON", replace("/arrests", "{")],
  ])("that %s changes nothing, and nothing beside it", (...row) => {
    expect(read([replace("/arrests", "9"), row[1]])).toEqual(before);
  });

  it("whatever it says leaves a body that could be sent, and the message as it was", () => {
    const dice = makeDice("corrections");
    const steps = ["profiles", "arrests", "place", "0", "1", "-", "count", "~1", "~0", "", "constructor", "commodities"];
    const values = ["9", '"x"', "[]", "{}", "null", "[[[]]]", "{", '{"role":"SUSPECT","sex":"M"}', "1e400"];
    for (let i = 0; i < 100; i += 1) {
      const changes = Array.from({ length: 1 + dice(3) }, (): Change => ({
        pointer: Array.from({ length: dice(4) }, () => `/${pick(dice, steps)}`).join(""),
        change: pick(dice, ["REPLACED", "ADDED", "REMOVED"]),
        newValue: dice(5) === 0 ? undefined : pick(dice, values),
      }));
      const mended = correctStep(seized, changes);
      expect([mended.id, mended.names]).toEqual([seized.id, seized.names]);
      expect(mended.read("seizure.report")!.commodities.length).toBeGreaterThan(0);
      expect(seized.read("seizure.report")!.arrests).toBe(4);
    }
  });
}); // prettier-ignore
