import { describe, expect, it } from "vitest";

import { coversType } from "../../certs/trust/index.ts";
import {
  type MessageType,
  messageTypes,
  regionalFields,
  typeOptions,
} from "../../schemas/index.ts";
import { planRegion } from "./plan.ts";

const plan = planRegion(0);
const kindOf = new Map(plan.agencies.map(({ agency, kind }) => [agency, kind]));

/** Kinds of agencies whose mandates name a type for an action where it travels. */
function kindsFor(action: string, type: MessageType): readonly string[] {
  const isFeed = typeOptions(type)?.scope === "FEED";
  const mandates = plan.mandates.filter(
    (one) =>
      one.action === action && (one.scope !== "direct") === isFeed && coversType(one.types, type),
  );
  return [...new Set(mandates.map(({ agency }) => kindOf.get(agency) ?? ""))].toSorted();
}

function maySign(type: MessageType, kind: string): boolean {
  const { signers = [] } = typeOptions(type) ?? {};
  return signers.length === 0 || signers.includes(kind);
}

const kinds = [...new Set(kindOf.values())];
const signable = messageTypes.filter((type) => kinds.some((kind) => maySign(type, kind)));

describe("the local region", () => {
  it.each(signable)(
    "%s has somebody who may publish and sign it, and somebody who reads it",
    (type) => {
      const publishers = kindsFor("PUBLISH", type).filter((kind) => maySign(type, kind));
      expect(publishers.length).toBeGreaterThan(0);
      expect(kindsFor("READ", type).length).toBeGreaterThan(0);
    },
  );

  it.each(signable)("%s is released to every kind that may read it", (type) => {
    const rules = plan.releaseOf("gh").filter(({ types }) => coversType(types, type));
    for (const kind of kindsFor("READ", type)) {
      expect(rules.some((rule) => rule.kinds.includes(kind))).toBe(true);
    }
  });

  it("gives no right to a family that has no type where the right is", () => {
    for (const { scope, types } of plan.mandates) {
      for (const family of types) {
        const found = messageTypes.filter(
          (type) =>
            (coversType([family], type) &&
              (typeOptions(type)?.scope === "DIRECT") === (scope === "direct")) ||
            (scope === "direct" && regionalFields(type) !== undefined),
        );
        expect([scope, family, found.length > 0]).toEqual([scope, family, true]);
      }
    }
  });

  it("keeps financial mail among financial units, and a unit's mail among units", () => {
    for (const type of messageTypes.filter((one) => typeOptions(one)?.scope === "DIRECT")) {
      const readers = kindsFor("READ", type);
      const [family = ""] = type.split(".");
      if (family === "fiu") expect(readers).toEqual(["FIU"]);
      // what is said of a matter, not in it, is of both; openings and answers are not
      else if (
        !["asset", "data", "directory", "key", "feedback", "hit", "reply", "request"].includes(
          family,
        )
      ) {
        expect(["TCU", ""]).toContain(readers.join());
      }
    }
    for (const type of ["request.information", "reply.final", "hit.notice"] as const) {
      expect(kindsFor("READ", type)).toEqual(["TCU"]);
    }
  });

  it("gives the keys of feeds to every kind that reads what is sealed in one, and lets it ask for them", () => {
    const sealed = messageTypes.filter((type) => {
      const { scope, form } = typeOptions(type) ?? {};
      return scope === "FEED" && form === "SEALED";
    });
    const readers = [...new Set(sealed.flatMap((type) => kindsFor("READ", type)))];
    const writers = [...new Set(sealed.flatMap((type) => kindsFor("PUBLISH", type)))];
    for (const type of ["key.share", "key.message"] as const) {
      expect(kindsFor("READ", type)).toEqual(expect.arrayContaining(readers));
      expect(kindsFor("PUBLISH", type)).toEqual(expect.arrayContaining(writers));
    }
    expect(kindsFor("PUBLISH", "key.request")).toEqual(expect.arrayContaining(readers));
    expect(kindsFor("READ", "key.request")).toEqual(expect.arrayContaining(writers));
  });

  it("lets the sea's centres and financial units read no more of feeds than their trade", () => {
    for (const type of messageTypes.filter((one) => typeOptions(one)?.scope === "FEED")) {
      const [family = ""] = type.split(".");
      const readers = kindsFor("READ", type);
      expect(readers.includes("MOC")).toBe(["bulletin", "maritime"].includes(family));
      expect(readers.includes("FIU")).toBe(family === "bulletin");
      expect(readers.includes("REGIONAL_CENTRE")).toBe(
        ["alert", "bulletin", "maritime"].includes(family),
      );
    }
  });

  it("lets nothing above H2 into a feed, and H3 to the addressed alone", () => {
    for (const { scope, handlingUpTo } of plan.mandates) {
      expect(handlingUpTo <= (scope === "direct" ? "H3" : "H2")).toBe(true);
    }
  });

  it("releases to members of its communities alone", () => {
    for (const rule of plan.releaseOf("gh")) {
      expect(rule.authorities).toContain("ng");
      expect(rule.authorities).toContain("ecowas");
      expect(rule.authorities).not.toContain("ke");
      expect(rule.kinds.length).toBeGreaterThan(0);
      expect(rule.types.length).toBeGreaterThan(0);
    }
  });

  it("says each agency's rights in a few lines, so that filters and registers stay small", () => {
    const counts = new Map<string, number>();
    for (const { agency } of plan.mandates) counts.set(agency, (counts.get(agency) ?? 0) + 1);
    // two in each of at most three communities, and two by name
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(8);
    for (const { types } of plan.mandates) expect(types.length).toBeLessThanOrEqual(40);
  });
});
