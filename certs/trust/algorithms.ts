import type { AlgorithmRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";

/** What an algorithm is used for: code of ALGORITHM_USE. */
export type AlgorithmUse = "SIGNATURE" | "KEY_AGREEMENT" | "CONTENT";

/** The names of the algorithms that the register lets be used for this at `at`, in its order: the first is preferred. */
export function algorithmsFor(
  register: { readonly algorithms: readonly AlgorithmRule[] },
  use: AlgorithmUse,
  at: EpochMs,
): readonly string[] {
  return register.algorithms
    .filter((rule) => rule.use === use && isInForce(rule, at))
    .map(({ name }) => name);
}
