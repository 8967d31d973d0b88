import { Fault } from "../../schemas/ground/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** Refuses what names another originator than the account it came from, unless that account says that it relays. */
export const originStep: Step<Shaped> = {
  name: "origin",
  run: ({ place, envelope, slip, relayed }) => {
    const { originator } = envelope;
    const sender = relayed === undefined ? originator : relayed.relay.relay;
    if (sender === place.origin && slip.origin === originator) return undefined;
    throw new Fault("ORIGIN_MISMATCH", "envelope and slip name another agency than the sender's");
  },
};
