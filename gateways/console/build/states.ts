/** The states of the African Union by their codes of ISO 3166-1: two letters, and the number that borders are filed under. */
export const states: Readonly<Record<string, string>> = {
  DZ: "012", AO: "024", BJ: "204", BW: "072", BF: "854", BI: "108", CV: "132", CM: "120", CF: "140", TD: "148", KM: "174",
  CG: "178", CD: "180", CI: "384", DJ: "262", EG: "818", GQ: "226", ER: "232", SZ: "748", ET: "231", GA: "266", GM: "270",
  GH: "288", GN: "324", GW: "624", KE: "404", LS: "426", LR: "430", LY: "434", MG: "450", MW: "454", ML: "466", MR: "478",
  MU: "480", MA: "504", MZ: "508", NA: "516", NE: "562", NG: "566", RW: "646", EH: "732", ST: "678", SN: "686", SC: "690",
  SL: "694", SO: "706", ZA: "710", SS: "728", SD: "729", TZ: "834", TG: "768", TN: "788", UG: "800", ZM: "894", ZW: "716",
}; // prettier-ignore

/** What the file draws by itself and the Union does not: it belongs to a state of the list. */
export const afterwards: Readonly<Record<string, readonly string[]>> = { SO: ["Somaliland"] };

/** States that are islands alone and too small to be seen: a ring stands around each. */
export const islands: ReadonlySet<string> = new Set(["CV", "KM", "MU", "SC", "ST"]);
