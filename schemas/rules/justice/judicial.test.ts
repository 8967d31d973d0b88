import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { refusals, type Change } from "../../../test/kit/changed-example.ts";

type Case = readonly [says: string, type: MessageType, change: Change, refused: readonly string[]];

const id = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11";

const judicial: readonly Case[] = [
  ["a sentence with a conviction passes", "outcome.judicial", { "/stage": "CONVICTION" }, []],
  [
    "a sentence before a conviction is refused",
    "outcome.judicial",
    { "/stage": "TRIAL" },
    ["RULE_SENTENCE_STAGE /sentences"],
  ],
  [
    "imprisonment without its length is refused",
    "outcome.judicial",
    { "/sentences/0/months": null },
    ["RULE_SENTENCE_MEASURE /sentences/0/months"],
  ],
  [
    "a fine without its amount is refused",
    "outcome.judicial",
    { "/sentences/1/fine": null },
    ["RULE_SENTENCE_MEASURE /sentences/1/fine"],
  ],
  [
    "a life sentence has no length",
    "outcome.judicial",
    { "/sentences/0": { ref: "p1", kind: "LIFE" } },
    [],
  ],
  [
    "a sentence that names no court is refused",
    "outcome.judicial",
    { "/court": null },
    ["RULE_OUTCOME_COURT_MISSING /court"],
  ],
  [
    "an arrest needs no court",
    "outcome.judicial",
    { "/court": null, "/stage": "ARREST", "/sentences": null },
    [],
  ],
  [
    "a confiscation of nothing is refused",
    "outcome.judicial",
    { "/stage": "CONFISCATION", "/sentences": null, "/confiscated": null },
    ["RULE_OUTCOME_NOTHING_CONFISCATED /confiscated"],
  ],
  [
    "no issue beside an issue is refused",
    "outcome.judicial",
    { "/evidenceIssues": ["NONE", "LATE"] },
    ["RULE_EVIDENCE_ISSUE_CONTRADICTED /evidenceIssues"],
  ],
  ["no issue alone passes", "outcome.judicial", { "/evidenceIssues": ["NONE"] }, []],
  [
    "more judged than charged is refused",
    "outcome.judicial",
    { "/personsCharged": 2 },
    ["RULE_OUTCOME_COUNTS /personsCharged"],
  ],
  [
    "a verdict on an offence that is not there is refused",
    "outcome.judicial",
    { "/verdicts/0/offenceIndex": 2 },
    ["RULE_OUTCOME_OFFENCE_UNKNOWN /verdicts/0/offenceIndex"],
  ],
  [
    "a verdict about nobody is refused",
    "outcome.judicial",
    { "/verdicts/0/ref": "p9" },
    ["RULE_JUSTICE_REF_UNKNOWN /verdicts/0/ref"],
  ],
  [
    "a sentence about nobody is refused",
    "outcome.judicial",
    { "/sentences/2/ref": "p9" },
    ["RULE_JUSTICE_REF_UNKNOWN /sentences/2/ref"],
  ],
];

const evidence: readonly Case[] = [
  [
    "T26: an H1 item goes as evidence with permission only",
    "evidence.transfer",
    { "/sources/0/permissionId": null },
    ["RULE_EVIDENCE_PERMISSION_MISSING /sources/0/permissionId"],
  ],
  [
    "T26: an H2 item is a lead without permission, not evidence",
    "evidence.transfer",
    { "/sources/1/usedAs": "EVIDENCE" },
    ["RULE_EVIDENCE_PERMISSION_MISSING /sources/1/permissionId"],
  ],
  [
    "T26: an H0 item goes as evidence without permission",
    "evidence.transfer",
    { "/sources/1/usedAs": "EVIDENCE", "/sources/1/handling": "H0" },
    [],
  ],
  [
    "evidence under a header that forbids court use is refused",
    "evidence.transfer",
    { "inner/courtUse": "NO" },
    ["RULE_EVIDENCE_COURT_USE"],
  ],
  [
    "evidence under a header silent on court use is refused",
    "evidence.transfer",
    { "inner/courtUse": null },
    ["RULE_EVIDENCE_COURT_USE"],
  ],
  ["evidence to be asked about passes", "evidence.transfer", { "inner/courtUse": "ASK" }, []],
  [
    "an offer without exhibits is refused",
    "evidence.transfer",
    { "/exhibits": null },
    ["RULE_TRANSFER_WITHOUT_EXHIBIT /exhibits"],
  ],
  [
    "an offer without legal basis is refused",
    "evidence.transfer",
    { "/basis": null },
    ["RULE_TRANSFER_WITHOUT_BASIS /basis"],
  ],
  [
    "a transfer by formal request names the request",
    "evidence.transfer",
    { "/mlaId": null },
    ["RULE_TRANSFER_WITHOUT_BASIS /mlaId"],
  ],
  [
    "a spontaneous transfer needs no formal request",
    "evidence.transfer",
    { "/mlaId": null, "/basis": "SPONTANEOUS" },
    [],
  ],
  [
    "copied data without digest is refused",
    "evidence.transfer",
    { "/exhibits/1/digest": null },
    ["RULE_EXHIBIT_DIGEST_MISSING /exhibits/1/digest"],
  ],
  [
    "an exhibit taken from another names the first of its line",
    "evidence.transfer",
    { "/exhibits/1/rootExhibitNo": null },
    ["RULE_EXHIBIT_ROOT_MISSING /exhibits/1/rootExhibitNo"],
  ],
  [
    "one exhibit number twice is refused",
    "evidence.transfer",
    { "/exhibits/1/exhibitNo": "TG-2026-0417/1" },
    ["RULE_EXHIBIT_TWICE /exhibits/1/exhibitNo"],
  ],
  [
    "an acceptance names the offer and repeats nothing",
    "evidence.transfer",
    { "/step": "ACCEPTED", "/targetId": id, "/exhibits": null, "/basis": null },
    [],
  ],
  [
    "an acceptance of nothing is refused",
    "evidence.transfer",
    { "/step": "ACCEPTED" },
    ["RULE_STEP_WITHOUT_TARGET /targetId"],
  ],
  [
    "a refusal without ground is refused",
    "evidence.transfer",
    { "/step": "REFUSED", "/targetId": id },
    ["RULE_REFUSAL_WITHOUT_GROUND /refusalGround"],
  ],
  [
    "a refusal with its ground passes",
    "evidence.transfer",
    { "/step": "REFUSED", "/targetId": id, "/refusalGround": "NOT_POSSIBLE" },
    [],
  ],
];

describe("rules of outcomes and transfers of evidence", () => {
  it.each(["outcome.judicial", "evidence.transfer"] as const)(
    "the example of %s breaks none",
    (type) => {
      expect(refusals(type)).toEqual([]);
    },
  );

  it.each([...judicial, ...evidence])("%s", (...[, type, change, refused]) => {
    expect(refusals(type, change)).toEqual(refused);
  });
});
