import { describe, expect, it } from "vitest";

import { codeListNames, isKnownCode } from "../codes/index.ts";
import { descriptors } from "../gen/index.ts";
import { messageTypes, typeOptions } from "./index.ts";

const messages = Object.values(descriptors);

describe("code lists and schemas", () => {
  /** Lists that no field names: crimes are a format; the others are the product's own words. */
  const ofTheProduct = [
    "CLASSIFICATION",
    "COPY",
    "CRIME",
    "DENIAL_REASON",
    "INSPECTION_FINDING",
    "INSPECTION_GROUND",
    "MATTER_STATE",
    "MEASURE",
    "PERSONAL_DATA",
    "RETENTION_BASIS",
    "WAPIS_CLASS",
  ];

  it("every list a schema names exists, and none that nobody names, but for the product's own", () => {
    const fields = messages.flatMap((message) => message.fields);
    const named = new Set(fields.flatMap(({ code }) => code ?? []));
    const needed = new Set([...named, ...ofTheProduct]);
    expect(codeListNames).toEqual([...needed].toSorted());
  });

  it("every agency kind that may sign a type, and every default urgency, is a code", () => {
    for (const type of messageTypes) {
      const { signers, urgency, form, scope } = typeOptions(type)!;
      for (const kind of signers) expect(isKnownCode("AGENCY_KIND", kind)).toBe(true);
      expect(isKnownCode("URGENCY", urgency)).toBe(true);
      expect(isKnownCode("FORM", form)).toBe(true);
      expect(isKnownCode("SCOPE", scope)).toBe(true);
    }
  });
});
