import { Fault } from "../../schemas/ground/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** Refuses what names another originator than the account it came from. */
export const originStep: Step<Shaped> = {
  name: "origin",
  run: ({ place, envelope, slip }) => {
    if (envelope.originator === place.origin && slip.origin === place.origin) return undefined;
    throw new Fault("ORIGIN_MISMATCH", "envelope and slip name another agency than the sender's");
  },
};
