import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { refusals, type Change } from "../../../test/kit/changed-example.ts";

type Case = readonly [says: string, type: MessageType, change: Change, refused: readonly string[]];

const trace: readonly Case[] = [
  [
    "T44: no priority",
    "firearm.trace_request",
    { "/priority": null, "/justification": null },
    ["RULE_TRACE_PRIORITY_MISSING /priority"],
  ],
  [
    "T44: urgent without justification",
    "firearm.trace_request",
    { "/justification": null },
    ["RULE_TRACE_JUSTIFICATION_MISSING /justification"],
  ],
  [
    "T44: no crime",
    "firearm.trace_request",
    { "/crime": null },
    ["RULE_TRACE_CRIME_MISSING /crime"],
  ],
  [
    "T44: no case of the requester",
    "firearm.trace_request",
    { "/caseRef": null },
    ["RULE_TRACE_CASE_MISSING /caseRef"],
  ],
  [
    "T44: no serial number",
    "firearm.trace_request",
    { "/firearm/serial": null },
    ["RULE_TRACE_SERIAL_MISSING /firearm/serial"],
  ],
  [
    "T44: an obliterated number without what was tried",
    "firearm.trace_request",
    { "/firearm/serial": null, "/firearm/serialObliterated": true },
    ["RULE_TRACE_RESTORATION_MISSING /restoration"],
  ],
  [
    "T44: no manufacturer",
    "firearm.trace_request",
    { "/firearm/make": null },
    ["RULE_TRACE_MANUFACTURER_MISSING /firearm/make"],
  ],
  [
    "T44: an empty manufacturer",
    "firearm.trace_request",
    { "/firearm/make": "" },
    ["RULE_TRACE_MANUFACTURER_MISSING /firearm/make"],
  ],
  [
    "T44: no type",
    "firearm.trace_request",
    { "/firearm/kind": null },
    ["RULE_TRACE_TYPE_MISSING /firearm/kind"],
  ],
  [
    "T44: an unknown type",
    "firearm.trace_request",
    { "/firearm/kind": "UNKNOWN" },
    ["RULE_TRACE_TYPE_MISSING /firearm/kind"],
  ],
  [
    "T44: no calibre",
    "firearm.trace_request",
    { "/firearm/calibre": null },
    ["RULE_TRACE_CALIBRE_MISSING /firearm/calibre"],
  ],
  [
    "T44: no model",
    "firearm.trace_request",
    { "/firearm/model": null },
    ["RULE_TRACE_MODEL_MISSING /firearm/model"],
  ],
  [
    "T44: no country of origin",
    "firearm.trace_request",
    { "/firearm/countryOfManufacture": null },
    ["RULE_TRACE_ORIGIN_MISSING /firearm/countryOfManufacture"],
  ],
  [
    "T44: imported, no importer",
    "firearm.trace_request",
    { "/firearm/importer": null },
    ["RULE_TRACE_IMPORTER_MISSING /firearm/importer"],
  ],
  [
    "T44: an import mark alone asks for the importer",
    "firearm.trace_request",
    { "/firearm/importer": null, "/imported": null },
    ["RULE_TRACE_IMPORTER_MISSING /firearm/importer"],
  ],
];

const traceable: readonly Case[] = [
  [
    "a routine trace needs no justification",
    "firearm.trace_request",
    { "/priority": "ROUTINE", "/justification": null },
    [],
  ],
  [
    "a firearm made in the country needs no importer",
    "firearm.trace_request",
    { "/firearm/importer": null, "/firearm/importMarks": null, "/imported": false },
    [],
  ],
  [
    "an obliterated number with what was tried passes",
    "firearm.trace_request",
    {
      "/firearm/serial": null,
      "/firearm/serialObliterated": true,
      "/restoration": { procedure: "CHEMICAL_ETCHING", partialSerial: "RS 4" },
    },
    [],
  ],
  [
    "W9: an export names consignee, date and next country",
    "firearm.trace_reply",
    { "/export/consignee": null, "/export/date": null, "/nextCountry": null },
    [
      "RULE_TRACE_EXPORT_INCOMPLETE /export/consignee",
      "RULE_TRACE_EXPORT_INCOMPLETE /export/date",
      "RULE_TRACE_EXPORT_INCOMPLETE /nextCountry",
    ],
  ],
  [
    "W9: an export without any word on it is refused",
    "firearm.trace_reply",
    { "/export": null },
    ["RULE_TRACE_EXPORT_INCOMPLETE /export"],
  ],
  [
    "not enough data says which",
    "firearm.trace_reply",
    { "/outcome": "INSUFFICIENT_DATA" },
    ["RULE_TRACE_ITEMS_UNNAMED /missingItems"],
  ],
  [
    "not enough data with which passes",
    "firearm.trace_reply",
    { "/outcome": "INSUFFICIENT_DATA", "/missingItems": ["SERIAL"] },
    [],
  ],
  [
    "a dealer found stands in the chain",
    "firearm.trace_reply",
    { "/outcome": "DEALER", "/chain": null },
    ["RULE_TRACE_CHAIN_MISSING /chain"],
  ],
  [
    "nothing found has no chain",
    "firearm.trace_reply",
    { "/outcome": "NOT_FOUND", "/chain": null },
    [],
  ],
];

const lost: readonly Case[] = [
  [
    "a diversion of nothing is refused",
    "firearm.diversion",
    { "/firearms": null, "/lots": null },
    ["RULE_DIVERSION_WITHOUT_GOODS /firearms"],
  ],
  ["a diversion of a lot passes", "firearm.diversion", { "/firearms": null }, []],
  [
    "a false end-user certificate has its number",
    "firearm.diversion",
    { "/methods": ["FALSE_END_USER"] },
    ["RULE_DIVERSION_PAPER_MISSING /export/endUserCertificate"],
  ],
  [
    "a false end-user certificate with its number passes",
    "firearm.diversion",
    { "/methods": ["FALSE_END_USER"], "/export": { country: "ML", endUserCertificate: "CUF-1" } },
    [],
  ],
  [
    "a run of numbers with one end is refused",
    "firearm.diversion",
    { "/lots/0/serialTo": null },
    ["RULE_LOT_SERIALS_OPEN /lots/0"],
  ],
  [
    "more listed than destroyed is refused",
    "firearm.destroyed",
    { "/count": 1403 },
    ["RULE_DESTROYED_COUNT /count"],
  ],
  [
    "rounds are not counted as firearms",
    "firearm.destroyed",
    { "/lots/1/kind": null, "/count": 1300 },
    [],
  ],
  [
    "a run of numbers destroyed has both ends",
    "firearm.destroyed",
    { "/lots/0/serialFrom": "1" },
    ["RULE_LOT_SERIALS_OPEN /lots/0"],
  ],
  [
    "a destruction that nobody saw is refused",
    "firearm.destroyed",
    { "/witnesses": null, "/certificates": null },
    ["RULE_DESTROYED_UNWITNESSED /witnesses"],
  ],
  ["a certificate is as good as a witness", "firearm.destroyed", { "/witnesses": null }, []],
];

describe("rules of firearms", () => {
  it.each([
    "firearm.trace_request",
    "firearm.trace_reply",
    "firearm.diversion",
    "firearm.destroyed",
  ] as const)("the example of %s breaks none", (type) => {
    expect(refusals(type)).toEqual([]);
  });

  it.each([...trace, ...traceable, ...lost])("%s", (...[, type, change, refused]) => {
    expect(refusals(type, change)).toEqual(refused);
  });

  it("T44: every missing item has a code of its own", () => {
    const codes = trace.flatMap(([, , , refused]) => refused.map((one) => one.split(" ")[0]));
    expect(new Set(codes).size).toBe(12);
  });
});
