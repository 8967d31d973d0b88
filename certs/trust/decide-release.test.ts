import { describe, expect, it } from "vitest";

import { openRule, viewOf } from "../../test/kit/register-draw.ts";
import {
  agency,
  answerOf,
  publish,
  read,
  region,
  rule,
  withState,
} from "../../test/kit/small-region.ts";
import { audienceOf, previewAudience } from "./audience.ts";
import { decide } from "./decide.ts";
import type { Question } from "./question.ts";

describe("the originator's side", () => {
  it("a reader that the originator's state does not admit is denied", () => {
    expect(answerOf(region, { ...read, agency: "sn/tcu" })).toBe("NOT_RELEASED");
    expect(answerOf(region, read)).toBe("allowed");
  });

  it("agencies of one state read each other without release; nobody reads his own", () => {
    const closed = withState("ng", { release: [] });
    expect(answerOf(closed, { ...read, agency: "ng/moc" })).toBe("allowed");
    expect(answerOf(closed, { ...read, agency: "ng/tcu" })).toBe("OWN_MESSAGE");
  });

  it("T35 a state may keep what one of its own sends from another, by a line that names the one or itself", () => {
    const deny = openRule({ effect: "DENY", originators: ["ng/tcu"], types: ["alert.incident"] });
    const among = (change: Partial<typeof deny>, more: Partial<Question> = {}, at?: number): string =>
      answerOf(withState("ng", { release: [{ ...deny, ...change }] }), { ...read, agency: "ng/moc", ...more }, at);
    expect(among({ agencies: ["ng/moc"] })).toBe("NOT_RELEASED");
    expect(among({ authorities: ["ng"] })).toBe("NOT_RELEASED");
    expect(among({ authorities: ["ng"], kinds: ["MOC"] })).toBe("NOT_RELEASED");
    // what is written for strangers takes nothing from the state's own
    for (const strangers of [{}, { kinds: ["MOC"] }, { authorities: ["gh"] }, { agencies: ["gh/tcu"] }]) {
      expect(among(strangers)).toBe("allowed");
    }
    // it is about what it names, of whom it names, while it is in force
    expect(among({ authorities: ["ng"] }, { type: "alert.cancel" })).toBe("allowed");
    expect(among({ authorities: ["ng"], kinds: ["FIU"] })).toBe("allowed");
    expect(among({ authorities: ["ng"], originators: ["ng/moc"] })).toBe("allowed");
    expect(among({ authorities: ["ng"], handlingUpTo: "H0" })).toBe("allowed");
    expect([149, 150].map((at) => among({ authorities: ["ng"], until: 150 }, {}, at))).toEqual(["NOT_RELEASED", "allowed"]);
    expect(among({ authorities: ["ng"] }, { agency: "ng/tcu" })).toBe("OWN_MESSAGE");
    // and what is sealed from whoever asks is left to those who can read it
    expect(among({ authorities: ["ng"] }, { type: undefined })).toBe("allowed");
    expect(among({ authorities: ["ng"], types: [] }, { type: undefined })).toBe("NOT_RELEASED");
  }); // prettier-ignore

  it("T35 no other state's policy, and no line that allows, speaks between agencies of one state", () => {
    const deny = openRule({ effect: "DENY", authorities: ["ng"], agencies: ["ng/moc"] });
    const toMoc = { ...read, agency: "ng/moc" };
    expect(answerOf(withState("gh", { release: [deny] }), toMoc)).toBe("allowed");
    const both = withState("ng", { release: [{ ...deny, effect: "ALLOW" }, deny] });
    expect(answerOf(both, toMoc)).toBe("NOT_RELEASED");
    expect(audienceOf(viewOf(both), { originator: "ng/tcu", type: "alert.incident", recs: ["ecowas"], crimes: ["drugs"], handling: "H1" }, 150)).toEqual([]);
  }); // prettier-ignore

  it("a line that asks for promises admits only while the reader's own state gives each of them", () => {
    const asked = { ...rule, askedAssurances: ["DEATH_PENALTY", "TORTURE"] };
    const asking = withState("ng", { release: [asked] });
    const one = { assurance: "DEATH_PENALTY", from: 0 };
    const both = [one, { assurance: "TORTURE", from: 120, until: 160 }];
    expect(answerOf(asking, read)).toBe("ASSURANCE_MISSING");
    expect(answerOf(withState("gh", { givenAssurances: [one] }, asking), read)).toBe("ASSURANCE_MISSING"); // prettier-ignore
    const given = withState("gh", { givenAssurances: both }, asking);
    expect([119, 120, 159, 160].map((at) => answerOf(given, read, at))).toEqual([
      "ASSURANCE_MISSING",
      "allowed",
      "allowed",
      "ASSURANCE_MISSING",
    ]);
    const unknown = { ...viewOf(given), authority: () => undefined };
    expect(decide(unknown, read, 150)).toMatchObject({ reason: "ASSURANCE_MISSING" });
    // the promise of another state is none
    expect(answerOf(withState("sn", { givenAssurances: both }, asking), read)).toBe("ASSURANCE_MISSING"); // prettier-ignore
  });
});

describe("whom the sender keeps it from", () => {
  const keptFrom = (states: readonly string[], agencies: readonly string[] = []): Question => ({
    ...read,
    kept: { states, agencies },
  });

  it("a protected person's message is denied to the state, and an excluded agency its own", () => {
    expect(answerOf(region, keptFrom(["SN"], ["sn/tcu"]))).toBe("allowed");
    expect(answerOf(region, keptFrom(["SN", "GH"]))).toBe("PROTECTED_FROM");
    expect(answerOf(region, keptFrom([], ["gh/tcu"]))).toBe("EXCLUDED_BY_ORIGINATOR");
    expect(answerOf(region, { ...keptFrom(["NG"]), agency: "ng/moc" })).toBe("PROTECTED_FROM");
  });

  it("it is not written to him either", () => {
    const kept = { states: ["GH"], agencies: [] };
    expect(answerOf(region, { ...publish, kept })).toBe("allowed");
    expect(answerOf(region, { ...publish, kept, recipient: "gh/tcu" })).toBe("PROTECTED_FROM");
    expect(answerOf(region, { ...publish, kept, recipient: "tg/tcu" })).toBe("allowed");
  });

  it("everything that is missing is said, the first first", () => {
    const poor = withState("gh", { nominations: [] }, { ...region, mandates: [] });
    expect(answerOf(withState("ng", { release: [] }, poor), keptFrom(["GH"], ["gh/tcu"]))).toBe(
      "NO_MANDATE NOT_NOMINATED PROTECTED_FROM EXCLUDED_BY_ORIGINATOR NOT_RELEASED",
    );
  });
});

describe("the audience", () => {
  const header = {
    originator: "ng/tcu",
    type: "alert.incident",
    recs: ["ecowas"],
    crimes: ["drugs"],
    handling: "H1",
  };

  it("is exactly those for whom reading is allowed", () => {
    expect(audienceOf(viewOf(region), header, 150)).toEqual(["ng/moc", "gh/tcu", "ecowas/centre"]);
    const closed = viewOf(withState("ng", { release: [] }));
    expect(audienceOf(closed, header, 150)).toEqual(["ng/moc"]);
  });

  it("one channel that may be read is enough; without any there is nobody", () => {
    const crimes = ["arms", "drugs"];
    expect(audienceOf(viewOf(region), { ...header, crimes }, 150)).toContain("gh/tcu");
    const [nobody] = previewAudience(viewOf(region), { ...header, recs: [] }, 150);
    expect(nobody?.decision).toMatchObject({ allow: false, reason: "NO_MANDATE" });
  });

  it("leaves out whom the sender keeps it from, and says so", () => {
    const kept = { states: ["GH"], agencies: ["ng/moc"] };
    expect(audienceOf(viewOf(region), { ...header, kept }, 150)).toEqual(["ecowas/centre"]);
    const preview = previewAudience(viewOf(region), { ...header, kept }, 150);
    const reasons = preview.map(({ decision }) => (decision.allow ? "" : decision.reason));
    expect(reasons).toEqual(["OWN_MESSAGE", "EXCLUDED_BY_ORIGINATOR", "PROTECTED_FROM", "NOT_RELEASED", ""]); // prettier-ignore
  });

  it("holds no hub, whatever the register says", () => {
    const hub = withState("ng", { agencies: [agency("ng/moc", { kind: "HUB" })] });
    expect(audienceOf(viewOf(hub), { ...header, originator: "gh/tcu" }, 150)).not.toContain("ng/moc"); // prettier-ignore
  });
});
