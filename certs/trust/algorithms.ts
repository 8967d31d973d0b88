import type { AlgorithmRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";

/** What an algorithm is used for: code of ALGORITHM_USE. */
export type AlgorithmUse = "SIGNATURE" | "KEY_AGREEMENT" | "CONTENT";

/** The part of a register that says which algorithms may be used, and when. */
export interface AlgorithmPolicy {
  readonly algorithms: readonly AlgorithmRule[];
}

/** The names of the algorithms that the register lets be used for this at `at`, in its order: the first is preferred. */
export function algorithmsFor(
  register: AlgorithmPolicy,
  use: AlgorithmUse,
  at: EpochMs,
): readonly string[] {
  return register.algorithms
    .filter((rule) => rule.use === use && isInForce(rule, at))
    .map(({ name }) => name);
}

/** How a body is sealed: JOSE names, and the kinds of key that it may be sealed to. */
export interface SealSuite {
  readonly alg: "ECDH-ES+A256KW";
  readonly enc: "A256GCM" | "A256CBC-HS512";
  /** In order of preference; an agency's certificate is of the first it has. */
  readonly curves: readonly ("P-256" | "X25519")[];
}

const encodings = ["A256GCM", "A256CBC-HS512"] as const;
const curveNames = ["P-256", "X25519"] as const;

/**
 * How bodies are sealed at `at`: the first content encryption the register lets be used, if it lets our one
 * key agreement be used. Lines of KEY_AGREEMENT that name a curve (`P-256`, `X25519`, as JOSE writes `crv`)
 * leave only keys of these curves; where there is none, keys of both will do.
 *
 * @param at for a writer, now; for a reader, when the message says it was made
 * @returns undefined when the register allows no way of sealing that we know
 */
export function sealSuiteFor(register: AlgorithmPolicy, at: EpochMs): SealSuite | undefined {
  const agreements = algorithmsFor(register, "KEY_AGREEMENT", at);
  const contents = algorithmsFor(register, "CONTENT", at);
  const enc = contents.flatMap((name) => encodings.find((one) => one === name) ?? [])[0];
  if (enc === undefined || !agreements.includes("ECDH-ES+A256KW")) return undefined;
  const named = agreements.flatMap((name) => curveNames.find((one) => one === name) ?? []);
  return { alg: "ECDH-ES+A256KW", enc, curves: named.length === 0 ? curveNames : named };
}
