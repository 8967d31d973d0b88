import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { checkSubmission } from "../../schemas/explain/index.ts";
import { makeAlert } from "./alerts.ts";
import { makeDraw } from "./draw.ts";
import { type Asked, makeAcknowledgement, makeReply } from "./replies.ts";

const types = ["request.information", "fiu.request", "query.check"] as const;
const now = Date.UTC(2026, 10, 21, 12);

function askedOf(type: string): Asked {
  const file = join(import.meta.dirname, `../../schemas/examples/${type}.json`);
  const { crimes, handling, body } = JSON.parse(readFileSync(file, "utf8")) as Asked;
  const id = "01a2005b-7e5c-76ee-aea8-ab2ddff322a7";
  return { id, type, originator: "ng/tcu", crimes, handling, body };
}

function agencyOf(type: string): string {
  return type.startsWith("fiu.") ? "gh/fiu" : "gh/tcu";
}

const draws = types.flatMap((type) =>
  [false, true].flatMap((isRefusing) =>
    ["1", "2", "3", "4"].map((seed) => [type, isRefusing, seed] as const),
  ),
);

describe("what a played country answers", () => {
  it.each(draws)("to %s (refusing: %s, seed %s) keeps all rules, and is an exercise", (type, isRefusing, seed) => {
    const agency = agencyOf(type);
    const how = { agency, now, isRefusing, draw: makeDraw(seed) };
    const made = [makeAcknowledgement(askedOf(type), how), makeReply(askedOf(type), how)].filter((one) => one !== undefined);
    expect(made.length).toBeGreaterThan(0);
    for (const one of made) {
      expect(checkSubmission(one, { originator: agency, now }).violations).toEqual([]);
      expect(one).toMatchObject({ status: "EXERCISE", recipients: ["ng/tcu"] });
    }
  }); // prettier-ignore

  it("is the same for the same seed, and differs for another", () => {
    const reply = (seed: string): unknown =>
      makeReply(askedOf("request.information"), { agency: "gh/tcu", now, isRefusing: false, draw: makeDraw(seed) });
    expect(reply("1")).toEqual(reply("1"));
    const all = new Set(["1", "2", "3", "4", "5"].map((seed) => JSON.stringify(reply(seed))));
    expect(all.size).toBeGreaterThan(1);
  }); // prettier-ignore

  it("is nothing to what asks for nothing", () => {
    const asked = { ...askedOf("request.information"), type: "alert.incident" };
    expect(makeReply(asked, { agency: "gh/tcu", now, isRefusing: true, draw: makeDraw("1") })).toBeUndefined();
  }); // prettier-ignore
});

describe("alerts", () => {
  it.each(["gh/tcu", "gh/moc"])("of %s keep all rules, and are exercises", (agency) => {
    for (const turn of [1, 2]) {
      const made = makeAlert(agency, turn)!;
      expect(checkSubmission(made, { originator: agency, now }).violations).toEqual([]);
      expect(made["status"]).toBe("EXERCISE");
    }
  });

  it("are sent by no financial intelligence unit", () => {
    expect(makeAlert("gh/fiu", 1)).toBeUndefined();
  });
});
