import type { AssetSharingAgreement } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { isProposal } from "./steps.ts";

type SharingRule = Rule<BodyContext<AssetSharingAgreement>>;

/** Sharing is between two states at least. */
const sharingHasParties: SharingRule = {
  code: "RULE_SHARING_PARTIES",
  says: "parties names fewer than two countries; add the states that share",
  find: ({ body: { step, parties } }) =>
    isProposal(step) && new Set(parties.map(({ country }) => country)).size < 2 ? ["/parties"] : [],
};

const decimals = 8;

/** A decimal of our format as a whole number of hundred-millionths, so that sums are exact. */
function toUnits(decimal: string): bigint {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(`${whole}${fraction.padEnd(decimals, "0")}`);
}

/** Shares in percent, those of the victims with them, are the whole. */
const sharesAreWhole: SharingRule = {
  code: "RULE_SHARING_SUM",
  says: "sharePercent of all parties and victimsPercent do not make 100; correct them",
  find: ({ body: { parties, victimsPercent } }) => {
    const shares = parties.flatMap(({ sharePercent }) => sharePercent ?? []);
    if (shares.length === 0) return [];
    if (shares.some((share) => share.startsWith("-"))) return ["/parties"];
    const sum = [...shares, victimsPercent ?? "0"].reduce((all, one) => all + toUnits(one), 0n);
    return sum === toUnits("100") ? [] : ["/parties"];
  },
};

/** Every rule over a sharing agreement. */
export const sharingRules: readonly SharingRule[] = [sharingHasParties, sharesAreWhole];
