import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { refusals, type Change } from "../../../test/kit/changed-example.ts";

type Case = readonly [says: string, type: MessageType, change: Change, refused: readonly string[]];

const words = { text: "words", lang: "en" };

const custody: readonly Case[] = [
  [
    "W7: nothing changes hands without the giver's signature",
    "evidence.custody_event",
    { "/from/signedAt": null },
    ["RULE_CUSTODY_SIGNATURE_MISSING /from/signedAt"],
  ],
  [
    "W7: nothing changes hands without the taker",
    "evidence.custody_event",
    { "/kind": "RECEIVED", "/to": null },
    ["RULE_CUSTODY_SIGNATURE_MISSING /to"],
  ],
  [
    "a signature says whether it is ink or key",
    "evidence.custody_event",
    { "/to/signatureKind": null },
    ["RULE_CUSTODY_SIGNATURE_MISSING /to/signatureKind"],
  ],
  [
    "a signature by key is there",
    "evidence.custody_event",
    { "/to/signatureKind": "KEY" },
    ["RULE_CUSTODY_SIGNATURE_MISSING /to/signature"],
  ],
  [
    "both sign one sheet",
    "evidence.custody_event",
    { "/sheetDigest": null },
    ["RULE_CUSTODY_SIGNATURE_MISSING /sheetDigest"],
  ],
  [
    "putting into store needs one side only",
    "evidence.custody_event",
    { "/kind": "STORED", "/to": null, "/sheetDigest": null },
    [],
  ],
  [
    "an event that names none before it is refused",
    "evidence.custody_event",
    { "/previousId": null },
    ["RULE_CUSTODY_CHAIN_BROKEN /previousId"],
  ],
  [
    "collection is the first event",
    "evidence.custody_event",
    { "/kind": "COLLECTED", "/previousId": null },
    [],
  ],
  [
    "destruction without an order is refused",
    "evidence.custody_event",
    { "/kind": "DESTROYED" },
    ["RULE_CUSTODY_ORDER_MISSING /order"],
  ],
  [
    "a copy made in custody has its digest",
    "evidence.custody_event",
    { "/kind": "COPIED" },
    ["RULE_EXHIBIT_DIGEST_MISSING /items/0/digest"],
  ],
  [
    "a broken seal is explained",
    "evidence.custody_event",
    { "/sealsIntact": false, "/remarks": null },
    ["RULE_CUSTODY_UNEXPLAINED /remarks"],
  ],
  [
    "a lost exhibit is explained",
    "evidence.custody_event",
    { "/kind": "LOST", "/remarks": null },
    ["RULE_CUSTODY_UNEXPLAINED /remarks"],
  ],
  [
    "an exhibit stands once in an event",
    "evidence.custody_event",
    { "/items/0/exhibitNo": "TG-2026-0417/3-A" },
    ["RULE_EXHIBIT_TWICE /items/1/exhibitNo"],
  ],
];

const handover: readonly Case[] = [
  [
    "a handover without legal basis is refused",
    "suspect.handover",
    { "/basis": null },
    ["RULE_HANDOVER_BASIS_MISSING /basis"],
  ],
  [
    "a handover by agreement names it",
    "suspect.handover",
    { "/agreement": null },
    ["RULE_HANDOVER_AGREEMENT_MISSING /agreement"],
  ],
  [
    "universal jurisdiction needs no agreement",
    "suspect.handover",
    { "/agreement": null, "/basis": "UNIVERSAL_JURISDICTION" },
    [],
  ],
  [
    "a capital case without assurance is refused",
    "suspect.handover",
    { "/assurances": null },
    ["RULE_HANDOVER_ASSURANCE_MISSING /assurances"],
  ],
  [
    "another assurance than on the death penalty is not enough",
    "suspect.handover",
    { "/assurances/0/kind": "TORTURE" },
    ["RULE_HANDOVER_ASSURANCE_MISSING /assurances"],
  ],
  [
    "without death penalty no assurance is needed",
    "suspect.handover",
    { "/assurances": null, "/offences/0/deathPenalty": null },
    [],
  ],
  [
    "an offer comes before the assurance",
    "suspect.handover",
    { "/assurances": null, "/stage": "OFFERED" },
    [],
  ],
  [
    "an accepted handover names the taker",
    "suspect.handover",
    { "/acceptedBy": null },
    ["RULE_HANDOVER_TAKER_MISSING /acceptedBy"],
  ],
  [
    "all refused, with one who accepted, is refused",
    "suspect.handover",
    { "/stage": "ALL_REFUSED" },
    ["RULE_HANDOVER_NOT_ALL_REFUSED /offeredTo"],
  ],
  [
    "all refused, with nobody asked, is refused",
    "suspect.handover",
    { "/stage": "ALL_REFUSED", "/offeredTo": null },
    ["RULE_HANDOVER_NOT_ALL_REFUSED /offeredTo"],
  ],
  [
    "all refused, each with its ground, passes",
    "suspect.handover",
    { "/stage": "ALL_REFUSED", "/offeredTo/1": null },
    [],
  ],
  [
    "a state that refuses says why",
    "suspect.handover",
    { "/offeredTo/0/refusalGround": null },
    ["RULE_TAKEOVER_GROUND_MISSING /offeredTo/0/refusalGround"],
  ],
  [
    "a time limit before the detention is refused",
    "suspect.handover",
    { "/legalDeadline": "2026-11-14T05:10:00.000Z" },
    ["RULE_HANDOVER_DEADLINE /legalDeadline"],
  ],
  [
    "a release says why",
    "suspect.handover",
    { "/stage": "RELEASED" },
    ["RULE_HANDOVER_RELEASE_UNEXPLAINED /releaseReason"],
  ],
  [
    "a release with its reason passes",
    "suspect.handover",
    { "/stage": "RELEASED", "/releaseReason": words },
    [],
  ],
  [
    "a minor without guardian is not handed over",
    "suspect.handover",
    { "/care/1/guardian": false },
    ["RULE_HANDOVER_MINOR_ALONE /persons/1/minor"],
  ],
  [
    "a minor whose care is not told is not handed over",
    "suspect.handover",
    { "/care/1": null },
    ["RULE_HANDOVER_MINOR_ALONE /persons/1/minor"],
  ],
  [
    "care for nobody is refused",
    "suspect.handover",
    { "/care/0/ref": "p7" },
    ["RULE_JUSTICE_REF_UNKNOWN /care/0/ref"],
  ],
];

describe("rules of custody and handover", () => {
  it.each(["evidence.custody_event", "suspect.handover"] as const)(
    "the example of %s breaks none",
    (type) => {
      expect(refusals(type)).toEqual([]);
    },
  );

  it.each([...custody, ...handover])("%s", (...[, type, change, refused]) => {
    expect(refusals(type, change)).toEqual(refused);
  });
});
