import { describe, expect, it } from "vitest";

import { makeHeld } from "../../test/kit/held-message.ts";
import { encodeBody, parseBody, parseInnerHeader } from "../body/index.ts";
import { splitFields } from "../codec/index.ts";
import { encodeInnerHeader } from "../gen/index.ts";
import { exampleOf } from "./index.ts";

/** What an officer of a small port says of a find: twelve facts, each a field, and one sentence. */
const facts = {
  kind: "drugs",
  occurredFrom: "2026-11-22T04:10:00.000Z",
  place: {
    unlocode: "TGLFW",
    country: "TG",
    text: { text: "Port autonome de Lomé, quai 2", lang: "fr" },
  },
  commodities: [
    { kind: "COCAINE", quantity: { value: "214.5", unit: "KG" }, concealment: "RIP_OFF" },
  ],
  originCountries: ["BR"],
  destinationCountries: ["NE", "LY"],
  persons: [
    {
      roles: ["SUSPECT"],
      names: [{ full: "Kossi Mensah-N'Diaye", kind: "LEGAL" }],
      sex: "M",
      birth: { year: 1987 },
      nationalities: ["TG"],
    },
  ],
  vehicles: [{ kind: "TRUCK", plate: "TG-4471-BC", plateCountry: "TG" }],
  arrested: 1,
  detectedBy: "RISK_PROFILE",
  caseStatus: "UNDER_INVESTIGATION",
  caseRef: "UMCC-LFW-2026-0147",
  narrative: {
    text: "Onze sacs de sport derrière les portes d'un conteneur de sucre ; scellés neufs, chauffeur interpellé à la sortie.",
    lang: "fr",
  },
};

/** What a fuller one adds: the ship, the paper, the parts of the name, the packaging and the method. */
const more = {
  route: [{ mode: "SEA", conveyance: "MSC2648N", from: { unlocode: "BRSSZ" }, to: { unlocode: "TGLFW" } }],
  persons: [
    {
      ...facts.persons[0],
      names: [{ full: "Kossi Mensah-N'Diaye", kind: "LEGAL", family: "Mensah-N'Diaye", given: ["Kossi"] }],
      documents: [{ type: "NATIONAL_ID", number: "0512-774-9031", issuerCountry: "TG" }],
    },
  ],
  commodities: [{ ...facts.commodities[0], packaging: "BAG", physicalForm: "BLOCK" }],
  methods: ["RIP_ON"],
}; // prettier-ignore

/** And what the header of such an alert says. */
const header = {
  caseRef: "UMCC-LFW-2026-0147",
  purposes: ["INVESTIGATION"],
  legalBasis: [{ scheme: "UNTOC", code: "27" }],
  evaluation: { scheme: "EUROPOL_4X4", sourceGrade: "EUROPOL_A", informationGrade: "EUROPOL_1" },
  courtUse: "YES_VIA_MLA",
  dataProtection: "ECOWAS_2010",
  tlp: "AMBER",
  contact: { agency: "tg/pcu", phone: "+22822270000", languages: ["fr"] },
};

const inner = encodeInnerHeader(parseInnerHeader(header));

function encodeAlert(json: object): Uint8Array {
  return encodeBody("alert.incident", parseBody("alert.incident", json));
}

describe("sizes before sealing", () => {
  it("a coded alert of twelve facts, its sentence and its inner header stay under 600 bytes", () => {
    expect(Object.keys(facts)).toHaveLength(12 + 1);
    expect(encodeAlert(facts).length + inner.length).toBeLessThan(600);
  });

  it("a fuller one, with route, document and method, stays under 700", () => {
    expect(encodeAlert({ ...facts, ...more }).length + inner.length).toBeLessThan(700);
  });

  it("the salts of its parts add no more than half a kilobyte", () => {
    expect(24 * (splitFields(encodeAlert(facts)).length + 1)).toBeLessThan(512);
  });

  it("T39: a whole maritime report, signed headers and all, is under 4 KiB", () => {
    const { body: report } = exampleOf("maritime.incident");
    expect(Object.keys(report).length).toBeGreaterThan(45);
    // a signature of P-384 in a detached JWS with its certificate's thumbprint
    const signatures = [`${"e".repeat(200)}..${"s".repeat(128)}`];
    const { message } = makeHeld("maritime.incident", { signatures });
    expect(message.length).toBeLessThan(4096);
  });
});
