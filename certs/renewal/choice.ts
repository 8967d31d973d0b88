import { type EpochMs, isFault } from "../../schemas/ground/index.ts";
import type { KeySigner } from "../keys/index.ts";
import { proveCertificate, type RegisterView } from "../trust/index.ts";
import { isNamed, type OwnLink, type OwnPair, type OwnSigning } from "./pairs.ts";
import type { SigningHand } from "./signer.ts";

/** By what it is chosen which of an agency's keys are used. */
export interface ChoicePlace {
  readonly agency: string;
  readonly register: RegisterView;
  readonly now: EpochMs;
  /** Whether a hub judges by a register that names the pair, so that what it vouches for is refused by nobody. */
  readonly isSettled: (pair: OwnPair) => boolean;
}

/** The order of certificates that is meant wherever one is "the newest". */
export function newestFirst(a: OwnPair, b: OwnPair): number {
  return b.certificate.notBefore - a.certificate.notBefore;
}

function holds({ certificate }: OwnPair, { now }: ChoicePlace): boolean {
  return certificate.notAfter > now;
}

/** Whether receivers with this register would believe what the pair vouches for now. */
export function isProven(
  { kind, certificate: { thumbprint } }: OwnPair,
  { agency, register, now }: Pick<ChoicePlace, "agency" | "register" | "now">,
): boolean {
  try {
    proveCertificate(register, { agency, kind, thumbprint }, now);
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/** With a register that is out of date nothing is proved; then the order alone counts, so that work goes on. */
function pick(group: readonly OwnSigning[], place: ChoicePlace): readonly OwnSigning[] {
  const settled = group.filter((one) => place.isSettled(one)).toSorted(newestFirst);
  const others = group.filter((one) => !place.isSettled(one)).toSorted((a, b) => newestFirst(b, a));
  const order = [...settled, ...others];
  const found = order.find((one) => isProven(one, place)) ?? order.find((one) => holds(one, place));
  return [found ?? order[0]].filter((one) => one !== undefined);
}

/**
 * One key of each algorithm to sign with: the newest that a hub is known to know; the one before for as long as it is
 * not, and holds.
 *
 * @param more signers that no certificate vouches for
 */
export function chooseHand(
  own: readonly OwnSigning[],
  more: readonly KeySigner[],
  place: ChoicePlace,
): SigningHand | undefined {
  const groups = Map.groupBy(own, ({ certificate }) => certificate.keyType);
  const [first, ...rest] = [...groups.values()].flatMap((group) => pick(group, place));
  if (first === undefined) return undefined;
  const until = Math.max(...own.map(({ certificate }) => certificate.notAfter));
  return { signers: [first.signer, ...rest.map(({ signer }) => signer), ...more], until };
}

/** What may be shown to the hub, the newest first; when none is good all of them, and the hub will say why not. */
export function chooseLinks(own: readonly OwnLink[], place: ChoicePlace): readonly OwnLink[] {
  const { agency, register } = place;
  const newest = own.toSorted(newestFirst);
  const good = newest.filter((one) => holds(one, place) && isNamed(register, agency, one));
  return good.length > 0 ? good : newest;
}
