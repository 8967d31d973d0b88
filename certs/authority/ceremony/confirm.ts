import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import type { Ceremony } from "./desk.ts";
import { isFingerprintOf } from "./fingerprint.ts";

const triesToType = 3;

/** What the officers confirm by typing. */
export interface Confirmation {
  /** `the root certificate`, say. */
  readonly what: string;
  readonly bytes: Bytes;
  /** Where they read it. */
  readonly from: string;
}

/**
 * Each officer types a fingerprint from paper; nothing goes on before both have typed the right one.
 *
 * @throws {Fault} CEREMONY_REFUSED after three wrong tries
 */
export async function confirmFingerprint(
  { officers, ask, say }: Ceremony,
  { what, bytes, from }: Confirmation,
): Promise<void> {
  for (const officer of officers) {
    let left = triesToType;
    while (
      !isFingerprintOf(await ask(`${officer}: type the fingerprint of ${what} ${from}`), bytes)
    ) {
      left -= 1;
      if (left === 0)
        throw new Fault(
          "CEREMONY_REFUSED",
          `what ${officer} typed is not the fingerprint of ${what}`,
        );
      say("That is not it. Look at the paper again.");
    }
    say(`${officer} has confirmed ${what}.`);
  }
}
