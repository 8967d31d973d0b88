import { channelsOf, streamOf } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** Refuses what came on a channel that its own envelope or slip does not name, or that is not kept here. */
export const placeStep: Step<Shaped> = {
  name: "place",
  run: ({ channel, slip, envelope }, { instances }) => {
    if (slip.channel !== channel || !channelsOf(envelope).includes(channel)) {
      throw new Fault("SUBJECT_MISMATCH", "the subject is none that envelope and slip ask for");
    }
    if (!instances.has(streamOf(channel))) {
      throw new Fault("SUBJECT_MISMATCH", "this hub does not serve the community of the channel");
    }
    return undefined;
  },
};
