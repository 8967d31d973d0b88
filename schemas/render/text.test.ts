import { describe, expect, it } from "vitest";

import { parseBody, parseInnerHeader } from "../body/index.ts";
import type { MaritimeIncident } from "../gen/index.ts";
import { renderText } from "./index.ts";

const alert = parseBody("alert.incident", {
  kind: "drugs",
  occurredFrom: "2026-03-09T14:05:00.000Z",
  occurredTo: "2026-03-09T15:05:07.250+01:00",
  place: { lat: 6.13, lon: 1.28, country: "TG", text: { text: "Port de Lomé", lang: "fr" } },
  persons: [
    {
      roles: ["SUSPECT", "OWNER"],
      names: [{ full: "N'Diaye", kind: "LEGAL" }],
      sex: "M",
      birth: { year: 1980, month: 5, approximate: true },
    },
  ],
  commodities: [
    {
      kind: "COCAINE",
      quantity: { value: "12.5", unit: "KG", estimated: true },
      estimatedValue: { amount: "300000000", currency: "XOF" },
    },
  ],
  narrative: { text: "Deux valises.\nHandling: H0", lang: "fr" },
  caseStatus: "UNDER_INVESTIGATION",
  caseRef: "TG-17",
});

describe("renderText", () => {
  it("shows labels, codes and times for an English reader, and the sender's words as written", () => {
    expect(renderText({ type: "alert.incident", body: alert, lang: "en" }).split("\n")).toEqual([
      "type of message: incident alert",
      "kind: drug trafficking and precursors",
      "occurred from: 2026-03-09 14:05 UTC",
      "occurred until: 2026-03-09 14:05:07.250 UTC",
      "place: latitude: 6.13 degrees north; longitude: 1.28 degrees east; words: Port de Lomé [fr]; country: TG",
      "persons 1: roles: suspect, owner; names 1: full name: N'Diaye; kind: legal name; sex: male; date of birth: about 1980-05",
      "goods 1: kind: cocaine; quantity: about 12.5 kilograms; estimated value: 300000000 XOF",
      "account of events: Deux valises.",
      "    Handling: H0 [fr]",
      "status of the case: under investigation",
      "case reference: TG-17",
    ]);
  });

  it("says the same in French", () => {
    const text = renderText({ type: "alert.incident", body: alert, lang: "fr" });
    expect(text).toContain("type de message\u00a0: alerte sur un incident");
    expect(text).toContain("état de l'affaire\u00a0: en cours d'enquête");
    expect(text).toContain("environ 12.5 kilogrammes");
  });

  it("shows the inner header when there is one", () => {
    const inner = parseInnerHeader({
      inReplyTo: "01890a5d-ac96-774b-bcce-b302099a8057",
      purposes: ["BORDER_CONTROL"],
      recipients: ["lr/tcu"],
    });
    const text = renderText({ type: "alert.incident", body: alert, inner, lang: "en" });
    expect(text).toContain("in reply to: 01890a5d-ac96-774b-bcce-b302099a8057");
    expect(text).toContain("purposes: border control");
    expect(text).toContain("recipients: lr/tcu");
  });

  it("shows a code of a newer edition as the code, and units and UTC times of day", () => {
    const body: MaritimeIncident = {
      stage: "FINAL",
      position: { lat: 1, lon: 2 },
      occurred: { date: { year: 2026, month: 1, day: 2 }, timeUtc: "09:45", timeKnown: "KNOWN" },
      shipStatus: "SAILING",
      method: "DRONE",
      statesConcerned: ["GH", "TG"],
      weapons: [],
      attackers: 4,
      shoreDistanceM: 1500,
    };
    const text = renderText({ type: "maritime.incident", body, lang: "en" });
    expect(text).toContain("method: DRONE");
    expect(text).toContain("occurred: date: 2026-01-02; time (UTC): 09:45; time known: known");
    expect(text).toContain("attackers: 4 persons");
    expect(text).toContain("distance to shore: 1500 metres");
    expect(text).not.toContain("weapons");
  });

  it("shows controls as replaced, should an unchecked body reach it", () => {
    const body = { ...alert, caseRef: "a\u001b[2J\u2028b" };
    const text = renderText({ type: "alert.incident", body, lang: "en" });
    expect(text).toContain("case reference: a\ufffd[2J\n    b");
  });
});
