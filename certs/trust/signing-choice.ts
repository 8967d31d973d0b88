import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { AlgorithmPolicy } from "./algorithms.ts";
import { policyChanges, signaturePolicy, singleAlgorithms } from "./signature-policy.ts";

/** How far ahead a signer looks, so that what it signs is still good when it arrives after days without a link. */
const noticeMs = 7 * 86_400_000;

function refuse(names: readonly string[]): never {
  const asked = names.length === 0 ? "no algorithm at all" : names.join(", ");
  throw new Fault(
    "SIGNATURE_KEY_MISSING",
    `the register asks for ${asked}; give the configuration a key of it, and its certificate to the register`,
  );
}

/** The algorithms of each policy that begins in the days ahead. */
function comingNames(
  register: AlgorithmPolicy,
  at: EpochMs,
  namesAt: (at: EpochMs) => readonly string[],
): readonly (readonly string[])[] {
  return policyChanges(register, at, at + noticeMs).map(namesAt);
}

/** The first that is still good in the days ahead, or else the first. */
function findLasting(
  usable: readonly string[],
  coming: readonly (readonly string[])[],
): string | undefined {
  return usable.find((name) => coming.every((names) => names.includes(name))) ?? usable[0];
}

/**
 * Which algorithms an agency signs a message with: all that are required, and those it has a key for that are
 * allowed already and will be required within a week, so that what is under way when the line begins is not
 * refused. Where none is: the first allowed one that it has a key for, rather one that will not end within a week.
 *
 * @param held the algorithms it has a key for
 * @returns in the register's order, at least one
 * @throws {Fault} SIGNATURE_KEY_MISSING
 */
export function algorithmsToSign(
  register: AlgorithmPolicy,
  at: EpochMs,
  held: readonly string[],
): readonly string[] {
  const { allowed, required } = signaturePolicy(register, [at]);
  const lacking = required.filter((name) => !held.includes(name));
  if (lacking.length > 0) refuse(lacking);
  const usable = allowed.filter((name) => held.includes(name));
  const soon = comingNames(register, at, (then) => signaturePolicy(register, [then]).required);
  const wanted = new Set([...required, ...soon.flat()]);
  const chosen = usable.filter((name) => wanted.has(name));
  if (chosen.length > 0) return chosen;
  const coming = comingNames(register, at, (then) => signaturePolicy(register, [then]).allowed);
  const first = findLasting(usable, coming);
  return first === undefined ? refuse(allowed) : [first];
}

/**
 * Which algorithm an agency signs a slip or receipt with, which have room for one signature: the first good one
 * that it has a key for, rather one that will be good for a week.
 *
 * @param held the algorithms it has a key for
 * @throws {Fault} SIGNATURE_KEY_MISSING
 */
export function algorithmToSignOne(
  register: AlgorithmPolicy,
  at: EpochMs,
  held: readonly string[],
): string {
  const good = singleAlgorithms(register, [at]);
  const usable = good.filter((name) => held.includes(name));
  const coming = comingNames(register, at, (then) => singleAlgorithms(register, [then]));
  return findLasting(usable, coming) ?? refuse(good);
}
