/** The source's words for the kind of attack, in small letters, and our codes of ATTACK_METHOD. */
export const attackMethods: Readonly<Record<string, string>> = {
  boarded: "BOARDED",
  boarding: "BOARDED",
  attempted: "ATTEMPT",
  hijacked: "HIJACKED",
  "fired upon": "FIRED_UPON",
  suspicious: "SUSPICIOUS",
  explosion: "EXPLOSION",
  detained: "DETAINED",
};

/** The source's words for what the ship was doing, and our codes of SHIP_STATUS. */
export const shipStatuses: Readonly<Record<string, string>> = {
  anchored: "ANCHOR",
  steaming: "SAILING",
  berthed: "BERTH",
  underway: "UNDERWAY",
  stationary: "STATIONARY",
  drifting: "DRIFTING",
  moored: "MOORED",
  grounded: "GROUNDED",
  towed: "TOWED",
  fishing: "FISHING",
  "bunkering operations": "BUNKERING",
};

/** The source's words for the kind of ship, and our codes of VESSEL_TYPE. */
export const vesselTypes: Readonly<Record<string, string>> = {
  "bulk carrier": "BULK_CARRIER",
  "ore carrier": "ORE_CARRIER",
  "cement carrier": "CEMENT_CARRIER",
  "wood chips carrier": "WOOD_CHIPS_CARRIER",
  "general cargo": "GENERAL_CARGO",
  "refrigerated cargo": "REFRIGERATED_CARGO",
  "heavy load carrier": "HEAVY_LOAD_CARRIER",
  container: "CONTAINER",
  "ro-ro": "RO_RO",
  "ro-ro cargo ship": "RO_RO",
  "vehicle carrier": "VEHICLE_CARRIER",
  "landing craft": "LANDING_CRAFT",
  tanker: "TANKER",
  "oil tanker": "OIL_TANKER",
  "crude tanker": "CRUDE_OIL_TANKER",
  "crude oil tanker": "CRUDE_OIL_TANKER",
  "product tanker": "PRODUCT_TANKER",
  "chemical tanker": "CHEMICAL_TANKER",
  "asphalt/bitumen tanker": "ASPHALT_TANKER",
  "lpg tanker": "LPG_TANKER",
  "lng tanker": "LNG_TANKER",
  "bunkering tanker": "BUNKERING_TANKER",
  tug: "TUG",
  "offshore tug": "OFFSHORE_TUG",
  "tug and barge": "TUG_AND_BARGE",
  "tug / barge": "TUG_AND_BARGE",
  "maintenance pontoon": "BARGE",
  "accommodation barge": "ACCOMMODATION_BARGE",
  "offshore supply": "OFFSHORE_SUPPLY",
  "offshore supply ship": "OFFSHORE_SUPPLY",
  "supply vessel": "OFFSHORE_SUPPLY",
  "offshore support vessel": "OFFSHORE_SUPPORT",
  "pipe layer": "PIPE_LAYER",
  "pipe lay barge": "PIPE_LAYER",
  "cable ship": "CABLE_SHIP",
  dredger: "DREDGER",
  "hopper dredger": "DREDGER",
  "research vessel": "RESEARCH_VESSEL",
  fpso: "FPSO",
  "floating production storage and offloading": "FPSO",
  "floating storage and offloading": "FSO",
  "passenger ship": "PASSENGER",
  "passenger boat": "PASSENGER",
  "fishing vessel": "FISHING_VESSEL",
  dhow: "DHOW",
  yacht: "YACHT",
  "pleasure craft": "YACHT",
};

/** Our code for a word: UNKNOWN when the source has no word, OTHER when we have no code for it. */
export function codeOfWord(
  table: Readonly<Record<string, string>>,
  word: string | undefined,
): string {
  if (word === undefined) return "UNKNOWN";
  const key = word.toLowerCase();
  return Object.hasOwn(table, key) ? (table[key] ?? "OTHER") : "OTHER";
}
