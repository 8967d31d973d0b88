import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { refusals, type Change } from "../../../test/kit/changed-example.ts";

type Case = readonly [says: string, type: MessageType, change: Change, refused: readonly string[]];

const words = { text: "words", lang: "en" };

const assets: readonly Case[] = [
  [
    "T43: assets are asked for without a formal request",
    "asset.trace_request",
    { "inner/legalBasis": null, "/mlaPlanned": false },
    [],
  ],
  [
    "a subject that is two is refused",
    "asset.trace_request",
    { "/subjects/0/organisation": { name: "Palm Horizon Ltd" } },
    ["RULE_SUBJECT_NOT_ONE /subjects/0"],
  ],
  [
    "a subject that is none is refused",
    "asset.trace_request",
    { "/subjects/1": {} },
    ["RULE_SUBJECT_NOT_ONE /subjects/1"],
  ],
  [
    "T43: one contact for each trade",
    "asset.trace_request",
    { "/contacts/2/trade": "JUSTICE" },
    ["RULE_ASSET_CONTACT_TWICE /contacts/2/trade"],
  ],
  [
    "a hit without its asset is refused",
    "asset.trace_reply",
    { "/answers/2/outcome": "HIT" },
    ["RULE_ASSET_HIT_EMPTY /answers/2/outcome"],
  ],
  [
    "an owner who is not in the message is refused",
    "asset.trace_reply",
    { "/assets/0/holdings/0/ref": "o3" },
    ["RULE_JUSTICE_REF_UNKNOWN /assets/0/holdings/0/ref"],
  ],
  [
    "a freeze without order is refused",
    "asset.freeze_request",
    { "/order": null },
    ["RULE_FREEZE_ORDER_MISSING /order"],
  ],
  [
    "a freeze without longest hold is refused",
    "asset.freeze_request",
    { "/maxHoldDays": null, "/holdUntil": null },
    ["RULE_FREEZE_HOLD_MISSING /maxHoldDays"],
  ],
  ["days alone bound a freeze", "asset.freeze_request", { "/holdUntil": null }, []],
  [
    "a freeze without a formal request to come is refused",
    "asset.freeze_request",
    { "/mlaBy": null },
    ["RULE_FREEZE_MLA_MISSING /mlaId"],
  ],
  [
    "a hold that is over already is refused",
    "asset.freeze_request",
    { "/holdUntil": "2026-11-21T12:00:00.000Z" },
    ["RULE_FREEZE_HOLD_PAST /holdUntil"],
  ],
  [
    "a release without decision is refused",
    "asset.management_update",
    { "/event": "RELEASED", "/order": null },
    ["RULE_ASSET_ORDER_MISSING /order"],
  ],
  [
    "a repair needs no decision",
    "asset.management_update",
    { "/event": "REPAIRED", "/order": null },
    [],
  ],
  [
    "sharing with oneself is refused",
    "asset.sharing_agreement",
    { "/parties/1/country": "GH" },
    ["RULE_SHARING_PARTIES /parties"],
  ],
  [
    "shares that are not the whole are refused",
    "asset.sharing_agreement",
    { "/victimsPercent": "25.01" },
    ["RULE_SHARING_SUM /parties"],
  ],
  [
    "a share below nothing is refused",
    "asset.sharing_agreement",
    { "/parties/0/sharePercent": "87.5", "/parties/1/sharePercent": "-12.5" },
    ["RULE_SHARING_SUM /parties"],
  ],
  [
    "sums without shares pass",
    "asset.sharing_agreement",
    { "/parties/0/sharePercent": null, "/parties/1/sharePercent": null, "/victimsPercent": null },
    [],
  ],
  [
    "a refused sharing says why",
    "asset.sharing_agreement",
    { "/step": "REFUSED", "/targetId": "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11", "/reason": words },
    ["RULE_REFUSAL_WITHOUT_GROUND /refusalGround"],
  ],
];

describe("rules of assets", () => {
  it.each([
    "asset.trace_request",
    "asset.trace_reply",
    "asset.freeze_request",
    "asset.management_update",
    "asset.sharing_agreement",
  ] as const)("the example of %s breaks none", (type) => {
    expect(refusals(type)).toEqual([]);
  });

  it.each([...assets])("%s", (...[, type, change, refused]) => {
    expect(refusals(type, change)).toEqual(refused);
  });
});
