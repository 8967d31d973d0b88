import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { refusals, type Change } from "../../../test/kit/changed-example.ts";

type Case = readonly [says: string, type: MessageType, change: Change, refused: readonly string[]];

const id = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11";
const answered = { "/targetId": id };

const team: readonly Case[] = [
  [
    "a team of one state is refused",
    "jit.proposal",
    { "/parties/1/country": "KE", "/parties/2/country": "KE" },
    ["RULE_JIT_PARTIES /parties"],
  ],
  [
    "a leader from outside is refused",
    "jit.proposal",
    { "/lead": "ke/police" },
    ["RULE_JIT_LEAD_NOT_PARTY /lead"],
  ],
  [
    "a team without aim, end and rule of evidence is refused",
    "jit.proposal",
    { "/aim": null, "/periodTo": null, "/evidenceRule": null },
    [
      "RULE_JIT_INCOMPLETE /aim",
      "RULE_JIT_INCOMPLETE /periodTo",
      "RULE_JIT_INCOMPLETE /evidenceRule",
    ],
  ],
  [
    "a team that ends before it begins is refused",
    "jit.proposal",
    { "/periodTo": "2026-11-30T00:00:00.000Z" },
    ["RULE_PERIOD_REVERSED /periodTo"],
  ],
  [
    "an acceptance names the proposal",
    "jit.proposal",
    { "/step": "ACCEPTED" },
    ["RULE_STEP_WITHOUT_TARGET /targetId"],
  ],
];

const preserve: readonly Case[] = [
  [
    "preservation of nothing is refused",
    "preserve.data",
    { "/preserve": null },
    ["RULE_PRESERVE_TARGET_MISSING /preserve"],
  ],
  [
    "an entry without identity or phone is refused",
    "preserve.data",
    { "/preserve/2/phone": null },
    ["RULE_PRESERVE_TARGET_MISSING /preserve/2"],
  ],
  [
    "preservation without end is refused",
    "preserve.data",
    { "/preserveUntil": null },
    ["RULE_PRESERVE_END_MISSING /preserveUntil"],
  ],
  [
    "a release has no end",
    "preserve.data",
    { "/step": "RELEASED", ...answered, "/preserveUntil": null },
    [],
  ],
  [
    "preservation for 180 days passes",
    "preserve.data",
    { "/preserveUntil": "2027-05-20T12:00:00.000Z" },
    [],
  ],
  [
    "preservation for longer is refused",
    "preserve.data",
    { "/preserveUntil": "2027-05-20T12:00:01.000Z" },
    ["RULE_PRESERVE_TOO_LONG /preserveUntil"],
  ],
  [
    "preservation into the past is refused",
    "preserve.data",
    { "/preserveUntil": "2026-11-21T12:00:00.000Z" },
    ["RULE_PRESERVE_TOO_LONG /preserveUntil"],
  ],
];

const forensic: readonly Case[] = [
  [
    "a comparison of nothing is refused",
    "forensic.compare",
    { "/step": "REQUEST", "/samples": null },
    ["RULE_FORENSIC_SAMPLE_MISSING /samples"],
  ],
  [
    "a result without finding and laboratory is refused",
    "forensic.compare",
    { "/findings": null, "/laboratory": null },
    ["RULE_FORENSIC_RESULT_MISSING /findings", "RULE_FORENSIC_RESULT_MISSING /laboratory"],
  ],
  [
    "an identification by one examiner is refused",
    "forensic.compare",
    { "/secondExaminer": false },
    ["RULE_FORENSIC_UNVERIFIED /findings/0/conclusion"],
  ],
  [
    "strong support by one examiner passes",
    "forensic.compare",
    { "/secondExaminer": null, "/findings/0/conclusion": "STRONG_SUPPORT" },
    [],
  ],
  [
    "a result names the request",
    "forensic.compare",
    { "/targetId": null },
    ["RULE_STEP_WITHOUT_TARGET /targetId"],
  ],
  [
    "a sample of nobody is refused",
    "forensic.compare",
    { "/samples/1/ref": "p4" },
    ["RULE_JUSTICE_REF_UNKNOWN /samples/1/ref"],
  ],
];

describe("rules of joint teams, preservation and forensic comparison", () => {
  it.each(["jit.proposal", "preserve.data", "forensic.compare"] as const)(
    "the example of %s breaks none",
    (type) => {
      expect(refusals(type)).toEqual([]);
    },
  );

  it.each([...team, ...preserve, ...forensic])("%s", (...[, type, change, refused]) => {
    expect(refusals(type, change)).toEqual(refused);
  });
});
