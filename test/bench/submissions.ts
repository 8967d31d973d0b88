/** What is sent: open bodies, or bodies sealed to five readers. */
export type Kind = "open" | "sealed";

const description =
  "Numbers on the seals differ from the bill of lading; the bolts are newer than the container. Seen at two berths.";

function makeBulletin(number: number): object {
  return {
    type: "bulletin.red_flag",
    recs: ["ecowas"],
    crimes: ["drugs"],
    status: "TEST",
    body: {
      title: { text: `Frozen fish containers with new seals, ${number}`, lang: "en" },
      indicators: [
        { code: "SEAL_MISMATCH", description: { text: description, lang: "en" }, weight: 4 },
      ],
      countries: ["NG", "GH"],
      evidenceLevel: "PROBABLE",
      recommendedChecks: ["XRAY", "DOC_CHECK"],
      commodities: ["COCAINE"],
    },
  };
}

function makeAlert(number: number): object {
  return {
    type: "alert.incident",
    recs: ["ecowas"],
    crimes: ["drugs"],
    handling: "H1",
    status: "TEST",
    inner: { caseRef: `BENCH-${number}`, purposes: ["INVESTIGATION"] },
    body: {
      kind: "drugs",
      occurredFrom: "2026-03-09T22:15:00Z",
      place: { country: "NG", text: { text: "Apapa port, Lagos", lang: "en" } },
      persons: [
        {
          roles: ["SUSPECT"],
          names: [{ full: "Tunde Example-Okafor", kind: "LEGAL" }],
          sex: "M",
          birth: { year: 1984 },
          nationalities: ["NG"],
        },
      ],
      narrative: { text: "12.5 kg behind the panel of a container bound for Tema.", lang: "en" },
      caseStatus: "UNDER_INVESTIGATION",
      caseRef: `BENCH-${number}`,
    },
  };
}

/** The submission of this number, as a case system would hand it in; no two are alike. */
export function makeSubmission(kind: Kind, number: number): object {
  return kind === "open" ? makeBulletin(number) : makeAlert(number);
}
