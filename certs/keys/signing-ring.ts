import { type Clock, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import {
  algorithmsToSign,
  algorithmToSignOne,
  proveAgencyKey,
  proveCertificate,
  type RegisterView,
} from "../trust/index.ts";
import type { KeySigner, Signer } from "./signer.ts";

/** What a ring is made of. */
export interface RingParts {
  /** One party's signers, at least one; of two with one algorithm, the first whose key the register proves is used. */
  readonly signers: readonly [KeySigner, ...KeySigner[]];
  /** The register in force now: for what is signed alone. */
  readonly register: () => RegisterView;
  readonly clock: Clock;
}

/** Whether receivers with this register would believe this key now. */
function isUsable(
  register: RegisterView,
  { signer: agency, algorithm, thumbprint }: KeySigner,
  now: EpochMs,
): boolean {
  try {
    if (algorithm === "ML-DSA-65") proveAgencyKey(register, { agency, algorithm, thumbprint }, now);
    else proveCertificate(register, { agency, kind: "SIGNING", thumbprint }, now);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** The first with this algorithm; none only where it was not asked for. */
function pick(held: readonly KeySigner[], name: string): readonly KeySigner[] {
  return held.filter(({ algorithm }) => algorithm === name).slice(0, 1);
}

/**
 * Builds a signer with several keys, which signs with what a register asks for: an envelope with every algorithm that
 * is required by the register it was judged by, anything else with one, by the register in force. A change of
 * algorithms needs no restart, and a renewed key is used from the moment the register proves it.
 *
 * Its acts throw SIGNATURE_KEY_MISSING, before anything is signed, when it has no key for what is asked.
 */
export function makeSigningRing({ signers, register, clock }: RingParts): Signer {
  const [first] = signers;
  const usable = (view: RegisterView): readonly KeySigner[] => {
    // one key is judged by whoever reads what it signed; asking here as well would only cost
    if (signers.length === 1) return signers;
    const now = clock.now();
    return signers.filter((one) => isUsable(view, one, now));
  };
  return {
    signer: first.signer,
    sign: (typ, bytes, at = clock.now()) => {
      const view = register();
      const held = usable(view);
      const name = algorithmToSignOne(
        view,
        at,
        held.map(({ algorithm }) => algorithm),
      );
      const [one = first] = pick(held, name);
      return one.sign(typ, bytes);
    },
    signAll: (typ, bytes, { at, register: view }) => {
      const held = usable(view);
      const names = algorithmsToSign(
        view,
        at,
        held.map(({ algorithm }) => algorithm),
      );
      return names.flatMap((name) => pick(held, name)).map((one) => one.sign(typ, bytes));
    },
  };
}
