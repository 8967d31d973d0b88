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
  /** The same object as long as nothing changed. */
  readonly hand: () => SigningHand;
  readonly register: () => RegisterView;
  readonly clock: Clock;
}

/**
 * Builds a signer whose keys change while it is used: each statement is signed with those of its moment.
 *
 * A new message is refused, CERT_EXPIRED, once no signing certificate holds any more: the hub would only refuse it later.
 */
export function makeChangingSigner({ hand, register, clock }: ChangingSignerParts): Signer {
  let held = hand();
  let ring = makeSigningRing({ signers: held.signers, register, clock });
  const current = (): Signer => {
    const now = hand();
    if (now !== held) {
      held = now;
      ring = makeSigningRing({ signers: now.signers, register, clock });
    }
    return ring;
  };
  return {
    signer: held.signers[0].signer,
    sign: (typ, bytes, at) => current().sign(typ, bytes, at),
    signAll: (typ, bytes, at) => {
      const signer = current();
      if (held.until > clock.now()) return signer.signAll(typ, bytes, at);
      throw new Fault(
        "CERT_EXPIRED",
        `our signing certificate held until ${renderInstant(held.until)}; the authority must make the next (atumpan status)`,
      );
    },
  };
}
