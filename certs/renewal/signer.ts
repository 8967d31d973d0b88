import { renderInstant } from "../../schemas/index.ts";
import { type Clock, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { type KeySigner, makeSigningRing, type Signer } from "../keys/index.ts";
import type { RegisterView } from "../trust/index.ts";

/** What signs at a moment, the preferred one first, and until when the last certificate of them holds. */
export interface SigningHand {
  readonly signers: readonly [KeySigner, ...KeySigner[]];
  readonly until: EpochMs;
}

/** What a changing signer is made of. */
export interface ChangingSignerParts {
  /** By a register; for the one in force the same object as long as nothing changed. */
  readonly hand: (register: RegisterView) => SigningHand;
  /** The register in force now. */
  readonly register: () => RegisterView;
  readonly clock: Clock;
}

/**
 * Builds a signer whose keys change while it is used: each statement is signed with those of its moment, an envelope with
 * those of the register it was judged by.
 *
 * A new message is refused, CERT_EXPIRED, once no signing certificate holds any more: the hub would only refuse it later.
 */
export function makeChangingSigner({ hand, register, clock }: ChangingSignerParts): Signer {
  const ringOf = ({ signers }: SigningHand): Signer =>
    makeSigningRing({ signers, register, clock });
  let held = hand(register());
  let ring = ringOf(held);
  const current = (view: RegisterView): readonly [Signer, SigningHand] => {
    const now = hand(view);
    if (now === held) return [ring, held];
    if (view !== register()) return [ringOf(now), now];
    held = now;
    ring = ringOf(now);
    return [ring, held];
  };
  return {
    signer: held.signers[0].signer,
    sign: (typ, bytes, at) => current(register())[0].sign(typ, bytes, at),
    signAll: (typ, bytes, place) => {
      const [signer, { until }] = current(place.register);
      if (until > clock.now()) return signer.signAll(typ, bytes, place);
      throw new Fault(
        "CERT_EXPIRED",
        `our signing certificate held until ${renderInstant(until)}; the authority must make the next (atumpan status)`,
      );
    },
  };
}
