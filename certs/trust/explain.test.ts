import { describe, expect, it } from "vitest";

import { codeList, languages, type Mandate, wordLabel } from "../../schemas/index.ts";
import { openRule } from "../../test/kit/register-draw.ts";
import { denialCode, denialReasons, isForOriginatorAlone } from "./denial.ts";
import { explainDecision } from "./explain.ts";
import type { Basis } from "./question.ts";

const nomination: Mandate = {
  agency: "gh/tcu",
  action: "READ",
  scope: "direct",
  types: ["*"],
  crimes: ["*"],
  handlingUpTo: "H1",
  from: 0,
};
const agreement = {
  agreementRef: "MoU $& 7",
  parties: ["ng", "gh"],
  partyAgencies: [],
  types: ["*"],
  crimes: ["*"],
  allowedPurposes: [],
  handlingUpTo: "H1",
  from: 0,
};

function explain(basis: Partial<Basis>): readonly string[] {
  return explainDecision({ allow: true, basis: { nomination, ...basis } }, "en");
}

describe("reasons for a no", () => {
  it("are the codes of their list, in its order", () => {
    expect(codeList("DENIAL_REASON")?.codes).toEqual(denialReasons);
  });

  it.each(languages)(
    "each says one sentence of its own in %s, and nothing is left to fill in",
    (lang) => {
      const said = explainDecision(
        { allow: false, reason: "NO_MANDATE", reasons: denialReasons },
        lang,
      );
      expect(new Set(said).size).toBe(denialReasons.length);
      for (const [at, sentence] of said.entries()) {
        expect(sentence).not.toContain(denialReasons[at]);
        expect(sentence).not.toMatch(/[{}]|\.$/);
        expect(sentence).toBe(sentence.trim().normalize("NFC"));
      }
    },
  );

  it("become a suspension that passes, or a mandate that is missing", () => {
    const suspensions = denialReasons.filter(
      (reason) => denialCode(reason) === "MANDATE_SUSPENDED",
    );
    expect(suspensions).toEqual(["AGENCY_SUSPENDED", "STATE_SUSPENDED"]);
    expect(denialCode("NOT_RELEASED")).toBe("MANDATE_MISSING");
  });

  it("hang on the originator only when all of them do", () => {
    expect(isForOriginatorAlone(["OWN_MESSAGE", "NOT_RELEASED"])).toBe(true);
    expect(isForOriginatorAlone(["NO_MANDATE", "NOT_RELEASED"])).toBe(false);
    expect(isForOriginatorAlone(["STATE_SUSPENDED"])).toBe(false);
  });
});

describe("explainDecision", () => {
  it("of a yes says all that it rests on", () => {
    const read = explain({ mandate: nomination, release: openRule() });
    expect(read).toEqual([
      "A mandate of the region allows it",
      "The agency's own authority has nominated it for this",
      "The release policy of the sender's authority admits this reader",
    ]);
    expect(explain({ mandate: nomination })).toContain("Sender and reader belong to one authority");
    const publish = { ...nomination, action: "PUBLISH" };
    expect(explain({ mandate: publish, nomination: publish })).toHaveLength(2);
  });

  it("names the agreement as its parties do, whatever signs are in it", () => {
    expect(explain({ agreement })[0]).toBe(
      "An agreement that every party has signed allows it: \u2068MoU $& 7\u2069",
    );
  });

  it.each(languages)("has a sentence for everything a yes may rest on in %s", (lang) => {
    const names = ["MANDATE", "AGREEMENT", "NOMINATION", "RELEASE", "SAME_AUTHORITY"];
    const said = names.map((name) => wordLabel(`allowed.${name}`, lang));
    expect(new Set(said).size).toBe(names.length);
    for (const sentence of said) expect(sentence).not.toContain("allowed.");
    const [, withReference] = said;
    expect(withReference).toContain("{ref}");
  });
});
