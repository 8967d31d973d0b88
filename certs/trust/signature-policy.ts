import type { AlgorithmRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { algorithmsFor, type AlgorithmPolicy } from "./algorithms.ts";
import { isInForce } from "./period.ts";

/**
 * How late after its making a reader takes a message by the algorithms of that time. Whoever holds a key of an
 * algorithm that has ended can still write an old date; after this long the date helps him no more. As long as
 * mailboxes of an ended period stay open.
 */
const latestReadingMs = 30 * 86_400_000;

/** Which algorithms signatures may be of, and must be of. What is required is allowed. */
export interface SignaturePolicy {
  /** In the register's order. */
  readonly allowed: readonly string[];
  readonly required: readonly string[];
}

/** A policy and the moment it begins at; it ends where the next one begins. */
interface Stretch extends SignaturePolicy {
  readonly from: EpochMs;
}

const stretches = new WeakMap<readonly AlgorithmRule[], readonly Stretch[]>();

function makeStretches(register: AlgorithmPolicy): readonly Stretch[] {
  const rules = register.algorithms.filter(({ use }) => use === "SIGNATURE");
  const bounds = rules.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until]));
  const starts = [...new Set([Number.NEGATIVE_INFINITY, ...bounds])].toSorted((a, b) => a - b);
  return starts.map((from) => {
    const required = rules.filter((rule) => rule.isRequired === true && isInForce(rule, from));
    const names = algorithmsFor(register, "SIGNATURE", from);
    return {
      from,
      allowed: [...new Set(names)],
      required: [...new Set(required.map(({ name }) => name))],
    };
  });
}

/** The policies of a register one after the other; made once, so that a message costs a look at a short list. */
function stretchesOf(register: AlgorithmPolicy): readonly Stretch[] {
  const held = stretches.get(register.algorithms);
  if (held !== undefined) return held;
  const made = makeStretches(register);
  stretches.set(register.algorithms, made);
  return made;
}

const nothing: SignaturePolicy = { allowed: [], required: [] };

function policyAt(register: AlgorithmPolicy, at: EpochMs): SignaturePolicy {
  return stretchesOf(register).findLast(({ from }) => from <= at) ?? nothing;
}

/**
 * What the register asks of signatures that have to hold at each of `times`: allowed is what every one of them
 * allows, required what any of them requires. Exact to the millisecond: a line counts from its first and until
 * just before its end. Without a time nothing is allowed.
 */
export function signaturePolicy(
  register: AlgorithmPolicy,
  times: readonly EpochMs[],
): SignaturePolicy {
  const [first = nothing, ...others] = new Set(times.map((at) => policyAt(register, at)));
  if (others.length === 0) return first;
  return {
    allowed: first.allowed.filter((name) => others.every((one) => one.allowed.includes(name))),
    required: [...new Set([first, ...others].flatMap(({ required }) => required))],
  };
}

/**
 * The moment a reader judges a message's algorithms at: when it says it was made, but never more than thirty days
 * ago. The hub judges at its own time as well, so that only with its help an old date is of use, and not for long.
 *
 * @param createdAt the sender's word
 */
export function readingTime(createdAt: EpochMs, now: EpochMs): EpochMs {
  return Math.max(createdAt, now - latestReadingMs);
}

/**
 * The algorithms a statement with room for one signature may be of, at each of `times`: one that is required, where
 * any is, else one that is allowed.
 */
export function singleAlgorithms(
  register: AlgorithmPolicy,
  times: readonly EpochMs[],
): readonly string[] {
  const [first = [], ...others] = [...new Set(times.map((at) => policyAt(register, at)))].map(
    ({ allowed, required }) => (required.length > 0 ? required : allowed),
  );
  if (others.length === 0) return first;
  return first.filter((name) => others.every((names) => names.includes(name)));
}

/** The moments after `from` and up to `until` at which another policy begins. */
export function policyChanges(
  register: AlgorithmPolicy,
  from: EpochMs,
  until: EpochMs,
): readonly EpochMs[] {
  return stretchesOf(register)
    .map(({ from: begins }) => begins)
    .filter((begins) => begins > from && begins <= until);
}
