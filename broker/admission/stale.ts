import { checkUsable } from "../../certs/trust/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/**
 * Holds back what is of a class that the register is too old for. First of all steps: nobody is refused for good by a
 * register that nothing may be judged by.
 */
export const staleStep: Step<Shaped> = {
  name: "staleness",
  run: ({ envelope }, { register, now }) => {
    checkUsable(register, now, envelope.handling);
    return undefined;
  },
};
