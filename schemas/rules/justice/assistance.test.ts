import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { refusals, type Change } from "../../../test/kit/changed-example.ts";

type Case = readonly [says: string, type: MessageType, change: Change, refused: readonly string[]];

const id = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11";
const words = { text: "words", lang: "en" };
const answered = { "/targetId": id };

const request: readonly Case[] = [
  [
    "T42: police information as evidence without permission is refused",
    "mla.request",
    { "/priorContacts/1/permissionId": null },
    ["RULE_EVIDENCE_PERMISSION_MISSING /priorContacts/1/permissionId"],
  ],
  [
    "T42: police information as a lead needs no permission",
    "mla.request",
    { "/priorContacts/1/permissionId": null, "/priorContacts/1/usedAs": "LEAD" },
    [],
  ],
  [
    "a request without legal basis is refused",
    "mla.request",
    { "inner/legalBasis": null },
    ["RULE_MLA_BASIS_MISSING"],
  ],
  [
    "a request silent on dual criminality is refused",
    "mla.request",
    { "/dualCriminality": null },
    ["RULE_MLA_DUAL_CRIMINALITY_MISSING /dualCriminality"],
  ],
  [
    "assistance that no measure describes is refused",
    "mla.request",
    { "/assistance/1": "FREEZE" },
    ["RULE_MLA_MEASURE_MISSING /assistance/1"],
  ],
  [
    "an offence without its law is refused",
    "mla.request",
    { "/offences/0/laws": null },
    ["RULE_MLA_LAW_MISSING /offences/0/laws"],
  ],
  [
    "an offence without its penalty is refused",
    "mla.request",
    { "/offences/0/maximumPenaltyMonths": null },
    ["RULE_MLA_PENALTY_MISSING /offences/0/maximumPenaltyMonths"],
  ],
  [
    "life imprisonment is a penalty",
    "mla.request",
    { "/offences/0/maximumPenaltyMonths": null, "/offences/0/lifeSentence": true },
    [],
  ],
  [
    "a request to the own state is refused",
    "mla.request",
    { "/requested/country": "GH" },
    ["RULE_MLA_SAME_STATE /requested/country"],
  ],
  [
    "a measure about nobody is refused",
    "mla.request",
    { "/measures/0/refs/1": "o9" },
    ["RULE_JUSTICE_REF_UNKNOWN /measures/0/refs/1"],
  ],
];

const status: readonly Case[] = [
  [
    "incomplete without saying what is missing is refused",
    "mla.status",
    { "/status": "INCOMPLETE" },
    ["RULE_MLA_ITEMS_UNNAMED /missingItems"],
  ],
  [
    "incomplete with what is missing passes",
    "mla.status",
    { "/status": "INCOMPLETE", "/missingItems": ["LAW_TEXTS"] },
    [],
  ],
  [
    "refused without ground is refused",
    "mla.status",
    { "/status": "REFUSED" },
    ["RULE_REFUSAL_WITHOUT_GROUND /refusalGrounds"],
  ],
  [
    "postponed without date or reason is refused",
    "mla.status",
    { "/status": "POSTPONED", "/expectedBy": null },
    ["RULE_MLA_POSTPONED_UNDATED /expectedBy", "RULE_MLA_POSTPONED_UNDATED /explanation"],
  ],
  [
    "postponed with both passes",
    "mla.status",
    { "/status": "POSTPONED", "/explanation": words },
    [],
  ],
  [
    "executed without results is refused",
    "mla.status",
    { "/status": "EXECUTED", "/results": null },
    ["RULE_MLA_RESULT_MISSING /results"],
  ],
];

const transfers: readonly Case[] = [
  [
    "an offered case that is not complete is refused",
    "casefile.transfer",
    { "/grounds": null, "/facts": null },
    ["RULE_CASEFILE_INCOMPLETE /grounds", "RULE_CASEFILE_INCOMPLETE /facts"],
  ],
  [
    "a case taken over has a new number",
    "casefile.transfer",
    { "/step": "ACCEPTED", ...answered },
    ["RULE_CASEFILE_TAKER_MISSING /newRef"],
  ],
  [
    "a case taken over with a new number passes",
    "casefile.transfer",
    { "/step": "ACCEPTED", ...answered, "/newRef": "LBV-2027-1" },
    [],
  ],
  [
    "a number twice in the inventory is refused",
    "casefile.transfer",
    { "/inventory/2/number": "D1" },
    ["RULE_CASEFILE_ITEM_TWICE /inventory/2/number"],
  ],
  [
    "T26: police information in a case file needs permission",
    "casefile.transfer",
    { "/sources/0/usedAs": "EVIDENCE" },
    ["RULE_EVIDENCE_PERMISSION_MISSING /sources/0/permissionId"],
  ],
  [
    "a refused case says why",
    "casefile.transfer",
    { "/step": "REFUSED", ...answered },
    ["RULE_REFUSAL_WITHOUT_GROUND /refusalGround"],
  ],
  [
    "a sentence that is not final is not transferred",
    "sentenced.transfer",
    { "/term/final": false },
    ["RULE_SENTENCED_NOT_FINAL /term/final"],
  ],
  [
    "a proposal without the sentence is refused",
    "sentenced.transfer",
    { "/step": "PROPOSED", "/term": null },
    ["RULE_SENTENCED_NOT_FINAL /term"],
  ],
  [
    "nobody is transferred without consent",
    "sentenced.transfer",
    { "/consent/given": false },
    ["RULE_SENTENCED_CONSENT_MISSING /consent"],
  ],
  [
    "consent without knowing what it means is none",
    "sentenced.transfer",
    { "/consent/toldConsequences": null },
    ["RULE_SENTENCED_CONSENT_MISSING /consent"],
  ],
  [
    "a proposal may come before the consent",
    "sentenced.transfer",
    { "/step": "PROPOSED", "/consent": null },
    [],
  ],
];

describe("rules of legal assistance and transfers", () => {
  it.each(["mla.request", "mla.status", "casefile.transfer", "sentenced.transfer"] as const)(
    "the example of %s breaks none",
    (type) => {
      expect(refusals(type)).toEqual([]);
    },
  );

  it.each([...request, ...status, ...transfers])("%s", (...[, type, change, refused]) => {
    expect(refusals(type, change)).toEqual(refused);
  });
});
