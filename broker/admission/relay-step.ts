import { digestCarried, isDirectChannel } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { checkHasWay, checkRelayed } from "../relay/index.ts";
import type { Bench, Shaped, Step } from "./verdict.ts";

function recipientOf({ channel }: Shaped, { mailboxes }: Bench): string | undefined {
  return mailboxes.get(channel.slice(channel.indexOf(".") + 1));
}

/**
 * Refuses what is relayed without a mandate, and mail for somebody who does not read here and to whom no relay takes it on: it
 * would lie here until it expires. A feed is never relayed.
 */
export const relayStep: Step<Shaped> = {
  name: "relay",
  run: (item, bench) => {
    const { channel, envelope, publication, place, relayed: claim } = item;
    const { register, now, hub } = bench;
    if (!isDirectChannel(channel)) {
      if (claim === undefined) return undefined;
      throw new Fault("RELAY_INVALID", "only mail is relayed");
    }
    const recipient = recipientOf(item, bench);
    // whose mailbox it is nobody knows: the mandates say so
    if (hub === undefined || recipient === undefined) return undefined;
    const { originator: sender, handling } = envelope;
    const mail = { sender, recipient, handling };
    if (claim === undefined) checkHasWay(register, { hub, mail }, now);
    else {
      const carried = digestCarried(publication);
      checkRelayed(register, { claim, carried, origin: place.origin, hub, mail }, now);
    }
    return undefined;
  },
};
