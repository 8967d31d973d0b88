import { streamOf } from "../../schemas/index.ts";
import { Fault, sameBytes } from "../../schemas/ground/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/**
 * Ends what came before: same id and same content on the same channel gets its receipt again, and other
 * content under an id that is taken is refused. An id is bound to the digest of the signed content, never
 * to an encoding around it.
 */
export const repeatStep: Step<Shaped> = {
  name: "known",
  run: (item, { known, instances }) => {
    const { envelope, digest, channel } = item;
    const held = known.find({ originator: envelope.originator, id: envelope.id });
    if (held === undefined) return undefined;
    if (!sameBytes(held.digest, digest)) {
      throw new Fault("ENVELOPE_ID_REUSED", "the id is taken by a message with other content");
    }
    const stands = held.places.get(channel);
    if (stands === "storing") return { kind: "storing" };
    const isStill = stands !== undefined && stands.instance === instances.get(streamOf(channel));
    return isStill ? { kind: "again", item, place: stands } : undefined;
  },
};
