import { limits } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Arrived, Step } from "./verdict.ts";

/** Refuses what is too large before a byte of it is read. */
export const sizeStep: Step<Arrived> = {
  name: "size",
  run: ({ bytes }) => {
    if (bytes.length <= limits.maxPublicationBytes) return undefined;
    throw new Fault(
      "CODEC_TOO_LARGE",
      `a publication has at most ${limits.maxPublicationBytes} bytes`,
    );
  },
};
