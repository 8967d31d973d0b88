import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "./register.ts";
import { type DetachedSignature, parseSignature } from "./signature.ts";
import { signaturePolicy } from "./signature-policy.ts";
import { isSignedByAgency, type Statement } from "./statement.ts";

/** An envelope with the signatures that came with it. */
export interface SignedEnvelope extends Pick<
  Statement,
  "bytes" | "signer" | "algorithmsAt" | "provenAt"
> {
  readonly bytes: Bytes;
  /** Detached JWS, in any order. */
  readonly signatures: readonly string[];
}

/** Refuses what the register does not allow, what stands twice, and what lacks something it requires. */
function checkPolicy(
  register: RegisterView,
  parsed: readonly DetachedSignature[],
  times: readonly EpochMs[],
): void {
  const { allowed, required } = signaturePolicy(register, times);
  const names = parsed.map(({ alg }) => alg);
  const foreign = names.find((name) => !allowed.includes(name));
  if (foreign !== undefined) {
    throw new Fault(
      "SIGNATURE_ALGORITHM_NOT_PERMITTED",
      `the register does not let ${foreign} sign this`,
    );
  }
  if (new Set(names).size < names.length) {
    throw new Fault("SIGNATURE_MALFORMED", "there are two signatures of one algorithm");
  }
  const lacking = required.filter((name) => !names.some((one) => one === name));
  if (lacking.length > 0) {
    throw new Fault(
      "ENVELOPE_SIGNATURE_REQUIRED",
      `the register requires a signature of ${lacking.join(" and of ")} as well`,
    );
  }
}

/**
 * Refuses signatures of an envelope that are not of the algorithms the register asks for at each of `times`: each one
 * allowed, none twice, all that are required. Whose they are, and over what, is not asked.
 *
 * @throws {Fault} ENVELOPE_SIGNATURE_MISSING, ENVELOPE_SIGNATURE_REQUIRED, SIGNATURE_MALFORMED,
 * SIGNATURE_ALGORITHM_NOT_PERMITTED, BYTES_NOT_CANONICAL
 */
export function checkEnvelopeAlgorithms(
  register: RegisterView,
  signatures: readonly string[],
  times: readonly EpochMs[],
): readonly DetachedSignature[] {
  if (signatures.length === 0) {
    throw new Fault("ENVELOPE_SIGNATURE_MISSING", "a message bears at least one signature");
  }
  const parsed = signatures.map(parseSignature);
  checkPolicy(register, parsed, times);
  return parsed;
}

/**
 * Proves that an agency signed an envelope as the register asks: with every algorithm that is required, or with one
 * that is allowed where none is; and every signature there is good, because one that is not would be kept as if it were.
 *
 * Times: keys are judged at `at`, which nobody who signs can choose. Algorithms are judged at `algorithmsAt`, or at
 * `at` when it is left out. The hub gives its own time and the envelope's, so a date in the past opens nothing; a
 * reader gives `readingTime`, because what the hub took before an algorithm ended is still good when it is read.
 * A certificate that was revoked after `provenAt` still vouches for it.
 *
 * @throws {Fault} ENVELOPE_SIGNATURE_INVALID, all of `checkEnvelopeAlgorithms` and `isSignedByAgency`
 */
export function checkEnvelopeSigned(
  register: RegisterView,
  { bytes, signatures, signer, algorithmsAt, provenAt }: SignedEnvelope,
  at: EpochMs,
): void {
  const parsed = checkEnvelopeAlgorithms(register, signatures, algorithmsAt ?? [at]);
  const statement = { typ: "atumpan-envelope", bytes, signer, at, provenAt } as const;
  for (const signature of parsed) {
    if (isSignedByAgency(register, signature, statement)) continue;
    throw new Fault(
      "ENVELOPE_SIGNATURE_INVALID",
      `the signature of ${signature.alg} does not fit the envelope`,
    );
  }
}
