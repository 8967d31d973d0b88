import { makeOpeningKey, type OpeningKey } from "./crypto/index.ts";
import type { SealingPair } from "./gateway-options.ts";
import type { Renewal } from "./renewal/index.ts";

function make(pairs: readonly SealingPair[]): readonly OpeningKey[] {
  return pairs.map(({ certificate, key }) => makeOpeningKey(certificate, key));
}

function pairsOf(renewal: Renewal): readonly SealingPair[] {
  return renewal.sealing().map(({ certificate, key }) => ({ certificate: certificate.der, key }));
}

/**
 * Keys that open what comes, as they are at each moment; the platform's form of each is made once.
 *
 * @param sealing what is used where nothing is renewed
 */
export function makeOpeningKeys(
  sealing: readonly SealingPair[],
  renewal: Renewal | undefined,
): () => readonly OpeningKey[] {
  let made = make(renewal === undefined ? sealing : pairsOf(renewal));
  if (renewal === undefined) return () => made;
  let from = renewal.sealing();
  return () => {
    const now = renewal.sealing();
    if (now !== from) made = make(pairsOf(renewal));
    from = now;
    return made;
  };
}
