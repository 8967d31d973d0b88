import { Fault } from "../../../schemas/ground/index.ts";
import {
  certLimits,
  type GeneralKey,
  isSchemeSignedBy,
  type SchemeSigned,
} from "../../shape/index.ts";

/** The work that one question may cost. Counts stand for time: no clock is read. */
export interface Budget {
  /** @throws {Fault} CERT_TOO_COMPLEX */
  readonly compare: (times?: number) => void;
  /** @throws {Fault} CERT_TOO_COMPLEX */
  readonly judge: () => void;
  /**
   * Whether the holder of `key` signed; each pair is verified once.
   *
   * @throws {Fault} CERT_TOO_COMPLEX
   */
  readonly isSigned: (signed: SchemeSigned, key: GeneralKey) => boolean;
}

function makeCounter(limit: number, what: string): (times?: number) => void {
  let spent = 0;
  return (times = 1) => {
    spent += times;
    if (spent > limit) throw new Fault("CERT_TOO_COMPLEX", `more than ${limit} ${what}`);
  };
}

/** Makes the budget of one question. */
export function makeBudget(): Budget {
  const verify = makeCounter(certLimits.maxSignatures, "signatures to verify");
  const known = new Map<SchemeSigned, Map<GeneralKey, boolean>>();
  return {
    compare: makeCounter(certLimits.maxComparisons, "names to compare"),
    judge: makeCounter(certLimits.maxJudgedPaths, "paths to judge"),
    isSigned: (signed, key) => {
      const answers = known.get(signed) ?? new Map<GeneralKey, boolean>();
      known.set(signed, answers);
      const held = answers.get(key);
      if (held !== undefined) return held;
      verify();
      const answer = isSchemeSignedBy(signed, key);
      answers.set(key, answer);
      return answer;
    },
  };
}
