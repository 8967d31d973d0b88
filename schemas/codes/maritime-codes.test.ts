import { describe, expect, it } from "vitest";

import { isKnownCode } from "./index.ts";

/** What published records of attacks at sea say (Crime at Sea, 1993–2020), and how we say it. */
const words = {
  ATTACK_METHOD: {
    Boarded: "BOARDED",
    Boarding: "BOARDED",
    Attempted: "ATTEMPT",
    Hijacked: "HIJACKED",
    "Fired Upon": "FIRED_UPON",
    Suspicious: "SUSPICIOUS",
    Explosion: "EXPLOSION",
    Detained: "DETAINED",
    NA: "UNKNOWN",
  },
  SHIP_STATUS: {
    Anchored: "ANCHOR",
    Steaming: "SAILING",
    Berthed: "BERTH",
    Underway: "UNDERWAY",
    Stationary: "STATIONARY",
    Drifting: "DRIFTING",
    Moored: "MOORED",
    Grounded: "GROUNDED",
    Towed: "TOWED",
    Fishing: "FISHING",
    "Bunkering operations": "BUNKERING",
    NA: "UNKNOWN",
  },
  VESSEL_TYPE: {
    "Bulk Carrier": "BULK_CARRIER",
    "Product Tanker": "PRODUCT_TANKER",
    Container: "CONTAINER",
    "General Cargo": "GENERAL_CARGO",
    "Chemical Tanker": "CHEMICAL_TANKER",
    Tug: "TUG",
    "LPG Tanker": "LPG_TANKER",
    "Crude Oil Tanker": "CRUDE_OIL_TANKER",
    "Crude Tanker": "CRUDE_OIL_TANKER",
    Tanker: "TANKER",
    "Oil Tanker": "OIL_TANKER",
    "Fishing Vessel": "FISHING_VESSEL",
    "Refrigerated Cargo": "REFRIGERATED_CARGO",
    "Offshore Supply Ship": "OFFSHORE_SUPPLY",
    "Supply Vessel": "OFFSHORE_SUPPLY",
    "Offshore Tug": "OFFSHORE_TUG",
    "LNG Tanker": "LNG_TANKER",
    "Asphalt/Bitumen Tanker": "ASPHALT_TANKER",
    "Offshore Support Vessel": "OFFSHORE_SUPPORT",
    "Heavy Load Carrier": "HEAVY_LOAD_CARRIER",
    "Vehicle Carrier": "VEHICLE_CARRIER",
    "Pipe Layer": "PIPE_LAYER",
    "Pipe Lay Barge": "PIPE_LAYER",
    "Research Vessel": "RESEARCH_VESSEL",
    "Tug and Barge": "TUG_AND_BARGE",
    "Ore Carrier": "ORE_CARRIER",
    "Bunkering Tanker": "BUNKERING_TANKER",
    Dhow: "DHOW",
    "Wood Chips Carrier": "WOOD_CHIPS_CARRIER",
    Yacht: "YACHT",
    "Pleasure Craft": "YACHT",
    Dredger: "DREDGER",
    "Ro-Ro": "RO_RO",
    "Landing Craft": "LANDING_CRAFT",
    FPSO: "FPSO",
    "Floating Storage and Offloading": "FSO",
    "Passenger Ship": "PASSENGER",
    "Cable Ship": "CABLE_SHIP",
    "Cement Carrier": "CEMENT_CARRIER",
    "Maintenance Pontoon": "BARGE",
    "Accommodation Barge": "ACCOMMODATION_BARGE",
    Other: "OTHER",
    NA: "UNKNOWN",
  },
} as const;

describe("codes of maritime.incident", () => {
  it.each(Object.entries(words))("%s can say what published records say", (list, table) => {
    for (const code of Object.values(table)) expect(isKnownCode(list, code)).toBe(true);
  });
});
