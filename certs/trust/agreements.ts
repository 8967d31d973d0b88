import { type Agreement, encodeStatePart, type StatePart } from "../../schemas/index.ts";
import { bytesKey } from "../../schemas/ground/index.ts";

interface Held {
  readonly agreement: Agreement;
  readonly by: Set<string>;
}

/** The terms as they are signed: two lines are one agreement exactly when these are the same. */
function termsOf(agreement: Agreement): string {
  const agreements = [agreement];
  const alone = { authority: "", number: 0, names: [], agencies: [], intermediates: [], crls: [] };
  return bytesKey(
    encodeStatePart({ ...alone, release: [], nominations: [], agreements, givenAssurances: [] }),
  );
}

function isHeldByAll({ agreement, by }: Held): boolean {
  return agreement.parties.every((party) => by.has(party)) && by.size > 1;
}

/** Each authority with each reference that some agreement in its part bears. */
function findReferences(states: ReadonlyMap<string, StatePart>): ReadonlySet<string> {
  return new Set(
    [...states].flatMap(([authority, { agreements }]) =>
      agreements.map(({ agreementRef }) => `${authority} ${agreementRef}`),
    ),
  );
}

/**
 * The agreements that count, by each of their parties: those that the own part of every party holds, word for word.
 * One side's text alone binds nobody.
 */
export function findAgreements(
  states: ReadonlyMap<string, StatePart>,
): ReadonlyMap<string, readonly Agreement[]> {
  const references = findReferences(states);
  const held = new Map<string, Held>();
  for (const [authority, { agreements }] of states) {
    for (const agreement of agreements) {
      const { agreementRef, parties } = agreement;
      // terms are compared only where they can be equal: most of a large register is not
      const canCount = parties.every((party) => references.has(`${party} ${agreementRef}`));
      if (!canCount || !parties.includes(authority)) continue;
      const terms = termsOf(agreement);
      const known = held.get(terms) ?? { agreement, by: new Set() };
      known.by.add(authority);
      held.set(terms, known);
    }
  }
  const found = new Map<string, Agreement[]>();
  for (const one of held.values()) {
    if (!isHeldByAll(one)) continue;
    for (const party of one.by) found.set(party, [...(found.get(party) ?? []), one.agreement]);
  }
  return found;
}
