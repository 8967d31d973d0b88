import { describe, expect, it } from "vitest";

import { isKnownCode } from "./codes/index.ts";
import { encodeLogActQuestion } from "./gen/index.ts";
import { concatBytes, sha256, utf8 } from "./ground/index.ts";
import { agencyActs, parseLogActQuestion } from "./log-acts.ts";

const question = { act: "INSPECTION_OPENED", commitment: sha256(utf8("line")), sequence: 1 };

describe("parseLogActQuestion", () => {
  it("every act of an agency is a code of LOG_ACT, and is read", () => {
    for (const act of agencyActs) {
      expect(isKnownCode("LOG_ACT", act)).toBe(true);
      expect(parseLogActQuestion(encodeLogActQuestion({ ...question, act }))).toMatchObject({
        act,
        sequence: 1,
      });
    }
  });

  it.each([
    ["an act of the hub", { ...question, act: "AGENCY_PAUSED" }, "LOG_ACT_UNKNOWN"],
    ["an act nobody knows", { ...question, act: "SECRETS_SOLD" }, "LOG_ACT_UNKNOWN"],
    ["words in place of a code", { ...question, act: "opened it" }, "SCHEMA_INVALID"],
    ["a commitment that is no digest", { ...question, commitment: utf8("x") }, "SCHEMA_INVALID"],
    ["the number nought", { ...question, sequence: 0 }, "SCHEMA_INVALID"],
  ])("%s is refused by its code", (_what, wrong, code) => {
    expect(() => parseLogActQuestion(encodeLogActQuestion(wrong))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it("an origin beside it is refused: nobody says whose act it is", () => {
    const origin = concatBytes(Buffer.of(98, 6), utf8("gh/fiu"));
    const bytes = concatBytes(encodeLogActQuestion(question), origin);
    expect(() => parseLogActQuestion(bytes)).toThrow();
  });
});
