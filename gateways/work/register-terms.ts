import { makeTerms, type Terms, type TermSource } from "../../schemas/work/index.ts";

const made = new WeakMap<TermSource, Terms>();

/** The terms of the register that is held now; made once for each. */
export function registerTerms(register: TermSource): Terms {
  const known = made.get(register) ?? makeTerms(register);
  made.set(register, known);
  return known;
}
