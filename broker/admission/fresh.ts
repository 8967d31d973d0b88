import { checkFresh } from "../../schemas/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** Refuses what has expired or comes from too far ahead. */
export const freshStep: Step<Shaped> = {
  name: "freshness",
  run: ({ envelope }, { now }) => {
    checkFresh(envelope, now);
    return undefined;
  },
};
